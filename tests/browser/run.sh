#!/bin/sh
# The HTML reports in headless Chromium: the script runs, nothing is reported to the console, and strings that
# attack pages stay words. With playwright-core (NODE_PATH) filters and sorting are tried too.
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
	"$program" --case "$work/a.db" report customer --lang ja -o "$work/customer.html" || bad=1
	python3 "$here/hostile.py" "$work" "${TSUMUGI_SHARED:-$root/../shared}/data/edge/blns/blns.txt"
	"$program" --case "$work/h.db" import "$work/hostile.csv" >/dev/null
	for form in html md pdf json; do
		for kind in weekly customer; do
			"$program" --case "$work/h.db" report $kind -o "$work/hostile-$kind.$form" ||
				{ echo "browser: hostile-$kind.$form was not written"; bad=1; }
		done
	done
}

look() {  # FILE
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr --user-data-dir="$work/profile" \
		--dump-dom "file://$1" >"$work/dom" 2>"$work/log"
	grep -q 'id="filters" role="search"' "$work/dom" && grep -q '<button type="button"' "$work/dom" ||
		{ echo "browser: the script of $(basename "$1") did not run"; bad=1; }
	if grep 'CONSOLE' "$work/log"; then bad=1; fi
}

make_pages
for page in "$work"/*.html; do
	look "$page"
done
python3 "$here/hostile.py" --check "$work" || bad=1
if node -e 'require("playwright-core")' 2>/dev/null; then
	node "$here/drive.js" "$browser" "$work" || bad=1
else
	echo "browser: filters and sorting skipped, no playwright-core"
fi
[ "$bad" -eq 0 ] && echo "browser: pages run, nothing else does"
exit "$bad"
