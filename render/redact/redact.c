#include "render/redact/redact.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "render/document/html.h"
#include "templates/phrases.h"

enum kind { KIND_HOST, KIND_USER, KIND_ADDR, KIND_PATH, KIND_DOMAIN, KINDS };
static const char *const kind_names[KINDS] = { "HOST", "USER", "ADDR", "PATH", "DOMAIN" };

#define SHORTEST 3                /* what is shorter is replaced only where it is the whole string */

struct value {
	const char *text;             /* folded: lower case, dots and backslashes as plain */
	const char *written;
	const char *pseudonym;
	enum kind kind;
	bool common;                  /* a word of the reports too */
};

/* Addresses and paths met in texts, kept apart from the sorted ones. */
struct late {
	const char *folded, *pseudonym;
	struct late *next;
};

struct redaction {
	struct arena *arena;
	struct late *late;
	struct value *list;           /* by text once it is sorted */
	size_t used, room;
	uint32_t *slots;              /* hash of text: place in list + 1 */
	size_t slot_count;
	unsigned next[KINDS];
};

/* Accounts and machines every system has name nobody. */
static const char *const known_to_all[] = {
	"system", "root", "administrator", "guest", "nobody", "daemon", "www-data", "local service", "network service",
	"anonymous logon", "localsystem", "nt authority", "builtin", "localhost", "localhost.localdomain", "trustedinstaller",
	"nt service", "everyone", "unknown", "none", "n/a", "workgroup", "iusr",
};

static bool is_known_to_all(const char *s)
{
	const char *slash = strrchr(s, '\\');

	for (size_t i = 0; i < sizeof known_to_all / sizeof known_to_all[0]; i++)
		if (strcasecmp(s, known_to_all[i]) == 0 || (slash != NULL && strcasecmp(slash + 1, known_to_all[i]) == 0))
			return true;
	return false;
}

/* ---- one character of a text, however it is written ---- */

/* Dots are broken for readers, backslashes doubled in JSON. */
static char symbol(const char *s, size_t n, size_t *taken)
{
	*taken = 1;
	if (n >= 3 && s[0] == '[' && (s[1] == '.' || s[1] == '@') && s[2] == ']') {
		*taken = 3;
		return s[1];
	}
	if (n >= 2 && s[0] == '\\' && s[1] == '\\')
		*taken = 2;
	return (char)tolower((unsigned char)s[0]);
}

static const char *fold(struct arena *a, const char *s)
{
	size_t n = strlen(s), taken, used = 0;
	char *out = arena_alloc(a, n + 1);

	for (size_t i = 0; i < n; i += taken)
		out[used++] = symbol(s + i, n - i, &taken);
	out[used] = '\0';
	return out;
}

/* ---- the values ---- */

static uint32_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 16777619u;
	return h;
}

static void fill_slot(struct redaction *rd, size_t i)
{
	size_t at = hash(rd->list[i].text) & (rd->slot_count - 1);

	while (rd->slots[at] != 0)
		at = (at + 1) & (rd->slot_count - 1);
	rd->slots[at] = (uint32_t)i + 1;
}

static void fill_slots(struct redaction *rd)
{
	size_t n = 64;

	while (n < rd->used * 2 + 64)
		n *= 2;
	rd->slots = ARENA_ARRAY(rd->arena, uint32_t, n);
	memset(rd->slots, 0, n * sizeof *rd->slots);
	rd->slot_count = n;
	for (size_t i = 0; i < rd->used; i++)
		fill_slot(rd, i);
}

static struct value *look_up(const struct redaction *rd, const char *folded)
{
	size_t at = hash(folded) & (rd->slot_count - 1);

	for (; rd->slots[at] != 0; at = (at + 1) & (rd->slot_count - 1))
		if (strcmp(rd->list[rd->slots[at] - 1].text, folded) == 0)
			return &rd->list[rd->slots[at] - 1];
	return NULL;
}

static const char *next_pseudonym(struct redaction *rd, enum kind k)
{
	return arena_printf(rd->arena, "%s-%02u", kind_names[k], ++rd->next[k]);
}

