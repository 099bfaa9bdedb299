#include "analyst/base/instant.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "analyst/base/arena.h"

/* Days since 1970-01-01 of a date of the Gregorian calendar, and back; counting
 * from 1 March puts the leap day last, so that a year is a plain polynomial. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	int64_t era, year_of_era, day_of_year;

	year -= month <= 2;
	era = (year >= 0 ? year : year - 399) / 400;
	year_of_era = year - era * 400;
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t era, day_of_era, year_of_era, day_of_year, shifted;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	day_of_era = days - era * 146097;
	year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	shifted = (5 * day_of_year + 2) / 153;
	*day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
	*month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
	*year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (month == 2 && (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
		return 29;
	return days[month - 1];
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* ---- parsing ---- */

struct cursor {
	const char *s, *end;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_digits(struct cursor *c, int n, int *out)
{
	int value = 0;

	if (c->end - c->s < n)
		return false;
	for (int i = 0; i < n; i++, c->s++) {
		if (!is_digit(*c->s))
			return false;
		value = value * 10 + (*c->s - '0');
	}
	*out = value;
	return true;
}

/* One of the two. */
static bool take_char(struct cursor *c, char one, char other)
{
	if (c->s == c->end || (*c->s != one && *c->s != other))
		return false;
	c->s++;
	return true;
}

static bool take_fraction(struct cursor *c, int *nanoseconds)
{
	int scale = 100000000, digits = 0;

	*nanoseconds = 0;
	if (!take_char(c, '.', ','))
		return true;
	for (; c->s < c->end && is_digit(*c->s); c->s++, digits++) {
		*nanoseconds += (*c->s - '0') * scale;
		scale /= 10;
	}
	return digits > 0 && digits <= 9;
}

static const struct {
	const char *name;
	int offset;
} known_zones[] = { { "Z", 0 }, { "UTC", 0 }, { "GMT", 0 }, { "JST", 9 * 3600 } };

static bool zone_by_name(const char *s, size_t n, int *offset)
{
	for (size_t i = 0; i < sizeof(known_zones) / sizeof(known_zones[0]); i++)
		if (strlen(known_zones[i].name) == n && strncasecmp(known_zones[i].name, s, n) == 0) {
			*offset = known_zones[i].offset;
			return true;
		}
	return false;
}

/* +09:00, +0900, +09 */
static bool take_offset(struct cursor *c, int *offset)
{
	int hours, minutes = 0, sign = *c->s == '-' ? -1 : 1;

	c->s++;
	if (!take_digits(c, 2, &hours))
		return false;
	if (c->s < c->end) {
		take_char(c, ':', ':');
		if (!take_digits(c, 2, &minutes))
			return false;
	}
	*offset = sign * (hours * 3600 + minutes * 60);
	return hours <= 18 && minutes <= 59;
}

static bool take_zone(struct cursor *c, int assumed, int *offset, enum zone_origin *origin)
{
	while (c->s < c->end && *c->s == ' ')
		c->s++;
	if (c->s == c->end) {
		*offset = assumed;
		*origin = ZONE_ASSUMED;
		return true;
	}
	*origin = ZONE_GIVEN;
	/* "GMT+09:00" as Java writes offsets, east of Greenwich. */
	if (c->end - c->s > 3 && (*c->s == 'G' || *c->s == 'U') && (strncmp(c->s, "GMT", 3) == 0 || strncmp(c->s, "UTC", 3) == 0) &&
	    (c->s[3] == '+' || c->s[3] == '-'))
		c->s += 3;
	if (*c->s == '+' || *c->s == '-')
		return take_offset(c, offset) && c->s == c->end;
	return zone_by_name(c->s, (size_t)(c->end - c->s), offset);
}

/* Two digits or, where spreadsheets and PowerShell leave the nought out, one. */
static bool take_short(struct cursor *c, bool one_will_do, int *out)
{
	bool one = one_will_do && c->end > c->s && (c->end - c->s == 1 || !is_digit(c->s[1]));

	return take_digits(c, one ? 1 : 2, out);
}

#define AFTER_2200 INT64_C(7289654400)     /* 2201-01-01 in seconds */

/* "2021/3/3 4:20:31" has the year first, so that it can be nothing else. */
bool instant_parse(instant *out, enum zone_origin *origin, const char *s, size_t n, int assumed_offset)
{
	struct cursor c = { s, s + n };
	int year, month, day, hour = 0, minute = 0, second = 0, nano = 0, offset = 0;
	int64_t seconds;
	enum zone_origin unused;
	bool spreadsheet = n > 4 && s[4] == '/', spaced;

	if (origin == NULL)
		origin = &unused;
	if (!take_digits(&c, 4, &year) || !take_char(&c, '-', '/') || !take_short(&c, spreadsheet, &month) ||
	    !take_char(&c, '-', '/') || !take_short(&c, spreadsheet, &day))
		return false;
	if (c.s < c.end && (*c.s == 'T' || *c.s == 't' || *c.s == ' ')) {
		spaced = *c.s++ == ' ';
		if (!take_short(&c, spaced, &hour) || !take_char(&c, ':', ':') || !take_digits(&c, 2, &minute))
			return false;
		if (take_char(&c, ':', ':') && (!take_digits(&c, 2, &second) || !take_fraction(&c, &nano)))
			return false;
	}
	if (!take_zone(&c, assumed_offset, &offset, origin))
		return false;
	if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 || day > month_days(year, month) ||
	    hour > 23 || minute > 59 || second > 60)
		return false;
	seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
	/* The zone may carry it out of the first year or the last. */
	if (seconds < 0 || seconds >= AFTER_2200)
		return false;
	*out = seconds * SECOND + nano;
	return true;
}

