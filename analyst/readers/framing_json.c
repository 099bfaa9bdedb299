/* JSON records by their brackets alone: which bytes are one record, not whether they are
 * right, which json.cc says. What holds the records (the array, the wrapper around it) is
 * checked here: its commas, and that it is closed. */
#include <string.h>

#include "analyst/readers/framing_parts.h"

/* Each record that is not closed is followed to the end of the file or the limit, and the
 * next try begins a line later: a file made of such beginnings would take for ever. */
#define WASTE_LIMIT (16 * RECORD_LIMIT)

/* A wrapper's key is looked for so far. */
#define WRAPPER_HEAD ((size_t)64 * 1024)

bool json_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\x1e';      /* RFC 7464: before each text of a sequence */
}

int json_skip_space(struct framing *fr, struct fault *f)
{
	struct window *w = &fr->w;

	for (;;) {
		size_t n = 0, size = window_size(w);
		int rc;

		while (n < size && json_space(window_at(w)[n]))
			n++;
		window_skip(w, n);
		if (n < size)
			return 1;
		if ((rc = window_more(w, f)) <= 0)
			return rc;
	}
}

/* ---- what shape it is ---- */

size_t find_key(const char *s, size_t n, const char *key, size_t key_length)
{
	struct follow at = { 0, false, false };
	size_t i = 0;

	while (i < n) {
		bool closed;

		if (s[i] == '"' && at.depth == 1) {
			struct follow word = { 0, false, false };
			size_t taken = follow_value(&word, s + i, n - i, &closed), after = i + taken;

			while (after < n && json_space(s[after]))
				after++;
			if (closed && after < n && s[after] == ':' && taken == key_length + 2 &&
			    memcmp(s + i + 1, key, key_length) == 0) {
				after++;
				while (after < n && json_space(s[after]))
					after++;
				return after;
			}
			i += taken;
			continue;
		}
		if (s[i] == '"') {
			struct follow word = { 0, false, false };

			i += follow_value(&word, s + i, n - i, &closed);
			continue;
		}
		if (s[i] == '{' || s[i] == '[')
			at.depth++;
		else if ((s[i] == '}' || s[i] == ']') && --at.depth == 0)
			return 0;
		i++;
	}
	return 0;
}

/* The bytes up to and with the bracket of the array at a wrapper path, or 0. */
static size_t find_wrapped(const char *s, size_t n, const char *path, int *depth)
{
	size_t at = 0;

	*depth = 0;
	for (;;) {
		size_t length = strcspn(path, "."), step;

		if (at >= n || s[at] != '{' || (step = find_key(s + at, n - at, path, length)) == 0)
			return 0;
		at += step;
		++*depth;
		if (path[length] == '\0')
			return at < n && s[at] == '[' ? at + 1 : 0;
		path += length + 1;
	}
}

/* Whether n bytes are one object or array and nothing else. */
static bool is_whole(const char *s, size_t n)
{
	struct follow at = { 0, false, false };
	bool closed;

	return follow_value(&at, s, n, &closed) == n && closed;
}

/* A line of the head that is a whole object, behind what its first value takes, says that
 * the file is one a line. */
static bool has_object_lines(const char *s, size_t n)
{
	const char *end = s + n;
	struct follow at = { 0, false, false };
	bool closed;
	size_t first = follow_value(&at, s, n, &closed);

	if (closed && memchr(s, '\n', first) != NULL)
		s += first;
	while (s < end) {
		const char *feed = memchr(s, '\n', (size_t)(end - s));
		size_t length = feed != NULL ? (size_t)(feed - s) : (size_t)(end - s);

		if (length > 0 && s[0] == '\x1e') {
			s++;
			length--;
		}
		while (length > 0 && json_space(s[length - 1]))
			length--;
		if (length > 2 && s[length - 1] == ',')
			length--;
		if (length > 2 && s[0] == '{' && s[length - 1] == '}' && is_whole(s, length))
			return true;
		if (feed == NULL)
			break;
		s = feed + 1;
	}
	return false;
}

/* The array whose bracket ends the first `skip` bytes, `depth` objects around it. */
static void enter_array(struct framing *fr, size_t skip, int depth, enum json_shape around)
{
	fr->shape = SHAPE_ARRAY;
	fr->around = around;
	fr->wrapper_depth = depth;
	fr->want_comma = fr->after_comma = false;
	if (around != SHAPE_ARRAY)
		fr->of_wrappers = OF_WRAPPERS_UNKNOWN;
	window_skip(&fr->w, skip);
}

