#!/usr/bin/env bash
# Builds the newest librdkafka outside the tree, once, so that the other end of the supported range
# can be tried too.
#
#   librdkafka_newest.sh
#
# The full source is inside the npm package @confluentinc/kafka-javascript. It is built into
# ${XDG_CACHE_HOME:-$HOME/.cache}/topicmon/librdkafka-VERSION/, which appears by one rename; what is
# there is used again. The last line, on stdout, is that directory: put its lib/pkgconfig at the
# front of PKG_CONFIG_PATH, and its lib in the rpath or LD_LIBRARY_PATH. Needs npm, make and a C
# compiler; TLS, SASL, zstd, lz4 and zlib come in when their headers are there. Exit: 0 it is there,
# 1 it could not be built.
set -euo pipefail

package=@confluentinc/kafka-javascript
package_version=1.10.1
version=2.15.1          # of the librdkafka inside

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

cache=${XDG_CACHE_HOME:-$HOME/.cache}/topicmon
prefix=$cache/librdkafka-$version
if [[ -d $prefix ]]; then
	printf '%s\n' "$prefix"
	exit 0
fi

for tool in npm make cc tar; do
	command -v "$tool" >/dev/null || {
		say "$tool is needed to build librdkafka $version and is not installed"
		exit 1
	}
done
say "building librdkafka $version into $prefix"
mkdir -p "$cache"
work=$(mktemp -d "$cache/.librdkafka.XXXXXX")
trap 'rm -rf "$work"' EXIT

build() {
	local jobs

	jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
	cd "$work"
	npm pack --silent "$package@$package_version"
	tar xzf ./*.tgz package/deps/librdkafka
	cd package/deps/librdkafka
	./configure --prefix="$prefix" --disable-debug-symbols
	# Only the C library: no C++ one, no examples, no tests.
	make -C src -j "$jobs" lib
	make -C src install DESTDIR="$work/root"
}

# Not "if ! (build)": as a condition, the function would go on after an error.
set +e
(
	set -e
	build
) >"$work/log" 2>&1
status=$?
set -e
if [[ $status != 0 ]]; then
	tail -n 40 "$work/log" >&2
	say "librdkafka $version could not be built (above: the end of the log)"
	exit 1
fi
built=$(sed -n 's/^Version: *//p' "$work/root$prefix/lib/pkgconfig/rdkafka.pc")
if [[ $built != "$version" ]]; then
	say "$package $package_version holds librdkafka $built, not $version: put that into this script"
	exit 1
fi
# mv fails when another build was faster, and then that one's result serves as well.
mv "$work/root$prefix" "$cache/" 2>/dev/null || [[ -d $prefix ]]
printf '%s\n' "$prefix"