/* 1990-01-01 and 2200-01-01 in seconds: within them the units cannot be confused. */
#define EARLIEST INT64_C(631152000)
#define LATEST INT64_C(7258118400)

/* Windows and directories count steps of 100 ns from 1601 on: eighteen digits, which no epoch of ours has. */
#define FILE_TIME_EPOCH INT64_C(11644473600)

static bool take_file_time(instant *out, int64_t steps)
{
	int64_t seconds = steps / 10000000 - FILE_TIME_EPOCH;

	if (seconds < EARLIEST || seconds >= LATEST)
		return false;
	*out = seconds * SECOND + steps % 10000000 * 100;
	return true;
}

bool instant_parse_epoch(instant *out, const char *s, size_t n)
{
	int64_t whole = 0, unit;
	int digits = 0, nano = 0;
	struct cursor c = { s, s + n };

	for (; c.s < c.end && is_digit(*c.s); c.s++, digits++) {
		if (digits == 18 && whole > (INT64_MAX - 9) / 10)
			return false;
		if (digits > 18)
			return false;
		whole = whole * 10 + (*c.s - '0');
	}
	if (digits == 0)
		return false;
	for (unit = 1; unit <= SECOND; unit *= 1000)
		if (whole / unit >= EARLIEST && whole / unit < LATEST)
			break;
	if (unit > SECOND)
		return c.s == c.end && take_file_time(out, whole);
	if (c.s < c.end && *c.s == '.') {
		/* More than nine digits of a fraction say nothing here: ten figures of
		 * seconds and nine of nanoseconds fill an instant. */
		if (c.end - c.s > 10)
			c.end = c.s + 10;
		if (!take_fraction(&c, &nano))
			return false;
	}
	if (c.s != c.end)
		return false;
	*out = whole * (SECOND / unit) + nano / unit;
	return true;
}

instant instant_from_seconds(int64_t seconds)
{
	return seconds > INT64_MAX / SECOND || seconds < INT64_MIN / SECOND ? INSTANT_NONE : seconds * SECOND;
}

void instant_utc(char out[INSTANT_ROOM], instant t)
{
	int year, month, day;
	int64_t seconds = floor_div(t, SECOND), days = floor_div(seconds, 86400), left = seconds - days * 86400;
	int milliseconds = (int)((t - seconds * SECOND) / 1000000);

	if (t == INSTANT_NONE) {
		out[0] = '\0';
		return;
	}
	civil_from_days(days, &year, &month, &day);
	if (milliseconds != 0)
		snprintf(out, INSTANT_ROOM, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day,
		         (int)(left / 3600), (int)(left / 60 % 60), (int)(left % 60), milliseconds);
	else
		snprintf(out, INSTANT_ROOM, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day,
		         (int)(left / 3600), (int)(left / 60 % 60), (int)(left % 60));
}

