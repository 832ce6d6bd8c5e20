#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test. The README's second command.
#
#   tests/run.sh [CTEST-OPTION...]        such as: tests/run.sh -R broker_watch
#
# Builds five times: with gcc as released (all suites), against the newest librdkafka (broker suite), with clang (unit
# tests), under ASan+UBSan (unit, golden and pseudo-terminal suites) and under TSan (what has threads). One ctest runs
# them all, and its summary is the end of the output. The brokers, Kafka 3.9 and 4.x, are started once, on free loopback
# ports with their state below build/test, and stopped whatever happens; what is downloaded is kept outside the tree in
# ${XDG_CACHE_HOME:-$HOME/.cache}/topicmon.
#
# Exit: 0 everything passed, 1 not.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd -P)
# shellcheck source=tests/support/deps.sh
. "$root/tests/support/deps.sh"
# shellcheck source=tests/support/ports.sh
. "$root/tests/support/ports.sh"

out=$root/build/test
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
kafka_old=3.9.2
started=()

say() {
	printf '\n== %s\n' "$*"
}

cleanup() {
	local dir

	for dir in ${started[@]+"${started[@]}"}; do
		"$root/integration/kafka/stop_kafka.sh" --dir "$dir" --wipe >/dev/null 2>&1 || true
	done
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start_broker VARIABLE DIR [OPTION...]: puts the address into the environment variable.
start_broker() {
	local variable=$1 dir=$out/$2 port line

	shift 2
	port=$(free_ports)
	started+=("$dir")
	line=$("$root/integration/kafka/start_kafka.sh" --jars --port "$port" --dir "$dir" "$@" | tail -n 1)
	[[ $line == bootstrap=* ]] || return 1
	line=${line%% *}
	export "$variable=${line#bootstrap=}"
}

# build NAME [CMAKE-OPTION...]
build() {
	local name=$1

	shift
	if ! cmake -S "$root" -B "$out/$name" -G Ninja -DTOPICMON_TESTS=ON -DTOPICMON_WERROR=ON \
		-DTOPICMON_TEST_PREFIX="$name." "$@" >"$out/$name.log" 2>&1 ||
		! cmake --build "$out/$name" -j "$jobs" >>"$out/$name.log" 2>&1; then
		cat "$out/$name.log"
		return 1
	fi
	builds+=("$name")
	say "built $name"
}

cd "$root"
say "what is needed"
deps_require needs_build needs_java needs_maven needs_test needs_librdkafka
mkdir -p "$out"

say "librdkafka, the newest"
newest=$("$root/tests/support/librdkafka_newest.sh" 2>"$out/librdkafka.log" | tail -n 1) || {
	tail -n 50 "$out/librdkafka.log"
	exit 1
}

builds=()
build release -DCMAKE_BUILD_TYPE=Release -DTOPICMON_SUITES="unit;lint;golden;pty;broker"
PKG_CONFIG_PATH=$newest/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH} \
	build newest -DCMAKE_BUILD_TYPE=Release -DTOPICMON_SUITES=broker \
	-DCMAKE_BUILD_RPATH="$newest/lib"
build clang -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang -DTOPICMON_SUITES=unit
build asan -DCMAKE_BUILD_TYPE=Debug -DTOPICMON_SANITIZE=address,undefined -DTOPICMON_SUITES="unit;golden;pty"
build tsan -DCMAKE_BUILD_TYPE=Debug -DTOPICMON_SANITIZE=thread -DTOPICMON_SUITES=threads

say "brokers"
start_broker TOPICMON_KAFKA_3 kafka-3 --version "$kafka_old"
start_broker TOPICMON_KAFKA_4 kafka-4

printf 'subdirs(%s)\n' "${builds[*]}" >"$out/CTestTestfile.cmake"
export ASAN_OPTIONS=${ASAN_OPTIONS:-abort_on_error=1:detect_leaks=1}
export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$root/tests/support/lsan.supp:print_suppressions=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
export TSAN_OPTIONS=${TSAN_OPTIONS:-suppressions=$root/tests/support/tsan.supp:halt_on_error=1}

# A test that fails is run once more, and both runs are shown: on a crowded machine a broker that was just started may not
# list a group that has just committed.
say "tests"
ctest --test-dir "$out" --output-on-failure --repeat until-pass:2 -j "$jobs" "$@"
