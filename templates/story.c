/* Fills the facts of a beat into a phrase: pieces of text with a style each. */
#include <stdlib.h>
#include <string.h>

#include "analyst/base/columns.h"
#include "analyst/base/text.h"
#include "analyst/readers/refang.h"
#include "templates/phrases.h"

#define NESTING 6

struct filling {
	const struct phrases *phrases;
	enum language lang;
	enum register_ reg;
	const struct fact *facts;
	size_t fact_count;
	const struct zone *zone;
	struct arena *arena;
	struct run *runs;
	size_t count, room;
	size_t used, space;              /* bytes of the last run's text, and what it may grow to where it lies */
	bool strong;
	bool begun, literal_first;       /* whether the sentence begins with words of ours */
};

static const struct zone utc = { .name = "UTC" };

/* ---- runs ---- */

/* A template may name a fact thousands of times: what is said grows in place. */
static void lengthen(struct filling *fi, struct run *last, const char *s, size_t n)
{
	char *text = (char *)(uintptr_t)last->text;

	if (fi->used + n >= fi->space) {
		fi->space = 2 * (fi->used + n) + 1;
		text = memcpy(arena_alloc(fi->arena, fi->space), last->text, fi->used);
	}
	memcpy(text + fi->used, s, n);
	text[fi->used += n] = '\0';
	last->text = text;
}

static void emit(struct filling *fi, const char *s, size_t n, enum run_style style)
{
	struct run *last = fi->count > 0 ? &fi->runs[fi->count - 1] : NULL;

	if (n == 0)
		return;
	if (style == RUN_PLAIN && fi->strong)
		style = RUN_STRONG;
	if (last != NULL && last->style == style && style != RUN_CODE) {
		lengthen(fi, last, s, n);
		return;
	}
	if (fi->count == fi->room) {
		struct run *old = fi->runs;

		fi->room = fi->room > 0 ? fi->room * 2 : 16;
		fi->runs = ARENA_ARRAY(fi->arena, struct run, fi->room);
		if (fi->count > 0)
			memcpy(fi->runs, old, fi->count * sizeof(*old));
	}
	fi->runs[fi->count++] = (struct run){ "", style };
	fi->used = fi->space = 0;
	lengthen(fi, &fi->runs[fi->count - 1], s, n);
}

static void emit_data(struct filling *fi, const char *s, enum run_style style, bool defang)
{
	struct text harmless = { 0 }, shown = { 0 };

	if (defang)
		text_add_defanged(&harmless, s);
	else
		text_add(&harmless, s);
	text_add_shown(&shown, text_str(&harmless), harmless.used);
	if (!fi->begun)
		fi->literal_first = false;
	fi->begun = true;
	emit(fi, text_str(&shown), shown.used, style);
	text_free(&harmless);
	text_free(&shown);
}

/* Optional groups bring their own spaces: two that meet are one, and a sentence begins with none. */
static bool ends_with_space(const struct filling *fi)
{
	const char *last = fi->count > 0 ? fi->runs[fi->count - 1].text : " ";
	size_t n = strlen(last);

	return n > 0 && last[n - 1] == ' ';
}

static void take_back(struct filling *fi, size_t n);

static bool begins(const char *s, size_t n, const char *with)
{
	return n >= strlen(with) && memcmp(s, with, strlen(with)) == 0;
}

/* 3日間 stands alone; behind it 後 and 間隔 want 3日. */
static void join_days(struct filling *fi, const char *s, size_t n)
{
	static const char days[] = "日間", counter[] = "間";
	const struct run *last = fi->count > 0 ? &fi->runs[fi->count - 1] : NULL;

	if (fi->lang != LANGUAGE_JA || last == NULL || fi->used < strlen(days) || !(begins(s, n, "後") || begins(s, n, "間隔")))
		return;
	if (strcmp(last->text + fi->used - strlen(days), days) == 0)
		take_back(fi, strlen(counter));
}

static void emit_words(struct filling *fi, const char *s, size_t n)
{
	if (n > 0 && s[0] == ' ' && ends_with_space(fi)) {
		s++;
		n--;
	}
	join_days(fi, s, n);
	if (n > 0 && !fi->begun)
		fi->literal_first = true;
	fi->begun |= n > 0;
	emit(fi, s, n, RUN_PLAIN);
}

