#include "analyst/readers/notes.h"

#include <stdbool.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/readers/canon.h"

#define NOTES_MOST 4096

struct reading {
	const char *path;
	struct arena *arena;
	struct fault *f;
	unsigned line;
	const char *incident;
	struct note *list;
	size_t count;
	struct text words;               /* of the last of them, which begins on line `began`, as far as they were read */
	unsigned began;
};

static int complain(const struct reading *r, const char *what)
{
	return fault_set(r->f, FAULT_DATA, "%s:%u: %s", r->path, r->line, what);
}

static int read_incident(struct reading *r, const char *s, size_t n)
{
	if (n < 3 || s[n - 1] != ']')
		return complain(r, "an incident stands in brackets: [INC-2021W10-01]");
	s++;
	n -= 2;
	s = trim(s, &n);
	r->incident = arena_dupn(r->arena, s, n);
	return n > 0 ? 0 : complain(r, "an incident stands in brackets: [INC-2021W10-01]");
}

/* "state.ja" -> "state", "ja" */
static const char *split_language(const struct reading *r, const char **field)
{
	size_t n = strlen(*field);
	const char *lang = n > 3 ? *field + n - 3 : "";

	if (strcmp(lang, ".en") != 0 && strcmp(lang, ".ja") != 0)
		return "";
	*field = arena_dupn(r->arena, *field, n - 3);
	return lang + 1;
}

static bool is_there(const struct reading *r, const struct note *n)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->list[i].incident, n->incident) == 0 && strcmp(r->list[i].field, n->field) == 0 &&
		    strcmp(r->list[i].lang, n->lang) == 0)
			return true;
	return false;
}

/* The last note has all its lines. */
static int finish(struct reading *r)
{
	struct note *last = r->count > 0 ? &r->list[r->count - 1] : NULL;

	if (last == NULL || last->text != NULL)
		return 0;
	if (r->words.used == 0 || r->words.used > NOTE_BYTES)
		return fault_set(r->f, FAULT_DATA, "%s:%u: the note '%s' is %s", r->path, r->began, last->field,
		                 r->words.used == 0 ? "empty" : "longer than 4,000 bytes");
	last->text = arena_dup(r->arena, text_str(&r->words));
	return 0;
}

static int read_field(struct reading *r, const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n), *field, *wrong, *value;
	size_t length = colon != NULL ? (size_t)(colon - s) : 0, rest;
	struct note note;

	if (colon == NULL)
		return complain(r, "a note is written 'field: text'; a line that goes on is indented");
	field = trim(s, &length);
	note.field = arena_dupn(r->arena, field, length);
	note.lang = split_language(r, &note.field);
	note.incident = r->incident;
	if ((wrong = note_field_wrong(note.field, r->arena)) != NULL)
		return complain(r, wrong);
	rest = n - (size_t)(colon + 1 - s);
	value = trim(colon + 1, &rest);
	note.text = NULL;
	if (is_there(r, &note))
		return complain(r, arena_printf(r->arena, "'%s' is there twice", note.field));
	if (r->count == NOTES_MOST)
		return complain(r, "more than 4,096 notes");
	r->list[r->count++] = note;
	r->began = r->line;
	text_clear(&r->words);
	text_addn(&r->words, value, rest);
	return 0;
}

static int go_on(struct reading *r, const char *s, size_t n)
{
	if (r->count == 0 || r->list[r->count - 1].text != NULL)
		return complain(r, "an indented line goes on with the note above, and there is none");
	text_add(&r->words, r->words.used > 0 ? "\n" : "");
	text_addn(&r->words, s, n);
	return 0;
}

static int read_line(struct reading *r, const char *line, size_t size)
{
	bool indented = size > 0 && (line[0] == ' ' || line[0] == '\t');
	size_t n = size;
	const char *s = trim(line, &n);

	if (n == 0 || (s[0] == '#' && !indented))
		return 0;
	if (indented)
		return go_on(r, s, n);
	if (finish(r) < 0)
		return -1;
	return s[0] == '[' ? read_incident(r, s, n) : read_field(r, s, n);
}

int notes_read(struct notes *out, const char *bytes, size_t n, const char *path, struct arena *a, struct fault *f)
{
	struct reading r = { .path = path, .arena = a, .f = f, .incident = "" };
	const char *end = bytes + n;
	int rc = 0;

	if (n > NOTES_BYTES)
		return fault_set(f, FAULT_DATA, "%s: notes of more than 1 MiB", path);
	if (!utf8_valid(bytes, n) || memchr(bytes, '\0', n) != NULL)
		return fault_set(f, FAULT_DATA, "%s: it is no text in UTF-8", path);
	r.list = ARENA_ARRAY(a, struct note, NOTES_MOST);
	if (n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
		bytes += 3;
	while (bytes < end && rc == 0) {
		const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
		size_t size = stop != NULL ? (size_t)(stop - bytes) : (size_t)(end - bytes);

		r.line++;
		rc = read_line(&r, bytes, size);
		bytes += size + (stop != NULL);
	}
	if (rc == 0)
		rc = finish(&r);
	text_free(&r.words);
	*out = (struct notes){ r.list, r.count };
	return rc;
}
