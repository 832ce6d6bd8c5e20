# shellcheck shell=bash
#
# What start_kafka.sh and stop_kafka.sh share: where a broker's state lies and how its process is
# known again. To be sourced. Works in the bash 3.2 of macOS.
#
# State directory:
#   cluster      "id ID", "version V", "brokers N": what the data was formatted with
#   settings     the options that the nodes were started with
#   node-N/      server.properties, data/, kafka.log, kafka.log.1 (of the start before), pid

default_state_dir() {
	printf '%s\n' "${XDG_STATE_HOME:-$HOME/.local/state}/topicmon/kafka"
}

# Kafka's version as pom.xml in the folder $1 pins it.
pinned_version() {
	sed -n 's|.*<kafka.version>\(.*\)</kafka.version>.*|\1|p' "$1/pom.xml"
}

# Where the jars of version $1 are, or will be.
jars_dir() {
	printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/topicmon/kafka-$1"
}

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

fail() {
	say "$*"
	exit 1
}

usage_error() {
	say "$* (see --help)"
	exit 2
}

# The script's own head comment, without its first line, is its help.
print_help() {
	awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"
}

is_number() {
	[[ $1 =~ ^[1-9][0-9]*$ ]]
}

# An absolute path without symbolic links, of a directory that exists: the mark in the process's
# arguments needs one spelling.
real_dir() {
	(cd "$1" && pwd -P)
}

process_args() {
	if [[ -r /proc/$1/cmdline ]]; then
		tr '\0' ' ' <"/proc/$1/cmdline"
	else
		ps -ww -p "$1" -o args= 2>/dev/null
	fi
}

# Prints the pid of the node whose directory is $1 and succeeds, when it runs. A pid file alone
# proves nothing: after a reboot the number may be anybody's. So the process must be a java that was
# started with just this directory.
node_pid() {
	local pid args

	[[ -r $1/pid ]] || return 1
	pid=$(<"$1/pid")
	is_number "$pid" && kill -0 "$pid" 2>/dev/null || return 1
	args=$(process_args "$pid") || return 1
	[[ $args == *"-Dtopicmon.kafka.node=$1 "*kafka.Kafka* ]] || return 1
	printf '%s\n' "$pid"
}

# "docker compose" or "podman compose", whichever has an engine that answers; fails when none does.
find_engine() {
	local engine

	for engine in docker podman; do
		command -v "$engine" >/dev/null || continue
		"$engine" info >/dev/null 2>&1 || continue
		"$engine" compose version >/dev/null 2>&1 || continue
		printf '%s compose\n' "$engine"
		return 0
	done
	return 1
}

# Runs a command of the engine $1 (as find_engine names it) on our compose file. The project has a
# name of its own: the folder's, "kafka", could be anybody's. The caller has set "compose_file".
compose() {
	local engine=$1

	shift
	# shellcheck disable=SC2086,SC2154 # two words: the program and its sub-command
	$engine -p topicmon-kafka -f "$compose_file" "$@"
}
