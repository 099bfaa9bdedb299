/* Lists of indicators as CSV, whatever they call their columns (FORMATS 3.6). Three shapes:
 *
 *     Indicator,Type,Comment          a column of values, mostly one of kinds
 *     SHA256,MD5,File name,Family     columns called by what they hold
 *     SHA256,97a2ab7a...              no header: each row says its kind first
 *
 * Lines that begin with "#" are comments; the last before the rows may be the header. */
#include <stdlib.h>
#include <string.h>

#include "analyst/readers/listed.h"
#include "analyst/readers/refang.h"

enum column { VALUE, DATA, KIND, TLP, FIRST_SEEN, LAST_SEEN, UNTIL, LIST, CONFIDENCE, TECHNIQUES, DETECT, COLUMNS };

static const char *const column_names[COLUMNS] = {
	[VALUE] = "Indicator|IoC|IOC value|value|indicator_value|observable|侵害指標|指標|インジケーター|インジケータ",
	[DATA] = "data",
	[KIND] = "IndicatorType|Type|ioc_type|indicator_type|kind|種別|種類|タイプ",
	[TLP] = "TLP|marking",
	[FIRST_SEEN] = "FirstSeen|first seen|first seen utc|first seen date|date added|listing date|valid from|初回観測|初観測",
	[LAST_SEEN] = "LastSeen|last seen|last seen utc|last online|最終観測",
	[UNTIL] = "valid until|expires|expiration|有効期限",
	[LIST] = "source|list|campaign|feed|出典",
	[CONFIDENCE] = "confidence|confidence level|確度|信頼度",
	[TECHNIQUES] = "technique|techniques|mitre|attack id",
	[DETECT] = "to_ids"
};

/* Columns that are told, each of them, in this order. */
static const char *const told_names[] = {
	"malware|malware family|malware printable|family|マルウェア", "actor|threat actor|adversary|攻撃者", "signature|detection name|検知名",
	"threat|threat type|listing reason", "Comment|Description|note|notes|details|コメント|備考|説明|comment_en", "tags", NULL
};

/* Columns of logs: a table that has one tells what machines did, whatever addresses and hashes stand in it. */
static const char logged_names[] =
	"host|computer|computer name|device|device name|machine|machine name|endpoint|user|username|user name|account|src ip|source ip|"
	"srcip|src|client|client ip|event id|process|process name|pid|action|rule|rule name|alert|severity|status code|method|bytes|"
	"端末|端末名|ホスト名|利用者|ユーザー|重要度";

#define KINDS 12
#define TOLD 6

struct table {
	int cell_of[COLUMNS];
	int told[TOLD];
	struct { int cell; enum indicator_kind kind; } kinds[KINDS];     /* columns called by what they hold */
	size_t kind_count;
	size_t columns;                  /* 0: not known yet */
	int64_t header_line;
};

struct list_state {
	struct table table;
	struct cell *comment;            /* the last one, as a header would be */
	size_t comment_cells;
	int64_t comment_line;
	const char *title;               /* of a list that begins with one */
};

/* ---- the columns ---- */

static int find_cell(const struct cell *cells, size_t count, const char *names)
{
	for (size_t i = 0; i < count; i++)
		if (csv_column_is(names, cells[i].text))
			return (int)i;
	return -1;
}

/* "sha256", "md5_hash", "Loader SHA-1", "dst_ip". INDICATOR_TEXT: the name is none of a kind. */
static enum indicator_kind kind_of_column(const char *name)
{
	static const struct named endings[] = {
		{ "md5", INDICATOR_MD5 }, { "sha1", INDICATOR_SHA1 }, { "sha-1", INDICATOR_SHA1 }, { "sha256", INDICATOR_SHA256 },
		{ "sha-256", INDICATOR_SHA256 }, { "sha512", INDICATOR_SHA512 }, { "sha-512", INDICATOR_SHA512 }, { NULL, 0 }
	};
	enum indicator_kind kind = csv_column_is("dst ip|dest ip|destination ip|c2 ip", name) ? INDICATOR_IP : indicator_kind_named(name);
	size_t n = strlen(name);

