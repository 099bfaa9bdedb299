#include "analyst/readers/dates.h"

#include <ctype.h>
#include <stdio.h>

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

bool date_lacks_year(const char *s)
{
	int day = 0, hour = 0, minute = 0, second = 0, n = 0;
	char name[4];

	/* Three letters, then numbers that are no year. */
	return sscanf(s, " %3[A-Za-z] %2d %2d:%2d:%2d%n", name, &day, &hour, &minute, &second, &n) == 5 &&
	       (s[n] == '\0' || s[n] == '.' || s[n] == ' ');
}
