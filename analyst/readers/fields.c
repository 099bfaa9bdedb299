#include "analyst/readers/fields.h"
#include "analyst/base/text.h"
#include "analyst/readers/lines.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct named field_takes[] = {
	{ "time", TAKE_AT }, { "time-utc", TAKE_AT_UTC }, { "until", TAKE_UNTIL }, { "reported", TAKE_REPORTED },
	{ "id", TAKE_NATIVE_ID }, { "title", TAKE_TITLE }, { "product", TAKE_PRODUCT },
	{ "rule-id", TAKE_RULE_ID }, { "rule", TAKE_RULE_NAME }, { "category", TAKE_CATEGORY },
	{ "techniques", TAKE_TECHNIQUES }, { "tactics", TAKE_TACTICS }, { "severity", TAKE_SEVERITY },
	{ "confidence", TAKE_CONFIDENCE }, { "score", TAKE_SCORE }, { "action", TAKE_ACTION },
	{ "bytes-out", TAKE_BYTES_OUT }, { "bytes-in", TAKE_BYTES_IN }, { "count", TAKE_COUNT },
	{ "tenant", TAKE_TENANT }, { NULL, 0 }
};

/* What columns call their words, whatever the product. */
static const struct band common_severities[] = {
	{ "informational", 0, SEVERITY_INFO }, { "info", 0, SEVERITY_INFO }, { "low", 0, SEVERITY_LOW },
	{ "medium", 0, SEVERITY_MEDIUM }, { "moderate", 0, SEVERITY_MEDIUM }, { "high", 0, SEVERITY_HIGH },
	{ "critical", 0, SEVERITY_CRITICAL }, { "情報", 0, SEVERITY_INFO }, { "低", 0, SEVERITY_LOW },
	{ "中", 0, SEVERITY_MEDIUM }, { "高", 0, SEVERITY_HIGH }, { "重大", 0, SEVERITY_CRITICAL },
	{ "緊急", 0, SEVERITY_CRITICAL }, BANDS_END
};

static const struct named common_actions[] = {
	{ "allowed", ACTION_ALLOWED }, { "allow", ACTION_ALLOWED }, { "pass", ACTION_ALLOWED }, { "passed", ACTION_ALLOWED },
	{ "accept", ACTION_ALLOWED }, { "accepted", ACTION_ALLOWED }, { "permit", ACTION_ALLOWED }, { "permitted", ACTION_ALLOWED },
	{ "blocked", ACTION_BLOCKED }, { "block", ACTION_BLOCKED }, { "deny", ACTION_BLOCKED }, { "denied", ACTION_BLOCKED },
	{ "drop", ACTION_BLOCKED }, { "dropped", ACTION_BLOCKED }, { "reject", ACTION_BLOCKED }, { "rejected", ACTION_BLOCKED },
	{ "prevent", ACTION_BLOCKED }, { "prevented", ACTION_BLOCKED }, { "detected", ACTION_DETECTED },
	{ "detect", ACTION_DETECTED }, { "alert", ACTION_DETECTED }, { "monitor", ACTION_DETECTED },
	{ "monitored", ACTION_DETECTED }, { "quarantined", ACTION_QUARANTINED }, { "quarantine", ACTION_QUARANTINED },
	{ "許可", ACTION_ALLOWED }, { "遮断", ACTION_BLOCKED }, { "ブロック", ACTION_BLOCKED }, { "拒否", ACTION_BLOCKED },
	{ "検知", ACTION_DETECTED }, { "検知のみ", ACTION_DETECTED }, { "隔離", ACTION_QUARANTINED }, { NULL, 0 }
};

bool field_named(struct field *out, const char *name)
{
	const char *dot = strchr(name, '.');
	char kind[32];
	int value;

	memset(out, 0, sizeof(*out));
	if (dot == NULL && (value = table_value(field_takes, name, -1)) >= 0) {
		out->take = (enum take)value;
		return true;
	}
	snprintf(kind, sizeof(kind), "%.*s", dot != NULL ? (int)(dot - name) : (int)strlen(name), name);
	out->take = TAKE_ENTITY;
	if ((value = table_value(entity_kinds, kind, -1)) < 0)
		return false;
	out->kind = (enum entity_kind)value;
	if ((value = dot != NULL ? table_value(entity_roles, dot + 1, -1) : ROLE_OBSERVED) < 0)
		return false;
	out->role = (enum entity_role)value;
	return true;
}

const char *field_name(const struct field *field, char *out, size_t room)
{
	enum take as = field->take == TAKE_SCORE_OF_ONE ? TAKE_SCORE : field->take;

	if (field->take == TAKE_NOTHING)
		return NULL;
	if (field->take != TAKE_ENTITY)
		return table_name(field_takes, as);
	snprintf(out, room, "%s.%s", table_name(entity_kinds, field->kind), table_name(entity_roles, field->role));
	return out;
}

