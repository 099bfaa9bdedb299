#!/bin/sh
# Runs the case folders beside this file: tests/cases/NAME/
#
#   command           shell lines; $TSUMUGI is the program, the folder's inputs lie in the working directory
#   expected          standard output
#   expected.err      standard error; without it nothing is asked of it
#   expected.status   exit status; without it 0
#   needs             words: "shared" skips the case where the folder ../shared ($TSUMUGI_SHARED) is missing
#
# A case runs in a temporary copy of its folder, with TZ, locale and date fixed. Numbers that are never the same
# twice (seconds, MB/s) are written as in the files: "0.00 s, 0.0 MB/s" stands for any.
#
# usage: tests/cases/run.sh PROGRAM [NAME...]      UPDATE=1 writes what came out as the expectation
set -u
here=$(cd "$(dirname "$0")" && pwd)
program=$1
shift
case $program in /*) ;; *) program=$PWD/$program ;; esac
TSUMUGI_SHARED=${TSUMUGI_SHARED:-$(cd "$here/../.." && pwd)/../shared}
TSUMUGI=$program
TSUMUGI_ROOT=$(cd "$here/../.." && pwd)
TZ=UTC LC_ALL=C.UTF-8 SOURCE_DATE_EPOCH=1615766400 COLUMNS=120
export TSUMUGI TSUMUGI_SHARED TSUMUGI_ROOT TZ LC_ALL SOURCE_DATE_EPOCH COLUMNS
unset NO_COLOR TSUMUGI_CASE
work=$(mktemp -d "${TMPDIR:-/tmp}/tsumugi-cases.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
passed=0 failed=0 skipped=0

plain() {
	sed -E -e 's/[0-9]+\.[0-9]+ s, [0-9]+\.[0-9] MB\/s/0.00 s, 0.0 MB\/s/' -e 's/"seconds":[0-9.]+/"seconds":0/' "$1"
}

compare() {  # NAME FILE ACTUAL
	if [ -n "${UPDATE:-}" ]; then
		if [ -s "$3" ] || [ "$2" = expected ]; then cp "$3" "$here/$1/$2"; else rm -f "$here/$1/$2"; fi
	fi
	[ -f "$here/$1/$2" ] || return 0
	diff -u "$here/$1/$2" "$3" >"$work/diff" && return 0
	reason="$reason $2"
	sed -n '1,40p' "$work/diff"
	return 1
}

run_case() {  # NAME
	rm -rf "$work/case"
	cp -r "$here/$1" "$work/case"
	( cd "$work/case" && sh ./command ) >"$work/out" 2>"$work/err" </dev/null
	status=$?
	plain "$work/out" >"$work/out.plain"
	plain "$work/err" >"$work/err.plain"
	if [ "$status" -eq 0 ]; then : >"$work/status"; else echo "$status" >"$work/status"; fi
	reason=
	compare "$1" expected "$work/out.plain"
	compare "$1" expected.err "$work/err.plain"
	if [ -n "${UPDATE:-}" ]; then compare "$1" expected.status "$work/status"; fi
	wanted=$(cat "$here/$1/expected.status" 2>/dev/null || echo 0)
	[ "$status" -eq "$wanted" ] || reason="$reason status:$status(expected:$wanted)"
	[ -z "$reason" ]
}

if [ "$#" -eq 0 ]; then
	set -- $(cd "$here" && for f in */command; do dirname "$f"; done | LC_ALL=C sort)
fi
for name in "$@"; do
	if grep -qsw shared "$here/$name/needs" && [ ! -d "$TSUMUGI_SHARED" ]; then
		echo "case $name: skipped, no ../shared"
		skipped=$((skipped + 1))
	elif run_case "$name"; then
		echo "case $name: ok"
		passed=$((passed + 1))
	else
		echo "case $name: FAILED ($reason )"
		sed -n '1,10p' "$work/err"
		failed=$((failed + 1))
	fi
done
echo "cases: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
