#include "analyst/readers/dates.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* A number of up to `most` digits; the bytes it takes, or 0. */
static size_t number_at(const char *s, const char *end, size_t most, int *out)
{
	size_t n = 0;

	for (*out = 0; s + n < end && n < most && isdigit((unsigned char)s[n]); n++)
		*out = *out * 10 + (s[n] - '0');
	return s + n < end && isdigit((unsigned char)s[n]) ? 0 : n;
}

static bool is_separator(char c)
{
	return c == '/' || c == '-' || c == '.';
}

/* "AM" or "pm" at s, alone: 0 or 12, else -1. */
static int half_day(const char *s, const char *end)
{
	if (end - s < 2 || (s[1] | 0x20) != 'm' || (end - s > 2 && isalpha((unsigned char)s[2])))
		return -1;
	return (s[0] | 0x20) == 'a' ? 0 : (s[0] | 0x20) == 'p' ? 12 : -1;
}

bool date_ordered(char out[DATE_ROOM], const char *s, size_t n, enum date_order order)
{
	const char *end = s + n, *clock, *rest;
	int first, second, year, hour = 0, half;
	size_t used;
	char separator;

	if ((used = number_at(s, end, 2, &first)) == 0 || s + used >= end || !is_separator(separator = s[used]))
		return false;
	s += used + 1;
	if ((used = number_at(s, end, 2, &second)) == 0 || s + used >= end || s[used] != separator)
		return false;
	s += used + 1;
	if ((used = number_at(s, end, 4, &year)) != 4 || (s + used < end && s[used] != ' ' && s[used] != 'T' && s[used] != ','))
		return false;
	if (order == DATE_ORDER_UNKNOWN)
		return true;
	for (s += used; s < end && (*s == ' ' || *s == 'T' || *s == ',');)
		s++;
	if (s == end) {
		snprintf(out, DATE_ROOM, "%04d-%02d-%02d", year, order == DATE_ORDER_DAY ? second : first,
		         order == DATE_ORDER_DAY ? first : second);
		return true;
	}
	if ((used = number_at(s, end, 2, &hour)) == 0 || s + used >= end || s[used] != ':')
		return false;
	for (clock = rest = s + used; rest < end && (isdigit((unsigned char)*rest) || *rest == ':' || *rest == '.');)
		rest++;
	for (s = rest; s < end && *s == ' ';)
		s++;
	if ((half = half_day(s, end)) >= 0) {
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + half;
		s += 2;
	}
	if (rest - clock > 16 || end - s > 16)
		return false;
	snprintf(out, DATE_ROOM, "%04d-%02d-%02dT%02d%.*s%.*s", year, order == DATE_ORDER_DAY ? second : first,
	         order == DATE_ORDER_DAY ? first : second, hour, (int)(rest - clock), clock, (int)(end - s), s);
	return true;
}

/* ---- patterns ---- */

struct parts {
	int year, month, day, hour, minute, second, half;      /* half -1: the hour is one of 24 */
	char fraction[12], zone[16];
};

/* A name of at least three letters, of which the first three tell; its place from 1 on, or 0. */
static int name_at(const char *s, const char *names, size_t *used)
{
	size_t n = 0;

	while (isalpha((unsigned char)s[n]))
		n++;
	*used = n;
	for (int i = 0; n >= 3 && names[3 * i] != '\0'; i++)
		if (strncasecmp(names + 3 * i, s, 3) == 0)
			return i + 1;
	return 0;
}

/* As number_at; where another number follows at once, "yyyyMMdd", each is as long as its letters. */
static size_t number_of(const char *s, size_t length, size_t most, int *out)
{
	const char *end = s + strlen(s);
	size_t n = strspn(s, "0123456789");

	return number_at(s, n > most && n > length ? s + length : end, most, out);
}

/* One run of a letter in the pattern; the bytes it takes, or -1. */
static int take_part(struct parts *p, char letter, size_t length, const char *s)
{
	const char *end = s + strlen(s);
	size_t n = 0;

	switch (letter) {
	case 'y': case 'u':
		n = number_of(s, length, 4, &p->year);
		if (n == 2)
			p->year += 2000;
		return n == 4 || n == 2 ? (int)n : -1;
	case 'M': case 'L':
		if (length >= 3)
			return (p->month = name_at(s, "JanFebMarAprMayJunJulAugSepOctNovDec", &n)) > 0 ? (int)n : -1;
		return (n = number_of(s, length, 2, &p->month)) > 0 ? (int)n : -1;
	case 'E':
		return name_at(s, "SunMonTueWedThuFriSat", &n) > 0 ? (int)n : -1;
	case 'd': return (n = number_of(s, length, 2, &p->day)) > 0 ? (int)n : -1;
	case 'H': case 'h': return (n = number_of(s, length, 2, &p->hour)) > 0 ? (int)n : -1;
	case 'm': return (n = number_of(s, length, 2, &p->minute)) > 0 ? (int)n : -1;
	case 's': return (n = number_of(s, length, 2, &p->second)) > 0 ? (int)n : -1;
	case 'S':
		while (isdigit((unsigned char)s[n]))
			n++;
		snprintf(p->fraction, sizeof(p->fraction), ".%.9s", s);
		p->fraction[n < 9 ? n + 1 : 10] = '\0';
		return n > 0 ? (int)n : -1;
	case 'a': return (p->half = half_day(s, end)) >= 0 ? 2 : -1;
	case 'Z': case 'X': case 'x': case 'z':
		n = strcspn(s, " ,;)");
		snprintf(p->zone, sizeof(p->zone), " %.*s", (int)(n < 14 ? n : 14), s);
		return n > 0 && n <= 14 ? (int)n : -1;
	default: return -1;
	}
}

bool date_patterned(char out[DATE_ROOM], const char *s, const char *pattern)
{
	struct parts p = { .year = -1, .half = -1, .month = 1, .day = 1 };

	while (*pattern != '\0') {
		size_t length = 1;
		int used;

		if (*pattern == '\'' && pattern[1] != '\'') {
			for (pattern++; *pattern != '\0' && (*pattern != '\'' || pattern[1] == '\''); pattern++) {
				pattern += *pattern == '\'';
				if (*s++ != *pattern)
					return false;
			}
			pattern += *pattern != '\0';
			continue;
		}
		pattern += *pattern == '\'';                        /* two are one */
		if (!isalpha((unsigned char)*pattern)) {
			if (*s++ != *pattern++)
				return false;
			continue;
		}
		while (pattern[length] == *pattern)
			length++;
		if ((used = take_part(&p, *pattern, length, s)) < 0)
			return false;
		s += used;
		pattern += length;
	}
	if (*s != '\0' || p.year < 0 || p.hour > 23 || (p.half >= 0 && (p.hour < 1 || p.hour > 12)))
		return false;
	if (p.half >= 0)
		p.hour = p.hour % 12 + p.half;
	snprintf(out, DATE_ROOM, "%04d-%02d-%02dT%02d:%02d:%02d%s%s", p.year, p.month, p.day, p.hour, p.minute, p.second, p.fraction,
	         p.zone);
	return true;
}

bool date_lacks_year(const char *s)
{
	int day = 0, hour = 0, minute = 0, second = 0, n = 0;
	char name[4];

	/* Three letters, then numbers that are no year. */
	return sscanf(s, " %3[A-Za-z] %2d %2d:%2d:%2d%n", name, &day, &hour, &minute, &second, &n) == 5 &&
	       (s[n] == '\0' || s[n] == '.' || s[n] == ' ');
}
