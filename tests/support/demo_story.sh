#!/usr/bin/env bash
# Runs the demo without a screen, its story of a reset included, on a broker of its own.
#
#   demo_story.sh BUILD-DIR
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd -P)
# shellcheck source-path=SCRIPTDIR source=ports.sh
. "$here/ports.sh"

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
"$here/../../integration/demo.sh" --headless 5 --jars --no-build --build-dir "$1" --port "$(free_ports)" --dir "$state/demo"