/* ---- facts ---- */

static const struct fact *find_fact(const struct filling *fi, const char *name, size_t n)
{
	for (size_t i = 0; i < fi->fact_count; i++)
		if (strlen(fi->facts[i].name) == n && memcmp(fi->facts[i].name, name, n) == 0)
			return &fi->facts[i];
	return NULL;
}

static bool expand(struct filling *fi, const char *s, const char *end, int depth);

static const struct {
	const char *name;
	enum when_form form;
} forms[] = {
	{ "full", WHEN_FULL }, { "day", WHEN_DAY }, { "time", WHEN_TIME }, { "clock", WHEN_TIME_SHORT },
	{ "date", WHEN_DATE }, { "weekday", WHEN_WEEKDAY_TIME }, { "day-time", WHEN_DAY_TIME },
};

static const char *time_text(const struct filling *fi, instant t, const char *form, size_t n)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (strlen(forms[i].name) == n && memcmp(forms[i].name, form, n) == 0)
			return story_when(fi->lang, t, fi->zone, forms[i].form, fi->arena);
	if (n == 4 && memcmp(form, "zone", 4) == 0) {
		struct civil c = civil_from(t, fi->zone);

		return arena_dup(fi->arena, c.abbreviation);
	}
	return story_when(fi->lang, t, fi->zone, WHEN_DAY_TIME, fi->arena);
}

/* "12 requests": the noun after a number, in the form that fits. */
static void emit_number(struct filling *fi, int64_t value, const char *form, size_t n)
{
	const char *number = story_count(fi->lang, value, fi->arena), *bar = memchr(form, '|', n);

	emit_words(fi, number, strlen(number));
	if (bar == NULL)
		return;
	emit_words(fi, " ", 1);
	if (value == 1)
		emit_words(fi, form, (size_t)(bar - form));
	else
		emit_words(fi, bar + 1, n - (size_t)(bar - form) - 1);
}

/* To the unit that a headline needs: 33 min, not 33 min 13 s. */
static int64_t rough(int64_t span)
{
	int64_t unit = span >= 2 * DAY ? DAY : span >= 2 * HOUR ? HOUR : span >= 2 * MINUTE ? MINUTE : SECOND;

	return (span + unit / 2) / unit * unit;
}

/* A command, an account or a user agent is shown as it was written, but for the links in it: nobody shall open one by a
 * click. */
static bool is_defanged(enum fact_kind kind, const char *s)
{
	return kind == FACT_NAME || (kind != FACT_TEXT && strstr(s, "://") != NULL);
}

/* A name may be of any length; a sentence, and a briefing of one page, need words. What tells machines of one site apart
 * stands at the beginning or at the end. */
#define NAME_COLUMNS 84
#define NAME_END 30

static const char *abridged(struct filling *fi, enum fact_kind kind, const char *s)
{
	size_t columns = text_columns(s), passed = 0, head = 0, tail = 0, n = strlen(s), taken;

	if (columns <= NAME_COLUMNS || kind == FACT_TEXT || (kind == FACT_CODE && strchr(s, ' ') != NULL))
		return s;                /* a command was cut where it was gathered, and its beginning says most */
	for (size_t at = 0; at < n && tail == 0; at += taken) {
		passed += (size_t)rune_columns(utf8_next(s + at, n - at, &taken));
		if (passed <= NAME_COLUMNS - NAME_END)
			head = at + taken;
		if (passed >= columns - NAME_END)
			tail = at + taken;
	}
	return arena_printf(fi->arena, "%.*s\xE2\x80\xA6%s", (int)head, s, s + tail);
}

static void emit_item(struct filling *fi, enum fact_kind kind, const char *s)
{
	/* Of a name with blanks each word may be a host. */
	if (kind == FACT_TEXT || (kind == FACT_NAME && strchr(s, ' ') != NULL))
		s = prose_defanged(fi->arena, s);
	emit_data(fi, s, kind == FACT_NAME || kind == FACT_CODE ? RUN_CODE : RUN_PLAIN, is_defanged(kind, s));
}

/* "SSL.Anonymous.Ciphers" is no host because it has dots; a rule may still name one. */
static void emit_rule(struct filling *fi, const char *s)
{
	emit_data(fi, prose_defanged(fi->arena, s), RUN_CODE, false);
}

