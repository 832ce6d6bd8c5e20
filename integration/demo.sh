#!/usr/bin/env bash
# topicmon on a real Kafka broker on which orders flow, by one command.
#
#   demo.sh [--headless N] [OPTIONS]
#
# Installs what is missing (Debian, Ubuntu; elsewhere it says what to install), builds topicmon,
# starts a broker of its own, creates order_shipping (3 partitions, replication 1), and starts a
# shop that publishes what becomes of its orders and two departments that subscribe: shipping, and
# billing, which is down for a while now and then. Then it opens the screen. When the screen is
# left, or on Ctrl-C or a signal, it stops everything that it started, and nothing else.
#
#   --headless N      the same for N seconds without a screen, then the story of a reset: publish; receiver down; clear;
#                     publish; receiver back, and it receives everything published after the clear
#   --port N          the broker's port on 127.0.0.1 (default 9092; any other is served by the jars, not by a container)
#   --jars            run the broker from the jars although a container engine answers
#   --kafka V         Kafka's version (default: the one that kafka/pom.xml pins)
#   --rate N          orders a second (default 20)
#   --dir DIR         where the broker's data and all logs are (default ${XDG_STATE_HOME:-$HOME/.local/state}/topicmon/
#                     demo-PORT); emptied at the start, the logs stay
#   --build-dir DIR   where topicmon is built (default: build beside this folder)
#   --no-build        take the programs as they are there; install nothing for the build
#
# Exit: 0 all went well, 1 something went wrong (a sentence says what), 2 wrong options; with a
# screen, as topicmon.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source-path=SCRIPTDIR source=kafka/common.sh
. "$here/kafka/common.sh"
# shellcheck source-path=SCRIPTDIR source=deps.sh
. "$here/deps.sh"

compose_file=$here/kafka/dockercompose_start_kafka.yml
topic=order_shipping
headless=
port=9092
kafka_args=()
version=$(pinned_version "$here/kafka")
rate=20
dir=
build_dir=$(dirname "$here")/build
build=yes
jars=no

parse_options() {
	local name

	while [[ $# -gt 0 ]]; do
		case $1 in
		--*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
		esac
		name=$1
		case $name in
		--no-build) build=no; shift; continue ;;
		--jars) jars=yes; shift; continue ;;
		-h | --help) print_help; exit 0 ;;
		--headless | --port | --kafka | --rate | --dir | --build-dir)
			[[ $# -ge 2 ]] || usage_error "$name needs a value" ;;
		*) usage_error "unknown option $name" ;;
		esac
		case $name in
		--headless) headless=$2 ;;
		--port) port=$2 ;;
		--kafka) version=$2 ;;
		--rate) rate=$2 ;;
		--dir) dir=$2 ;;
		--build-dir) build_dir=$2 ;;
		esac
		shift 2
	done
	is_number "$port" || usage_error "--port $port is not a port"
	is_number "$rate" || usage_error "--rate $rate is not a whole number above 0"
	[[ -z $headless ]] || is_number "$headless" ||
		usage_error "--headless $headless is not a number of seconds"
	[[ -n $headless || (-t 0 && -t 1) ]] ||
		usage_error "the screen needs a terminal; without one, use --headless N"
	dir=${dir:-${XDG_STATE_HOME:-$HOME/.local/state}/topicmon/demo-$port}
}

# --- what must be there ---

