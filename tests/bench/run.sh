#!/usr/bin/env bash
# Measures what the screen and the verbs should reach, and prints one table: each figure beside its goal.
#
#   tests/bench/run.sh
#
# Builds as released against both ends of the librdkafka range (what the system has, and the newest), below build/bench,
# and starts a broker of its own on free loopback ports, which is stopped and wiped whatever happens. A run takes about
# six minutes; nothing else should keep the machine busy meanwhile. What cannot be measured says why.
#
# RATIO is the figure that counts (* before it: the median, or of 100 single moments the 99th percentile) divided by the
# goal: 1 or less reaches it. Exit: 0 measured, whatever came out; 1 it could not begin.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd -P)
# shellcheck source-path=SCRIPTDIR source=../support/deps.sh
. "$root/tests/support/deps.sh"
# shellcheck source-path=SCRIPTDIR source=../../integration/kafka/common.sh
. "$root/integration/kafka/common.sh"

out=$root/build/bench
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
figures=$out/figures
started=no
begun=$SECONDS

# What is measured, in the order of the table: NAME|which figure counts (median, p99)|goal, - for none|in words
rows='paint|median|20|first paint, no broker there
list_3|median|20|exec to 3 topics with their message counts
list_2000|median|80|exec to 2,000 topics x 3 with their message counts
kcat_2000|median|-|  beside it: kcat -L (names only)
tool_2000|median|-|  beside it: kafka-topics --list (names only)
live|p99|50|message delivered to seen on the screen
idle_3_cpu|median|0.3|idle, 3 topics: processor
idle_3_rss|median|16|idle, 3 topics: memory
idle_2000_cpu|median|-|idle, 2,000 topics: processor
idle_2000_rss|median|24|idle, 2,000 topics: memory
keys|p99|16|key to paint while messages stream in
flood|median|-|  the messages that streamed in meanwhile
meter|median|-|  and what the program said of them
quit_closed|median|2000|quit, the port is closed
quit_stopped|median|2000|quit, the broker has just stopped answering
count_1m|median|-|1,000,000 messages: tail --count
tail_1m|median|-|1,000,000 messages: tail
kcat_1m|median|-|  beside it: kcat -C -e'

say() {
	printf '== %s\n' "$*" >&2
}

