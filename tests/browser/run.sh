#!/bin/sh
# The HTML reports in headless Chromium: filters, sorting, keys, dark mode and print work, nothing is reported to the
# console, and strings that attack pages stay words. PICTURES=DIR leaves pictures there.
#
# usage: tests/browser/run.sh PROGRAM
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
program=$1
case $program in /*) ;; *) program=$PWD/$program ;; esac
browser=$(command -v chromium || true)
[ -n "$browser" ] || { echo "browser: skipped, no chromium"; exit 0; }
work=$(mktemp -d "${TMPDIR:-/tmp}/tsumugi-browser.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM
bad=0

make_pages() {
	"$program" --case "$work/a.db" import "$root/samples/proxylogon-week" >/dev/null &&
	"$program" --case "$work/a.db" report weekly -o "$work/weekly.html" &&
	"$program" --case "$work/a.db" report customer --incident 3 -o "$work/many.html" || bad=1
	for lang in en ja; do
		for kind in customer executive; do
			"$program" --case "$work/a.db" report $kind --lang $lang -o "$work/$kind.$lang.html" || bad=1
		done
	done
	"$program" --case "$work/a.db" report customer --template "$root/templates/example/customer.xml" -o "$work/logo.html" ||
		bad=1
	python3 "$here/hostile.py" "$work" "${TSUMUGI_SHARED:-$root/../shared}/data/edge/blns/blns.txt"
	"$program" --case "$work/h.db" import "$work/hostile.csv" >/dev/null
	"$program" --case "$work/h.db" show 1 --json >"$work/hostile-show.json" || bad=1
	for form in html md pdf json; do
		for kind in weekly customer; do
			"$program" --case "$work/h.db" report $kind -o "$work/hostile-$kind.$form" ||
				{ echo "browser: hostile-$kind.$form was not written"; bad=1; }
		done
	done
}

make_pages
python3 "$here/hostile.py" --check "$work" || bad=1
# shellcheck disable=SC2086  # nothing or one name
python3 -B "$here/drive.py" "$browser" "$work" ${PICTURES:+"$PICTURES"} || bad=1
[ "$bad" -eq 0 ] && echo "browser: pages run, nothing else does"
exit "$bad"
