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

/* "14:05:09.123": its length, or 0. */
static size_t clock_at(const char *s)
{
	size_t n = strspn(s, "0123456789:.");

	return n >= 8 && n <= 18 && s[2] == ':' && s[5] == ':' ? n : 0;
}

/* The same; *end is where the date ends, and what follows a zone is no part of it. */
static const char *date_at(struct arena *arena, const char *s, instant written, bool zoned, const char **end)
{
	int month, day, year = 0;
	const char *clock;
	size_t n;

	s = skip_blanks(s);
	if (word_at(weekdays, s) >= 0)
		s = skip_blanks(s + 3 + (s[3] == ','));
	if ((month = word_at(months, s)) < 0 || (s = number_at(skip_blanks(s + 3), 2, &day)) == NULL)
		return NULL;
	s = skip_blanks(s + (*s == ','));
	if (strspn(s, "0123456789") == 4 && (s[4] == ' ' || s[4] == ',')) {
		year = atoi(s);
		s = skip_blanks(s + 4 + (s[4] == ','));
	}
	clock = s;
	if ((n = clock_at(s)) == 0)
		return NULL;
	s += n;
	if (year == 0 && strspn(skip_blanks(s), "0123456789") == 4) {
		year = atoi(skip_blanks(s));
		s = skip_blanks(s) + 4;
	}
	if (year == 0 && written != 0)
		year = nearest_year(month + 1, day, clock, written);
	*end = s;
	if (year == 0)
		return NULL;
	return arena_printf(arena, "%04d-%02d-%02dT%.*s%.16s", year, month + 1, day, (int)n, clock, zoned ? s : "");
}

const char *date_in_words(struct arena *arena, const char *s, instant written)
{
	const char *end;

	return date_at(arena, s, written, true, &end);
}

const char *syslog_time(struct arena *arena, const char *prefix, instant written)
{
	const char *s = skip_blanks(prefix), *end;
	size_t n;

	if (*s == '<' && (end = strchr(s, '>')) != NULL && end - s <= 4)
		s = skip_blanks(end + 1);
	if (s[0] == '1' && s[1] == ' ')
		s = skip_blanks(s + 1);
	n = strcspn(s, " ");
	if (n >= 19 && n <= 40 && isdigit((unsigned char)*s) && s[4] == '-')
		return arena_dupn(arena, s, n);
	return date_at(arena, s, written, false, &end);
}

/* ---- fields by key ---- */

void take_time_text(struct filling *fi, const struct field *field, const char *s, instant written)
{
	const char *iso = date_in_words(fi->arena, s, written);

	filling_take(fi, field, iso != NULL ? iso : s);
}

void take_key(struct filling *fi, const struct field *fields, const char *key, const char *value, instant written)
{
	for (const struct field *row = fields; row->path != NULL; row++) {
		if (strcasecmp(row->path, key) != 0)
			continue;
		if (row->take == TAKE_AT || row->take == TAKE_AT_UTC || row->take == TAKE_UNTIL || row->take == TAKE_REPORTED)
			take_time_text(fi, row, value, written);
		else
			filling_take(fi, row, value);
	}
}
