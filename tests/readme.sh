#!/bin/sh
# Runs the commands that README.md shows, in its order, on the sample week, with the program as `make install`
# leaves it: a command that no longer works, or templates that are not found from there, fail here.
set -eu
build=$(cd "$1" && pwd)
root=$(pwd)
scratch=$build/readme
rm -rf "$scratch"
mkdir -p "$scratch/feeds"
MAKEFLAGS= make -s install DESTDIR="$scratch/root" PREFIX=/usr BUILD="$1" >/dev/null
cp samples/proxylogon-week/*.json "$scratch/feeds/"
cp samples/proxylogon-week/indicators.csv "$scratch/iocs.csv"
printf "発生日時,検知名,ホスト名\n11/03/2021 09:00,ウェブシェル,EXCH01\n" | iconv -t CP932 > "$scratch/old.csv"
cp -r templates/example "$scratch/ours"
printf 'host,owner,criticality\nEXCH01,Messaging team,critical\n' > "$scratch/assets.csv"
PATH=$scratch/root/usr/bin:$PATH
export PATH
cd "$scratch"

count=0
# The README's words for what a user puts in: ALERTS..., DIR, COMMAND, ALERT (two ids of the assignments).
sed -n 's/^    \(tsumugi [^#]*\).*/\1/p' "$root/README.md" |
    sed -e "s|ALERTS\.\.\.|$root/samples/proxylogon-week|" -e 's|DIR|out|' -e 's|COMMAND|import|' > commands
while read -r line; do
	case $line in
	*ALERT*)
		first=$(sed -n 2p assignments.csv | cut -d, -f3)
		second=$(sed -n 3p assignments.csv | cut -d, -f3)
		line=$(echo "$line" | sed -e "s/ALERT/$first/" -e "s/ALERT/$second/")
		;;
	esac
	sh -c "$line" > output 2>&1 < /dev/null || { echo "readme: '$line' failed:"; cat output; exit 1; }
	count=$((count + 1))
done < commands
[ "$count" -ge 8 ] || { echo "readme: only $count commands found in README.md"; exit 1; }
for file in out/weekly.en.pdf weekly.pdf customer.pdf timeline.svg assignments.csv; do
	[ -s "$file" ] || { echo "readme: $file was not written"; exit 1; }
done
echo "readme: $count commands work, from where they are installed"
