#!/usr/bin/env bash
# Starts a Kafka broker for trying topicmon, and waits until it answers. Safe to run twice.
#
#   start_kafka.sh [OPTIONS]
#
# Where a container engine answers (docker compose, podman compose) the broker runs there, is called
# broker1 and listens on 127.0.0.1:9092. Otherwise, or with any of the options below that only the
# jars know, it runs from the jars that pom.xml names, on a JRE 17 or later; Maven brings them once
# into ${XDG_CACHE_HOME:-$HOME/.cache}/topicmon/kafka-VERSION/.
#
#   --jars                do not look for a container engine
#   --engine              use the container engine, or fail
#   --version V           Kafka's version (default: the one in pom.xml)
# Only with the jars:
#   --port N              the port on 127.0.0.1 (default 9092); of the first broker when there are several
#   --controller-port N   the controller's port (default: the one after the last broker's)
#   --brokers N           1 (default) or 3: a cluster of as many, each broker and controller, on ports N, N+1, N+2
#   --dir DIR             where data, log and pid are (default ${XDG_STATE_HOME:-$HOME/.local/state}/topicmon/kafka)
#   --property K=V        a broker property; may be repeated and wins over the built-in ones. In V, {node}, {port} and
#                         {controller-port} stand for this broker's
#   --heap FLAG           the JVM's heap (default -Xmx512m)
#   --timeout S           how long to wait for the broker (default 60)
#
# Nodes of the cluster in DIR that run already are left alone, the others are started; data of an
# earlier start is kept. Everything is said on stderr. The last line, on stdout, is for programs,
# fields separated by a blank:
#
#   bootstrap=127.0.0.1:9092                                      connect to this
#   bootstrap=127.0.0.1:9092 resolve=broker1=127.0.0.1            and pass --resolve broker1=127.0.0.1
#
# Exit: 0 the broker answers, 1 it does not (its last log lines are shown), 2 wrong options.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$here/common.sh"

compose_file=$here/dockercompose_start_kafka.yml
pom_version=$(pinned_version "$here")
how=any
port=9092
controller_port=
version=$pom_version
brokers=1
dir=$(default_state_dir)
heap=-Xmx512m
timeout=60
properties=()

parse_options() {
	local name

	while [[ $# -gt 0 ]]; do
		name=$1
		case $name in
		--jars | --engine) how=${name#--}; shift; continue ;;
		-h | --help) print_help; exit 0 ;;
		--*=*) name=${1%%=*}; set -- "$name" "${1#*=}" "${@:2}" ;;
		esac
		case $name in
		--port | --controller-port | --version | --brokers | --dir | --property | --heap | --timeout)
			[[ $# -ge 2 ]] || usage_error "$name needs a value" ;;
		*) usage_error "unknown option $name" ;;
		esac
		case $name in
		--port) port=$2; only_jars "$name" ;;
		--controller-port) controller_port=$2; only_jars "$name" ;;
		--brokers) brokers=$2; only_jars "$name" ;;
		--dir) dir=$2; only_jars "$name" ;;
		--property) properties+=("$2"); only_jars "$name" ;;
		--heap) heap=$2; only_jars "$name" ;;
		--version) version=$2 ;;
		--timeout) timeout=$2 ;;
		esac
		shift 2
	done
}

jars_option=
only_jars() {
	jars_option=$1
}