install_needs() {
	local needs=()

	[[ $build == no ]] || needs+=(needs_build)
	if [[ $jars == no && $port == 9092 ]] && engine=$(find_engine); then
		say "a container engine answers: $engine"
	else
		jars=yes
		needs+=(needs_java)
		[[ -d $(jars_dir "$version") ]] || needs+=(needs_maven)
	fi
	[[ ${#needs[@]} == 0 ]] || deps_require "${needs[@]}" ||
		fail "install these, and start again"
}

build_programs() {
	local log=$dir/build.log configure=(cmake -S "$(dirname "$here")" -B "$build_dir" -DCMAKE_BUILD_TYPE=Release)

	if [[ $build == yes ]]; then
		# A folder that was configured before keeps its generator.
		[[ -f $build_dir/CMakeCache.txt ]] || configure+=(-G Ninja)
		say "building in $build_dir"
		if ! { "${configure[@]}" && cmake --build "$build_dir" --target topicmon topicmon-orders; } >"$log" 2>&1; then
			tail -n 40 "$log" >&2
			fail "the build failed (above: the end of $log)"
		fi
	fi
	[[ -x $build_dir/topicmon && -x $build_dir/topicmon-orders ]] ||
		fail "topicmon and topicmon-orders are not both in $build_dir"
}

# --- what runs, and how it ends ---

screen_pid=
feed_pid=
shipping_pid=
billing_pid=            # the loop that stops and starts billing, or in the story the receiver itself
broker=none             # none, jars, engine: what is to be stopped

# Ends one of our children and waits for it. Each of them ends within a second of a SIGTERM.
stop_child() {
	[[ -n $1 ]] || return 0
	kill -TERM "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

clean_up() {
	local status=$?

	trap '' INT TERM HUP
	set +e
	stop_child "$screen_pid"
	stop_child "$feed_pid"
	stop_child "$shipping_pid"
	stop_child "$billing_pid"
	case $broker in
	jars) "$here/kafka/stop_kafka.sh" --dir "$dir/kafka" --wipe ;;
	engine) "$here/kafka/stop_kafka.sh" --engine --wipe ;;
	esac
	rm -f "$dir/demo.pid" "$dir/children"
	exit "$status"
}

# What a demo that was killed (-9) could not end. The numbers may be anybody's by now, so the
# arguments must be ours.
stop_leftovers() {
	local pid

	while read -r pid; do
		case $(process_args "$pid" 2>/dev/null) in
		*demo.sh* | *topicmon-orders*"$dir/"*) kill -TERM "$pid" 2>/dev/null || true ;;
		esac
	done < <(cat "$dir/children" 2>/dev/null)
	"$here/kafka/stop_kafka.sh" --dir "$dir/kafka" --wipe
	rm -f "$dir"/*.log "$dir"/*.out "$dir/children"
}

# One demo at a time lives in a directory.
claim_dir() {
	local other

	mkdir -p "$dir"
	dir=$(real_dir "$dir")
	other=$(cat "$dir/demo.pid" 2>/dev/null || true)
	if [[ -n $other ]] && is_number "$other" && kill -0 "$other" 2>/dev/null &&
		[[ $(process_args "$other") == *demo.sh* ]]; then
		fail "a demo runs already in $dir (pid $other): end it, or take another --port"
	fi
	printf '%s\n' "$$" >"$dir/demo.pid"
	trap clean_up EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	trap 'exit 129' HUP
	stop_leftovers
}

start_broker() {
	local line

	if [[ $jars == yes ]]; then
		kafka_args=(--jars --port "$port" --dir "$dir/kafka")
		broker=jars
	else
		kafka_args=(--engine)
		# A broker that was there before us stays when we go.
		[[ -n $(compose "$engine" ps -q broker1 2>/dev/null) ]] || broker=engine
	fi
	line=$("$here/kafka/start_kafka.sh" "${kafka_args[@]}" --version "$version" | tail -n 1) ||
		fail "the broker could not be started"
	connection=(--bootstrap-server "$(sed -n 's/.*bootstrap=\([^ ]*\).*/\1/p' <<<"$line")")
	[[ $line != *" resolve="* ]] || connection+=(--resolve "${line##* resolve=}")
}

# topicmon's verbs, on our broker.
topicmon() {
	"$build_dir/topicmon" "$@" "${connection[@]}"
}

orders() {
	exec "$build_dir/topicmon-orders" "$@" --topic "$topic" "${connection[@]}"
}

receive() {
	orders receive --group "$1" --client-id "$1-1" --out "$dir/$1.out" >>"$dir/$1.log" 2>&1
}

create_topic() {
	if topicmon describe "$topic" --json >/dev/null 2>&1; then
		say "$topic is there already"
	else
		topicmon create "$topic" -p 3 -r 1 >>"$dir/topicmon.log" ||
			fail "topicmon could not create $topic"
	fi
}

# Billing works for $1 seconds, is down for $2, and so on. To be run in the background and ended by
# SIGTERM.
billing_on_and_off() {
	local receiver='' pause=''

	trap 'stop_child "$receiver"; stop_child "$pause"; exit 0' TERM
	trap '' INT
	while :; do
		receive billing &
		receiver=$!
		printf '%s\n' "$receiver" >>"$dir/children"
		sleep "$1" &
		pause=$!
		wait "$pause" || true
		stop_child "$receiver"
		receiver=
		sleep "$2" &
		pause=$!
		wait "$pause" || true
	done
}

start_actors() {
	receive shipping &
	shipping_pid=$!
	billing_on_and_off "$1" "$2" &
	billing_pid=$!
	orders feed --rate "$rate" --out "$dir/feed.out" >>"$dir/feed.log" 2>&1 &
	feed_pid=$!
	printf '%s\n' "$shipping_pid" "$billing_pid" "$feed_pid" >>"$dir/children"
}

# --- with a screen ---

# In the background of this shell, so that a signal to it is not kept waiting by the screen; on the
# terminal all the same.
run_screen() {
	local status=0

	exec 3<&0
	"$build_dir/topicmon" "${connection[@]}" "$topic" <&3 3<&- &
	screen_pid=$!
	wait "$screen_pid" || status=$?
	screen_pid=
	exit "$status"
}

# --- without ---

# The value of a member of a flat JSON object on one line.
json_field() {
	sed -n 's/.*"'"$1"'" *: *"\{0,1\}\([^",}]*\).*/\1/p'
}

topic_line() {
	topicmon list --json | grep -E "\"topic\" *: *\"$topic\"" ||
		fail "topicmon list does not show $topic"
}

lines_in() {
	if [[ -f $1 ]]; then wc -l <"$1" | tr -d ' '; else echo 0; fi
}

# Repeats a command until it succeeds; "$2" says what did not happen within $1 seconds.
wait_until() {
	local seconds=$1 sentence=$2 deadline=$((SECONDS + $1))

	shift 2
	until "$@"; do
		((SECONDS < deadline)) || fail "$sentence within $seconds s"
		sleep 0.1
	done
}

# A group's lag on the topic, summed; fails while a partition's is unknown or there are none.
group_lag() {
	topicmon lag "$1" --json 2>>"$dir/topicmon.log" | grep -E "\"topic\" *: *\"$topic\"" | json_field lag |
		awk '!/^[0-9]+$/ { bad = 1 } { sum += $1 } END { if (NR == 0 || bad) exit 1; print sum }'
}

has_no_lag() {
	[[ $(group_lag "$1") == 0 ]]
}

has_no_members() {
	topicmon groups --json 2>>"$dir/topicmon.log" | grep -E "\"group\" *: *\"$1\"" | grep -Eq '"members" *: *0[,}]'
}

is_alive() {
	kill -0 "$2" 2>/dev/null || fail "$1 has ended by itself; see $dir/$1.log"
}

watch_the_flow() {
	local deadline=$((SECONDS + headless)) messages enough=0

	while ((SECONDS < deadline)); do
		sleep 1
		is_alive feed "$feed_pid"
		is_alive shipping "$shipping_pid"
		is_alive billing "$billing_pid"
		topic_line >/dev/null
		topicmon lag --json >/dev/null || fail "topicmon lag failed"
	done
	messages=$(topic_line | json_field messages)
	# Half of the pace: the first seconds go into connecting.
	! is_number "$messages" || enough=$((messages >= rate * headless / 2))
	((enough)) ||
		fail "after $headless s at $rate orders a second, topicmon list shows $messages messages"
	(($(lines_in "$dir/shipping.out") > 0)) ||
		fail "shipping has received nothing; see $dir/shipping.log"
	say "after $headless s: $messages messages, shipping has received $(lines_in "$dir/shipping.out")," \
		"billing $(lines_in "$dir/billing.out")"
}

# Publishes $1 orders, their places into the file $2, and waits until the broker has acknowledged
# them.
publish() {
	rm -f "$2"
	(orders feed --rate 500 --count "$1" --out "$2" >>"$dir/feed.log" 2>&1) ||
		fail "the orders could not be published"
	[[ $(lines_in "$2") == "$1" ]] ||
		fail "$(lines_in "$2") of $1 orders were acknowledged; see $dir/feed.log"
}

# Whether every line of $1 is in $2.
all_received() {
	! sort "$2" | comm -23 <(sort "$1") - | grep -q .
}

# A receiver that has just joined begins at the end, and commits nothing before it has received
# something: so orders are published until it has committed on every partition.
catches_up() {
	publish 100 "$dir/before.out"
	sleep 0.5
	has_no_lag "$1"
}

reset_story() {
	local count=300

	stop_child "$feed_pid"
	feed_pid=
	stop_child "$billing_pid"
	receive billing &
	billing_pid=$!
	wait_until 30 "billing did not receive, or topicmon lag did not show it" catches_up billing
	stop_child "$billing_pid"
	billing_pid=
	wait_until 20 "billing was stopped, and topicmon groups did not show it without members" has_no_members billing
	: >"$dir/billing.out"

	topicmon clear "$topic" --yes --json >>"$dir/topicmon.log" ||
		fail "topicmon clear $topic failed; see $dir/topicmon.log"
	[[ $(topic_line | json_field messages) == 0 ]] ||
		fail "after the clear, $topic is not empty: $(topic_line)"
	[[ $(topic_line | json_field partitions) == 3 ]] ||
		fail "after the clear, $topic has another shape: $(topic_line)"

	publish "$count" "$dir/after.out"
	[[ $(group_lag billing) == "$count" ]] ||
		fail "billing is down and $count orders were published, but topicmon shows its lag as $(group_lag billing)"
	receive billing &
	billing_pid=$!
	wait_until 20 "billing came back, and did not receive all of the $count orders published after the clear" \
		all_received "$dir/after.out" "$dir/billing.out"
	wait_until 20 "billing has received everything, and topicmon lag did not show it" has_no_lag billing
	say "published, receiver down, cleared, published, receiver back: it received all $count orders"
}

parse_options "$@"
install_needs
claim_dir
build_programs
start_broker
create_topic
if [[ -n $headless ]]; then
	start_actors 4 3
	watch_the_flow
	reset_story
	say "all went well"
else
	start_actors 40 15
	run_screen
fi