/* Into the records of the wrapper that begins the window, if one does. */
static bool enter_wrapper(struct framing *fr, enum json_shape around)
{
	for (const char *const *p = fr->rules.wrappers; p != NULL && *p != NULL; p++) {
		int depth;
		size_t skip = find_wrapped(window_at(&fr->w), window_size(&fr->w), *p, &depth);

		if (skip > 0) {
			enter_array(fr, skip, depth, around);
			return true;
		}
	}
	return false;
}

static bool enter_table(struct framing *fr)
{
	size_t skip;
	int depth;

	json_table_free(fr->table);
	fr->table = NULL;
	skip = json_table_find(&fr->table, window_at(&fr->w), window_size(&fr->w), &depth);
	if (skip == 0)
		return false;
	fr->shape = SHAPE_TABLE;
	fr->around = SHAPE_UNKNOWN;
	fr->wrapper_depth = depth;
	window_skip(&fr->w, skip);
	return true;
}

static void find_shape(struct framing *fr)
{
	const char *s = window_at(&fr->w);
	size_t n = window_size(&fr->w);

	if (s[0] == '[')
		enter_array(fr, 1, 0, SHAPE_VALUES);
	else if (!enter_table(fr) && !enter_wrapper(fr, SHAPE_UNKNOWN))
		fr->shape = has_object_lines(s, n) ? SHAPE_LINES : SHAPE_VALUES;
}

/* ---- records ---- */

/* Where the next record visibly begins behind `from`: a line whose first character,
 * behind as many blanks as the first element had, is a bracket. 0 is nowhere. */
static size_t find_next(const struct framing *fr, size_t from)
{
	const char *s = window_at(&fr->w);
	size_t n = window_size(&fr->w), at = from;

	while (at < n) {
		const char *feed = memchr(s + at, '\n', n - at);
		size_t start, blanks = 0;

		if (feed == NULL)
			return 0;
		start = at = (size_t)(feed - s) + 1;
		while (start + blanks < n && (s[start + blanks] == ' ' || s[start + blanks] == '\t'))
			blanks++;
		if (start + blanks < n && s[start + blanks] == '{' && blanks <= fr->indent)
			return start + blanks;
	}
	return 0;
}

/* The first bytes are no record: goes on behind the first `least` of them where a next
 * one begins, or lets the rest of the file go. */
static int give_up(struct framing *fr, struct record *out, size_t least, const char *why, struct fault *f)
{
	struct window *w = &fr->w;
	struct place at = { w->line, w->offset, 0 };
	size_t next = fr->wasted > WASTE_LIMIT ? 0 : find_next(fr, least);

	while (next == 0 && fr->wasted <= WASTE_LIMIT) {
		size_t keep = window_size(w) > 4096 ? 4096 : window_size(w), gone = window_size(w) - keep;
		int rc;

		/* Nothing in the window: what has been looked at goes, but for the line it
		 * ended in. */
		if (gone > 0 && window_size(w) > fr->rules.limit) {
			window_skip(w, gone);
			least = 0;
		}
		if ((rc = window_more(w, f)) < 0)
			return -1;
		next = find_next(fr, least);
		if (rc == 0)
			break;
	}
	if (next == 0) {
		framing_refuse(fr, out, 0, 0, "%s; the rest of the file was not read", why);
		window_skip(w, window_size(w));
		fr->done = true;
	} else {
		framing_refuse(fr, out, 0, 0, "%s", why);
		window_skip(w, next);
	}
	out->at = at;
	out->at.length = w->offset - at.offset;
	fr->want_comma = fr->after_comma = false;
	return 1;
}

/* The value that begins the window, of any kind. */
static int give_value(struct framing *fr, struct record *out, struct fault *f)
{
	struct window *w = &fr->w;
	struct follow at = { 0, false, false };
	size_t n = 0;
	bool closed = false, plain = strchr("{[\"", window_at(w)[0]) == NULL;

	for (;;) {
		const char *s = window_at(w);
		int rc;

		if (plain) {
			while (n < window_size(w) && strchr(",]} \t\r\n", s[n]) == NULL)
				n++;
			closed = n < window_size(w);
		} else {
			n += follow_value(&at, s + n, window_size(w) - n, &closed);
		}
		if (closed)
			break;
		if (n > fr->rules.limit) {
			fr->wasted += n;
			return give_up(fr, out, 1, "a record of more than 16 MiB, or one that is not closed", f);
		}
		if ((rc = window_more(w, f)) < 0)
			return -1;
		if (rc == 0 && plain)
			break;
		if (rc == 0) {
			fr->wasted += n;
			return give_up(fr, out, 1, "the JSON is cut off", f);
		}
	}
	if (n == 0)
		n = 1;
	fr->want_comma = true;
	fr->after_comma = false;
	return framing_give(fr, out, n, n);
}