/* pseudonym NULL: the next one. Gives the pseudonym the value has. */
static const char *add_value(struct redaction *rd, const char *written, enum kind k, const char *pseudonym)
{
	const char *folded = fold(rd->arena, written);
	const struct value *old;

	if (folded[0] == '\0' || is_known_to_all(folded))
		return NULL;
	if ((old = look_up(rd, folded)) != NULL)
		return old->pseudonym;
	if (rd->used == rd->room) {
		struct value *more = ARENA_ARRAY(rd->arena, struct value, rd->room * 2 + 64);

		if (rd->used > 0)
			memcpy(more, rd->list, rd->used * sizeof *more);
		rd->list = more;
		rd->room = rd->room * 2 + 64;
	}
	if (pseudonym == NULL)
		pseudonym = next_pseudonym(rd, k);
	rd->list[rd->used++] = (struct value){ folded, written, pseudonym, k, strlen(folded) < SHORTEST };
	if (rd->used * 2 > rd->slot_count)
		fill_slots(rd);
	else
		fill_slot(rd, rd->used - 1);
	return pseudonym;
}

static bool is_address(const char *s)
{
	return ip_is_valid(s);
}

/* A machine has one pseudonym by its short and its long name. */
static void add_host(struct redaction *rd, const char *name)
{
	const char *dot = strchr(name, '.'), *pseudonym = NULL;
	const struct value *known;

	if (is_address(name)) {
		add_value(rd, name, KIND_ADDR, NULL);
		return;
	}
	if (dot != NULL && dot > name && strchr(dot + 1, '.') == NULL && !isalpha((unsigned char)dot[1]))
		dot = NULL;
	if (dot != NULL && dot > name) {
		const char *label = arena_dupn(rd->arena, name, (size_t)(dot - name));

		known = look_up(rd, fold(rd->arena, label));
		pseudonym = known != NULL && known->kind == KIND_HOST ? known->pseudonym : NULL;
		pseudonym = add_value(rd, name, KIND_HOST, pseudonym);
		if (strlen(label) >= 4)
			add_value(rd, label, KIND_HOST, pseudonym);
		if (strchr(dot + 1, '.') != NULL)
			add_value(rd, dot + 1, KIND_DOMAIN, NULL);
		return;
	}
	add_value(rd, name, KIND_HOST, NULL);
}

/* "CORP\alice", "alice@corp.example" and "alice" are one account. */
static void add_user(struct redaction *rd, const char *name)
{
	const char *slash = strrchr(name, '\\'), *at = strchr(name, '@'), *bare = name, *pseudonym;
	const struct value *known;

	if (is_known_to_all(name))
		return;
	if (slash != NULL)
		bare = slash + 1;
	else if (at != NULL && at > name)
		bare = arena_dupn(rd->arena, name, (size_t)(at - name));
	known = look_up(rd, fold(rd->arena, bare));
	pseudonym = add_value(rd, name, KIND_USER, known != NULL && known->kind == KIND_USER ? known->pseudonym : NULL);
	if (bare != name && strlen(bare) >= SHORTEST)
		add_value(rd, bare, KIND_USER, pseudonym);
	if (slash != NULL && slash - name >= SHORTEST) {
		const char *domain = arena_dupn(rd->arena, name, (size_t)(slash - name));

		if (look_up(rd, fold(rd->arena, domain)) == NULL)
			add_value(rd, domain, KIND_DOMAIN, NULL);
	}
	if (at != NULL && strlen(at + 1) >= SHORTEST)
		add_value(rd, at + 1, KIND_DOMAIN, NULL);
}

static void add_entity(struct redaction *rd, const struct week_entity *e)
{
	const char *names[2] = { e->shown != NULL ? e->shown : e->value, e->value };

	for (size_t i = 0; i < 2; i++)
		switch (e->kind) {
		case ENTITY_HOST:
			if (e->internal)
				add_host(rd, names[i]);
			break;
		case ENTITY_DOMAIN:
			if (e->internal)
				add_host(rd, names[i]);
			break;
		case ENTITY_IP: case ENTITY_MAC:
			if (e->internal)
				add_value(rd, names[i], KIND_ADDR, NULL);
			break;
		case ENTITY_USER:
			add_user(rd, names[i]);
			break;
		case ENTITY_EMAIL:
			if (e->internal)
				add_user(rd, names[i]);
			break;
		case ENTITY_PATH:
			if (strpbrk(names[i], "\\/") != NULL)
				add_value(rd, names[i], KIND_PATH, NULL);
			break;
		default:
			break;
		}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct value *)a)->text, ((const struct value *)b)->text);
}