/* ---- zones ---- */

/* The transitions of a TZif file (RFC 8536), as far as it lists them; after the last
 * one its last rule is kept, which is right for zones without summer time and said
 * in the manual for the others. */
struct zone_rules {
	size_t count;
	int64_t *from;           /* seconds */
	int *offset;
	char (*abbreviation)[12];
	int first_offset;
	char first_abbreviation[12];
};

static int64_t big_endian(const unsigned char *p, int bytes)
{
	uint64_t v = (p[0] & 0x80) ? UINT64_MAX : 0;

	for (int i = 0; i < bytes; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

struct tzif {
	const unsigned char *at;
	size_t left;
	uint32_t utc_flags, std_flags, leaps, times, types, chars;
};

static bool tzif_header(struct tzif *z, const unsigned char *p, size_t n)
{
	if (n < 44 || memcmp(p, "TZif", 4) != 0)
		return false;
	z->utc_flags = (uint32_t)big_endian(p + 20, 4);
	z->std_flags = (uint32_t)big_endian(p + 24, 4);
	z->leaps = (uint32_t)big_endian(p + 28, 4);
	z->times = (uint32_t)big_endian(p + 32, 4);
	z->types = (uint32_t)big_endian(p + 36, 4);
	z->chars = (uint32_t)big_endian(p + 40, 4);
	z->at = p + 44;
	z->left = n - 44;
	return z->times < 10000 && z->types > 0 && z->types < 256 && z->chars < 4096 && z->leaps < 1000 &&
	       z->utc_flags <= z->types && z->std_flags <= z->types;
}

static size_t tzif_body(const struct tzif *z, size_t time_size)
{
	return z->times * (time_size + 1) + z->types * 6 + z->chars + z->leaps * (time_size + 4) + z->std_flags +
	       z->utc_flags;
}

static struct zone_rules *rules_from_tzif(const unsigned char *bytes, size_t n)
{
	struct tzif z;
	struct zone_rules *r;
	const unsigned char *index, *types, *names;

	if (!tzif_header(&z, bytes, n) || bytes[4] < '2' || tzif_body(&z, 4) > z.left)
		return NULL;
	n = z.left - tzif_body(&z, 4);
	if (!tzif_header(&z, z.at + tzif_body(&z, 4), n) || tzif_body(&z, 8) > z.left)
		return NULL;
	index = z.at + z.times * 8;
	types = index + z.times;
	names = types + z.types * 6;
	r = must_alloc(sizeof(*r));
	r->count = z.times;
	r->from = must_alloc(z.times * sizeof(*r->from) + 1);
	r->offset = must_alloc(z.times * sizeof(*r->offset) + 1);
	r->abbreviation = must_alloc(z.times * sizeof(*r->abbreviation) + 1);
	for (size_t i = 0; i <= z.times; i++) {
		size_t type = i < z.times ? index[i] : 0;
		const unsigned char *t = types + (type < z.types ? type : 0) * 6;
		char *name = i < z.times ? r->abbreviation[i] : r->first_abbreviation;

		snprintf(name, 12, "%.11s", t[5] < z.chars ? (const char *)names + t[5] : "");
		if (i < z.times) {
			r->from[i] = big_endian(z.at + i * 8, 8);
			r->offset[i] = (int)big_endian(t, 4);
		} else {
			r->first_offset = (int)big_endian(t, 4);
		}
	}
	return r;
}

static struct zone_rules *rules_load(const char *name)
{
	char path[128];
	unsigned char *bytes;
	struct zone_rules *r = NULL;
	size_t n;
	FILE *in;

	if (strstr(name, "..") != NULL || name[0] == '/' ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") != strlen(name))
		return NULL;
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	if ((in = fopen(path, "rb")) == NULL)
		return NULL;
	bytes = must_alloc(65536);
	n = fread(bytes, 1, 65535, in);
	if (n > 0 && !ferror(in))
		r = rules_from_tzif(bytes, n);
	free(bytes);
	fclose(in);
	return r;
}

int zone_load(struct zone *out, const char *name, struct fault *f)
{
	struct cursor c = { name, name + strlen(name) };
	size_t n = strlen(name);

	memset(out, 0, sizeof(*out));
	if (n == 0 || n >= sizeof(out->name))
		return fault_set(f, FAULT_USAGE, "'%.80s' is no time zone: give a name as Asia/Tokyo, or an offset as +09:00", name);
	memcpy(out->name, name, n);
	if (zone_by_name(name, n, &out->fixed))
		return 0;
	if ((name[0] == '+' || name[0] == '-') && take_offset(&c, &out->fixed) && c.s == c.end)
		return 0;
	out->rules = rules_load(name);
	if (out->rules == NULL)
		return fault_set(f, FAULT_USAGE, "no time zone named '%.80s': give a name as Asia/Tokyo, or an offset as +09:00", name);
	return 0;
}

void zone_free(struct zone *z)
{
	if (z->rules == NULL)
		return;
	free(z->rules->from);
	free(z->rules->offset);
	free(z->rules->abbreviation);
	free(z->rules);
	z->rules = NULL;
}

static int zone_offset(const struct zone *z, int64_t seconds, const char **abbreviation)
{
	const struct zone_rules *r = z->rules;
	size_t low = 0, high;

	*abbreviation = z->name;
	if (r == NULL)
		return z->fixed;
	for (high = r->count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (r->from[middle] <= seconds)
			low = middle + 1;
		else
			high = middle;
	}
	*abbreviation = low > 0 ? r->abbreviation[low - 1] : r->first_abbreviation;
	return low > 0 ? r->offset[low - 1] : r->first_offset;
}

struct civil civil_from(instant t, const struct zone *z)
{
	struct civil c;
	int64_t seconds = floor_div(t, SECOND), days, left;
	const char *abbreviation;

	c.nanosecond = (int)((t % SECOND + SECOND) % SECOND);     /* seconds * SECOND may lie below what fits */
	c.offset = zone_offset(z, seconds, &abbreviation);
	snprintf(c.abbreviation, sizeof(c.abbreviation), "%.11s", strcmp(abbreviation, "Z") == 0 ? "UTC" : abbreviation);
	seconds += c.offset;
	days = floor_div(seconds, 86400);
	left = seconds - days * 86400;
	civil_from_days(days, &c.year, &c.month, &c.day);
	c.hour = (int)(left / 3600);
	c.minute = (int)(left / 60 % 60);
	c.second = (int)(left % 60);
	c.weekday = (int)((days % 7 + 11) % 7);      /* 1970-01-01 was a Thursday */
	return c;
}

instant civil_to_instant(int year, int month, int day, int hour, int minute, int second, const struct zone *z)
{
	int64_t local = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
	const char *unused;
	int64_t guess = local - zone_offset(z, local, &unused);

	/* Once more with the offset in force there: exact but for the hour that a
	 * change of the clock skips or repeats. */
	return (local - zone_offset(z, guess, &unused)) * SECOND;
}

int civil_week(const struct civil *c, int *year)
{
	int64_t day = days_from_civil(c->year, c->month, c->day);
	int64_t thursday = day - (c->weekday + 6) % 7 + 3;
	int y, m, d;

	civil_from_days(thursday, &y, &m, &d);
	*year = y;
	return (int)((thursday - days_from_civil(y, 1, 1)) / 7 + 1);
}

bool instant_parse_option(instant *out, const char *s, const struct zone *z)
{
	enum zone_origin origin;
	struct civil c;

	if (!instant_parse(out, &origin, s, strlen(s), 0))
		return false;
	if (origin != ZONE_GIVEN) {
		const struct zone utc = { .name = "UTC" };

		c = civil_from(*out, &utc);
		*out = civil_to_instant(c.year, c.month, c.day, c.hour, c.minute, c.second, z) + c.nanosecond;
	}
	return true;
}

int instant_now(instant *out, instant fallback, struct fault *f)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *end;
	long long seconds;

	*out = fallback;
	if (epoch == NULL || epoch[0] == '\0')
		return 0;
	errno = 0;
	seconds = strtoll(epoch, &end, 10);
	if (errno != 0 || *end != '\0' || seconds < 0 || seconds >= LATEST)
		return fault_set(f, FAULT_USAGE, "SOURCE_DATE_EPOCH is '%.40s', not whole seconds since 1970", epoch);
	*out = seconds * SECOND;
	return 0;
}

int64_t clock_monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}
