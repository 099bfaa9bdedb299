#include "analyst/readers/csv_map.h"
#include "analyst/base/text.h"
#include "analyst/readers/lines.h"
#include "analyst/readers/nested.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct line {
	const char *name, *value;
	int number;
};

static int bad(const struct line *l, const char *what, struct fault *f)
{
	return fault_set(f, FAULT_DATA, "line %d: %s: '%.80s'", l->number, what, l->name);
}

/* "name = value", the value in quotes or bare; a comment or nothing gives no name. */
static int split_line(struct line *l, const char *s, size_t n, struct arena *arena, struct fault *f)
{
	const char *equals, *value;
	size_t name_length, value_length;

	s = trim(s, &n);
	l->name = NULL;
	if (n == 0 || s[0] == '#')
		return 0;
	l->name = arena_dupn(arena, s, n);
	if ((equals = memchr(s, '=', n)) == NULL)
		return bad(l, "no '='", f);
	name_length = (size_t)(equals - s);
	value_length = n - name_length - 1;
	value = trim(equals + 1, &value_length);
	s = trim(s, &name_length);
	if (value_length >= 2 && value[0] == '"' && value[value_length - 1] == '"') {
		value++;
		value_length -= 2;
	}
	l->name = arena_dupn(arena, s, name_length);
	l->value = arena_dupn(arena, value, value_length);
	return 0;
}

/* "a, b,c"; a name may be empty. */
static void take_names(const char **names, size_t *count, const char *value, struct arena *arena)
{
	while (*value != '\0' && *count < MAP_HEADER) {
		size_t n = strcspn(value, ","), length = n;
		const char *name = trim(value, &length);

		names[(*count)++] = arena_dupn(arena, name, length);
		value += n;
		if (*value == ',')
			value++;
	}
}

static int take_column(struct csv_map *map, const struct line *l, bool constant, struct fault *f)
{
	struct map_column *c;

	if (map->count == MAP_COLUMNS)
		return bad(l, "too many columns", f);
	c = &map->columns[map->count++];
	if (!field_named(&c->field, strchr(l->name, '.') + 1))
		return fault_set(f, FAULT_DATA, "line %d: no field of that name: '%.80s'; 'tsumugi formats csv' lists them", l->number, l->name);
	if (constant)
		c->constant = l->value;
	else
		c->field.path = l->value;
	return 0;
}

static int take_zone(struct csv_map *map, const struct line *l, struct fault *f)
{
	struct zone zone;

	if (zone_load(&zone, l->value, f) < 0)
		return fault_wrap(f, "line %d", l->number);
	map->zone_offset = civil_from(instant_from_seconds(1610000000), &zone).offset;
	map->has_zone = true;
	if (civil_from(instant_from_seconds(1625000000), &zone).offset != map->zone_offset) {
		zone_free(&zone);
		return bad(l, "its clocks change in the year: give an offset such as +01:00", f);
	}
	zone_free(&zone);
	return 0;
}

static int take_only(struct csv_map *map, const struct line *l, bool skip, struct fault *f)
{
	if (map->only_count == MAP_ONLY)
		return bad(l, "too many of them", f);
	map->only[map->only_count++] = (struct map_only){ strchr(l->name, '.') + 1, l->value, skip };
	return 0;
}

static int take_severity(struct csv_map *map, const struct line *l, struct fault *f)
{
	const char *word = strchr(l->name, '.') + 1;
	int severity = table_value(severities, l->value, -1);
	struct band *band = &map->bands[map->band_count];
	char *end;

	if (severity < 0)
		return bad(l, "no severity is called that", f);
	if (map->band_count == MAP_WORDS)
		return bad(l, "too many of them", f);
	*band = (struct band){ word, 0, (enum severity)severity };
	if (strncmp(word, "from.", 5) == 0) {
		*band = (struct band){ NULL, strtod(word + 5, &end), (enum severity)severity };
		if (end == word + 5 || *end != '\0')
			return bad(l, "no number", f);
	}
	map->bands[++map->band_count] = (struct band)BANDS_END;
	return 0;
}

