#!/usr/bin/env bash
# Stops the broker that start_kafka.sh started, and nothing else. Nothing to stop is no error.
#
#   stop_kafka.sh [--dir DIR] [--node N] [--wipe] [--jars | --engine]
#
#   --dir DIR   the state directory that was given to start_kafka.sh
#   --node N    only this one of a cluster's brokers
#   --wipe      throw the data away too (the whole state directory, if it is one)
#   --jars      leave a container engine's broker alone; --dir and --node say the same
#   --engine    stop the container engine's broker only
#
# Without --jars, --dir, --node and --engine it stops the broker in the default directory and the
# engine's. Exit: 0 nothing runs any more, 1 something could not be stopped, 2 wrong options.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"

compose_file=$here/dockercompose_start_kafka.yml
dir=$(default_state_dir)
only_node=
wipe=no
how=any
while [[ $# -gt 0 ]]; do
	case $1 in
	--dir=* | --node=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
	esac
	case $1 in
	--dir | --node) [[ $# -ge 2 ]] || usage_error "$1 needs a value" ;;
	esac
	case $1 in
	--dir) dir=$2; how=jars; shift 2 ;;
	--node) only_node=$2; how=jars; shift 2 ;;
	--wipe) wipe=yes; shift ;;
	--jars | --engine) how=${1#--}; shift ;;
	-h | --help) print_help; exit 0 ;;
	*) usage_error "unknown option $1" ;;
	esac
done
[[ -z $only_node ]] || is_number "$only_node" ||
	usage_error "--node $only_node is not a node's number"
[[ -z $only_node || $wipe == no ]] || usage_error "--wipe is for a whole cluster, not for --node"

# Waits up to $2 seconds for the node in $1 to be gone.
gone_within() {
	local deadline=$((SECONDS + $2))

	while node_pid "$1" >/dev/null; do
		((SECONDS < deadline)) || return 1
		sleep 0.05
	done
}

# The nodes are all asked to end before any is waited for: the last ones would only wait for a
# majority. When the data is thrown away there is nothing to end well for, and no reason to wait.
stop_jars() {
	local node_dir pid nodes=() signal=TERM

	[[ -d $dir ]] || return 0
	dir=$(real_dir "$dir")
	[[ $wipe == no ]] || signal=KILL
	for node_dir in "$dir"/node-*; do
		[[ -z $only_node || $node_dir == "$dir/node-$only_node" ]] || continue
		pid=$(node_pid "$node_dir") || continue
		kill -"$signal" "$pid" 2>/dev/null || true
		nodes+=("$node_dir")
	done
	for node_dir in ${nodes[@]+"${nodes[@]}"}; do
		if ! gone_within "$node_dir" 10; then
			say "${node_dir##*/} did not end within 10 s and is killed"
			pid=$(node_pid "$node_dir") && kill -KILL "$pid" 2>/dev/null
			gone_within "$node_dir" 5 ||
				fail "${node_dir##*/} (pid $pid) cannot be stopped"
		fi
		say "stopped ${node_dir##*/} in $dir"
	done
	for node_dir in "$dir"/node-*; do
		[[ -z $only_node || $node_dir == "$dir/node-$only_node" ]] || continue
		rm -f "$node_dir/pid"
	done
	if [[ $wipe == yes && -f $dir/cluster ]]; then
		rm -rf "$dir"/node-* "$dir/cluster" "$dir/settings" "$dir/lock"
		rmdir "$dir" 2>/dev/null || true
	fi
}

stop_engine() {
	local engine=$1 args=(down)

	[[ $wipe == no ]] || args+=(--volumes)
	compose "$engine" "${args[@]}" >&2 || fail "$engine could not stop the broker"
}

[[ $how == engine ]] || stop_jars
if [[ $how != jars ]]; then
	if engine=$(find_engine); then
		stop_engine "$engine"
	elif [[ $how == engine ]]; then
		fail "no container engine answers (docker compose, podman compose)"
	fi
fi
