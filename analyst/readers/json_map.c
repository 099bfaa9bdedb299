/* Alerts as JSON, by a column map: the user's own, or the one whose header names keys that its objects have. */
#include <string.h>

#include "analyst/readers/header.h"
#include "analyst/readers/reader.h"

#define PATHS 256

/* The paths of what is asked of a record and of the columns, one for each name. */
struct map_paths {
	const char *paths[PATHS];
	size_t count;
	size_t only[MAP_ONLY + 1], columns[MAP_COLUMNS + 1];       /* the first of each, and the end */
};

/* A name as people write it, as a path: of brackets only "[]" has a meaning there. */
static const char *path_of(const char *name, size_t n, struct arena *arena)
{
	char *path = arena_alloc(arena, 2 * n + 1), *to = path;

	for (size_t i = 0; i < n; i++) {
		if (name[i] == '[' && (i == 0 || i + 1 == n || name[i + 1] != ']'))
			*to++ = '\\';
		*to++ = name[i];
	}
	*to = '\0';
	return path;
}

static void add_names(struct map_paths *mp, const char *names, struct arena *arena)
{
	while (mp->count < PATHS) {
		size_t n = strcspn(names, "|");

		mp->paths[mp->count++] = path_of(names, n, arena);
		if (names[n] == '\0')
			return;
		names += n + 1;
	}
}

static struct json_paths *compile(struct map_paths *mp, const struct csv_map *map, struct arena *arena)
{
	mp->count = 0;
	for (size_t i = 0; i < map->only_count; i++) {
		mp->only[i] = mp->count;
		add_names(mp, map->only[i].column, arena);
	}
	mp->only[map->only_count] = mp->count;
	for (size_t i = 0; i < map->count; i++) {
		mp->columns[i] = mp->count;
		if (map->columns[i].constant == NULL)
			add_names(mp, map->columns[i].field.path, arena);
	}
	mp->columns[map->count] = mp->count;
	return json_paths_new(mp->paths, mp->count);
}

/* ---- choosing ---- */

#define PROBE_RECORDS 8

/* Whether one of the first records has every key that the map asks for. */
static bool fits(const struct csv_map *map, const char *bytes, size_t n)
{
	struct memory_bytes head = { bytes, n };
	struct framing *fr;
	struct json *j;
	struct json_paths *paths;
	struct record rec;
	struct arena *arena;
	const char *names[MAP_HEADER];
	bool found = false;

	if (map->header_count == 0 || map->exact)
		return false;
	fr = framing_new(&(struct framing_rules){ .kind = FRAME_JSON, .wrappers = map->records }, memory_source(&head));
	j = json_new();
	arena = arena_new();
	for (size_t i = 0; i < map->header_count; i++)
		names[i] = path_of(map->header[i], strlen(map->header[i]), arena);
	paths = json_paths_new(names, map->header_count);
	for (int i = 0; i < PROBE_RECORDS && !found && framing_next(fr, &rec, NULL) > 0; i++) {
		if (rec.broken != NULL || rec.n == 0 || json_read(j, paths, rec.bytes, rec.n, rec.room, NULL) < 0)
			continue;
		found = true;
		for (size_t k = 0; k < map->header_count; k++)
			found = found && json_has(j, k);
	}
	json_paths_free(paths);
	json_free(j);
	framing_free(fr);
	arena_free(arena);
	return found;
}

static const struct csv_map *best_map(const struct reader_options *o, const char *bytes, size_t n)
{
	const struct csv_map *best = NULL;

	for (size_t i = 0; i < o->map_count; i++)
		if ((best == NULL || o->maps[i]->header_count > best->header_count) && fits(o->maps[i], bytes, n))
			best = o->maps[i];
	return best;
}

static int map_probe(const struct probe *p)
{
	if (!probe_is_json(p->bytes, p->n))
		return 0;
	return best_map(p->options, p->bytes, p->n) != NULL ? PROBE_ENOUGH + 5 : 0;
}

/* ---- reading ---- */

struct map_state {
	const struct csv_map *map;
	struct map_paths paths;
};

static int map_open(struct reading *rg, struct fault *f)
{
	struct map_state *st = arena_alloc(rg->kept, sizeof(*st));
	const struct reader_options *o = &rg->options;

	st->map = o->map != NULL || o->head == NULL ? o->map : best_map(o, o->head, o->head_size);
	if (st->map == NULL)
		return fault_set(f, FAULT_DATA, "no column map fits its keys; say what they are with --map");
	json_paths_free(rg->paths);
	rg->paths = compile(&st->paths, st->map, rg->kept);
	rg->framing.wrappers = st->map->records;
	rg->state = st;
	return 0;
}

static bool is_scalar(const struct json_value *v)
{
	return v->type == JSON_STRING_TEXT || v->type == JSON_NUMBER || v->type == JSON_BOOL;
}

static bool is_wanted(const struct reading *rg, const struct map_state *st)
{
	for (size_t i = 0; i < st->map->only_count; i++) {
		bool holds = false;

		for (size_t k = st->paths.only[i]; k < st->paths.only[i + 1]; k++)
			for (const struct json_value *v = json_first(rg->json, k); v != NULL; v = json_next(rg->json, v))
				holds = holds || (is_scalar(v) && map_only_holds(&st->map->only[i], v->text));
		if (holds == st->map->only[i].skip)
			return false;
	}
	return true;
}

/* Of a column's names the first that has a value, with all its values. */
static void take_column(struct reading *rg, const struct map_state *st, size_t i)
{
	const struct map_column *c = &st->map->columns[i];
	bool taken = false;

	for (size_t k = st->paths.columns[i]; k < st->paths.columns[i + 1] && !taken; k++)
		for (const struct json_value *v = json_first(rg->json, k); v != NULL; v = json_next(rg->json, v))
			if (is_scalar(v) && v->text[0] != '\0') {
				map_take(rg, st->map, c, v->text);
				taken = true;
			}
}

static int map_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const struct map_state *st = rg->state;
	const struct csv_map *map = st->map;

	if (!is_wanted(rg, st))
		return reading_blank(rg, rec, BLANK_CONTEXT, f);
	filling_begin(&rg->filling, &rg->alert, rg->arena, map->has_zone ? map->zone_offset : rg->options.assumed_offset);
	for (size_t i = 0; i < map->count; i++)
		if (map->columns[i].constant != NULL)
			filling_take(&rg->filling, &map->columns[i].field, map->columns[i].constant);
		else
			take_column(rg, st, i);
	return map_end(rg, map, "json", rec, f);
}

/* They are the map's. */
static const struct field no_fields[] = { FIELDS_END };

const struct reader reader_json_map = {
	.name = "json", .summary = "alerts as JSON, by a column map", .gives = "alerts", .extensions = ".json .jsonl",
	.framing = FRAME_JSON, .mapped = true, .fields = no_fields, .probe = map_probe, .open = map_open, .record = map_record,
};