static void emit_list(struct filling *fi, const struct fact *fa)
{
	for (size_t i = 0; i < fa->item_count; i++) {
		bool last = i + 1 == fa->item_count;
		const char *between = fi->lang == LANGUAGE_JA ? (last ? "および" : "、") : last ? " and " : ", ";

		if (i > 0)
			emit_words(fi, between, strlen(between));
		emit_item(fi, fa->item_kind, abridged(fi, fa->item_kind, fa->items[i]));
	}
}

static bool emit_fact(struct filling *fi, const struct fact *fa, const char *form, size_t n, int depth)
{
	const struct phrase *nested;
	const char *s;

	if (fa->kind == FACT_NAME && strcmp(fa->name, "rule") == 0) {
		emit_rule(fi, fa->text);
		return true;
	}
	switch (fa->kind) {
	case FACT_TEXT:
	case FACT_HOST:
	case FACT_NAME:
	case FACT_CODE:
		/* {what:whole} is a sentence that was told already. */
		emit_item(fi, fa->kind, n == 5 && memcmp(form, "whole", 5) == 0 ? fa->text : abridged(fi, fa->kind, fa->text));
		return true;
	case FACT_NUMBER:
		emit_number(fi, fa->value, form, n);
		return true;
	case FACT_TIME:
		s = time_text(fi, fa->value, form, n);
		break;
	case FACT_SPAN:
		s = n == 5 && memcmp(form, "rough", 5) == 0 ? story_span(fi->lang, rough(fa->value), fi->arena)
		                                            : story_span(fi->lang, fa->value, fi->arena);
		break;
	case FACT_BYTES:
		s = story_bytes(fi->lang, fa->value, fi->arena);
		break;
	case FACT_LIST:
		if (n > 0)
			emit_number(fi, (int64_t)fa->item_count, form, n);
		else
			emit_list(fi, fa);
		return true;
	case FACT_PHRASE:
		nested = phrase_find(fi->phrases, fa->text);
		if (nested == NULL || depth >= NESTING)
			return false;
		s = nested->pattern[fi->lang];
		return expand(fi, s, s + strlen(s), depth + 1);
	default:
		return false;
	}
	emit_words(fi, s, strlen(s));
	return true;
}

/* {name} or {name:form} between s and end; false when the fact is missing. */
static bool expand_fact(struct filling *fi, const char *s, const char *end, int depth)
{
	const char *colon = memchr(s, ':', (size_t)(end - s));
	const char *name_end = colon != NULL ? colon : end;
	const struct fact *fa = find_fact(fi, s, (size_t)(name_end - s));

	if (fa == NULL)
		return false;
	return emit_fact(fi, fa, colon != NULL ? colon + 1 : end, colon != NULL ? (size_t)(end - colon - 1) : 0, depth);
}

/* ---- groups ---- */

static const char *closing(const char *s, const char *end)
{
	int depth = 0;

	for (; s < end; s++) {
		depth += *s == '[';
		if (*s == ']' && --depth == 0)
			return s;
	}
	return NULL;
}

/* "name? rest" or "name! rest": the condition decides, and what is left is the group's text. */
static const char *condition(const struct filling *fi, const char *s, const char *end, bool *holds)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz-");

	*holds = true;
	if (n == 0 || s + n >= end || (s[n] != '?' && s[n] != '!') )
		return s;
	*holds = (find_fact(fi, s, n) != NULL) == (s[n] == '?');
	s += n + 1;
	/* Japanese sets no spaces between words. */
	return fi->lang == LANGUAGE_JA && *s == ' ' ? s + 1 : s;
}

/* Tries the group on a copy of the state, so that a missing fact leaves no trace. */
static void expand_group(struct filling *fi, const char *s, const char *end, int depth)
{
	struct filling before = *fi;
	struct run last = fi->count > 0 ? fi->runs[fi->count - 1] : (struct run){ NULL, RUN_PLAIN };
	bool holds;

	s = condition(fi, s, end, &holds);
	if (holds && depth < NESTING && expand(fi, s, end, depth + 1))
		return;
	*fi = before;
	if (fi->count > 0) {
		fi->runs[fi->count - 1] = last;
		((char *)(uintptr_t)last.text)[fi->used] = '\0';
	}
}