cleanup() {
	if [[ $started == yes ]]; then
		"$root/integration/kafka/stop_kafka.sh" --dir "$out/kafka" --wipe >/dev/null 2>&1 || true
	fi
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

free_port() {
	local port try

	for try in {1..50}; do
		port=$((20000 + (RANDOM + try) % 12000))
		if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null &&
			! (exec 3<>"/dev/tcp/127.0.0.1/$((port + 1))") 2>/dev/null; then
			echo "$port"
			return
		fi
	done
	echo "no free port on 127.0.0.1" >&2
	return 1
}

# build NAME [CMAKE-OPTION...]
build() {
	local name=$1

	shift
	say "building $name"
	if ! cmake -S "$root" -B "$out/$name" -G Ninja -DCMAKE_BUILD_TYPE=Release -DTOPICMON_TESTS=ON "$@" \
		>"$out/$name.log" 2>&1 ||
		! cmake --build "$out/$name" -j "$jobs" --target topicmon bench_screen bench_load bench_topics \
			>>"$out/$name.log" 2>&1; then
		tail -n 40 "$out/$name.log" >&2
		return 1
	fi
}

# measure LIBRARY ARG...: bench_screen's lines, with the library before them. It measures with one library's build of
# itself, so that both programs meet the same conditions.
measure() {
	local library=$1

	shift
	"$bench" "$@" | sed "s/^/$library\t/" >>"$figures" || true
}

# On the program itself: one measurement for each library. {} stands for the program.
both() {
	local library

	for library in "${libraries[@]}"; do
		measure "$library" "${@//\{\}/$out/$library/topicmon}"
	done
}

# Nothing happens, so that both can sit there at the same time.
idle() {
	local library pids=()

	for library in "${libraries[@]}"; do
		"$bench" idle "$1" "$out/$library/topicmon" "$bootstrap" "$2" 5 20 >"$out/idle.$library" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for library in "${libraries[@]}"; do
		sed "s/^/$library\t/" "$out/idle.$library" >>"$figures"
	done
}

peer() {
	local name=$1 why=$2

	shift 2
	if [[ -n $why ]]; then
		printf -- '-\t%s\t-\t%s\n' "$name" "$why" >>"$figures"
	else
		measure - command "$name" "$@"
	fi
}

three_topics() {
	say "3 topics"
	"$tools/bench_topics" "$bootstrap" bench 3 3 5
	"$tools/bench_topics" "$bootstrap" quiet 1 3 0
	both paint paint {} 15
	both list list_3 {} "$bootstrap" bench 3 15
	both live {} "$bootstrap" bench0000 100
	idle idle_3 quiet0000
	both quit quit_closed {} 127.0.0.1:1 0 9
	both quit quit_stopped {} "$bootstrap" "$(cat "$out/kafka/node-1/pid")" 5
}

flood() {
	say "200,000 messages a second"
	"$tools/bench_topics" "$bootstrap" flood 1 3 0
	both keys {} "$bootstrap" flood0000 "$tools/bench_load" 200000 300
}

million() {
	local no_kcat=''

	say "1,000,000 messages"
	"$tools/bench_topics" "$bootstrap" million 1 3 0
	"$tools/bench_load" "$bootstrap" million0000 1000000 200 0 >/dev/null
	command -v kcat >/dev/null || no_kcat="kcat is not installed"
	both command count_1m 9 {} tail million0000 -b "$bootstrap" --from beginning --count
	both command tail_1m 5 {} tail million0000 -b "$bootstrap" --from beginning
	peer kcat_1m "$no_kcat" 5 kcat -C -e -q -b "$bootstrap" -t million0000 -o beginning
}

many_topics() {
	local no_kcat='' jars=$1

	say "2,000 topics"
	"$tools/bench_topics" "$bootstrap" bench 2000 3 5
	both list list_2000 {} "$bootstrap" bench 2000 9
	command -v kcat >/dev/null || no_kcat="kcat is not installed"
	peer kcat_2000 "$no_kcat" 9 kcat -L -b "$bootstrap"
	peer tool_2000 "" 3 java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$jars/*" \
		org.apache.kafka.tools.TopicCommand --bootstrap-server "$bootstrap" --list
	idle idle_2000 quiet0000
}

# The figures in the order of the rows: file, then library, as they were measured.
table() {
	ROWS=$rows awk -F '\t' '
	BEGIN {
		form = "%-50s %-8s %9s %9s %9s %9s  %-11s %6s %6s\n"
		printf form, "WHAT", "RDKAFKA", "MEDIAN", "MIN", "MAX", "P99", "UNIT", "GOAL", "RATIO"
	}
	{ lines[$2] = lines[$2] (lines[$2] == "" ? "" : "\n") $0 }
	function number(x, marked) {
		return (marked ? "*" : "") sprintf(x >= 1000 ? "%.0f" : x >= 100 ? "%.1f" : "%.2f", x)
	}
	function row(words, counts, goal, f, figure) {
		if (f[3] == "-") {
			printf "%-50s %-8s %s\n", words, f[1], (f[2] == "meter" ? "" : "not measured: ") f[4]
			return
		}
		figure = counts == "p99" ? f[8] : f[5]
		printf form, words, f[1], number(f[5], goal != "-" && counts == "median"), number(f[6], 0), number(f[7], 0), \
			number(f[8], goal != "-" && counts == "p99"), f[3], goal, goal == "-" ? "-" : sprintf("%.2f", figure / goal)
	}
	END {
		n = split(ENVIRON["ROWS"], rows, "\n")
		for (i = 1; i <= n; i++) {
			split(rows[i], r, "|")
			if (lines[r[1]] == "")
				printf "%-50s %-8s not measured: nothing was said about it\n", r[4], "-"
			m = split(lines[r[1]], of_row, "\n")
			for (j = 1; j <= m; j++) {
				split(of_row[j], f, "\t")
				row(r[4], r[2], r[3], f)
			}
		}
	}' "$figures"
}

cd "$root"
deps_require needs_build needs_test needs_librdkafka needs_java needs_maven
mkdir -p "$out"
newest=$("$root/tests/support/librdkafka_newest.sh" 2>"$out/librdkafka.log" | tail -n 1) || {
	tail -n 50 "$out/librdkafka.log" >&2
	exit 1
}
oldest=$(pkg-config --modversion rdkafka)
libraries=("$oldest")
build "$oldest"
if [[ ${newest##*-} != "$oldest" ]]; then
	libraries+=("${newest##*-}")
	PKG_CONFIG_PATH=$newest/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH} \
		build "${newest##*-}" -DCMAKE_BUILD_RPATH="$newest/lib"
fi
tools=$out/$oldest/tests/bench
bench=$tools/bench_screen
: >"$figures"

started=yes
port=$(free_port)
line=$("$root/integration/kafka/start_kafka.sh" --jars --port "$port" --dir "$out/kafka" \
	--property log.index.size.max.bytes=4096 | tail -n 1)
[[ $line == bootstrap=* ]]
bootstrap=${line%% *}
bootstrap=${bootstrap#bootstrap=}
jars=$(jars_dir "$(pinned_version "$root/integration/kafka")")
begun=$SECONDS

three_topics
flood
million
many_topics "$jars"
printf '\n'
table
printf '\nmeasured in %d s on %s, Kafka %s\n' $((SECONDS - begun)) "$(uname -sm)" "${jars##*-}"
