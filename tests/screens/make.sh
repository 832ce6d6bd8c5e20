#!/usr/bin/env bash
# Makes the pictures of the README: the program's own screen, drawn in a real terminal on a real broker, as SVG.
#
#   tests/screens/make.sh [BUILD-DIR]     default: build; built with -DTOPICMON_TESTS=ON
#
# Starts a broker of its own on free loopback ports with three topics, a feed, and two subscribers of which one is down;
# stops all of it at the end, whatever happens.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
# shellcheck source-path=SCRIPTDIR source=../support/ports.sh
. "$here/../support/ports.sh"

build=${1:-$root/build}
topicmon=$build/topicmon
orders=$build/topicmon-orders
shot=$build/tests/support/topicmon-shot
port=$(free_ports)
bootstrap=127.0.0.1:$port
state=$(mktemp -d)
actors=()

cleanup() {
	[[ ${#actors[@]} -eq 0 ]] || kill "${actors[@]}" 2>/dev/null || true
	wait
	"$root/integration/kafka/stop_kafka.sh" --dir "$state/kafka" --wipe >/dev/null 2>&1 || true
	rm -rf "$state"
}
trap cleanup EXIT

actor() {
	"$orders" "$@" >/dev/null 2>&1 &
	actors+=($!)
}

create() {
	"$topicmon" create "$@" -b "$bootstrap"
}

# picture NAME SIZE [SHOT-OPTION...]
picture() {
	local name=$1 size=$2

	shift 2
	"$shot" --size "$size" --env COLORTERM=truecolor --timeout 30 "$@" --out "$here/$name.svg" -- \
		"$topicmon" -b "$bootstrap" order_shipping
	echo "$here/$name.svg"
}

"$root/integration/kafka/start_kafka.sh" --jars --port "$port" --dir "$state/kafka" >/dev/null
create order_shipping -p 3 -r 1 -c retention.ms=604800000
create order_placed -p 3 -r 1
create payments -p 6 -r 1
create customers -p 1 -r 1 -c cleanup.policy=compact
actor feed --bootstrap-server "$bootstrap" --topic order_shipping --rate 27
actor feed --bootstrap-server "$bootstrap" --topic order_placed --rate 6
"$orders" feed --bootstrap-server "$bootstrap" --topic payments --rate 400 --count 412 >/dev/null 2>&1
"$orders" feed --bootstrap-server "$bootstrap" --topic customers --rate 400 --count 90 >/dev/null 2>&1
actor receive --bootstrap-server "$bootstrap" --topic order_shipping --group shipping
actor receive --bootstrap-server "$bootstrap" --topic order_shipping --group shipping
"$orders" receive --bootstrap-server "$bootstrap" --topic order_shipping --group billing --count 60 >/dev/null 2>&1

picture home 120x32 --wait 'kept' --wait 'shipping ●' --wait '✓'
picture small 80x24 --wait 'msg/s' --wait 'SHIPPED'
picture message 100x30 --wait 'SHIPPED' --keys '<Tab><Tab><Space>' --wait 'paused' --keys '<Enter>' --wait '"customer"'
picture clear 120x32 --wait 'kept' --keys 'x' --wait 'clear it'