void filling_begin(struct filling *fi, struct alert *a, struct arena *arena, int assumed_offset)
{
	alert_clear(a);
	fi->alert = a;
	fi->arena = arena;
	fi->techniques.count = fi->tactics.count = 0;
	fi->taken = 0;
	fi->assumed_offset = assumed_offset;
	fi->bad_time = NULL;
}

/* strtod, but of the whole text and never infinite. Most numbers are a few digits. */
static bool number(double *out, const char *s)
{
	uint64_t whole = 0;
	char *end;
	int n = 0;

	while (n < 15 && s[n] >= '0' && s[n] <= '9')
		whole = whole * 10 + (uint64_t)(s[n++] - '0');
	if (n > 0 && s[n] == '\0') {
		*out = (double)whole;
		return true;
	}
	if (isalpha((unsigned char)s[0]))          /* a word; of strtod's the infinite and what is no number */
		return false;
	*out = strtod(s, &end);
	return end != s && *end == '\0' && isfinite(*out);
}

static bool whole_number(int64_t *out, const char *s)
{
	double v;

	if (!number(&v, s) || v < 0 || v > 9.0e15)
		return false;
	*out = (int64_t)v;
	return true;
}

enum severity severity_of(const struct band *bands, const char *s)
{
	enum severity got = SEVERITY_UNKNOWN;
	double v = 0;
	bool is_number = number(&v, s);

	for (; bands->word != NULL || bands->severity != (enum severity)-1; bands++) {
		if (bands->word != NULL && same_word(bands->word, s))
			return bands->severity;
		if (bands->word == NULL && is_number && v >= bands->from)
			got = bands->severity;
	}
	return got;
}

/* "2021-03-11 14:05:09 EST": where the zone's name begins, one that several zones have; or 0. */
static size_t zone_name_at(const char *s, size_t n)
{
	size_t at = n;

	while (at > 0 && s[at - 1] >= 'A' && s[at - 1] <= 'Z')
		at--;
	return n - at >= 3 && n - at <= 5 && at > 8 && s[at - 1] == ' ' && s[at - 2] >= '0' && s[at - 2] <= '9' ? at - 1 : 0;
}

/* Such a name means what the user says of the file's zone, if that was said. */
static bool parse_time(const struct filling *fi, instant *out, enum zone_origin *origin, const char *s, size_t n, bool utc)
{
	size_t without;

	if (instant_parse(out, origin, s, n, utc ? 0 : fi->assumed_offset))
		return true;
	without = fi->assumes_zone && !utc ? zone_name_at(s, n) : 0;
	return without > 0 && instant_parse(out, origin, s, without, fi->assumed_offset);
}

/* "Mar 11, 2021 @ 14:05:09.123". A year that is missing only the file can tell: take_time_text. */
static bool in_words(struct filling *fi, instant *out, enum zone_origin *origin, const char *s, size_t n, bool utc)
{
	const char *iso = n < 60 ? date_in_words(fi->arena, arena_dupn(fi->arena, s, n), 0) : NULL;

	return iso != NULL && parse_time(fi, out, origin, iso, strlen(iso), utc);
}

/* The shapes of FORMATS 1.2; "Aug 5th 2020 02:09:34 UTC" is none of them. Apart, because most values are no time. */
static __attribute__((noinline)) bool take_time(struct filling *fi, instant *out, const char *s, size_t n, bool utc)
{
	enum zone_origin origin = ZONE_NONE;
	char ordered[DATE_ROOM];

	s = trim(s, &n);
	if (fi->date_order != DATE_ORDER_UNKNOWN && date_ordered(ordered, s, n, fi->date_order)) {
		s = arena_dup(fi->arena, ordered);
		n = strlen(s);
	}
	if (n > 0 && strspn(s, "0.") >= n)          /* not filled in */
		return false;
	if (n > 0 && n <= 24 && strspn(s, "0123456789.") >= n && instant_parse_epoch(out, s, n)) {
		if (out == &fi->alert->at)
			fi->alert->zone = ZONE_BY_SPEC;
		return true;
	}
	if (!parse_time(fi, out, &origin, s, n, utc) && !in_words(fi, out, &origin, s, n, utc)) {
		fi->bad_time = fi->bad_time != NULL ? fi->bad_time : s;
		return false;
	}
	if (out == &fi->alert->at)
		fi->alert->zone = utc && origin != ZONE_GIVEN ? ZONE_BY_SPEC : origin;
	return true;
}

static bool is_said(const char *s)
{
	return s[0] != '\0' && (s[0] != '-' || s[1] != '\0');
}

/* Some hand on the quotes that were around a name. */
static const char *unquoted(struct arena *arena, const char *s, size_t n)
{
	return n > 2 && s[0] == '"' && s[n - 1] == '"' && memchr(s + 1, '"', n - 2) == NULL ? arena_dupn(arena, s + 1, n - 2) : s;
}