#define REGISTER_OPEN "\xE3\x80\x88"     /* 〈 */
#define REGISTER_CLOSE "\xE3\x80\x89"    /* 〉 */

static const char *expand_register(struct filling *fi, const char *s, const char *end, int depth, bool *ok)
{
	const char *close = strstr(s, REGISTER_CLOSE), *bar;

	if (close == NULL || close > end || (bar = memchr(s, '|', (size_t)(close - s))) == NULL) {
		*ok = false;
		return end;
	}
	if (fi->reg == REGISTER_WEEKLY)
		*ok = expand(fi, s, bar, depth);
	else
		*ok = expand(fi, bar + 1, close, depth);
	return close + strlen(REGISTER_CLOSE);
}

static bool expand(struct filling *fi, const char *s, const char *end, int depth)
{
	bool ok = true;

	while (s < end && ok) {
		size_t plain = 0;
		const char *close;

		while (s + plain < end && strchr("{[*", s[plain]) == NULL && strncmp(s + plain, REGISTER_OPEN, 3) != 0)
			plain++;
		emit_words(fi, s, plain);
		s += plain;
		if (s >= end)
			break;
		if (*s == '{') {
			close = memchr(s, '}', (size_t)(end - s));
			ok = close != NULL && expand_fact(fi, s + 1, close, depth);
			s = close != NULL ? close + 1 : end;
		} else if (*s == '[') {
			if ((close = closing(s, end)) == NULL)
				return false;
			expand_group(fi, s + 1, close, depth);
			s = close + 1;
		} else if (*s == '*') {
			fi->strong = !fi->strong;
			s++;
		} else {
			s = expand_register(fi, s + strlen(REGISTER_OPEN), end, depth, &ok);
		}
	}
	return ok;
}

/* ---- sentences ---- */

static void capitalise(struct filling *fi)
{
	char *first;

	if (fi->count == 0 || !fi->literal_first || fi->lang != LANGUAGE_EN)
		return;
	first = (char *)(uintptr_t)fi->runs[0].text;
	if (first[0] >= 'a' && first[0] <= 'z')
		first[0] = (char)(first[0] - 'a' + 'A');
}

/* The last n bytes said; a piece that held no more is gone. */
static void take_back(struct filling *fi, size_t n)
{
	struct run *last = &fi->runs[fi->count - 1];

	if (fi->used > n) {
		last->text = arena_dupn(fi->arena, last->text, fi->used - n);
		fi->used -= n;
	} else {
		fi->count--;
		fi->used = fi->count > 0 ? strlen(last[-1].text) : 0;
	}
	fi->space = 0;
}

/* The evidence number stands before the full stop that ends the first sentence's claim. */
static void add_evidence(struct filling *fi, uint32_t number)
{
	const char *stop = fi->lang == LANGUAGE_JA ? "。" : ".";
	struct run *last = fi->count > 0 ? &fi->runs[fi->count - 1] : NULL;
	size_t n = last != NULL ? strlen(last->text) : 0;
	bool stopped = last != NULL && last->style != RUN_CODE && n >= strlen(stop) && strcmp(last->text + n - strlen(stop), stop) == 0;
	enum run_style style = last != NULL ? last->style : RUN_PLAIN;
	const char *mark = arena_printf(fi->arena, "E%u", number);

	if (stopped)
		take_back(fi, strlen(stop));
	fi->strong = false;
	if (fi->lang == LANGUAGE_EN)
		emit(fi, " ", 1, RUN_PLAIN);
	emit(fi, mark, strlen(mark), RUN_EVIDENCE);
	fi->strong = style == RUN_STRONG;
	if (stopped)
		emit(fi, stop, strlen(stop), RUN_PLAIN);
	fi->strong = false;
}

static struct filling filling_for(const struct phrases *p, enum language lang, enum register_ reg, const struct fact *facts,
                                  size_t count, const struct zone *z, struct arena *a)
{
	return (struct filling){ .phrases = p, .lang = lang, .reg = reg, .facts = facts, .fact_count = count,
	                         .zone = z != NULL ? z : &utc, .arena = a };
}

