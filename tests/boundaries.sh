#!/bin/sh
# The house has one direction: render -> templates, timeline -> analyst, and inside
# analyst base <- model <- store, knowledge, readers <- detect <- import; cluster, narrative, respond beside. Library headers stay in
# their rooms. Each row: where | what must not be included there.
set -u
bad=0

refuse() {
	found=$(grep -rnE --include='*.[ch]' --include='*.cc' "^#include [<\"]($2)" $1 2>/dev/null)
	if [ -n "$found" ]; then
		printf 'boundaries: %s must not include %s:\n%s\n' "$1" "$2" "$found"
		bad=1
	fi
}

refuse "analyst" "timeline/|templates/|render/"
refuse "timeline" "templates/|render/"
refuse "templates" "timeline/|render/"
refuse "analyst/base" "analyst/(model|store|readers|detect|knowledge|import|cluster|narrative)/"
refuse "analyst/model" "analyst/(store|readers|detect|knowledge|import|cluster|narrative)/"
refuse "analyst/readers" "analyst/(store|detect|knowledge|import|cluster|narrative)/"
refuse "analyst/detect" "analyst/(store|knowledge|import|cluster|narrative)/"
refuse "analyst/knowledge" "analyst/(store|readers|detect|import|cluster|narrative)/"
refuse "analyst/store" "analyst/(readers|detect|knowledge|import|cluster|narrative)/"
refuse "analyst/cluster" "analyst/(store|readers|detect|import|narrative)/"
refuse "analyst/narrative" "analyst/(store|readers|detect|import|cluster)/"
refuse "analyst/respond" "analyst/(store|readers|detect|import|cluster|narrative|proof)/"
refuse "analyst/base analyst/model analyst/store analyst/readers analyst/detect analyst/knowledge analyst/import analyst/cluster analyst/narrative analyst/proof" "analyst/respond/"
refuse "analyst/proof" "analyst/(store|readers|detect|knowledge|import|cluster|narrative)/"
refuse "analyst/base analyst/model analyst/store analyst/readers analyst/detect analyst/knowledge analyst/import analyst/cluster analyst/narrative" "analyst/proof/"
refuse "render/canvas render/document" "render/(cli|export|redact)/"
refuse "render/redact" "render/(cli|export)/"
refuse "render/export" "render/cli/"
refuse "analyst/base analyst/model analyst/readers analyst/detect analyst/knowledge analyst/import analyst/cluster analyst/narrative analyst/respond timeline templates render" "sqlite3\.h"
refuse "analyst/model analyst/store analyst/detect analyst/import analyst/cluster analyst/narrative analyst/respond timeline render" "libxml/"
refuse "analyst timeline templates render/cli" "cairo|hpdf|hb"
others=$(grep -rlE '^#include .libxml/' analyst/base | grep -v '^analyst/base/xml\.[ch]$')
[ -z "$others" ] || { echo "boundaries: in analyst/base libxml2 belongs to xml.c: $others"; bad=1; }
others=$(grep -rlE '^#include .simdjson' analyst timeline templates render 2>/dev/null | grep -v '^analyst/readers/json\.cc$')
[ -z "$others" ] || { echo "boundaries: simdjson belongs to analyst/readers/json.cc: $others"; bad=1; }

[ "$bad" -eq 0 ] && echo "boundaries: includes point one way"
exit "$bad"