static bool fill(struct filling *fi, const struct field *field, const char *s, size_t n)
{
	struct alert *a = fi->alert;
	int64_t whole;
	double v;

	switch (field->take) {
	case TAKE_AT: case TAKE_AT_UTC:
		return take_time(fi, &a->at, s, n, field->take == TAKE_AT_UTC);
	case TAKE_UNTIL:
		return take_time(fi, &a->until, s, n, false);
	case TAKE_REPORTED:
		return take_time(fi, &a->reported, s, n, false);
	case TAKE_NATIVE_ID: a->native_id = s; break;
	case TAKE_TITLE: a->title = s; break;
	case TAKE_PRODUCT: a->rule.product = lower_ascii(fi->arena, s, n); break;
	case TAKE_RULE_ID: a->rule.id = s; break;
	case TAKE_RULE_NAME: a->rule.name = unquoted(fi->arena, s, n); break;
	case TAKE_CATEGORY: a->rule.category = s; break;
	case TAKE_TENANT: a->tenant = s; break;
	case TAKE_SEVERITY:
		a->severity_native = s;
		a->severity = severity_of(field->bands != NULL ? field->bands : common_severities, s);
		return a->severity != SEVERITY_UNKNOWN;
	case TAKE_CONFIDENCE:
		if (field->words != NULL && (a->confidence = (int)table_value(field->words, s, -1)) >= 0)
			break;
		if (field->words != NULL || !number(&v, s) || v < 0 || v > 100)
			return false;
		a->confidence = (int)v;
		break;
	case TAKE_SCORE: case TAKE_SCORE_OF_ONE:
		if (!number(&v, s) || v < 0 || v > (field->take == TAKE_SCORE ? 100 : 1))
			return false;
		a->score = field->take == TAKE_SCORE ? v : v * 100;
		break;
	case TAKE_ACTION:
		a->action = (enum action)table_value(field->words != NULL ? field->words : common_actions, s, ACTION_UNKNOWN);
		return a->action != ACTION_UNKNOWN;
	case TAKE_BYTES_OUT: return whole_number(&a->bytes_out, s);
	case TAKE_BYTES_IN: return whole_number(&a->bytes_in, s);
	case TAKE_COUNT:
		if (!whole_number(&whole, s) || whole < 1)
			return false;
		a->count = whole;
		break;
	default: return false;
	}
	return true;
}

void filling_take(struct filling *fi, const struct field *field, const char *s)
{
	if (s != NULL)
		filling_take_n(fi, field, s, strlen(s));
}

void filling_take_n(struct filling *fi, const struct field *field, const char *s, size_t n)
{
	/* Both kinds of time, and of score, fill one thing. */
	enum take as = field->take == TAKE_AT_UTC ? TAKE_AT : field->take == TAKE_SCORE_OF_ONE ? TAKE_SCORE : field->take;
	uint32_t bit = UINT32_C(1) << as;

	if (field->take == TAKE_NOTHING || !is_said(s))
		return;
	switch (field->take) {
	case TAKE_ENTITY:
		canon_addn(fi->alert, fi->arena, field->kind, field->role, s, n);
		break;
	case TAKE_TECHNIQUES:
		ids_add_techniques(&fi->techniques, s);
		break;
	case TAKE_TACTICS:
		ids_add_tactics(&fi->tactics, s);
		break;
	default:
		if ((fi->taken & bit) == 0 && fill(fi, field, s, n))
			fi->taken |= bit;
		break;
	}
}

const char *filling_end(struct filling *fi)
{
	struct alert *a = fi->alert;

	if (a->at == INSTANT_NONE && fi->bad_time != NULL && fi->date_order == DATE_ORDER_UNKNOWN &&
	    date_ordered(NULL, fi->bad_time, strlen(fi->bad_time), DATE_ORDER_UNKNOWN))
		return arena_printf(fi->arena, "no time: '%.60s' may begin with the day or the month: say which with --date-order",
		                    fi->bad_time);
	if (a->at == INSTANT_NONE && fi->bad_time != NULL && date_lacks_year(fi->bad_time))
		return arena_printf(fi->arena, "no time: '%.60s' has no year: say it with --year", fi->bad_time);
	if (a->at == INSTANT_NONE && fi->bad_time != NULL && zone_name_at(fi->bad_time, strlen(fi->bad_time)) > 0)
		return arena_printf(fi->arena, "no time: the zone of '%.60s' has several meanings: say it with --assume-tz", fi->bad_time);
	if (a->at == INSTANT_NONE && fi->bad_time != NULL)
		return arena_printf(fi->arena, "no time: '%.60s' is none that is known", fi->bad_time);
	if (a->at == INSTANT_NONE)
		return "no time";
	if (a->rule.name == NULL)
		return "no rule name";
	if (a->until == INSTANT_NONE || a->until < a->at)
		a->until = a->at;
	a->rule.techniques = ids_text(&fi->techniques, fi->arena);
	a->rule.tactics = ids_text(&fi->tactics, fi->arena);
	return NULL;
}
