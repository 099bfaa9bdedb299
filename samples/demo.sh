#!/bin/sh
# Runs the program on the sample week and names what it wrote: make demo
set -eu
build=$1
out=$build/demo
rm -rf "$out"
mkdir -p "$out"
"$build/tsumugi" --case "$out/week.db" run samples/proxylogon-week -o "$out" --tz Asia/Tokyo \
    --customer "Sample Trading Co., Ltd."
