/* Numbers, spans and times as each language writes them (CONVENTIONS 2.3). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "templates/story.h"

static const char *const months_short[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const months_long[] = { "January", "February", "March", "April", "May", "June", "July", "August",
                                           "September", "October", "November", "December" };
static const char *const days_en[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
static const char *const days_ja[] = { "日", "月", "火", "水", "木", "金", "土" };

static const char *grouped(int64_t n, struct arena *a)
{
	char digits[32], out[48];
	size_t len, used = 0;

	snprintf(digits, sizeof(digits), "%" PRId64, n < 0 ? -n : n);
	len = strlen(digits);
	if (n < 0)
		out[used++] = '-';
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	return arena_dupn(a, out, used);
}

const char *story_count(enum language lang, int64_t n, struct arena *a)
{
	if (lang == LANGUAGE_JA && n >= 100000000)
		return arena_printf(a, "%.1f億", (double)n / 1e8);
	if (lang == LANGUAGE_JA && n >= 10000)
		return arena_printf(a, n % 10000 == 0 || n >= 1000000 ? "%.0f万" : "%.1f万", (double)n / 1e4);
	return grouped(n, a);
}

struct unit {
	int64_t size;
	const char *one, *many;      /* English, with the space before it */
	const char *ja, *ja_joined;  /* Japanese alone, and when a smaller unit follows */
};

static const struct unit units[] = {
	{ DAY, " day", " days", "日間", "日と" },
	{ HOUR, " h", " h", "時間", "時間" },
	{ MINUTE, " min", " min", "分", "分" },
	{ SECOND, " s", " s", "秒", "秒" },
};
#define UNITS (sizeof(units) / sizeof(units[0]))

/* Two neighbouring units at the most, the smaller one left out when it is nothing. */
const char *story_span(enum language lang, int64_t ns, struct arena *a)
{
	size_t u = 0;
	int64_t first, second;

	if (ns < 0)
		ns = ns == INT64_MIN ? INT64_MAX : -ns;
	if (ns < SECOND)
		return lang == LANGUAGE_JA ? "1秒未満" : "under a second";
	while (u + 1 < UNITS && ns < units[u].size)
		u++;
	first = ns / units[u].size;
	second = u + 1 < UNITS ? ns % units[u].size / units[u + 1].size : 0;
	if (lang == LANGUAGE_JA) {
		if (second == 0)
			return arena_printf(a, "%" PRId64 "%s", first, u == 2 ? "分" : units[u].ja);
		return arena_printf(a, "%" PRId64 "%s%" PRId64 "%s", first, units[u].ja_joined, second, units[u + 1].ja);
	}
	if (second == 0)
		return arena_printf(a, "%" PRId64 "%s", first, first == 1 ? units[u].one : units[u].many);
	return arena_printf(a, "%" PRId64 "%s %" PRId64 "%s", first, first == 1 ? units[u].one : units[u].many, second,
	                    second == 1 ? units[u + 1].one : units[u + 1].many);
}

static const char *when_en(const struct civil *c, enum when_form form, struct arena *a)
{
	switch (form) {
	case WHEN_FULL:
		return arena_printf(a, "%d %s %d %02d:%02d:%02d %s", c->day, months_short[c->month - 1], c->year, c->hour,
		                    c->minute, c->second, c->abbreviation);
	case WHEN_DAY:
		return arena_printf(a, "%d %s", c->day, months_long[c->month - 1]);
	case WHEN_DAY_TIME:
		return arena_printf(a, "%d %s %02d:%02d:%02d", c->day, months_short[c->month - 1], c->hour, c->minute, c->second);
	case WHEN_TIME:
		return arena_printf(a, "%02d:%02d:%02d", c->hour, c->minute, c->second);
	case WHEN_TIME_SHORT:
		return arena_printf(a, "%02d:%02d", c->hour, c->minute);
	case WHEN_DATE:
		return arena_printf(a, "%d %s %d", c->day, months_short[c->month - 1], c->year);
	case WHEN_WEEKDAY_TIME:
		return arena_printf(a, "%s %02d:%02d", days_en[c->weekday], c->hour, c->minute);
	}
	return "";
}

static const char *when_ja(const struct civil *c, enum when_form form, struct arena *a)
{
	switch (form) {
	case WHEN_FULL:
		return arena_printf(a, "%d年%d月%d日 %02d:%02d:%02d %s", c->year, c->month, c->day, c->hour, c->minute,
		                    c->second, c->abbreviation);
	case WHEN_DAY:
		return arena_printf(a, "%d月%d日", c->month, c->day);
	case WHEN_DAY_TIME:
		return arena_printf(a, "%d月%d日 %02d:%02d:%02d", c->month, c->day, c->hour, c->minute, c->second);
	case WHEN_TIME:
		return arena_printf(a, "%02d:%02d:%02d", c->hour, c->minute, c->second);
	case WHEN_TIME_SHORT:
		return arena_printf(a, "%02d:%02d", c->hour, c->minute);
	case WHEN_DATE:
		return arena_printf(a, "%d年%d月%d日", c->year, c->month, c->day);
	case WHEN_WEEKDAY_TIME:
		return arena_printf(a, "%d日(%s) %02d:%02d", c->day, days_ja[c->weekday], c->hour, c->minute);
	}
	return "";
}

const char *story_when(enum language lang, instant t, const struct zone *z, enum when_form form, struct arena *a)
{
	struct civil c;

	if (t == INSTANT_NONE)
		return "\xE2\x80\x93";
	c = civil_from(t, z);
	return lang == LANGUAGE_JA ? when_ja(&c, form, a) : when_en(&c, form, a);
}

/* Decimal units, as products and providers count traffic; three figures at the most. */
const char *story_bytes(enum language lang, int64_t n, struct arena *a)
{
	static const char *const names[] = { "bytes", "kB", "MB", "GB", "TB", "PB" };
	double value = (double)n;
	size_t u = 0;

	for (; value >= 999.5 && u + 1 < sizeof(names) / sizeof(names[0]); u++)
		value /= 1000;
	if (u == 0)
		return arena_printf(a, lang == LANGUAGE_JA ? "%" PRId64 "バイト" : "%" PRId64 " bytes", n);
	return arena_printf(a, value < 99.95 ? "%.1f %s" : "%.0f %s", value, names[u]);
}