/* ---- finding them ---- */

static bool word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool inside_name(const char *s, size_t n, size_t at)
{
	size_t taken;

	return at < n && symbol(s + at, n - at, &taken) == '.' && at + taken < n && word_byte(s[at + taken]);
}

static const struct value *longest_at(const struct redaction *rd, const char *s, size_t n, size_t at, size_t *end,
                                      bool any);

/* May a value end here? A name without a dot is not the first label of somebody else's. */
static bool ends(const struct redaction *rd, const struct value *v, const char *s, size_t n, size_t at)
{
	size_t taken, end;
	const struct value *domain;

	if (at < n && word_byte(s[at]) && word_byte(v->text[strlen(v->text) - 1]))
		return false;
	if (v->kind == KIND_PATH || !inside_name(s, n, at))
		return true;
	symbol(s + at, n - at, &taken);
	domain = v->kind == KIND_HOST ? longest_at(rd, s, n, at + taken, &end, true) : NULL;
	return domain != NULL && domain->kind == KIND_DOMAIN;
}

/* The longest value that begins at s[at]: the sorted list is narrowed a byte at a time. */
static const struct value *longest_at(const struct redaction *rd, const char *s, size_t n, size_t at, size_t *end,
                                      bool any)
{
	size_t low = 0, high = rd->used, depth = 0, taken;
	const struct value *best = NULL;

	for (size_t i = at; i < n && low < high; i += taken, depth++) {
		unsigned char c = (unsigned char)symbol(s + i, n - i, &taken);
		size_t a = low, b = high;

		while (a < b) {
			size_t mid = a + (b - a) / 2;

			if ((unsigned char)rd->list[mid].text[depth] < c)
				a = mid + 1;
			else
				b = mid;
		}
		low = a;
		b = high;
		while (a < b) {
			size_t mid = a + (b - a) / 2;

			if ((unsigned char)rd->list[mid].text[depth] <= c)
				a = mid + 1;
			else
				b = mid;
		}
		high = a;
		if (low < high && rd->list[low].text[depth + 1] == '\0' && (any || !rd->list[low].common) &&
		    ends(rd, &rd->list[low], s, n, i + taken)) {
			best = &rd->list[low];
			*end = i + taken;
		}
	}
	return best;
}

/* A word may begin at s[at]; a label after a dot only where a domain of ours does. */
static bool begins(const char *s, size_t at)
{
	if (at == 0 || !word_byte(s[at]))
		return true;
	return !word_byte(s[at - 1]);
}

static bool after_dot(const char *s, size_t at)
{
	return (at >= 2 && s[at - 1] == '.' && word_byte(s[at - 2])) ||
	       (at >= 4 && memcmp(s + at - 3, "[.]", 3) == 0 && word_byte(s[at - 4]));
}

static const struct value *value_at(const struct redaction *rd, const char *s, size_t n, size_t at, size_t *end)
{
	const struct value *v = begins(s, at) ? longest_at(rd, s, n, at, end, false) : NULL;

	return v != NULL && after_dot(s, at) && v->kind != KIND_DOMAIN ? NULL : v;
}

/* An address nobody outside can have, known to the case or not. */
static size_t internal_address(const char *s, size_t n, size_t at)
{
	char plain[64];
	size_t used = 0, i = at, taken, dots = 0, good = 0;

	if (!isdigit((unsigned char)s[at]) || (at > 0 && (word_byte(s[at - 1]) || after_dot(s, at))))
		return 0;
	while (i < n && used + 1 < sizeof plain) {
		char c = symbol(s + i, n - i, &taken);

		if (c == '.' && i + taken < n && isdigit((unsigned char)s[i + taken]))
			dots++;
		else if (!isdigit((unsigned char)c))
			break;
		plain[used++] = c;
		i += taken;
		good = i;
	}
	plain[used] = '\0';
	if (dots != 3 || (good < n && word_byte(s[good])) || !ip_is_valid(plain) || !ip_is_internal(plain) ||
	    strncmp(plain, "127.", 4) == 0)
		return 0;
	return good;
}

static bool path_stop(char c)
{
	return (unsigned char)c < 0x20 || (unsigned char)c >= 0x80 || strchr("\"'<>|*?,;()", c) != NULL;
}

