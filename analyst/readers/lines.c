#include "analyst/readers/lines.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"

char *line_text(struct arena *arena, const char *s, size_t n)
{
	char *out, *to;

	s = trim(s, &n);
	if (utf8_valid(s, n) && memchr(s, '\0', n) == NULL)
		return arena_dupn(arena, s, n);
	out = to = arena_alloc(arena, n * 3 + 1);
	while (n > 0) {
		size_t taken;
		uint32_t rune = utf8_next(s, n, &taken);

		to += utf8_put(to, rune != 0 ? rune : 0xFFFD);
		s += taken;
		n -= taken;
	}
	*to = '\0';
	return out;
}

/* ---- dates ---- */

static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", NULL
};
static const char *const weekdays[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", NULL };

/* The place of the word at s in a list, or -1. */
static int word_at(const char *const *list, const char *s)
{
	for (int i = 0; list[i] != NULL; i++)
		if (strncasecmp(list[i], s, 3) == 0 && !isalpha((unsigned char)s[3]))
			return i;
	return -1;
}

static const char *skip_blanks(const char *s)
{
	while (*s == ' ')
		s++;
	return s;
}

/* A number of at most `most` digits; NULL where there is none. */
static const char *number_at(const char *s, size_t most, int *out)
{
	size_t n = strspn(s, "0123456789");

	if (n == 0 || n > most)
		return NULL;
	*out = atoi(s);
	return s + n;
}

static int year_of(instant t)
{
	char text[INSTANT_ROOM];

	instant_utc(text, t);
	return atoi(text);
}

/* The year that a date without one was written in. */
static int nearest_year(int month, int day, const char *clock, instant written)
{
	int year = year_of(written + DAY);
	char text[64];
	instant t;

	snprintf(text, sizeof(text), "%04d-%02d-%02dT%.8s", year, month, day, clock);
	return instant_parse(&t, NULL, text, strlen(text), 0) && t > written + DAY ? year - 1 : year;
}

/* "14:05:09.123", "2:05:09 PM": its length, or 0; the hour comes apart from what follows it. */
static size_t clock_at(const char *s, int *hour, const char **minutes, size_t *minutes_length)
{
	const char *rest = number_at(s, 2, hour);
	size_t n;

	if (rest == NULL || (n = strspn(rest, "0123456789:.")) < 6 || n > 16 || rest[0] != ':' || rest[3] != ':')
		return 0;
	*minutes = rest;
	*minutes_length = n;
	rest += n;
	if (rest[0] == ' ' && rest[1] != '\0' && strchr("AaPp", rest[1]) != NULL && (rest[2] | 0x20) == 'm' && !isalnum((unsigned char)rest[3])) {
		if (*hour < 1 || *hour > 12)
			return 0;
		*hour = *hour % 12 + ((rest[1] | 0x20) == 'p' ? 12 : 0);
		rest += 3;
	}
	return (size_t)(rest - s);
}

/* "Mar 11", "11 Mar", "11/Mar/": what is behind it, or NULL. */
static const char *day_and_month(const char *s, int *day, int *month)
{
	const char *rest;

	if ((*month = word_at(months, s)) >= 0)
		return number_at(skip_blanks(s + 3), 2, day);
	if ((rest = number_at(s, 2, day)) == NULL || *rest == '\0' || strchr(" /-", *rest) == NULL || (*month = word_at(months, rest + 1)) < 0)
		return NULL;
	rest += 4;
	return rest[0] == '/' || rest[0] == '-' ? rest + 1 : rest;
}

/* The same; *end is where the date ends, and what follows a zone is no part of it. */
static const char *date_at(struct arena *arena, const char *s, instant written, bool zoned, const char **end)
{
	int month, day, year = 0, hour;
	const char *minutes;
	char clock[32];
	size_t n, length;

	s = skip_blanks(s);
	if (word_at(weekdays, s) >= 0)
		s = skip_blanks(s + 3 + (s[3] == ','));
	if ((s = day_and_month(s, &day, &month)) == NULL)
		return NULL;
	s = skip_blanks(s + (*s == ','));
	if (strspn(s, "0123456789") == 4 && s[4] != '\0' && strchr(" ,:", s[4]) != NULL) {
		year = atoi(s);
		s = skip_blanks(s + 4 + (s[4] != ' '));
		s = skip_blanks(s + (*s == '@'));
	}
	if ((n = clock_at(s, &hour, &minutes, &length)) == 0)
		return NULL;
	s += n;
	if (year == 0 && strspn(skip_blanks(s), "0123456789") == 4) {
		year = atoi(skip_blanks(s));
		s = skip_blanks(s) + 4;
	}
	snprintf(clock, sizeof(clock), "%02d%.*s", hour, (int)length, minutes);
	if (year == 0 && written != 0)
		year = nearest_year(month + 1, day, clock, written);
	*end = s;
	if (year == 0)
		return NULL;
	return arena_printf(arena, "%04d-%02d-%02dT%s%.16s", year, month + 1, day, clock, zoned ? s : "");
}

const char *date_in_words(struct arena *arena, const char *s, instant written)
{
	const char *end;

	return date_at(arena, s, written, true, &end);
}

const char *syslog_time(struct arena *arena, const char *prefix, instant written)
{
	const char *s = skip_blanks(prefix), *end = NULL, *iso;
	size_t n;

	if (*s == '<' && (end = strchr(s, '>')) != NULL && end - s <= 4)
		s = skip_blanks(end + 1);
	if (s[0] == '1' && s[1] == ' ')
		s = skip_blanks(s + 1);
	n = strcspn(s, " ");
	if (n >= 19 && n <= 40 && isdigit((unsigned char)*s) && s[4] == '-')
		return arena_dupn(arena, s, n);
	end = NULL;
	iso = date_at(arena, s, written, false, &end);
	/* A year that cannot be told: the words stay, for the sentence that rejects them. */
	return iso != NULL || end == NULL ? iso : arena_dupn(arena, s, (size_t)(end - s));
}

/* ---- fields between bars ---- */

#define MARK_WITHIN 512

const char *find_mark(const char *s, size_t n, const char *mark, const char *versions)
{
	size_t most = n < MARK_WITHIN ? n : MARK_WITHIN, length = strlen(mark);

	for (size_t i = 0; i + length < n && i < most; i++) {
		size_t k = i + length;

		if (s[i] == '"' || s[i] == '{')
			return NULL;
		if (memcmp(s + i, mark, length) != 0)
			continue;
		while (k < n && s[k] == ' ')
			k++;
		if (k < n && s[k] != '\0' && strchr(versions, s[k]) != NULL)
			return s + i;
	}
	return NULL;
}

int probe_marks(const char *s, size_t n, bool whole, const char *mark, const char *versions)
{
	size_t lines = 0, marked = 0;

	while (n > 0 && lines < 32) {
		const char *feed = memchr(s, '\n', n);
		size_t line = feed != NULL ? (size_t)(feed - s) : n;

		if (feed == NULL && !whole && lines > 0)
			break;
		if (line > 1) {
			lines++;
			marked += find_mark(s, line, mark, versions) != NULL;
		}
		s += feed != NULL ? line + 1 : line;
		n -= feed != NULL ? line + 1 : line;
	}
	return marked == 0 ? 0 : marked * 2 >= lines ? 100 : 50;
}

#define PROBE_LINES 20
#define PROBE_LINE 8192

bool probe_lines(const char *s, size_t n, instant written, bool (*is_one)(const char *line, instant written, struct arena *arena))
{
	struct arena *arena = arena_new();
	const char *end = s + n;
	bool found = false;

	for (int i = 0; i < PROBE_LINES && s < end && !found; i++) {
		const char *feed = memchr(s, '\n', (size_t)(end - s));
		size_t length = (size_t)((feed != NULL ? feed : end) - s);

		found = length < PROBE_LINE && *s != '{' && is_one(line_text(arena, s, length), written, arena);
		s = feed != NULL ? feed + 1 : end;
	}
	arena_free(arena);
	return found;
}

size_t bar_fields(struct arena *arena, const char *s, char **out, size_t most, const char **rest)
{
	size_t fields = 0;

	*rest = s;
	while (fields < most) {
		size_t n = 0;
		char *to;

		while (s[n] != '\0' && s[n] != '|')
			n += s[n] == '\\' && (s[n + 1] == '|' || s[n + 1] == '\\') ? 2 : 1;
		out[fields] = to = arena_alloc(arena, n + 1);
		for (size_t i = 0; i < n; i++) {
			if (s[i] == '\\' && (s[i + 1] == '|' || s[i + 1] == '\\'))
				i++;
			*to++ = s[i];
		}
		*to = '\0';
		fields++;
		if (s[n] == '\0') {
			*rest = s + n;
			break;
		}
		*rest = s += n + 1;
	}
	return fields;
}

const char *product_named(struct arena *arena, const char *vendor, const char *product, const char *otherwise)
{
	bool no_vendor = vendor[0] == '\0' || strcasecmp(vendor, "N/A") == 0;
	bool no_product = product[0] == '\0' || strcasecmp(product, "N/A") == 0;

	if (no_vendor && no_product)
		return otherwise;
	if (strcasecmp(vendor, "Darktrace") == 0)
		return "darktrace";
	if (no_vendor || (!no_product && strncasecmp(product, vendor, strlen(vendor)) == 0))
		return lower_ascii(arena, product, strlen(product));
	vendor = lower_ascii(arena, vendor, strlen(vendor));
	return no_product ? vendor : arena_printf(arena, "%s %s", vendor, lower_ascii(arena, product, strlen(product)));
}

/* ---- pairs ---- */

static size_t key_at(const char *s)
{
	size_t n = 0;

	while (isalnum((unsigned char)s[n]) || (s[n] != '\0' && strchr("_.[],-", s[n]) != NULL))
		n++;
	return n > 0 && n <= 128 && s[n] == '=' ? n : 0;
}

/* A row that ends with "*" stands for all that begin so. */
static bool is_listed(const char *const *list, const char *s, size_t n)
{
	for (; list != NULL && *list != NULL; list++) {
		size_t length;

		if (lower_letter((*list)[0]) != lower_letter(s[0]))
			continue;
		length = strlen(*list);
		if ((*list)[length - 1] == '*' ? n >= length && strncmp(*list, s, length - 1) == 0 :
		                                 n == length && strncasecmp(*list, s, n) == 0)
			return true;
	}
	return false;
}

/* Windows paths often come as they are, and "C:\temp\new.exe" holds no line feed. */
static bool is_raw_path(const char *s, size_t n)
{
	const char *drive = memmem(s, n, ":\\", 2);

	return drive != NULL && (size_t)(drive - s) + 2 < n && drive[2] != '\\';
}

/* Without what the format escapes, and the quotes that some put around. */
static const char *plain_value(struct arena *arena, const char *s, size_t n)
{
	static const struct { char escape, is; } escapes[] = {
		{ '=', '=' }, { '|', '|' }, { '\\', '\\' }, { 'n', '\n' }, { 'r', '\r' }
	};
	size_t most = is_raw_path(s, n) ? 2 : 5;
	char *out, *to;

	s = trim(s, &n);
	if (n >= 2 && s[0] == '"' && s[n - 1] == '"') {
		s++;
		n -= 2;
	}
	if (memchr(s, '\\', n) == NULL)
		return arena_dupn(arena, s, n);
	out = to = arena_alloc(arena, n + 1);
	for (size_t i = 0; i < n; i++) {
		size_t e = 0;

		while (e < most && !(s[i] == '\\' && i + 1 < n && escapes[e].escape == s[i + 1]))
			e++;
		*to++ = e < most ? escapes[e].is : s[i];
		i += e < most;
	}
	*to = '\0';
	return out;
}

static void add_pair(struct pairs *out, const char *key, const char *value)
{
	if (value[0] != '\0')
		out->pairs[out->count++] = (struct pair){ key, value };
}

void pairs_split(struct pairs *out, struct arena *arena, const char *s, char delimiter)
{
	out->count = 0;
	while (*s != '\0' && out->count < PAIRS_MOST) {
		const char *end = strchr(s, delimiter);
		size_t n = end != NULL ? (size_t)(end - s) : strlen(s), key;

		while (n > 0 && *s == ' ') {
			s++;
			n--;
		}
		if ((key = key_at(s)) > 0 && key < n) {
			size_t length = n - key - 1;
			const char *value = trim(s + key + 1, &length);

			add_pair(out, arena_dupn(arena, s, key), arena_dupn(arena, value, length));
		}
		s += end != NULL ? n + 1 : n;
	}
}

void pairs_spaced(struct pairs *out, struct arena *arena, const char *s, const char *const *prose,
                  const char *const *known)
{
	size_t key = 0;

	out->count = 0;
	s += strspn(s, " \t");
	while (*s != '\0' && (key = key_at(s)) == 0) {       /* what is no pair before the first */
		s += strcspn(s, " \t");
		s += strspn(s, " \t");
	}
	while (*s != '\0' && out->count < PAIRS_MOST) {
		const char *value = s + key + 1, *end = value;
		bool is_prose = is_listed(prose, s, key);
		size_t next = 0;

		for (; *end != '\0'; end++)
			if ((*end == ' ' || *end == '\t') && (next = key_at(end + 1)) > 0 &&
			    (!is_prose || is_listed(known, end + 1, next)))
				break;
		add_pair(out, arena_dupn(arena, s, key), plain_value(arena, value, (size_t)(end - value)));
		s = *end != '\0' ? end + 1 : end;
		key = next;
	}
}

const char *pair_value(const struct pairs *p, const char *key)
{
	for (size_t i = 0; i < p->count; i++)
		if (same_word(p->pairs[i].key, key))
			return p->pairs[i].value;
	return NULL;
}

/* ---- filling ---- */

static bool is_time(enum take take)
{
	return take == TAKE_AT || take == TAKE_AT_UTC || take == TAKE_UNTIL || take == TAKE_REPORTED;
}

void take_time_text(struct filling *fi, const struct field *field, const char *s, instant written)
{
	const char *iso = date_in_words(fi->arena, s, written);

	filling_take(fi, field, iso != NULL ? iso : s);
}

void take_pairs(struct filling *fi, const struct field *fields, const struct pairs *p, instant written)
{
	for (const struct field *row = fields; row->path != NULL; row++)
		for (size_t i = 0; i < p->count; i++) {
			if (!same_word(row->path, p->pairs[i].key))
				continue;
			if (is_time(row->take))
				take_time_text(fi, row, p->pairs[i].value, written);
			else
				filling_take(fi, row, p->pairs[i].value);
		}
}
