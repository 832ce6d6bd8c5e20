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
	[views]="base model config ui ops views"
	[app]="base model config kafka ui ops views app"
	[cli]="base model config kafka ops cli"
)
# A library's header, and the rooms that may include it.
libraries=(
	"librdkafka/:kafka"
	"(n?cursesw?[./]|term\\.h|panel\\.h):ui"
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

# Every include of a file, "line rest", judged by bash alone: a process for each would take seconds.
check_includes() {
	local file=$1 room=$2 line=0 text lib

	while IFS= read -r text; do
		line=$((line + 1))
		[[ $text =~ ^[[:space:]]*#[[:space:]]*include[[:space:]]*([\<\"].*) ]] || continue
		text=${BASH_REMATCH[1]}
		if [[ $text =~ ^\"topicmon/([a-z]+)/ ]]; then
			if [[ " ${may[$room]} " != *" ${BASH_REMATCH[1]} "* ]]; then
				breach "$file:$line: $room/ may not include ${BASH_REMATCH[1]}/"
			fi
			continue
		fi
		for lib in "${libraries[@]}"; do
			if [[ $text =~ ^[\<\"]${lib%:*} && " ${lib##*:} " != *" $room "* ]]; then
				breach "$file:$line: $room/ may not speak to the library of $text"
			fi
		done
	done <"$file"
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