/* "C:\Program Files\x y.exe": a space belongs to it when a backslash follows before anything ends it. */
static size_t windows_path(const char *s, size_t n, size_t at)
{
	size_t i;

	if (at > 0 && isalnum((unsigned char)s[at - 1]))
		return 0;
	if (n - at >= 4 && isalpha((unsigned char)s[at]) && s[at + 1] == ':' && s[at + 2] == '\\')
		i = at + 3;
	else if (n - at >= 5 && s[at] == '\\' && s[at + 1] == '\\' && isalnum((unsigned char)s[at + 2]))
		i = at + 2;
	else
		return 0;
	while (i < n && !path_stop(s[i])) {
		if (s[i] == ' ') {
			size_t k = i + 1;

			while (k < n && k < i + 40 && !path_stop(s[k]) && s[k] != '\\' && s[k] != ':' && s[k] != '/')
				k++;
			if (k >= n || s[k] != '\\' || s[k - 1] == ' ')
				break;
		}
		i++;
	}
	while (i > at && (s[i - 1] == '.' || s[i - 1] == ':'))
		i--;
	return i;
}

/* "/var/www/x.php": two names at least, and no part of a URL or a date. */
static size_t unix_path(const char *s, size_t n, size_t at)
{
	size_t i = at, names = 0;

	if (s[at] != '/' || at + 1 >= n || !isalnum((unsigned char)s[at + 1]) ||
	    (at > 0 && strchr(" \"'=(:,;", s[at - 1]) == NULL))
		return 0;
	while (i < n && !path_stop(s[i]) && s[i] != ' ' && s[i] != ':') {
		names += s[i] == '/';
		i++;
	}
	while (i > at && s[i - 1] == '.')
		i--;
	return names >= 2 ? i : 0;
}

/* ---- replacing ---- */

static const char *late_pseudonym(struct redaction *rd, const char *s, size_t n, enum kind k)
{
	const char *folded = fold(rd->arena, arena_dupn(rd->arena, s, n));
	struct late *l;

	for (l = rd->late; l != NULL; l = l->next)
		if (strcmp(l->folded, folded) == 0)
			return l->pseudonym;
	l = arena_alloc(rd->arena, sizeof *l);
	l->folded = folded;
	l->pseudonym = next_pseudonym(rd, k);
	l->next = rd->late;
	rd->late = l;
	return l->pseudonym;
}

const char *redact_text(struct redaction *rd, const char *s)
{
	struct text out = { 0 };
	const struct value *v;
	size_t n, end = 0, taken;
	const char *result;

	if (rd == NULL || s == NULL || *s == '\0')
		return s;
	n = strlen(s);
	if ((v = look_up(rd, fold(rd->arena, s))) != NULL)
		return v->pseudonym;
	for (size_t i = 0; i < n; i += taken) {
		taken = 1;
		if ((end = windows_path(s, n, i)) > 0 || (end = unix_path(s, n, i)) > 0) {
			size_t known = 0;

			v = value_at(rd, s, n, i, &known);
			if (v != NULL && v->kind == KIND_PATH && known >= end) {
				text_add(&out, v->pseudonym);
				end = known;
			} else {
				text_add(&out, late_pseudonym(rd, s + i, end - i, KIND_PATH));
			}
			taken = end - i;
		} else if ((v = value_at(rd, s, n, i, &end)) != NULL) {
			text_add(&out, v->pseudonym);
			taken = end - i;
		} else if ((end = internal_address(s, n, i)) > 0) {
			text_add(&out, late_pseudonym(rd, s + i, end - i, KIND_ADDR));
			taken = end - i;
		} else {
			text_addc(&out, s[i]);
		}
	}
	result = strcmp(text_str(&out), s) == 0 ? s : arena_dup(rd->arena, text_str(&out));
	text_free(&out);
	return result;
}

int redaction_refuse(const void *ctx, const char *bytes, size_t n, struct fault *f)
{
	const struct redaction *rd = ctx;
	size_t end;

	for (size_t i = 0; i < n; i++) {
		const struct value *v = value_at(rd, bytes, n, i, &end);

		if (v != NULL)
			return fault_set(f, FAULT_DATA, "redaction: what %s stands for is still in the output; nothing was written",
			                 v->pseudonym);
		if (internal_address(bytes, n, i) > 0)
			return fault_set(f, FAULT_DATA, "redaction: an internal address is still in the output; nothing was written");
	}
	return 0;
}

