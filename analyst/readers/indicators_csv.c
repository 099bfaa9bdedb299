/* Lists of indicators as CSV, whatever they call their columns (FORMATS 3.6). */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/readers/reader.h"
#include "analyst/readers/refang.h"

enum column { VALUE, KIND, TLP, FIRST_SEEN, LAST_SEEN, UNTIL, COMMENT, LIST, CONFIDENCE, TECHNIQUES, COLUMNS };

static const char *const column_names[COLUMNS] = {
	[VALUE] = "Indicator|IoC|IOC value|value|indicator_value|observable|侵害指標|指標|インジケーター|インジケータ",
	[KIND] = "IndicatorType|Type|ioc_type|indicator_type|kind|種別|種類|タイプ",
	[TLP] = "TLP|marking",
	[FIRST_SEEN] = "FirstSeen|first seen|valid from|初回観測|初観測",
	[LAST_SEEN] = "LastSeen|last seen|最終観測",
	[UNTIL] = "valid until|expires|expiration|有効期限",
	[COMMENT] = "Comment|Description|note|notes|コメント|備考|説明|comment_en",
	[LIST] = "source|list|campaign|reference|feed|出典",
	[CONFIDENCE] = "confidence|確度|信頼度",
	[TECHNIQUES] = "technique|techniques|mitre|attack id"
};

struct list_state {
	int cell_of[COLUMNS];
	size_t columns;
	int64_t header_line;
};

static void find_columns(struct list_state *st, const struct cell *cells, size_t count)
{
	for (size_t c = 0; c < COLUMNS; c++) {
		st->cell_of[c] = -1;
		for (size_t i = count; i-- > 0;)
			if (csv_column_is(column_names[c], cells[i].text))
				st->cell_of[c] = (int)i;
	}
	st->columns = count;
}

static const char *cell(const struct list_state *st, const struct record *rec, enum column c)
{
	int i = st->cell_of[c];

	return i >= 0 && (size_t)i < rec->cell_count && rec->cells[i].n > 0 ? rec->cells[i].text : NULL;
}

/* A header alone may mean anything ("value,type"): its first row has to hold one. */
static int score_rows(struct list_state *st, struct framing *fr)
{
	struct arena *arena = arena_new();
	struct record rec;
	struct found found;
	int score = 0;

	for (int rows = 0; rows < 5 && framing_next(fr, &rec, NULL) > 0; rows++) {
		const char *value = rec.broken == NULL ? cell(st, &rec, VALUE) : NULL;
		enum indicator_kind said = indicator_kind_named(cell(st, &rec, KIND));

		if (value == NULL)
			continue;
		refang_value(&found, value, strcspn(value, ","), said, arena);
		if (found.kind != INDICATOR_TEXT)
			score = st->cell_of[KIND] >= 0 ? 88 : st->columns > 1 ? 84 : 82;
	}
	arena_free(arena);
	return score;
}

static int list_probe(const struct probe *p)
{
	struct memory_bytes head = { p->bytes, p->n };
	struct framing *fr = framing_new(&(struct framing_rules){ .kind = FRAME_CSV }, memory_source(&head));
	struct list_state st;
	struct record rec;
	int score = 0;

	if (p->n > 0 && strchr("{[<", p->bytes[0]) == NULL && framing_next(fr, &rec, NULL) > 0 && rec.broken == NULL) {
		find_columns(&st, rec.cells, rec.cell_count);
		if (st.cell_of[VALUE] >= 0)
			score = score_rows(&st, fr);
	}
	framing_free(fr);
	return score;
}

static int list_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct list_state));
	return 0;
}

static int give(struct reading *rg, const struct record *rec, const char *value, size_t n, struct fault *f)
{
	const struct list_state *st = rg->state;
	const char *confidence = cell(st, rec, CONFIDENCE), *list = cell(st, rec, LIST);
	struct ids techniques = { .count = 0 };
	struct found found;
	struct indicator ind;
	char *end;
	long number;

	refang_value(&found, value, n, indicator_kind_named(cell(st, rec, KIND)), rg->arena);
	indicator_of(&ind, &found, list != NULL ? list : rg->options.list);
	ind.context = cell(st, rec, COMMENT);
	ind.tlp = tlp_named(cell(st, rec, TLP));
	ind.first_seen = indicator_time(rg, cell(st, rec, FIRST_SEEN));
	ind.last_seen = indicator_time(rg, cell(st, rec, LAST_SEEN));
	ind.valid_until = indicator_time(rg, cell(st, rec, UNTIL));
	ids_add_techniques(&techniques, cell(st, rec, TECHNIQUES));
	ind.techniques = ids_text(&techniques, rg->arena);
	if (confidence != NULL && (number = strtol(confidence, &end, 10)) >= 0 && number <= 100 && end != confidence && *end == '\0')
		ind.confidence = (int)number;
	return rg->sink.indicator(rg->sink.ctx, &ind, &rec->at, f);
}

/* One row of Volexity holds three hashes of one file: "sha1,sha256,md5". */
static bool all_hashes(const char *s, struct arena *arena)
{
	size_t count = 0;

	while (*s != '\0') {
		size_t n = strcspn(s, ","), length = n;
		const char *part = trim(s, &length);

		if (canon_hash(arena, part, length, NULL) == NULL)
			return false;
		count++;
		s += n;
		if (*s == ',')
			s++;
	}
	return count > 1;
}

static int list_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct list_state *st = rg->state;
	const char *value;

	if (st->columns == 0) {
		find_columns(st, rec->cells, rec->cell_count);
		st->header_line = rec->at.line;
		return st->cell_of[VALUE] >= 0 ? 0 : fault_set(f, FAULT_DATA, "no column named 'value'");
	}
	if (rec->cell_count != st->columns &&
	    !(rec->cell_count == st->columns + 1 && rec->cells[st->columns].n == 0))
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where the header on line %lld has %zu",
		                                            rec->cell_count, (long long)st->header_line, st->columns), f);
	if ((value = cell(st, rec, VALUE)) == NULL)
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (!all_hashes(value, rg->arena))
		return give(rg, rec, value, strlen(value), f);
	while (*value != '\0') {
		size_t n = strcspn(value, ",");

		if (give(rg, rec, value, n, f) < 0)
			return -1;
		value += n;
		if (*value == ',')
			value++;
	}
	return 0;
}

const struct reader reader_indicators_csv = {
	.name = "indicators-csv", .summary = "indicators as CSV with a header row", .gives = "indicators",
	.extensions = ".csv .tsv", .framing = FRAME_CSV, .probe = list_probe, .open = list_open, .record = list_record,
};
