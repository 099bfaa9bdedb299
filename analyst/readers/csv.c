/* Alerts as CSV, by a column map: the user's own, or the one that fits the header. */
#include <stdio.h>
#include <string.h>

#include "analyst/readers/reader.h"
#include "analyst/readers/secrets.h"

/* Which cell each column of the map is in. */
struct csv_state {
	const struct csv_map *map;
	int cell_of[MAP_COLUMNS];       /* -1: not in this file */
	int only_of[MAP_ONLY];          /* the same */
	size_t columns;                 /* of the header; 0 until it was seen */
	int64_t header_line;
	size_t secrets[ALERT_SECRETS], secret_count;   /* columns, whether the map asks for them or not */
};

static int cell_named(const char *names, const struct cell *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (csv_column_is(names, cells[i].text))
			return (int)i;
	return -1;
}

/* How well a map fits a header: nothing when a column it asks for is missing, or when
 * time or rule would be. */
static int fit(const struct csv_map *map, const struct cell *cells, size_t count)
{
	bool has_time = false, has_rule = false;
	int matched = 0;

	for (size_t i = 0; i < map->header_count; i++)
		if (cell_named(map->header[i], cells, count) < 0)
			return 0;
	if (map->exact && map->header_count != count)
		return 0;
	for (size_t i = 0; i < map->count; i++) {
		const struct map_column *c = &map->columns[i];

		if (c->constant == NULL && cell_named(c->field.path, cells, count) < 0)
			continue;
		matched++;
		has_time = has_time || c->field.take == TAKE_AT || c->field.take == TAKE_AT_UTC;
		has_rule = has_rule || c->field.take == TAKE_RULE_NAME;
	}
	if (!has_time || !has_rule)
		return 0;
	if (map->header_count > 0)
		return map->exact ? 96 : 90;
	return matched >= 5 ? 80 : matched >= 3 ? 70 : 40;
}

static const struct csv_map *best_map(const struct reader_options *o, const struct cell *cells, size_t count,
                                      int *score)
{
	const struct csv_map *best = NULL;

	*score = 0;
	for (size_t i = 0; i < o->map_count; i++) {
		int s = fit(o->maps[i], cells, count);

		if (s > *score) {
			*score = s;
			best = o->maps[i];
		}
	}
	return best;
}

bool csv_is_alerts(const struct reader_options *o, const struct cell *cells, size_t count)
{
	int score;

	return best_map(o, cells, count, &score) != NULL;
}

/* "|Hash|Type|", "|:--|:--|": people's, whatever its columns are called. */
static bool is_markdown_table(const char *s, size_t n)
{
	const char *feed = n > 0 && s[0] == '|' ? memchr(s, '\n', n) : NULL, *rule = feed != NULL ? feed + 1 : NULL;
	size_t length = 0;

	while (rule != NULL && rule + length < s + n && rule[length] != '\0' && strchr("|:- \r", rule[length]) != NULL)
		length++;
	return length > 4 && rule[0] == '|' && memchr(rule, '-', length) != NULL;
}

static int csv_probe(const struct probe *p)
{
	struct memory_bytes head = { p->bytes, p->n };
	struct framing *fr = framing_new(&(struct framing_rules){ .kind = FRAME_CSV },
	                                 memory_source(&head));
	struct record rec;
	int score = 0;

	if (p->n > 0 && strchr("{[<", p->bytes[0]) == NULL && !is_markdown_table(p->bytes, p->n) &&
	    framing_next(fr, &rec, NULL) > 0 && rec.broken == NULL && rec.cell_count >= 2)
		best_map(p->options, rec.cells, rec.cell_count, &score);
	framing_free(fr);
	return score;
}

static int csv_open(struct reading *rg, struct fault *f)
{
	struct csv_state *st = arena_alloc(rg->kept, sizeof(*st));

	(void)f;
	st->map = rg->options.map;
	rg->state = st;
	if (st->map != NULL)
		rg->framing.delimiter = st->map->delimiter;
	return 0;
}