/* A beat whose phrase asks for facts that are not known is told with the phrase's family word, "story.other". */
static struct sentence fill(const struct phrases *p, enum language lang, enum register_ reg, const struct beat *b,
                            bool label, const struct zone *z, struct arena *a)
{
	static const char *const spare[] = { NULL, "story.other" };
	struct filling fi = { 0 };

	for (size_t i = 0; i < 2; i++) {
		const struct phrase *ph = phrase_find(p, i == 0 ? b->key : spare[i]);
		const char *s = ph == NULL ? NULL : label ? ph->label[lang] : ph->pattern[lang];

		fi = filling_for(p, lang, reg, b->facts, b->fact_count, z, a);
		if (s != NULL && expand(&fi, s, s + strlen(s), 0))
			break;
		fi.count = 0;
		if (b->part != PART_STORY)
			break;
	}
	capitalise(&fi);
	if (!label && b->evidence > 0 && fi.count > 0)
		add_evidence(&fi, b->evidence);
	return (struct sentence){ fi.runs, fi.count, b };
}

static struct fact *fact_in(struct beat *b, const char *name)
{
	for (size_t i = 0; i < b->fact_count; i++)
		if (strcmp(b->facts[i].name, name) == 0)
			return &b->facts[i];
	return NULL;
}

/* Its facts may be changed: the narrative is told more than once. */
static struct beat *beat_copy(const struct beat *b, struct arena *a)
{
	struct beat *copy = arena_alloc(a, sizeof(*copy));

	*copy = *b;
	copy->facts = arena_copy(a, b->facts, b->fact_count, sizeof(b->facts[0]));
	return copy;
}