	if (kind == INDICATOR_KINDS)
		return INDICATOR_TEXT;
	for (size_t i = 0; kind == INDICATOR_TEXT && endings[i].name != NULL; i++) {
		size_t m = strlen(endings[i].name);

		if (n > m && strchr(" _-", name[n - m - 1]) != NULL && strcasecmp(name + n - m, endings[i].name) == 0)
			kind = (enum indicator_kind)endings[i].value;
	}
	return kind;
}

static bool is_hash(enum indicator_kind kind)
{
	return kind >= INDICATOR_MD5 && kind <= INDICATOR_SHA512;
}

/* Addresses and names stand in any table; hashes, and what only people who hunt write beside them, in a list. */
static bool find_kinds(struct table *t, const struct cell *cells, size_t count)
{
	bool hunted = false, any = false;

	t->kind_count = 0;
	for (size_t i = 0; i < count && t->kind_count < KINDS; i++) {
		enum indicator_kind kind = kind_of_column(cells[i].text);

		if (kind == INDICATOR_TEXT)
			continue;
		t->kinds[t->kind_count].cell = (int)i;
		t->kinds[t->kind_count++].kind = kind;
		any = true;
		hunted = hunted || is_hash(kind);
	}
	for (size_t i = 0; i < TOLD; i++)
		hunted = hunted || t->told[i] >= 0;
	hunted = hunted || t->cell_of[TLP] >= 0 || t->cell_of[CONFIDENCE] >= 0 || t->cell_of[FIRST_SEEN] >= 0;
	return any && hunted && find_cell(cells, count, logged_names) < 0;
}

static bool find_columns(struct table *t, const struct cell *cells, size_t count, int64_t line)
{
	for (size_t c = 0; c < COLUMNS; c++)
		t->cell_of[c] = find_cell(cells, count, column_names[c]);
	for (size_t i = 0; i < TOLD; i++)
		t->told[i] = find_cell(cells, count, told_names[i]);
	t->kind_count = 0;
	/* "Indicator,Data": the kind and the value. */
	if (t->cell_of[DATA] >= 0 && t->cell_of[VALUE] >= 0 && t->cell_of[KIND] < 0) {
		t->cell_of[KIND] = t->cell_of[VALUE];
		t->cell_of[VALUE] = -1;
	}
	if (t->cell_of[VALUE] < 0 && t->cell_of[KIND] >= 0)
		t->cell_of[VALUE] = t->cell_of[DATA];
	if (t->cell_of[VALUE] < 0 && !find_kinds(t, cells, count))
		return false;
	t->columns = count;
	t->header_line = line;
	return true;
}

/* A row that says its kind in the first cell and has such a value in the second. */
static bool says_kind(const struct record *rec, struct arena *arena)
{
	enum indicator_kind kind;
	struct found found;

	if (rec->cell_count < 2 || (kind = indicator_kind_named(rec->cells[0].text)) == INDICATOR_TEXT)
		return false;
	if (kind == INDICATOR_KINDS)
		return true;
	refang_value(&found, rec->cells[1].text, rec->cells[1].n, kind, arena);
	return found.kind != INDICATOR_TEXT;
}

static void without_header(struct table *t, size_t count)
{
	find_columns(t, NULL, 0, 0);
	t->cell_of[KIND] = 0;
	t->cell_of[VALUE] = 1;
	t->told[0] = 2;
	t->columns = count;
}

/* ---- comments ---- */

static bool is_comment(const struct record *rec)
{
	return rec->n > 0 && rec->bytes[0] == '#';
}

/* "# abuse.ch URLhaus Database Dump (CSV)      #": what the first line in words calls the list. */
static const char *title_of(const struct record *rec, struct arena *arena)
{
	const char *s = rec->bytes;
	size_t n = 0, words = 0;

	while (n < rec->n && s[n] != '\r' && s[n] != '\n')
		n++;
	while (n > 0 && strchr("# \t", *s) != NULL) {
		s++;
		n--;
	}
	while (n > 0 && strchr("# \t", s[n - 1]) != NULL)
		n--;
	for (size_t i = 1; i < n; i++)
		words += s[i] == ' ' && s[i - 1] != ' ';
	return n > 8 && n < 120 && words > 0 && memmem(s, n, "://", 3) == NULL ? arena_dupn(arena, s, n) : NULL;
}

