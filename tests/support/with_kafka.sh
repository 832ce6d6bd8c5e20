#!/usr/bin/env bash
# Runs a test against one of the brokers that tests/run.sh started.
#
#   with_kafka.sh NAME COMMAND [ARG...]
#
# Puts the address in TOPICMON_KAFKA_<NAME> into TOPICMON_TEST_BOOTSTRAP. Without that variable it fails: a test that
# needs a broker is never skipped in silence.
set -euo pipefail

variable=TOPICMON_KAFKA_$1
shift
if [[ -z ${!variable:-} ]]; then
	echo "with_kafka.sh: $variable is not set: start the suite by tests/run.sh, or set it to a broker's address" >&2
	exit 1
fi
export TOPICMON_TEST_BOOTSTRAP=${!variable}
exec "$@"
