#!/bin/sh
# Runs the cmocka programs named on the command line and adds up their closing lines.
set -u
failed=0
for program in "$@"; do
	"$program" || { echo "FAILED: $program"; failed=$((failed + 1)); }
done
[ "$#" -gt 0 ] || { echo "unit: no test programs"; exit 1; }
echo "unit: $# programs, $failed failed"
[ "$failed" -eq 0 ]