static int take_action(struct csv_map *map, const struct line *l, struct fault *f)
{
	int action = table_value(actions, l->value, -1);

	if (action < 0)
		return bad(l, "no action is called that", f);
	if (map->word_count == MAP_WORDS)
		return bad(l, "too many of them", f);
	map->words[map->word_count++] = (struct named){ strchr(l->name, '.') + 1, action };
	return 0;
}

static int take_records(struct csv_map *map, const struct line *l, struct arena *arena, struct fault *f)
{
	const char *s = l->value;

	for (size_t i = 0; *s != '\0'; i++) {
		size_t n = strcspn(s, "|");

		if (i == MAP_RECORDS)
			return bad(l, "too many of them", f);
		map->records[i] = arena_dupn(arena, s, n);
		s += n + (s[n] == '|');
	}
	return 0;
}

static int take(struct csv_map *map, const struct line *l, struct arena *arena, struct fault *f)
{
	if (strcmp(l->name, "summary") == 0)
		map->summary = l->value;
	else if (strcmp(l->name, "header") == 0)
		take_names(map->header, &map->header_count, l->value, arena);
	else if (strcmp(l->name, "columns") == 0)
		take_names(map->names, &map->name_count, l->value, arena);
	else if (strcmp(l->name, "time.format") == 0)
		map->time_format = l->value;
	else if (strcmp(l->name, "header.exact") == 0)
		map->exact = strcmp(l->value, "true") == 0;
	else if (strcmp(l->name, "format.delimiter") == 0)
		map->delimiter = strcmp(l->value, "\\t") == 0 || strcmp(l->value, "tab") == 0 ? '\t' : l->value[0];
	else if (strcmp(l->name, "time.zone") == 0)
		return take_zone(map, l, f);
	else if (strcmp(l->name, "split") == 0)
		map->split = l->value[0];
	else if (strcmp(l->name, "product.prefix") == 0)
		map->product_prefix = l->value;
	else if (strcmp(l->name, "rule.strip") == 0 && map->strip_count < sizeof(map->rule_strip) / sizeof(map->rule_strip[0]))
		map->rule_strip[map->strip_count++] = l->value;
	else if (strcmp(l->name, "records") == 0)
		return take_records(map, l, arena, f);
	else if (strncmp(l->name, "only.", 5) == 0)
		return take_only(map, l, false, f);
	else if (strncmp(l->name, "skip.", 5) == 0)
		return take_only(map, l, true, f);
	else if (strncmp(l->name, "severity.", 9) == 0)
		return take_severity(map, l, f);
	else if (strncmp(l->name, "action.", 7) == 0)
		return take_action(map, l, f);
	else if (strncmp(l->name, "column.", 7) == 0)
		return take_column(map, l, false, f);
	else if (strncmp(l->name, "constant.", 9) == 0)
		return take_column(map, l, true, f);
	else
		return bad(l, "nothing a column map has", f);
	return 0;
}

int csv_map_parse(struct csv_map **out, const char *name, const char *text, size_t n, struct arena *arena,
                  struct fault *f)
{
	struct csv_map *map = arena_alloc(arena, sizeof(*map));
	struct line l = { NULL, NULL, 0 };
	bool has_time = false, has_rule = false;

	map->name = arena_dup(arena, name);
	map->text = text;
	map->size = n;
	while (n > 0) {
		const char *feed = memchr(text, '\n', n);
		size_t length = feed != NULL ? (size_t)(feed - text) : n, step = feed != NULL ? length + 1 : length;

		l.number++;
		if (split_line(&l, text, length, arena, f) < 0 || (l.name != NULL && take(map, &l, arena, f) < 0))
			return fault_wrap(f, "column map '%s'", name);
		text += step;
		n -= step;
	}
	for (size_t i = 0; i < map->count; i++) {
		map->columns[i].field.bands = map->band_count > 0 ? map->bands : NULL;
		map->columns[i].field.words = map->word_count > 0 ? map->words : NULL;
		has_time = has_time || map->columns[i].field.take == TAKE_AT || map->columns[i].field.take == TAKE_AT_UTC;
		has_rule = has_rule || map->columns[i].field.take == TAKE_RULE_NAME;
	}
	if (!has_time || !has_rule)
		return fault_set(f, FAULT_DATA, "column map '%s': no column.%s", name, has_time ? "rule" : "time");
	*out = map;
	return 0;
}

