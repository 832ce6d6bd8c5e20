# shellcheck shell=bash
#
# What the tests need beyond the program itself; to be sourced. See integration/deps.sh for the form
# and for deps_require: "deps_require needs_build needs_java needs_maven needs_test
# needs_librdkafka".

# shellcheck source-path=SCRIPTDIR source=../../integration/deps.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../integration/deps.sh"

# shellcheck disable=SC2034 # deps_require takes the lists by name
needs_test='pc cmocka|libcmocka-dev|cmocka, and its headers
pc vterm|libvterm-dev|libvterm, and its headers
cmd clang|clang|clang
cmd valgrind|valgrind|Valgrind
cmd kcat|kcat|kcat
cmd tic infocmp|ncurses-bin|the terminfo tools
cmd tmux|tmux|tmux
cmd shellcheck|shellcheck|ShellCheck'

# For librdkafka_newest.sh: the compression and security libraries, so that both ends of the range
# can do the same.
# shellcheck disable=SC2034
needs_librdkafka='cmd npm|npm|npm, which brings the source of the newest librdkafka
pc openssl|libssl-dev|OpenSSL, and its headers
pc libsasl2|libsasl2-dev|Cyrus SASL, and its headers
pc libzstd|libzstd-dev|zstd, and its headers
pc liblz4|liblz4-dev|lz4, and its headers
pc zlib|zlib1g-dev|zlib, and its headers'