/* Behind a value that took several lines: the rest of its last, when it holds but a comma. */
static int end_line(struct framing *fr, struct fault *f)
{
	size_t n, i = 0;
	int rc = framing_line(fr, &n, f);

	fr->line_left = false;
	if (rc < 0 || rc == 2)
		return rc < 0 ? -1 : 2;
	while (i < n && (json_space(window_at(&fr->w)[i]) || window_at(&fr->w)[i] == ','))
		i++;
	window_skip(&fr->w, i == n && rc == 1 ? n + 1 : i);
	return 2;
}

/* Whether the first n bytes, a line, begin an object that is written over several: it ends
 * where such are broken, and the next line is none that begins a record. Otherwise a line
 * that is no whole object is one broken record, and those behind it are not lost with it. */
static int begins_long(struct framing *fr, size_t n, size_t trimmed, struct fault *f)
{
	struct window *w = &fr->w;
	int rc = 1;

	if (strchr("{[,:", window_at(w)[trimmed - 1]) == NULL)
		return 0;
	while (window_size(w) <= n + 1 && rc > 0)
		rc = window_more(w, f);
	return rc > 0 ? strchr(" \t\"}]", window_at(w)[n + 1]) != NULL : rc;
}

enum odd { ODD_RECORD = 1, ODD_ON = 2, ODD_LONG = 3 };

/* A line of `length` bytes, n when trimmed, that is no object by itself: the bytes of a record in *n;
 * ODD_ON when the window stands where reading goes on; ODD_LONG when it stands at an object that goes
 * on behind the line; or -1. */
static int odd_line(struct framing *fr, size_t *n, size_t length, bool ended, struct fault *f)
{
	struct window *w = &fr->w;
	const char *s = window_at(w);
	size_t blanks = 0;
	int rc = 0;

	while (blanks < *n && (json_space(s[blanks]) || s[blanks] == ','))
		blanks++;
	if (blanks == *n || s[blanks] == '[' || memchr(s, ',', blanks) != NULL || memchr(s, '\x1e', blanks) != NULL) {
		if (blanks < *n && s[blanks] == '[')
			enter_array(fr, blanks + 1, 0, SHAPE_LINES);
		else if (blanks < *n)
			window_skip(w, blanks);
		else
			window_skip(w, ended ? length + 1 : length);
		return ODD_ON;
	}
	if (s[*n - 1] == ',' && is_whole(s + blanks, *n - 1 - blanks)) {
		--*n;
		return ODD_RECORD;
	}
	if (ended && s[blanks] == '{' && (rc = begins_long(fr, length, *n, f)) > 0) {
		window_skip(w, blanks);
		return ODD_LONG;
	}
	return rc < 0 ? -1 : ODD_RECORD;
}

static int next_line(struct framing *fr, struct record *out, struct fault *f)
{
	struct window *w = &fr->w;
	size_t n, skip;
	bool ended;
	int rc = framing_take_line(fr, out, "a record", &n, &skip, f), what;

	if (rc != 1)
		return rc == 2 ? 1 : rc;
	ended = skip > n;
	while (n > 0 && json_space(window_at(w)[n - 1]))
		n--;
	if (n > 0 && (window_at(w)[n - 1] != '}' || window_at(w)[0] != '{') &&
	    (what = odd_line(fr, &n, ended ? skip - 1 : skip, ended, f)) != ODD_RECORD) {
		fr->line_left = what == ODD_LONG;
		return what == ODD_LONG ? give_value(fr, out, f) : what;
	}
	framing_give(fr, out, n, 0);
	if (ended)
		window_skip_line(w, skip);
	else
		window_skip(w, skip);
	return 1;
}

static int next_value(struct framing *fr, struct record *out, struct fault *f)
{
	int rc = json_skip_space(fr, f);
	char c;

	if (rc <= 0)
		return rc;
	c = window_at(&fr->w)[0];
	if (c == '[') {
		enter_array(fr, 1, 0, SHAPE_VALUES);
		return 2;
	}
	/* An array without its brackets. */
	if (c == ',' && fr->want_comma) {
		fr->want_comma = false;
		window_skip(&fr->w, 1);
		return 2;
	}
	if (c != '{')
		return give_up(fr, out, 1, "text between the records", f);
	return give_value(fr, out, f);
}

/* As much as a wrapper's keys may take, or the whole element: behind it a pipe may be silent. */
static int need_element(struct window *w, struct fault *f)
{
	struct follow at = { 0, false, false };
	bool closed = false;
	size_t n = 0;
	int rc = 1;

	while (rc > 0 && n < WRAPPER_HEAD) {
		n += follow_value(&at, window_at(w) + n, window_size(w) - n, &closed);
		if (closed)
			return 1;
		rc = window_more(w, f);
	}
	return rc;
}

