#include "analyst/import/tables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "analyst/base/text.h"
#include "analyst/readers/canon.h"
#include "analyst/readers/csv_map.h"
#include "analyst/readers/framing.h"

#define TABLE_LIMIT ((size_t)16 << 20)
#define TABLE_ROWS 100000

enum column { PRODUCT, RULE, NATIVE, SEVERITY, TECHNIQUES, COLUMNS };

static const char *const names[COLUMNS] = {
	[PRODUCT] = "product|source", [RULE] = "rule|rule id|rule name", [NATIVE] = "native|native severity",
	[SEVERITY] = "severity", [TECHNIQUES] = "techniques|technique",
};

/* Our words, and what people write for them. */
static const struct named words[] = {
	{ "unknown", SEVERITY_UNKNOWN }, { "informational", SEVERITY_INFO }, { "info", SEVERITY_INFO },
	{ "low", SEVERITY_LOW }, { "medium", SEVERITY_MEDIUM }, { "high", SEVERITY_HIGH },
	{ "critical", SEVERITY_CRITICAL }, { NULL, 0 }
};

struct table {
	struct arena *arena;
	int cells[COLUMNS];          /* where each column is, or -1 */
	size_t width;                /* of the header; 0 until it was seen */
	struct override *rows;
	size_t count, room;
};

static int take_header(struct table *t, const struct record *rec, struct fault *f)
{
	for (int c = 0; c < COLUMNS; c++) {
		t->cells[c] = -1;
		for (size_t i = 0; i < rec->cell_count && t->cells[c] < 0; i++)
			if (csv_column_is(names[c], rec->cells[i].text))
				t->cells[c] = (int)i;
	}
	for (size_t i = 0; i < rec->cell_count; i++) {
		bool known = rec->cells[i].n == 0;

		for (int c = 0; c < COLUMNS && !known; c++)
			known = t->cells[c] == (int)i;
		if (!known)
			return fault_set(f, FAULT_DATA, "no column is named '%.60s': product, rule, native, severity, techniques",
			                 rec->cells[i].text);
	}
	if (t->cells[SEVERITY] < 0 && t->cells[TECHNIQUES] < 0)
		return fault_set(f, FAULT_DATA, "the header names neither 'severity' nor 'techniques'");
	t->width = rec->cell_count;
	return 0;
}

/* NULL where nothing is said. */
static const char *cell(const struct table *t, const struct record *rec, enum column c)
{
	size_t n;
	const char *s;

	if (t->cells[c] < 0 || (size_t)t->cells[c] >= rec->cell_count)
		return NULL;
	n = rec->cells[t->cells[c]].n;
	s = trim(rec->cells[t->cells[c]].text, &n);
	return n > 0 ? arena_dupn(t->arena, s, n) : NULL;
}

static int take_techniques(struct table *t, struct override *o, const char *s, struct fault *f)
{
	struct ids ids = { .count = 0 };

	if (s == NULL)
		return 0;
	o->techniques = "";
	if (strcasecmp(s, "none") == 0)
		return 0;
	ids_add_techniques(&ids, s);
	if (ids.count == 0)
		return fault_set(f, FAULT_DATA, "'%.60s' is no technique: T1059.001, several parted by blanks, or none", s);
	o->techniques = ids_text(&ids, t->arena);
	return 0;
}

static int take_row(struct table *t, const struct record *rec, struct fault *f)
{
	struct override o = { cell(t, rec, PRODUCT), cell(t, rec, RULE), cell(t, rec, NATIVE), SEVERITY_KEPT, NULL };
	const char *severity = cell(t, rec, SEVERITY);

	if (rec->cell_count > t->width)
		return fault_set(f, FAULT_DATA, "more cells than the header has: put quotes around text with a comma");
	if (severity != NULL && (o.severity = table_value(words, lower_ascii(t->arena, severity, strlen(severity)),
	                                                  SEVERITY_KEPT)) == SEVERITY_KEPT)
		return fault_set(f, FAULT_DATA, "'%.60s' is no severity: informational, low, medium, high, critical or unknown",
		                 severity);
	if (take_techniques(t, &o, cell(t, rec, TECHNIQUES), f) < 0)
		return -1;
	if (o.severity == SEVERITY_KEPT && o.techniques == NULL)
		return fault_set(f, FAULT_DATA, "the row states neither a severity nor techniques");
	if (o.techniques != NULL && o.native != NULL)
		return fault_set(f, FAULT_DATA, "techniques go with a product's rule, not with a native severity: use two rows");
	if (t->count == TABLE_ROWS)
		return fault_set(f, FAULT_DATA, "more than %d rows", TABLE_ROWS);
	if (t->count == t->room)
		t->rows = must_grow(t->rows, t->room = t->room > 0 ? t->room * 2 : 64, sizeof(*t->rows));
	t->rows[t->count++] = o;
	return 0;
}

static int take(struct table *t, const struct record *rec, struct fault *f)
{
	if (rec->broken != NULL)
		return fault_set(f, FAULT_DATA, "%s", rec->broken);
	if (rec->cell_count == 0 || rec->n == 0 || rec->bytes[0] == '#')
		return 0;
	if (!utf8_valid(rec->bytes, rec->n))
		return fault_set(f, FAULT_DATA, "is not UTF-8: save it as \"CSV UTF-8\"");
	return t->width > 0 ? take_row(t, rec, f) : take_header(t, rec, f);
}

static int read_fd(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	ssize_t n;

	do
		n = read(*(int *)ctx, into, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_set(f, FAULT_IO, "cannot read it: %s", strerror(errno));
	*got = (size_t)n;
	return 0;
}

int tables_load(struct overrides *out, const char *path, struct arena *arena, struct fault *f)
{
	const struct framing_rules rules = { .kind = FRAME_CSV, .limit = TABLE_LIMIT };
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;
	struct table t = { .arena = arena };
	struct framing *fr;
	struct record rec;

	if (fd < 0)
		return fault_set(f, FAULT_IO, "cannot open the table '%s': %s", path, strerror(errno));
	fr = framing_new(&rules, (struct byte_source){ read_fd, &fd });
	while ((rc = framing_next(fr, &rec, f)) > 0)
		if (take(&t, &rec, f) < 0) {
			fault_wrap(f, "table '%s', line %lld", path, (long long)rec.at.line);
			break;
		}
	if (rc < 0)
		fault_wrap(f, "table '%s'", path);
	framing_free(fr);
	close(fd);
	if (rc == 0 && t.width == 0)
		rc = fault_set(f, FAULT_DATA, "table '%s' holds no header", path);
	if (rc == 0) {
		out->rows = t.count > 0 ? memcpy(ARENA_ARRAY(arena, struct override, t.count), t.rows, t.count * sizeof(*t.rows)) : NULL;
		out->count = t.count;
	}
	free(t.rows);
	return rc == 0 ? 0 : -1;
}