static void keep_comment(struct list_state *st, const struct record *rec, struct arena *arena)
{
	st->comment = ARENA_ARRAY(arena, struct cell, rec->cell_count + 1);
	st->comment_cells = rec->cell_count;
	st->comment_line = rec->at.line;
	for (size_t i = 0; i < rec->cell_count; i++) {
		const char *s = rec->cells[i].text;
		size_t n = rec->cells[i].n;

		while (i == 0 && n > 0 && strchr("# \"", *s) != NULL) {
			s++;
			n--;
		}
		while (i == 0 && n > 0 && s[n - 1] == '"')
			n--;
		st->comment[i] = (struct cell){ .text = arena_dupn(arena, s, n), .n = n };
	}
	if (st->title == NULL)
		st->title = title_of(rec, arena);
}

enum row { ROW_COMMENT, ROW_HEADER, ROW_VALUES, ROW_UNKNOWN };

/* What a row is; of the first that is no comment it learns the columns. */
static enum row see_row(struct list_state *st, const struct record *rec, struct arena *kept, struct arena *arena)
{
	if (is_comment(rec)) {
		if (st->table.columns == 0)
			keep_comment(st, rec, kept);
		return ROW_COMMENT;
	}
	if (st->table.columns > 0)
		return ROW_VALUES;
	if (find_columns(&st->table, rec->cells, rec->cell_count, rec->at.line))
		return ROW_HEADER;
	if (st->comment != NULL && st->comment_cells == rec->cell_count &&
	    find_columns(&st->table, st->comment, st->comment_cells, st->comment_line))
		return ROW_VALUES;
	if (!says_kind(rec, arena))
		return ROW_UNKNOWN;
	without_header(&st->table, rec->cell_count);
	return ROW_VALUES;
}

static const char *cell_at(const struct record *rec, int i)
{
	return i >= 0 && (size_t)i < rec->cell_count && rec->cells[i].n > 0 ? rec->cells[i].text : NULL;
}

/* ---- probing ---- */

/* Whether some value of the row is one. */
static bool holds_indicator(const struct table *t, const struct record *rec, struct arena *arena)
{
	const char *value = cell_at(rec, t->cell_of[VALUE]);
	struct found found;

	if (value != NULL) {
		refang_value(&found, value, strcspn(value, ","), indicator_kind_named(cell_at(rec, t->cell_of[KIND])), arena);
		return found.kind != INDICATOR_TEXT;
	}
	for (size_t i = 0; i < t->kind_count; i++)
		if ((value = cell_at(rec, t->kinds[i].cell)) != NULL) {
			refang_value(&found, value, strlen(value), t->kinds[i].kind, arena);
			if (found.kind == t->kinds[i].kind)
				return true;
		}
	return false;
}

/* A header alone may mean anything ("value,type"): its first rows have to hold one; without a header most rows. */
static int score_rows(const struct table *t, size_t rows, size_t holding)
{
	if (holding == 0 || (t->header_line == 0 && holding * 4 < rows * 3))
		return 0;
	return t->cell_of[VALUE] < 0 ? 80 : t->cell_of[KIND] >= 0 ? 88 : t->columns > 1 ? 84 : 82;
}

#define PROBED_ROWS 20
#define PROBED_COMMENTS 100

static int list_probe(const struct probe *p)
{
	struct memory_bytes head = { p->bytes, p->n };
	struct framing *fr;
	struct arena *arena;
	struct list_state st = { .comment = NULL };
	struct record rec;
	size_t rows = 0, holding = 0, comments = 0;
	bool alerts = false;

	if (p->n == 0 || strchr("{[<", p->bytes[0]) != NULL)
		return 0;
	fr = framing_new(&(struct framing_rules){ .kind = FRAME_CSV }, memory_source(&head));
	arena = arena_new();
	while (rows < PROBED_ROWS && comments < PROBED_COMMENTS && framing_next(fr, &rec, NULL) > 0 && rec.broken == NULL) {
		enum row row = rec.cell_count > 0 ? see_row(&st, &rec, arena, arena) : ROW_COMMENT;

		comments += row == ROW_COMMENT;
		if (row == ROW_UNKNOWN)
			break;
		/* Columns called by what they hold are a table of alerts' as often. */
		if (row == ROW_HEADER && st.table.cell_of[VALUE] < 0 && csv_is_alerts(p->options, rec.cells, rec.cell_count))
			alerts = true;
		if (row != ROW_VALUES)
			continue;
		rows++;
		holding += holds_indicator(&st.table, &rec, arena);
	}
	arena_free(arena);
	framing_free(fr);
	return rows == 0 || alerts ? 0 : score_rows(&st.table, rows, holding);
}