/* Pages of an answer put into one array: the first element tells whether all are wrappers. */
static int enter_page(struct framing *fr, struct fault *f)
{
	if (fr->wrapper_depth > 0 || fr->rules.wrappers == NULL || fr->of_wrappers == OF_WRAPPERS_NO)
		return 0;
	if (need_element(&fr->w, f) < 0)
		return -1;
	if (enter_wrapper(fr, SHAPE_ARRAY)) {
		fr->of_wrappers = OF_WRAPPERS_YES;
		return 1;
	}
	if (fr->of_wrappers == OF_WRAPPERS_UNKNOWN)
		fr->of_wrappers = OF_WRAPPERS_NO;
	return 0;
}

static int next_element(struct framing *fr, struct record *out, struct fault *f)
{
	struct window *w = &fr->w;
	int64_t before = w->offset, line = w->line;
	int rc = json_skip_space(fr, f);
	char c;

	if (rc < 0)
		return -1;
	if (rc == 0) {
		fr->done = true;
		return framing_refuse(fr, out, 0, 0, "the array is not closed: the file is cut off");
	}
	c = window_at(w)[0];
	if (c == ']') {
		window_skip(w, 1);
		fr->shape = fr->wrapper_depth > 0 ? SHAPE_AFTER : fr->around;
		fr->line_left = fr->shape == SHAPE_LINES;
		fr->want_comma = false;
		if (fr->after_comma)
			return framing_refuse(fr, out, 0, 0, "broken JSON: an element is missing before the bracket");
		return 2;
	}
	if (c == ',') {
		bool missing = !fr->want_comma;

		window_skip(w, 1);
		fr->want_comma = false;
		fr->after_comma = true;
		if (missing)
			return framing_refuse(fr, out, 0, 0, "broken JSON: an element is missing before the comma");
		return 2;
	}
	if (fr->want_comma && c != '{')
		return give_up(fr, out, 1, "broken JSON: no comma between elements", f);
	if (fr->want_comma) {
		fr->want_comma = false;
		if (w->line > line)           /* a line each: nothing is lost, and what is meant is plain */
			return 2;
		return framing_refuse(fr, out, 0, 0, "broken JSON: no comma between elements");
	}
	if (fr->indent == 0 && w->offset > before)
		fr->indent = (size_t)(w->offset - before) > 64 ? 64 : (size_t)(w->offset - before);
	if (c == '{' && (rc = enter_page(fr, f)) != 0)
		return rc < 0 ? -1 : 2;
	return give_value(fr, out, f);
}

/* What follows the array in its wrapper is not read, but the wrapper has to end. */
static int leave_wrapper(struct framing *fr, struct record *out, struct fault *f)
{
	struct window *w = &fr->w;
	struct follow at = { fr->wrapper_depth, false, false };

	for (;;) {
		bool closed;
		size_t n = follow_value(&at, window_at(w), window_size(w), &closed);
		int rc;

		window_skip(w, n);
		if (closed) {
			fr->shape = fr->around;
			fr->want_comma = fr->around == SHAPE_ARRAY;
			fr->after_comma = false;
			fr->wrapper_depth = 0;
			fr->around = SHAPE_VALUES;
			return 2;
		}
		if ((rc = window_more(w, f)) < 0)
			return -1;
		if (rc == 0) {
			fr->done = true;
			return framing_refuse(fr, out, 0, 0, "the object around the records is not closed: the file is cut off");
		}
	}
}

/* Each step gives a record (1), the end (0), a fault (-1), or says "go on" (2). */
int framing_json_next(struct framing *fr, struct record *out, struct fault *f)
{
	int rc = 2;

	while (rc == 2) {
		if (fr->done)
			return 0;
		switch (fr->shape) {
		case SHAPE_UNKNOWN:
			if ((rc = json_skip_space(fr, f)) > 0) {
				if (framing_need_head(fr, f) < 0)
					return -1;
				find_shape(fr);
				rc = 2;
			}
			break;
		case SHAPE_LINES:
			rc = fr->line_left ? end_line(fr, f) : next_line(fr, out, f);
			break;
		case SHAPE_VALUES:
			rc = next_value(fr, out, f);
			break;
		case SHAPE_ARRAY:
			rc = next_element(fr, out, f);
			break;
		case SHAPE_TABLE:
			rc = framing_table_next(fr, out, f);
			break;
		case SHAPE_AFTER:
			rc = leave_wrapper(fr, out, f);
			break;
		}
	}
	return rc;
}