static bool is_filler(char c)
{
	return c == ' ' || c == '_' || c == '-' || c == '\t';
}

static bool same_name(const char *name, size_t n, const char *cell)
{
	size_t i = 0;

	for (;;) {
		while (i < n && is_filler(name[i]))
			i++;
		while (is_filler(*cell))
			cell++;
		if (i == n || *cell == '\0')
			return i == n && *cell == '\0';
		if (tolower((unsigned char)name[i]) != tolower((unsigned char)*cell))
			return false;
		i++;
		cell++;
	}
}

bool csv_column_is(const char *names, const char *cell)
{
	for (;;) {
		size_t n = strcspn(names, "|");

		if (same_name(names, n, cell))
			return true;
		if (names[n] == '\0')
			return false;
		names += n + 1;
	}
}

bool map_only_holds(const struct map_only *only, const char *value)
{
	size_t length = strlen(value);

	if (strcmp(only->values, "*") == 0)
		return length > 0;
	for (const char *s = only->values;;) {
		size_t n = strcspn(s, "|");

		if (n == length && strncasecmp(s, value, n) == 0)
			return true;
		if (s[n] == '\0')
			return false;
		s += n + 1;
	}
}

/* "Suricata: Alert - ET SCAN x" is rule "ET SCAN x" of suricata. */
static void part_rule(struct reading *rg, const struct csv_map *map)
{
	struct rule *rule = &rg->alert.rule;
	const char *mark;

	if (rule->name == NULL)
		return;
	if (map->product_prefix != NULL && (mark = strstr(rule->name, map->product_prefix)) != NULL &&
	    mark > rule->name && mark - rule->name < 40 && mark[strlen(map->product_prefix)] != '\0') {
		rule->product = lower_ascii(rg->arena, rule->name, (size_t)(mark - rule->name));
		rule->name = mark + strlen(map->product_prefix);
	}
	for (size_t i = 0; i < map->strip_count; i++) {
		size_t n = strlen(map->rule_strip[i]);

		if (strncmp(rule->name, map->rule_strip[i], n) == 0 && rule->name[n] != '\0')
			rule->name += n;
	}
}

static bool is_time(enum take take)
{
	return take == TAKE_AT || take == TAKE_AT_UTC || take == TAKE_UNTIL || take == TAKE_REPORTED;
}

void map_take(struct reading *rg, const struct csv_map *map, const struct map_column *c, const char *s)
{
	char when[INSTANT_ROOM], iso[DATE_ROOM];
	instant t;

	if (c->field.take == TAKE_TACTICS) {
		add_tactic_list(&rg->filling.tactics, rg->arena, s);
		return;
	}
	if (is_time(c->field.take) && map->time_format != NULL && date_patterned(iso, s, map->time_format)) {
		filling_take(&rg->filling, &c->field, arena_dup(rg->arena, iso));
		return;
	}
	if (is_time(c->field.take) && american_time(&t, s)) {
		instant_utc(when, t);
		s = arena_dup(rg->arena, when);
	}
	if (map->split == '\0' || strchr(s, map->split) == NULL) {
		if (is_time(c->field.take))
			take_time_text(&rg->filling, &c->field, s, rg->options.written);
		else
			filling_take(&rg->filling, &c->field, s);
		return;
	}
	while (*s != '\0') {
		const char *end = strchr(s, map->split);
		size_t n = end != NULL ? (size_t)(end - s) : strlen(s);

		filling_take(&rg->filling, &c->field, arena_dupn(rg->arena, s, n));
		s += end != NULL ? n + 1 : n;
	}
}

int map_end(struct reading *rg, const struct csv_map *map, const char *product, const struct record *rec, struct fault *f)
{
	part_rule(rg, map);
	if (microsoft_product(rg->alert.rule.product) != NULL)
		rg->alert.rule.product = microsoft_product(rg->alert.rule.product);
	if (rg->alert.rule.product == NULL)
		rg->alert.rule.product = product;
	return reading_alert(rg, rec, f);
}