/* ---- reading ---- */

static int list_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct list_state));
	return 0;
}

static void fill(struct listed *row, const struct table *t, const struct record *rec)
{
	listed_begin(row);
	row->kind = cell_at(rec, t->cell_of[KIND]);
	row->list = cell_at(rec, t->cell_of[LIST]);
	row->tlp = cell_at(rec, t->cell_of[TLP]);
	row->first = cell_at(rec, t->cell_of[FIRST_SEEN]);
	row->last = cell_at(rec, t->cell_of[LAST_SEEN]);
	row->until = cell_at(rec, t->cell_of[UNTIL]);
	row->confidence = cell_at(rec, t->cell_of[CONFIDENCE]);
	row->techniques = cell_at(rec, t->cell_of[TECHNIQUES]);
	row->detect = cell_at(rec, t->cell_of[DETECT]);
	for (size_t i = 0; i < TOLD; i++)
		listed_say(row, cell_at(rec, t->told[i]));
}

/* Of one row all hashes are one file's, which its name says less than; and a link says more than the host in it. */
static int give_kinds(struct reading *rg, const struct table *t, struct listed *row, const struct record *rec, struct fault *f)
{
	bool hash = false, link = false, any = false;

	for (size_t i = 0; i < t->kind_count; i++) {
		bool there = listed_says(cell_at(rec, t->kinds[i].cell));

		hash = hash || (there && is_hash(t->kinds[i].kind));
		link = link || (there && t->kinds[i].kind == INDICATOR_URL);
		any = any || there;
	}
	for (size_t i = 0; i < t->kind_count; i++) {
		enum indicator_kind kind = t->kinds[i].kind;

		row->value = cell_at(rec, t->kinds[i].cell);
		row->kind = NULL;
		row->known = kind;
		row->why = hash && (kind == INDICATOR_FILENAME || kind == INDICATOR_PATH) ? "the name of a file known by its hash" :
		           link && (kind == INDICATOR_DOMAIN || kind == INDICATOR_IP) ? "the host of the link beside it" : NULL;
		if (listed_says(row->value) && listed_give(rg, row, rec, f) < 0)
			return -1;
	}
	return any ? 0 : reading_blank(rg, rec, BLANK_EMPTY, f);
}

static int list_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct list_state *st = rg->state;
	const struct table *t = &st->table;
	struct listed row;

	switch (see_row(st, rec, rg->kept, rg->arena)) {
	case ROW_COMMENT:
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	case ROW_HEADER:
		return 0;
	case ROW_UNKNOWN:
		return fault_set(f, FAULT_DATA, "no column named 'value'");
	case ROW_VALUES:
		break;
	}
	if (t->header_line > 0 && rec->cell_count != t->columns && !(rec->cell_count == t->columns + 1 && rec->cells[t->columns].n == 0))
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where the header on line %lld has %zu",
		                                            rec->cell_count, (long long)t->header_line, t->columns), f);
	fill(&row, t, rec);
	if (row.list == NULL)
		row.list = st->title;
	if (t->cell_of[VALUE] < 0)
		return give_kinds(rg, t, &row, rec, f);
	row.value = cell_at(rec, t->cell_of[VALUE]);
	return row.value != NULL ? listed_give(rg, &row, rec, f) : reading_blank(rg, rec, BLANK_EMPTY, f);
}

const struct reader reader_indicators_csv = {
	.name = "indicators-csv", .summary = "indicators as CSV", .gives = "indicators",
	.extensions = ".csv .tsv", .framing = FRAME_CSV, .probe = list_probe, .open = list_open, .record = list_record,
};