static bool same_day(instant x, instant y, const struct zone *z)
{
	struct civil a = civil_from(x, z != NULL ? z : &utc), b = civil_from(y, z != NULL ? z : &utc);

	return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* Narratives know no zone: whether a clock time is of the day that was named last is seen only here. */
static const struct beat *with_day(const struct beat *b, instant *named, const struct zone *z, struct arena *a)
{
	struct beat *copy = beat_copy(b, a);
	struct fact *opening = fact_in(copy, "opening");

	if (opening == NULL)
		return copy;
	if (*named != INSTANT_NONE && strcmp(opening->text, "opening.at") == 0 && !same_day(*named, b->at, z))
		opening->text = "opening.day";
	if (strcmp(opening->text, "opening.first") == 0 || strcmp(opening->text, "opening.day") == 0)
		*named = b->at;
	return copy;
}

const struct sentence *story_sentences(const struct phrases *p, enum language lang, enum register_ reg,
                                       const struct narrative *n, enum part part, const struct zone *z, struct arena *a,
                                       size_t *count)
{
	struct sentence *out = ARENA_ARRAY(a, struct sentence, n->beat_count + 1);
	instant named = INSTANT_NONE;

	*count = 0;
	for (size_t i = 0; i < n->beat_count; i++) {
		if (n->beats[i].part != part)
			continue;
		out[*count] = fill(p, lang, reg, with_day(&n->beats[i], &named, z, a), false, z, a);
		out[*count].beat = &n->beats[i];
		*count += out[*count].count > 0;
	}
	return out;
}

size_t beat_telling(const struct beat *b)
{
	const struct fact *telling = beat_fact(b, "telling");

	return telling != NULL ? (size_t)telling->value : 0;
}

/* A beat that stands on its own: its own time, and the machine by its name. */
static const struct beat *alone(const struct beat *b, instant before, const struct zone *z, struct arena *a)
{
	struct beat *copy = beat_copy(b, a);
	struct fact *opening = fact_in(copy, "opening"), *subject = fact_in(copy, "subject");
	const struct fact *host = fact_in(copy, "host");     /* of several machines a phrase, which stands as it is */

	if (opening != NULL)
		opening->text = before == INSTANT_NONE ? "opening.first" : same_day(before, b->at, z) ? "opening.at" : "opening.day";
	if (subject != NULL && host != NULL) {
		*subject = *host;
		subject->name = "subject";
	}
	return copy;
}

const struct sentence *story_brief(const struct phrases *p, enum language lang, enum register_ reg,
                                   const struct narrative *n, size_t most, const struct zone *z, struct arena *a,
                                   size_t *count)
{
	struct sentence *out = ARENA_ARRAY(a, struct sentence, n->beat_count + 1);
	instant before = INSTANT_NONE;

	*count = 0;
	for (size_t i = 0; i < n->beat_count; i++) {
		size_t telling = beat_telling(&n->beats[i]);

		if (n->beats[i].part != PART_STORY || telling == 0 || telling > most)
			continue;
		out[*count] = fill(p, lang, reg, alone(&n->beats[i], before, z, a), false, z, a);
		*count += out[*count].count > 0;
		before = n->beats[i].at;
	}
	return out;
}

struct sentence story_label(const struct phrases *p, enum language lang, const struct beat *b, const struct zone *z,
                            struct arena *a)
{
	return fill(p, lang, REGISTER_WEEKLY, b, true, z, a);
}

const char *sentence_plain(const struct sentence *s, struct arena *a)
{
	struct text t = { 0 };
	const char *out;

	for (size_t i = 0; i < s->count; i++)
		text_printf(&t, s->runs[i].style == RUN_EVIDENCE ? "[%s]" : "%s", s->runs[i].text);
	out = arena_dup(a, text_str(&t));
	text_free(&t);
	return out;
}

const char *story_title(const struct phrases *p, enum language lang, enum register_ reg, const struct narrative *n,
                        const struct zone *z, struct arena *a)
{
	size_t count;
	const struct sentence *s = story_sentences(p, lang, reg, n, PART_TITLE, z, a, &count);

	return count > 0 ? sentence_plain(&s[0], a) : n->incident;
}

const char *word(const struct phrases *p, enum language lang, const char *key)
{
	const struct phrase *ph = phrase_find(p, key);

	return ph != NULL ? ph->pattern[lang] : key;
}

const char *word_with(const struct phrases *p, enum language lang, const char *key, const struct fact *facts, size_t count,
                      const struct zone *z, struct arena *a)
{
	struct filling fi = filling_for(p, lang, REGISTER_WEEKLY, facts, count, z, a);
	const char *s = word(p, lang, key);

	expand(&fi, s, s + strlen(s), 0);
	return sentence_plain(&(struct sentence){ fi.runs, fi.count, NULL }, a);
}

const char *story_criticality(const struct phrases *p, enum language lang, enum criticality c, struct arena *a)
{
	return word(p, lang, arena_printf(a, "criticality.%s", table_name(criticalities, (int)c)));
}

struct sentence pattern_filled(const struct phrases *p, enum language lang, enum register_ reg, const char *pattern,
                               const struct fact *facts, size_t count, const struct zone *z, struct arena *a)
{
	struct filling fi = filling_for(p, lang, reg, facts, count, z, a);

	expand(&fi, pattern, pattern + strlen(pattern), 0);
	return (struct sentence){ fi.runs, fi.count, NULL };
}

const char *story_factor(const struct phrases *p, enum language lang, const struct factor *fa, struct arena *a)
{
	struct fact facts[5] = { { .name = "number", .kind = FACT_NUMBER, .value = (int64_t)fa->number } };
	size_t n = 1;

	if (fa->subject != NULL)
		facts[n++] = (struct fact){ .name = "subject", .kind = FACT_NAME, .text = fa->subject };
	if (fa->asset == NULL)
		return word_with(p, lang, arena_printf(a, "factor.%s", fa->key), facts, n, NULL, a);
	facts[n++] = (struct fact){ .name = "criticality", .kind = FACT_TEXT,
	                            .text = story_criticality(p, lang, fa->asset->criticality, a) };
	if (fa->asset->role != NULL)
		facts[n++] = (struct fact){ .name = "role", .kind = FACT_TEXT, .text = fa->asset->role };
	if (fa->asset->owner != NULL)
		facts[n++] = (struct fact){ .name = "owner", .kind = FACT_TEXT, .text = fa->asset->owner };
	return word_with(p, lang, arena_printf(a, "factor.%s.listed", fa->key), facts, n, NULL, a);
}

const char *story_factor_lower(const struct phrases *p, enum language lang, const struct factor *fa, struct arena *a)
{
	const struct phrase *ph = phrase_find(p, arena_printf(a, "factor.%s.lower", fa->key));

	return ph != NULL ? ph->pattern[lang] : NULL;
}