/* ---- the words of the reports ---- */

/* Element, attribute and key names: an account may be called "table". */
static const char markup[] =
	"html head body meta title style script div span section header footer nav main form label select option input "
	"button output details summary figure figcaption table thead tbody tr th td ul ol li dl dt dd code strong svg path "
	"text desc class id href role group img search aria labelledby live lang name content type value hidden tabindex "
	"viewBox width height font size textLength lengthAdjust spacingAndGlyphs stroke dasharray linecap linejoin round "
	"data incident severity hosts sort said rows scroll chart drawing card box cols kicker pill tlp bar filters list when "
	"tag ev at twin caption story lead small body limits mono no skip reset find all polite off http equiv Content "
	"Security Policy default src none base uri action viewport device initial scale referrer robots noindex format "
	"detection telephone email address rank priority score first last alerts episodes users tactics techniques "
	"indicators factors points reason key evidence source line report kind zone customer organisation since until "
	"generated sentences facts part text true false null critical high medium low";

static void mark_common(struct redaction *rd, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0, end;

	for (size_t i = 0; i < n; i++) {
		const struct value *v = begins(s, i) ? longest_at(rd, s, n, i, &end, false) : NULL;

		if (v != NULL)
			rd->list[v - rd->list].common = true;
	}
}

static bool holds_letters(const char *s)
{
	for (; *s != '\0'; s++)
		if (isalnum((unsigned char)*s) || (unsigned char)*s >= 0x80)
			return true;
	return false;
}

static void mark_words(struct redaction *rd, const struct phrases *p)
{
	size_t n;
	const struct phrase *list = phrases_list(p, &n);
	const char *own[2];

	mark_common(rd, markup);
	html_own_text(own);
	mark_common(rd, own[0]);
	mark_common(rd, own[1]);
	/* What has no letter and no digit names nothing, and stands in any markup. */
	for (size_t i = 0; i < rd->used; i++)
		rd->list[i].common |= !holds_letters(rd->list[i].text);
	for (size_t i = 0; i < n; i++)
		for (int lang = 0; lang < LANGUAGES; lang++) {
			mark_common(rd, list[i].pattern[lang]);
			mark_common(rd, list[i].label[lang]);
		}
}

/* ---- copies of the data ---- */

/* "mail.corp.example" when corp.example is ours. */
static bool under_our_domain(const struct redaction *rd, const char *name)
{
	for (const char *dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
		const struct value *v = look_up(rd, fold(rd->arena, dot + 1));

		if (v != NULL && v->kind == KIND_DOMAIN)
			return true;
	}
	return false;
}

static void gather(struct redaction *rd, const struct analysis *an)
{
	const struct week *w = an->week;

	for (uint32_t i = 0; i < an->queue_count; i++)
		for (uint32_t k = 0; k < an->incidents[i].host_count; k++)
			add_entity(rd, &w->entities[an->incidents[i].hosts[k]]);
	for (uint32_t i = 0; i < w->entity_count; i++)
		add_entity(rd, &w->entities[i]);
	for (uint32_t i = 0; i < w->entity_count; i++)
		if (w->entities[i].kind == ENTITY_DOMAIN && under_our_domain(rd, w->entities[i].value))
			add_value(rd, w->entities[i].value, KIND_HOST, NULL);
}

