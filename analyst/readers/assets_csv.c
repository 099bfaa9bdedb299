/* Lists of assets as CSV: machines, networks and accounts of ours, with what they are for, who
 * owns them and how much they matter. Inventories name their columns as they like; the table
 * below knows the usual names. A row may name a machine in several ways (name and address), and
 * a cell several machines. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/readers/reader.h"

enum column { HOST, ADDRESS, NETWORK, ACCOUNT, CRITICALITY, ROLE, OWNER, FOREIGN, COLUMNS };

/* parts: what parts several values of one cell. */
static const struct { const char *names, *parts; } columns[COLUMNS] = {
	[HOST] = { "host|hostname|name|asset|asset name|computer|computer name|machine|device|device name|server|fqdn|"
	           "dns name|ホスト|ホスト名|端末|端末名|機器名|サーバ名|サーバー名|コンピューター名|資産名", ";|, \t\n" },
	[ADDRESS] = { "ip|ip address|ip addresses|ipv4|ipv6|address|IPアドレス|アドレス", ";|, \t\n" },
	[NETWORK] = { "network|networks|cidr|subnet|range|prefix|ネットワーク|サブネット|セグメント", ";|, \t\n" },
	[ACCOUNT] = { "account|accounts|user|username|user name|アカウント|ユーザー|ユーザ名|ユーザー名", ";|" },
	[CRITICALITY] = { "criticality|critical|importance|business criticality|business impact|priority|value|tier|重要度|"
	                  "優先度|資産価値", NULL },
	[ROLE] = { "role|function|purpose|service|type|asset type|description|役割|用途|種別|説明", NULL },
	[OWNER] = { "owner|owned by|business owner|responsible|contact|team|department|managed by|所有者|管理者|担当|担当者|"
	            "管理部門|部署", NULL },
	/* Columns of alerts and indicators, which name addresses and priorities, too. */
	[FOREIGN] = { "time|timestamp|datetime|date|event time|rule|rule name|signature|alert|alert name|event|message|"
	              "indicator|ioc|url|hash|md5|sha256|日時|時刻|ルール|アラート名", NULL },
};

#define CELLS_MOST 128

struct list_state {
	unsigned char column_of[CELLS_MOST];     /* COLUMNS: none of ours */
	bool has[COLUMNS];
	size_t cells;                            /* of the header; 0 until it was seen */
	int64_t header_line;
};

static void find_columns(struct list_state *st, const struct record *rec)
{
	memset(st, 0, sizeof(*st));
	st->cells = rec->cell_count < CELLS_MOST ? rec->cell_count : CELLS_MOST;
	st->header_line = rec->at.line;
	for (size_t i = 0; i < st->cells; i++) {
		size_t c = 0;

		while (c < COLUMNS && !csv_column_is(columns[c].names, rec->cells[i].text))
			c++;
		st->column_of[i] = (unsigned char)c;
		if (c < COLUMNS)
			st->has[c] = true;
	}
}

static bool names_something(const struct list_state *st)
{
	return st->has[HOST] || st->has[ADDRESS] || st->has[NETWORK] || st->has[ACCOUNT];
}