static int take_header(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct csv_state *st = rg->state;
	int score;

	if (st->map == NULL)
		st->map = best_map(&rg->options, rec->cells, rec->cell_count, &score);
	if (st->map == NULL)
		return fault_set(f, FAULT_DATA, "no column map fits its header; say what the columns are with --map");
	for (size_t i = 0; i < st->map->count; i++) {
		const struct map_column *c = &st->map->columns[i];

		st->cell_of[i] = c->constant != NULL ? -1 : cell_named(c->field.path, rec->cells, rec->cell_count);
		if (st->cell_of[i] < 0 && c->constant == NULL &&
		    (c->field.take == TAKE_AT || c->field.take == TAKE_RULE_NAME))
			return fault_set(f, FAULT_DATA, "no column named '%s'", c->field.path);
	}
	for (size_t i = 0; i < st->map->only_count; i++)
		st->only_of[i] = cell_named(st->map->only[i].column, rec->cells, rec->cell_count);
	for (size_t i = 0; i < rec->cell_count && st->secret_count < ALERT_SECRETS; i++)
		if (secret_named(rec->cells[i].text, rec->cells[i].n))
			st->secrets[st->secret_count++] = i;
	st->columns = rec->cell_count;
	st->header_line = rec->at.line;
	return 0;
}

/* A table without a row of names: the map has them. */
static int take_names(struct reading *rg, const struct record *rec, struct fault *f)
{
	const struct csv_map *map = rg->options.map;
	struct cell cells[MAP_HEADER];
	struct record named = *rec;

	for (size_t i = 0; i < map->name_count; i++)
		cells[i] = (struct cell){ .text = map->names[i], .n = strlen(map->names[i]) };
	named.cells = cells;
	named.cell_count = map->name_count;
	return take_header(rg, &named, f);
}

/* Whether the row is one that the map asks for. */
static bool is_wanted(const struct csv_state *st, const struct record *rec)
{
	for (size_t i = 0; i < st->map->only_count; i++)
		if (st->only_of[i] >= 0 &&
		    map_only_holds(&st->map->only[i], rec->cells[st->only_of[i]].text) == st->map->only[i].skip)
			return false;
	return true;
}

static int csv_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct csv_state *st = rg->state;
	const struct csv_map *map;

	if (st->columns == 0 && (rg->options.map == NULL || rg->options.map->name_count == 0))
		return take_header(rg, rec, f);
	if (st->columns == 0 && take_names(rg, rec, f) < 0)
		return -1;
	map = st->map;
	/* One delimiter at the end of each row is a habit of some exporters. */
	if (rec->cell_count != st->columns &&
	    !(rec->cell_count == st->columns + 1 && rec->cells[st->columns].n == 0))
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where the header on line %lld has %zu",
		                                            rec->cell_count, (long long)st->header_line, st->columns), f);
	if (!is_wanted(st, rec))
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena,
	              map->has_zone ? map->zone_offset : rg->options.assumed_offset);
	for (size_t i = 0; i < map->count; i++) {
		const struct map_column *c = &map->columns[i];

		if (c->constant != NULL)
			filling_take(&rg->filling, &c->field, c->constant);
		else if (st->cell_of[i] >= 0)
			map_take(rg, map, c, rec->cells[st->cell_of[i]].text);
	}
	for (size_t i = 0; i < st->secret_count; i++)
		alert_secret(&rg->alert, rec->cells[st->secrets[i]].text);
	return map_end(rg, map, "csv", rec, f);
}

const struct reader reader_csv = {
	.name = "csv", .summary = "alerts as CSV, by a column map", .gives = "alerts", .extensions = ".csv .tsv",
	.framing = FRAME_CSV, .mapped = true, .probe = csv_probe, .open = csv_open, .record = csv_record,
};
