#include "analyst/readers/listed.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/refang.h"

static const struct named words[] = { { "high", 85 }, { "medium", 50 }, { "moderate", 50 }, { "low", 15 }, { NULL, 0 } };

bool listed_says(const char *s)
{
	static const char *const nothing[] = { "", "-", "--", "none", "null", "nil", "n/a", "na", "unknown", "nan", NULL };

	for (const char *const *n = nothing; s != NULL && *n != NULL; n++)
		if (strcasecmp(s, *n) == 0)
			return false;
	return s != NULL;
}

void listed_begin(struct listed *row)
{
	memset(row, 0, sizeof(*row));
	row->known = INDICATOR_TEXT;
	row->stated = INSTANT_NONE;
}

void listed_say(struct listed *row, const char *s)
{
	if (!listed_says(s) || row->said_count == LISTED_SAID)
		return;
	for (size_t i = 0; i < row->said_count; i++)
		if (strcasestr(row->said[i], s) != NULL)
			return;
	row->said[row->said_count++] = s;
}

static const char *context_of(struct reading *rg, const struct listed *row)
{
	struct text t = { 0 };
	const char *all;

	if (row->said_count < 2)
		return row->said_count > 0 ? row->said[0] : NULL;
	for (size_t i = 0; i < row->said_count; i++)
		text_printf(&t, "%s%s", i > 0 ? "; " : "", row->said[i]);
	all = arena_dup(rg->arena, text_str(&t));
	text_free(&t);
	return all;
}

static int confidence_of(const char *s)
{
	char *end;
	double v;

	if (s == NULL)
		return -1;
	v = strtod(s, &end);
	if (end != s && v >= 0 && v <= 100 && (*end == '\0' || strcmp(end, "%") == 0))
		return (int)v;
	return table_value(words, s, -1);
}

static int give(struct reading *rg, const struct listed *row, const char *value, size_t n, enum indicator_kind kind,
                const char *why, const struct record *rec, struct fault *f)
{
	struct ids techniques = { .count = 0 };
	struct found found;
	struct indicator ind;

	refang_value(&found, value, n, kind, rg->arena);
	indicator_of(&ind, &found, listed_says(row->list) ? row->list : rg->options.list);
	ind.context = context_of(rg, row);
	ind.tlp = tlp_named(row->tlp);
	ind.first_seen = indicator_time(rg, row->first);
	ind.last_seen = indicator_time(rg, row->last);
	ind.valid_until = indicator_time(rg, row->until);
	ids_add_techniques(&techniques, row->techniques);
	ind.techniques = ids_text(&techniques, rg->arena);
	ind.confidence = confidence_of(row->confidence);
	ind.producer = row->producer;
	ind.statement = row->statement;
	ind.stated = row->stated;
	ind.withdrawn = row->withdrawn && ind.detect;
	if (why != NULL) {
		ind.why = why;
		ind.detect = false;
	}
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

/* "filename|sha256", "domain|ip", "ip-dst|port". */
static int give_parts(struct reading *rg, const struct listed *row, const char *why, const struct record *rec, struct fault *f)
{
	const char *kind = row->kind, *value = row->value;

	for (;;) {
		size_t k = strcspn(kind, "|"), n = strcspn(value, "|");
		const char *name = arena_dupn(rg->arena, kind, k);
		enum indicator_kind said = indicator_kind_named(strcasecmp(name, "malware-sample") == 0 ? "filename" : name);

		if (n > 0 && strcasecmp(name, "port") != 0 &&
		    give(rg, row, value, n, said, why == NULL && said == INDICATOR_FILENAME ? "the name of a file known by its hash" : why,
		         rec, f) < 0)
			return -1;
		if (kind[k] == '\0' || value[n] == '\0')
			return 0;
		kind += k + 1;
		value += n + 1;
	}
}

static bool is_no(const char *s)
{
	return s != NULL && (strcmp(s, "0") == 0 || strcasecmp(s, "false") == 0 || strcasecmp(s, "no") == 0);
}

int listed_give(struct reading *rg, const struct listed *row, const struct record *rec, struct fault *f)
{
	enum indicator_kind kind = row->known != INDICATOR_TEXT ? row->known : indicator_kind_named(row->kind);
	const char *why = row->why, *value = row->value;

	if (why == NULL && row->withdrawn)
		why = "withdrawn by its source";
	if (why == NULL && is_no(row->detect))
		why = "not for detection, says its source";
	if (why == NULL && row->kind != NULL && strcasecmp(row->kind, "link") == 0)
		why = "a link to what others wrote";
	for (size_t i = 0; why == NULL && i < row->said_count; i++)
		if (comment_clears(row->said[i]))
			why = "legitimate, says its source";
	if (row->kind != NULL && strchr(row->kind, '|') != NULL && strchr(value, '|') != NULL)
		return give_parts(rg, row, why, rec, f);
	if (!all_hashes(value, rg->arena))
		return give(rg, row, value, strlen(value), kind, why, rec, f);
	while (*value != '\0') {
		size_t n = strcspn(value, ",");

		if (give(rg, row, value, n, kind, why, rec, f) < 0)
			return -1;
		value += n;
		if (*value == ',')
			value++;
	}
	return 0;
}
