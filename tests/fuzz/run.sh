#!/bin/sh
# Runs the fuzz targets, from the checkout:
#
#   run.sh deps                        installs clang-14 and its runtime when they are missing
#   run.sh replay BUILD TARGET...      each target over its corpus, without libFuzzer
#   run.sh fuzz BUILD [NAME...]        libFuzzer, FUZZ_SECONDS (60) each, or only on the named ones
#
# The corpus of a target is the folders tests/fuzz/corpus/TARGET or TARGET-NAME: reader-cef is the target
# reader on the reader cef. Inputs that libFuzzer finds stay below BUILD/fuzz; a failing one is written to
# BUILD/fuzz/found and belongs into the corpus when its cause is mended.
set -eu
cd "$(dirname "$0")/../.."
corpus=tests/fuzz/corpus

# Of a target's seeds and, of a reader, of records that say all they can.
words_of()
{
	format=${1#reader-}
	case $1 in
	reader-any) set -- "$corpus"/reader-any/* tests/cases/every-field/*.* ;;
	reader-*) set -- "$corpus/$1"/* "tests/cases/every-field/${format%%-*}"*.* ;;
	*) set -- "$corpus/$1"/* ;;
	esac
	python3 -B tests/fuzz/words.py "$@"
}

case $1 in
deps)
	missing=
	for package in clang-14 libclang-rt-14-dev; do
		state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
		[ "$state" = installed ] || missing="$missing $package"
	done
	# Older packages of clang-14 bring the runtime along.
	[ -z "$missing" ] && exit 0
	command -v clang-14 >/dev/null && ls /usr/lib/llvm-14/lib/clang/14*/lib/linux/libclang_rt.fuzzer-*.a >/dev/null 2>&1 &&
		exit 0
	as_root=
	[ "$(id -u)" -eq 0 ] || as_root=sudo
	echo "fuzz: installing$missing"
	$as_root apt-get update -qq
	# shellcheck disable=SC2086  # a list of words on purpose
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
	;;
replay)
	build=$2
	shift 2
	for target in "$@"; do
		set --
		for folder in "$corpus/$target" "$corpus/$target"-*; do
			[ ! -d "$folder" ] || set -- "$@" "$folder"
		done
		"$build/fuzz/replay_$target" "$@"
	done
	;;
fuzz)
	build=$2
	shift 2
	[ "$#" -gt 0 ] || set -- $(ls "$corpus")
	mkdir -p "$build/fuzz/found"
	failed=0
	for name in "$@"; do
		mkdir -p "$build/fuzz/corpus/$name"
		ln -sf "fuzz_${name%%-*}" "$build/fuzz/$name"
		log=$build/fuzz/$name.log
		dictionary=$build/fuzz/$name.dict
		case $name in                      # of what is read as a file more than one block is tried
		file-*|reader-*|template-*) length=65536 ;;
		*) length=16384 ;;
		esac
		words_of "$name" >"$dictionary"
		if "$build/fuzz/$name" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=1024 -max_len=$length \
			-print_final_stats=1 -artifact_prefix="$build/fuzz/found/$name-" -dict="$dictionary" \
			"$build/fuzz/corpus/$name" "$corpus/$name" >"$log" 2>&1; then
			echo "fuzz: $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions"
		else
			failed=$((failed + 1))
			echo "fuzz: $name: FAILED, see $log"
			grep -E 'does not hold|ERROR:|runtime error|SUMMARY' "$log" | head -n 4 || true
		fi
	done
	[ "$failed" -eq 0 ]
	;;
esac