static const struct week *copy_week(struct redaction *rd, const struct week *w)
{
	struct week *out = arena_alloc(rd->arena, sizeof *out);
	struct week_entity *entities = ARENA_ARRAY(rd->arena, struct week_entity, w->entity_count + 1);
	struct week_rule *rules = ARENA_ARRAY(rd->arena, struct week_rule, w->rule_count + 1);
	struct asset *assets = ARENA_ARRAY(rd->arena, struct asset, w->asset_count + 1);

	*out = *w;
	/* Owners are people and teams: no pseudonym helps the reader, so they go. */
	for (uint32_t i = 0; i < w->asset_count; i++) {
		assets[i] = w->assets[i];
		assets[i].value = redact_text(rd, assets[i].value);
		assets[i].role = redact_text(rd, assets[i].role);
		assets[i].owner = NULL;
	}
	out->assets = assets;
	for (uint32_t i = 0; i < w->entity_count; i++) {
		entities[i] = w->entities[i];
		entities[i].value = redact_text(rd, entities[i].value);
		entities[i].shown = redact_text(rd, entities[i].shown);
		if (entities[i].asset != NULL)
			entities[i].asset = &assets[entities[i].asset - w->assets];
	}
	for (uint32_t i = 0; i < w->rule_count; i++) {
		rules[i] = w->rules[i];
		rules[i].rule.name = redact_text(rd, rules[i].rule.name);
		rules[i].rule.category = redact_text(rd, rules[i].rule.category);
	}
	out->entities = entities;
	out->rules = rules;
	return out;
}

static const struct analysis *copy_analysis(struct redaction *rd, const struct analysis *an)
{
	struct analysis *out = arena_alloc(rd->arena, sizeof *out);
	struct incident *incidents = ARENA_ARRAY(rd->arena, struct incident, an->incident_count + 1);

	*out = *an;
	out->week = copy_week(rd, an->week);
	for (uint32_t i = 0; i < an->incident_count; i++) {
		incidents[i] = an->incidents[i];
		for (uint32_t k = 0; k < incidents[i].factor_count; k++) {
			struct factor *fa = &incidents[i].factors[k];

			fa->subject = redact_text(rd, fa->subject);
			if (fa->asset != NULL)
				fa->asset = &out->week->assets[fa->asset - an->week->assets];
		}
	}
	out->incidents = incidents;
	return out;
}

static void redact_fact(struct redaction *rd, struct fact *fa)
{
	const char **items;

	if (fa->kind != FACT_PHRASE)
		fa->text = redact_text(rd, fa->text);
	if (fa->item_count == 0)
		return;
	items = ARENA_ARRAY(rd->arena, const char *, fa->item_count);
	for (size_t i = 0; i < fa->item_count; i++)
		items[i] = redact_text(rd, fa->items[i]);
	fa->items = items;
}

static const struct narrative *copy_narratives(struct redaction *rd, const struct narrative *n, size_t count)
{
	struct narrative *out = ARENA_ARRAY(rd->arena, struct narrative, count + 1);

	for (size_t i = 0; i < count; i++) {
		struct beat *beats = ARENA_ARRAY(rd->arena, struct beat, n[i].beat_count + 1);

		out[i] = n[i];
		for (size_t k = 0; k < n[i].beat_count; k++) {
			beats[k] = n[i].beats[k];
			for (size_t j = 0; j < beats[k].fact_count; j++)
				redact_fact(rd, &beats[k].facts[j]);
			if (beats[k].actor_lane != NULL && strcmp(beats[k].actor_lane, LANE_RESPONSE) != 0)
				beats[k].actor_lane = redact_text(rd, beats[k].actor_lane);
			if (beats[k].object_lane != NULL && strcmp(beats[k].object_lane, LANE_RESPONSE) != 0)
				beats[k].object_lane = redact_text(rd, beats[k].object_lane);
		}
		out[i].beats = beats;
	}
	return out;
}

int redact_analysis(struct redaction **out, const struct analysis **an, const struct narrative **narratives,
                    const struct source_row **sources, size_t source_count, const struct phrases *p,
                    const char *profile, struct arena *a, struct fault *f)
{
	struct redaction *rd = arena_alloc(a, sizeof *rd);
	struct source_row *rows = ARENA_ARRAY(a, struct source_row, source_count + 1);

	*out = NULL;
	if (strcmp(profile, "default") != 0)
		return fault_set(f, FAULT_USAGE, "there is no redaction profile '%.50s'; there is 'default'", profile);
	rd->arena = a;
	fill_slots(rd);
	gather(rd, *an);
	qsort(rd->list, rd->used, sizeof *rd->list, by_text);
	fill_slots(rd);
	mark_words(rd, p);
	*narratives = copy_narratives(rd, *narratives, (*an)->incident_count);
	*an = copy_analysis(rd, *an);
	for (size_t i = 0; i < source_count; i++) {
		rows[i] = (*sources)[i];
		rows[i].name = redact_text(rd, rows[i].name);
	}
	*sources = rows;
	*out = rd;
	return 0;
}
