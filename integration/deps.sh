# shellcheck shell=bash
#
# What must be installed, and how: to be sourced by demo.sh and by the tests.
#
# A need is one line "check|Debian package|in words". The check asks for the thing itself, not for
# the package, so that a hand-made installation counts and a system without apt can be told what it
# lacks:
#   cmd NAME...        all these programs are there
#   pc NAME [VERSION]  pkg-config knows it, in this version or later
#   java VERSION       a JRE of this version or later
#   header FILE        the C compiler finds it
#
#   deps_require NEEDS...    installs what is missing of the lists named, or says what to install and fails
#
# Works in the bash 3.2 of macOS.

# shellcheck disable=SC2034 # deps_require takes the lists by name
needs_build='cmd cc make|build-essential|a C compiler and make
cmd cmake|cmake|CMake 3.16 or later
cmd ninja|ninja-build|Ninja
cmd pkg-config|pkg-config|pkg-config
pc ncursesw|libncurses-dev|ncurses with wide characters, and its headers
pc rdkafka 2.0.2|librdkafka-dev|librdkafka 2.0.2 or later, and its headers
pc libcjson|libcjson-dev|cJSON, and its headers
pc libpcre2-8|libpcre2-dev|PCRE2, and its headers'

# shellcheck disable=SC2034
needs_java='java 17|JRE|a Java runtime, 17 or later'

# shellcheck disable=SC2034
needs_maven='cmd mvn|maven|Maven, which brings the jars of Kafka'

deps_check() {
	local kind=$1 name major

	shift
	case $kind in
	cmd)
		for name in "$@"; do
			command -v "$name" >/dev/null || return 1
		done
		;;
	pc)
		command -v pkg-config >/dev/null || return 1
		pkg-config --exists "$1${2:+ >= $2}"
		;;
	java)
		name=${JAVA_HOME:+$JAVA_HOME/bin/}java
		command -v "$name" >/dev/null || return 1
		major=$("$name" -XshowSettings:properties -version 2>&1 |
			sed -n 's/.*java\.specification\.version = \([0-9]*\).*/\1/p')
		[[ -n $major ]] && ((major >= $1))
		;;
	header)
		printf '#include <%s>\n' "$1" | cc -E -x c - >/dev/null 2>&1
		;;
	esac
}

# Prints the lines of the lists named whose check fails.
deps_missing() {
	local list line check

	for list in "$@"; do
		while IFS= read -r line; do
			check=${line%%|*}
			# shellcheck disable=SC2086 # the check is a few words
			deps_check $check || printf '%s\n' "$line"
		done <<<"${!list}"
	done
}

deps_in_words() {
	local line

	while IFS= read -r line; do
		printf '  %s (Debian, Ubuntu: %s)\n' "${line##*|}" "$(deps_package "$line")" >&2
	done <<<"$1"
}

# The package of a need. Which JRE is new enough differs: 17 is in Debian 12 and every Ubuntu from
# 22.04 on, but a later Debian has only a later one, as its default.
deps_package() {
	local package=${1#*|}

	package=${package%%|*}
	if [[ $package == JRE ]]; then
		package=openjdk-17-jre-headless
		if command -v apt-cache >/dev/null && [[ -z $(apt-cache --no-all-versions show "$package" 2>/dev/null) ]]; then
			package=default-jre-headless
		fi
	fi
	printf '%s\n' "$package"
}

deps_apt() {
	local as_root=() line packages=()

	if [[ $(id -u) != 0 ]]; then
		command -v sudo >/dev/null || return 1
		as_root=(sudo)
	fi
	printf 'Updating the list of packages (apt-get update)\n' >&2
	${as_root[@]+"${as_root[@]}"} apt-get update -qq >&2 || true
	while IFS= read -r line; do
		packages+=("$(deps_package "$line")")
	done <<<"$1"
	printf 'Installing by apt-get: %s\n' "${packages[*]}" >&2
	${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		"${packages[@]}" >&2
}

deps_require() {
	local missing

	missing=$(deps_missing "$@")
	[[ -n $missing ]] || return 0
	if command -v apt-get >/dev/null && deps_apt "$missing"; then
		missing=$(deps_missing "$@")
		[[ -n $missing ]] || return 0
	fi
	printf 'Not installed, and needed:\n' >&2
	deps_in_words "$missing"
	return 1
}