static int list_probe(const struct probe *p)
{
	struct memory_bytes head = { p->bytes, p->n };
	struct framing *fr = framing_new(&(struct framing_rules){ .kind = FRAME_CSV }, memory_source(&head));
	struct list_state st;
	struct record rec;
	int score = 0;

	if (p->n > 0 && strchr("{[<", p->bytes[0]) == NULL && framing_next(fr, &rec, NULL) > 0 && rec.broken == NULL) {
		find_columns(&st, &rec);
		if (names_something(&st) && !st.has[FOREIGN] && !csv_is_alerts(p->options, rec.cells, rec.cell_count))
			score = st.has[CRITICALITY] ? 88 : st.has[OWNER] ? 86 : 0;
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

/* ---- cells ---- */

/* "1 - most critical" is ServiceNow's, "Tier 0" that of directories. A bare number says nothing
 * for sure: 1 is the highest of one scale and the lowest of the next. */
static const struct { const char *words; enum criticality is; } levels[] = {
	{ "critical|very high|highest|mission critical|business critical|1 - most critical|most critical|crown jewel|tier 0|"
	  "最重要|最高|極めて高い|極高", CRITICALITY_CRITICAL },
	{ "high|important|2 - somewhat critical|somewhat critical|tier 1|高|高い|重要", CRITICALITY_HIGH },
	{ "medium|moderate|normal|standard|middle|3 - less critical|less critical|tier 2|中|中程度|普通|標準", CRITICALITY_MEDIUM },
	{ "low|lowest|very low|minor|4 - not critical|not critical|none|tier 3|低|低い", CRITICALITY_LOW },
	{ "unknown|unclassified|n/a|na|不明|未設定|未分類", CRITICALITY_UNKNOWN },
};

static bool level_of(enum criticality *out, const char *s)
{
	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++)
		if (csv_column_is(levels[i].words, s)) {
			*out = levels[i].is;
			return true;
		}
	return false;
}

/* What the row says beside names. NULL when it can be read, else why not. */
static const char *take_words(struct asset *a, const struct list_state *st, const struct record *rec, struct arena *arena)
{
	for (size_t i = 0; i < st->cells; i++) {
		size_t n = rec->cells[i].n;
		const char *s = trim(rec->cells[i].text, &n);

		if (n == 0)
			continue;
		s = arena_dupn(arena, s, n);
		if (st->column_of[i] == CRITICALITY && !level_of(&a->criticality, s))
			return arena_printf(arena, "criticality '%.40s' is none of critical, high, medium, low", s);
		if (st->column_of[i] == ROLE && a->role == NULL)
			a->role = s;
		if (st->column_of[i] == OWNER && a->owner == NULL)
			a->owner = s;
	}
	return NULL;
}

/* A wider network would make half of the internet ours. */
#define WIDEST 8

/* One name in a cell, spelled as entities are: an address in a column of hosts is an address,
 * one with a prefix length a network. False when it names nothing. */
static bool take_name(struct asset *a, size_t column, const char *s, struct arena *arena)
{
	struct alert named = { .entity_count = 0 };

	if (strchr(s, '/') != NULL && column != ACCOUNT) {
		const char *length;

		if ((a->value = canon_cidr(arena, s, strlen(s))) == NULL)
			return false;
		/* A network of one address is written as that. */
		length = strchr(a->value, '/');
		a->kind = length != NULL ? ASSET_NETWORK : ASSET_ADDRESS;
		return length == NULL || atoi(length + 1) >= WIDEST;
	}
	canon_add(&named, arena, column == ACCOUNT ? ENTITY_USER : column == HOST ? ENTITY_HOST : ENTITY_IP, ROLE_VICTIM, s);
	for (size_t i = 0; i < named.entity_count; i++) {
		enum entity_kind kind = named.entities[i].kind;

		if (kind != ENTITY_HOST && kind != ENTITY_IP && kind != ENTITY_USER)
			continue;
		a->kind = kind == ENTITY_HOST ? ASSET_HOST : kind == ENTITY_IP ? ASSET_ADDRESS : ASSET_ACCOUNT;
		a->value = named.entities[i].value;
		return true;
	}
	return false;
}

/* Every name of a cell. Returns how many, or -1; one that cannot be read is left in *bad. */
static int give_cell(struct reading *rg, const struct record *rec, struct asset *a, size_t column, const char *s,
                     const char **bad, struct fault *f)
{
	int given = 0;

	for (s += strspn(s, columns[column].parts); *s != '\0'; s += strspn(s, columns[column].parts)) {
		size_t n = strcspn(s, columns[column].parts), length = n;
		const char *part = trim(s, &length);

		part = arena_dupn(rg->arena, part, length);
		s += n;
		if (length == 0)
			continue;
		if (!take_name(a, column, part, rg->arena)) {
			*bad = part;
			continue;
		}
		if (rg->sink.asset(rg->sink.ctx, a, &rec->at, f) < 0)
			return -1;
		given++;
	}
	return given;
}

static int list_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct list_state *st = rg->state;
	struct asset a = { .criticality = CRITICALITY_UNKNOWN };
	const char *why, *bad = NULL;
	int given = 0;

	if (st->cells == 0) {
		find_columns(st, rec);
		return names_something(st) ? 0 : fault_set(f, FAULT_DATA, "no column names a host, an address, a network or an account");
	}
	if (rec->cell_count < st->cells || (rec->cell_count > st->cells + 1 && st->cells < CELLS_MOST))
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where the header on line %lld has %zu",
		                                            rec->cell_count, (long long)st->header_line, st->cells), f);
	if ((why = take_words(&a, st, rec, rg->arena)) != NULL)
		return reading_reject(rg, rec, why, f);
	for (size_t i = 0; i < st->cells; i++) {
		int n = st->column_of[i] <= ACCOUNT ?
		        give_cell(rg, rec, &a, st->column_of[i], rec->cells[i].text, &bad, f) : 0;

		if (n < 0)
			return -1;
		given += n;
	}
	if (given > 0)
		return 0;
	return reading_reject(rg, rec, bad != NULL ?
	                      arena_printf(rg->arena, "'%.60s' is no host, address, network or account", bad) :
	                      "names no host, address, network or account", f);
}

const struct reader reader_assets_csv = {
	.name = "assets-csv", .summary = "machines, networks and accounts of ours as CSV: owner, role, criticality",
	.gives = "assets", .extensions = ".csv .tsv", .framing = FRAME_CSV, .probe = list_probe, .open = list_open,
	.record = list_record,
};