# Leaves room above for the ports that are counted from it.
is_port() {
	is_number "$1" && ((${#1} <= 5 && $1 <= 65000))
}

check_options() {
	local p

	if [[ -n $jars_option ]]; then
		[[ $how != engine ]] || usage_error "$jars_option cannot be had with --engine"
		how=jars
	fi
	is_port "$port" || usage_error "--port $port is not a port from 1 to 65000"
	[[ $brokers == 1 || $brokers == 3 ]] || usage_error "--brokers $brokers: 1 or 3"
	controller_port=${controller_port:-$((port + brokers))}
	is_port "$controller_port" ||
		usage_error "--controller-port $controller_port is not a port from 1 to 65000"
	((controller_port + brokers <= port || port + brokers <= controller_port)) ||
		usage_error "--controller-port $controller_port overlaps the ports of the brokers"
	is_number "$timeout" || usage_error "--timeout $timeout is not a number of seconds"
	[[ $version =~ ^[0-9]+(\.[0-9]+)+$ ]] ||
		usage_error "--version $version is not a version such as $pom_version"
	[[ $heap == -Xm* ]] || usage_error "--heap $heap is not a heap flag such as -Xmx512m"
	for p in ${properties[@]+"${properties[@]}"}; do
		[[ $p == ?*=* ]] || usage_error "--property $p is not name=value"
	done
}

# --- is it there? ---

connects() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# Asks the broker for its ApiVersions (version 0, correlation id 7, no client id) and looks at the
# answer's correlation id and error code. A listener with TLS cannot be asked so: then the accepted
# connection must do.
answers() {
	local reply

	if [[ " ${properties[*]-} " == *" listeners="*SSL://* && " ${properties[*]-} " != *SASL_PLAINTEXT://* ]]; then
		connects "$1"
		return
	fi
	reply=$(
		exec 2>/dev/null
		exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
		printf '\0\0\0\12\0\22\0\0\0\0\0\7\377\377' >&3
		# dd has no time limit of its own; the broker ends a connection that it does not
		# like.
		dd bs=1 count=10 <&3 | od -An -v -tx1 | tr -d ' \n'
	) || return 1
	[[ $reply == ????????"000000070000" ]]
}

# --- with a container engine ---

start_engine() {
	local engine=$1 deadline=$((SECONDS + timeout))

	say "starting Kafka $version as broker1 by $engine"
	KAFKA_VERSION=$version compose "$engine" up -d >&2 ||
		fail "$engine could not start the broker; --jars runs it without an engine"
	until answers 9092; do
		if ((SECONDS >= deadline)); then
			compose "$engine" logs --tail 30 >&2 || true
			fail "the broker did not answer on 127.0.0.1:9092 within $timeout s"
		fi
		sleep 0.2
	done
	say "the broker advertises itself as broker1:9092. Either add this line to /etc/hosts:"
	printf '127.0.0.1 broker1\n' >&2
	say "or pass --resolve broker1=127.0.0.1 to topicmon."
	printf 'bootstrap=127.0.0.1:9092 resolve=broker1=127.0.0.1\n'
}

# --- with the jars ---

find_java() {
	local major

	java=${JAVA_HOME:+$JAVA_HOME/bin/}java
	command -v "$java" >/dev/null ||
		fail "no java found: a JRE 17 or later is needed (Debian, Ubuntu: apt install openjdk-17-jre-headless)"
	major=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java\.specification\.version = //p')
	{ is_number "$major" && ((major >= 17)); } ||
		fail "java is version ${major:-unknown}: 17 or later is needed"
}

# Brings the jars once, into a directory that appears by one rename: two starts at the same time
# both find it whole.
fetch_jars() {
	local cache tmp

	jars=$(jars_dir "$version")
	cache=${jars%/*}
	[[ ! -d $jars ]] || return 0
	command -v mvn >/dev/null || fail "Kafka's jars are not in $jars yet, and Maven, which brings them, is not" \
		"installed (Debian, Ubuntu: apt install maven)"
	say "bringing the jars of Kafka $version into $jars"
	mkdir -p "$cache"
	tmp=$(mktemp -d "$cache/.fetch.XXXXXX")
	# mv fails when another start was faster, and then that one's jars serve as well.
	if mvn -q -B -Dstyle.color=never -f "$here/pom.xml" dependency:copy-dependencies "-Dkafka.version=$version" \
		"-DoutputDirectory=$tmp/kafka-$version" >&2; then
		mv "$tmp/kafka-$version" "$cache/" 2>/dev/null || true
	fi
	rm -rf "$tmp"
	[[ -d $jars ]] || fail "Maven could not bring the jars of Kafka $version (see above)"
}

# Runs a class of Kafka's in the foreground or background with flags that favour a fast start on a
# small machine.
jvm_flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto -XX:-UsePerfData -Djava.awt.headless=true
	-Dorg.slf4j.simpleLogger.showDateTime=true "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS")

# One start at a time works on a state directory. The lock is a directory with the owner's pid in
# it.
lock_state() {
	local owner deadline=$((SECONDS + timeout))

	until mkdir "$dir/lock" 2>/dev/null; do
		owner=$(cat "$dir/lock/pid" 2>/dev/null || true)
		if [[ -n $owner ]] && ! kill -0 "$owner" 2>/dev/null; then
			rm -rf "$dir/lock"
			continue
		fi
		((SECONDS < deadline)) || fail "another start works on $dir (its lock: $dir/lock)"
		sleep 0.1
	done
	trap 'rm -rf "$dir/lock"' EXIT
	printf '%s\n' "$$" >"$dir/lock/pid"
}

# Reads or makes the cluster's identity. Data of another version or size would not start, or worse,
# start half.
open_cluster() {
	local old_version old_brokers

	if [[ -f $dir/cluster ]]; then
		cluster_id=$(sed -n 's/^id //p' "$dir/cluster")
		old_version=$(sed -n 's/^version //p' "$dir/cluster")
		old_brokers=$(sed -n 's/^brokers //p' "$dir/cluster")
		[[ $old_version == "$version" && $old_brokers == "$brokers" ]] ||
			fail "$dir holds the data of a cluster of $old_brokers on Kafka $old_version: choose another --dir, or" \
				"throw the data away by stop_kafka.sh --dir $dir --wipe"
		return
	fi
	# Kafka's ids are 16 bytes in URL-safe base64; one that begins with a dash would read as an
	# option.
	cluster_id=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c1-22 | sed 's/^-/A/')
	printf 'id %s\nversion %s\nbrokers %s\n' "$cluster_id" "$version" "$brokers" >"$dir/cluster"
}

settings_text() {
	printf 'version %s\nport %s\ncontroller-port %s\nbrokers %s\nheap %s\n' "$version" "$port" "$controller_port" \
		"$brokers" "$heap"
	printf 'property %s\n' ${properties[@]+"${properties[@]}"}
}

write_properties() {
	local node=$1 voters='' n p
	local my_port=$((port + node - 1)) my_controller_port=$((controller_port + node - 1))

	for ((n = 1; n <= brokers; n++)); do
		voters+=${voters:+,}$n@127.0.0.1:$((controller_port + n - 1))
	done
	cat <<-EOF
		process.roles=broker,controller
		node.id=$node
		listeners=PLAINTEXT://127.0.0.1:$my_port,CONTROLLER://127.0.0.1:$my_controller_port
		controller.listener.names=CONTROLLER
		listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
		controller.quorum.voters=$voters
		log.dirs=$dir/node-$node/data
		offsets.topic.replication.factor=$brokers
		offsets.topic.num.partitions=4
		transaction.state.log.replication.factor=$brokers
		transaction.state.log.num.partitions=4
		transaction.state.log.min.isr=1
		share.coordinator.state.topic.replication.factor=$brokers
		share.coordinator.state.topic.num.partitions=4
		share.coordinator.state.topic.min.isr=1
		group.initial.rebalance.delay.ms=0
		num.network.threads=2
		num.io.threads=4
		log.index.size.max.bytes=262144
		log.cleaner.dedupe.buffer.size=4194304
	EOF
	for p in ${properties[@]+"${properties[@]}"}; do
		p=${p//\{node\}/$node}
		p=${p//\{port\}/$my_port}
		printf '%s\n' "${p//\{controller-port\}/$my_controller_port}"
	done
}

format_node() {
	local node_dir=$dir/node-$1

	[[ ! -f $node_dir/data/meta.properties ]] || return 0
	"$java" "${jvm_flags[@]}" -Xmx128m -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp "$jars/*" \
		kafka.tools.StorageTool format --cluster-id "$cluster_id" --config "$node_dir/server.properties" \
		>"$node_dir/format.log" 2>&1
}

start_node() {
	local node_dir=$dir/node-$1

	[[ ! -f $node_dir/kafka.log ]] || mv -f "$node_dir/kafka.log" "$node_dir/kafka.log.1"
	# A process group of its own (set -m) keeps a Ctrl-C at the caller's terminal away from the
	# broker.
	set -m
	nohup "$java" "$heap" "${jvm_flags[@]}" "-Dtopicmon.kafka.node=$node_dir" -cp "$jars/*" \
		kafka.Kafka "$node_dir/server.properties" </dev/null >"$node_dir/kafka.log" 2>&1 &
	set +m
	printf '%s\n' "$!" >"$node_dir/pid"
	disown
}

node_failed() {
	say "the last lines of $dir/node-$1/kafka.log:"
	tail -n 30 "$dir/node-$1/kafka.log" >&2
	fail "$2"
}

# "Kafka Server started" comes when the controller has let the broker in; before that it answers,
# but has no topics.
wait_for_node() {
	local node_dir=$dir/node-$1 my_port=$((port + $1 - 1)) deadline=$2

	until grep -q 'Kafka Server started' "$node_dir/kafka.log" && answers "$my_port"; do
		# Not by its arguments: until it has begun, they are those of this shell.
		kill -0 "$(<"$node_dir/pid")" 2>/dev/null ||
			node_failed "$1" "the broker ended while it started"
		((SECONDS < deadline)) ||
			node_failed "$1" "the broker did not answer on 127.0.0.1:$my_port within $timeout s"
		sleep 0.05
	done
}

start_jars() {
	local n p running=0 missing=() bootstrap='' formatting=() deadline

	mkdir -p "$dir"
	dir=$(real_dir "$dir")
	lock_state
	for ((n = 1; n <= brokers; n++)); do
		bootstrap+=${bootstrap:+,}127.0.0.1:$((port + n - 1))
		if node_pid "$dir/node-$n" >/dev/null; then
			running=$((running + 1))
		else
			missing+=("$n")
		fi
	done
	if ((running > 0)) && [[ $(settings_text) != "$(cat "$dir/settings")" ]]; then
		fail "a broker with other settings runs in $dir (see $dir/settings): stop it first, or choose another --dir"
	fi
	if ((running == brokers)); then
		say "already running, in $dir"
	else
		for n in "${missing[@]}"; do
			for p in $((port + n - 1)) $((controller_port + n - 1)); do
				! connects "$p" ||
					fail "port $p of 127.0.0.1 is taken by another program: choose another --port"
			done
		done
		find_java
		fetch_jars
		open_cluster
		settings_text >"$dir/settings"
		for n in "${missing[@]}"; do
			mkdir -p "$dir/node-$n/data"
			write_properties "$n" >"$dir/node-$n/server.properties"
			format_node "$n" &
			formatting+=("$!:$n")
		done
		for p in "${formatting[@]}"; do
			wait "${p%:*}" || {
				cat "$dir/node-${p#*:}/format.log" >&2
				fail "the storage of node ${p#*:} could not be formatted"
			}
		done
		say "starting Kafka $version on $bootstrap, in $dir"
		for n in "${missing[@]}"; do
			start_node "$n"
		done
	fi
	deadline=$((SECONDS + timeout))
	for ((n = 1; n <= brokers; n++)); do
		wait_for_node "$n" "$deadline"
	done
	printf 'bootstrap=%s\n' "$bootstrap"
}

parse_options "$@"
check_options
if [[ $how != jars ]] && engine=$(find_engine); then
	start_engine "$engine"
elif [[ $how == engine ]]; then
	fail "no container engine answers (docker compose, podman compose)"
else
	start_jars
fi
