#!/usr/bin/env bash
# The house, checked: which room may include which, which library is spoken to where, and that nothing outgrew a room.
#
#   check_layers.sh [DIR]         DIR: the project's root (default: this script's)
#
# Prints a line for each breach, and exits 1 when there was one.
set -euo pipefail

root=${1:-$(cd "$(dirname "$0")/../.." && pwd -P)}
cd "$root"

declare -A may=(
	[base]="base"
	[model]="base model"
	[config]="base model config"
	[state]="base model state"
	[kafka]="base model kafka"
	[ui]="base model ui"
	[ops]="base model ops"
	[views]="base model ui ops views"
	[app]="base model config kafka ui ops views app"
	[cli]="base model config kafka ops cli"
)
# A library's header, and the rooms that may include it.
libraries=(
	"librdkafka/:kafka"
	"(n?curses|term|panel)(w/|\\.h|[a-z_]*\\.h):ui"
	"(cjson/|cJSON):config cli"
	"pcre2:model"
	"sqlite3:state"
)
max_lines=700
breaches=0

breach() {
	echo "$1"
	breaches=$((breaches + 1))
}

check_includes() {
	local file=$1 room=$2 line target rest lib

	while IFS=: read -r line rest; do
		target=$(sed -nE 's|.*"topicmon/([a-z]+)/.*|\1|p' <<<"$rest")
		if [[ -n $target && " ${may[$room]} " != *" $target "* ]]; then
			breach "$file:$line: $room/ may not include $target/"
		fi
		for lib in "${libraries[@]}"; do
			if grep -qE "[<\"]${lib%:*}" <<<"$rest" && [[ " ${lib##*:} " != *" $room "* ]] &&
				[[ $rest != *'"topicmon/'* ]]; then
				breach "$file:$line: $room/ may not speak to the library of$rest"
			fi
		done
	done < <(grep -nE '^[[:space:]]*#[[:space:]]*include' "$file" || true)
}

for room in "${!may[@]}"; do
	for file in src/"$room"/*.[ch] include/topicmon/"$room"/*.h; do
		[[ -e $file ]] || continue
		check_includes "$file" "$room"
		if [[ $file != src/kafka/compat.h ]] && grep -nE 'RD_KAFKA_VERSION' "$file" >/dev/null; then
			breach "$file: the library's version is tested in kafka/compat.h only"
		fi
		if [[ $room != kafka ]] && grep -nE '\brd_kafka_[a-z_]+\(|\brd_kafka_[a-z_]+_t\b' "$file" >/dev/null; then
			breach "$file: names a type or function of librdkafka outside kafka/"
		fi
		if (($(wc -l <"$file") > max_lines)); then
			breach "$file: has outgrown a room ($(wc -l <"$file") lines)"
		fi
	done
done
for dir in src/*/; do
	room=$(basename "$dir")
	[[ -n ${may[$room]:-} ]] || breach "src/$room: a room that the house does not have"
done

if ((breaches > 0)); then
	echo "check_layers: $breaches breach(es)"
	exit 1
fi
echo "check_layers: every room keeps to its place"
