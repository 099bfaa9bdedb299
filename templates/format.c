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
		return arena_printf(a, n % 10000 < 500 || n % 10000 >= 9500 || n >= 1000000 ? "%.0f万" : "%.1f万", (double)n / 1e4);
	return grouped(n, a);
}

struct unit {
	int64_t size;
	const char *one, *many;      /* English, with the space before it */
	const char *ja, *ja_joined;  /* Japanese alone, and when a smaller unit follows */
};

static const struct unit units[] = {
	{ DAY, " day", " days", "日間", "日" },
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

/* ---- ranges ---- */

static bool same_day(const struct civil *a, const struct civil *b)
{
	return a->year == b->year && a->month == b->month && a->day == b->day;
}

const char *story_range(enum language lang, instant first, instant last, const struct zone *z, enum when_form form, struct arena *a)
{
	const char *join = lang == LANGUAGE_JA ? "〜" : " – ", *from = story_when(lang, first, z, form, a), *to;
	struct civil f, l;

	if (first == INSTANT_NONE || last == INSTANT_NONE || strcmp(from, story_when(lang, last, z, form, a)) == 0)
		return from;
	f = civil_from(first, z);
	l = civil_from(last, z);
	if (form != WHEN_FULL || strcmp(f.abbreviation, l.abbreviation) != 0) {
		to = story_when(lang, last, z, form == WHEN_DAY_TIME && same_day(&f, &l) ? WHEN_TIME : form, a);
		return arena_printf(a, "%s%s%s", from, join, to);
	}
	from = arena_printf(a, "%s %s", story_when(lang, first, z, WHEN_DATE, a), story_when(lang, first, z, WHEN_TIME, a));
	to = story_when(lang, last, z, WHEN_TIME, a);
	if (!same_day(&f, &l))
		to = arena_printf(a, "%s %s", story_when(lang, last, z, WHEN_DATE, a), to);
	return arena_printf(a, "%s%s%s %s", from, join, to, l.abbreviation);
}

static const char *days_en_range(const struct civil *f, const struct civil *l, struct arena *a)
{
	if (f->year != l->year)
		return arena_printf(a, "%d %s %d – %d %s %d", f->day, months_long[f->month - 1], f->year, l->day, months_long[l->month - 1], l->year);
	if (f->month != l->month)
		return arena_printf(a, "%d %s – %d %s %d", f->day, months_long[f->month - 1], l->day, months_long[l->month - 1], l->year);
	if (f->day != l->day)
		return arena_printf(a, "%d–%d %s %d", f->day, l->day, months_long[l->month - 1], l->year);
	return arena_printf(a, "%d %s %d", f->day, months_long[f->month - 1], f->year);
}

static const char *days_ja_range(const struct civil *f, const struct civil *l, struct arena *a)
{
	const char *from = when_ja(f, WHEN_DATE, a);

	if (f->year != l->year)
		return arena_printf(a, "%s〜%s", from, when_ja(l, WHEN_DATE, a));
	if (f->month != l->month)
		return arena_printf(a, "%s〜%s", from, when_ja(l, WHEN_DAY, a));
	return f->day != l->day ? arena_printf(a, "%s〜%d日", from, l->day) : from;
}

const char *story_days(enum language lang, instant since, instant until, const struct zone *z, struct arena *a)
{
	struct civil f = civil_from(since, z), l = civil_from(until - 1, z);

	return lang == LANGUAGE_JA ? days_ja_range(&f, &l, a) : days_en_range(&f, &l, a);
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
