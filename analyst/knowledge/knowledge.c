#include "analyst/knowledge/knowledge.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/text.h"
#include "analyst/base/xml.h"

/* The order follows the matrix; TA0112 (Defense Impairment, split from Defense Evasion
 * in release 19) shares the cell of TA0005. */
const char *const tactics[TACTICS] = {
	"TA0043", "TA0042", "TA0001", "TA0002", "TA0003", "TA0004", "TA0005", "TA0006", "TA0007", "TA0008", "TA0009",
	"TA0011", "TA0010", "TA0040",
};

int tactic_index(const char *id)
{
	if (id != NULL && strcmp(id, "TA0112") == 0)
		id = "TA0005";
	for (int i = 0; id != NULL && i < TACTICS; i++)
		if (strcmp(tactics[i], id) == 0)
			return i;
	return -1;
}

struct word {
	const char *text;
	uint64_t letters;            /* see letters_of */
};

struct pattern {                 /* words that must all occur */
	const struct word *words;
	size_t count;
};

struct entry {
	struct behaviour behaviour;
	const struct pattern *patterns;
	size_t pattern_count;
	const char *const *techniques;
	size_t technique_count;
};

struct named_threat {
	struct threat threat;
	const struct word *matches;
	size_t count;
};

struct knowledge {
	struct arena *arena;
	struct entry *entries;
	size_t entry_count;
	struct named_threat *threats;
	size_t threat_count;
	const struct behaviour *unknown, *response, *finding;
	struct attack *attack;
};

/* ---- matching ---- */

/* Which letters and digits occur in it. A text that lacks one of a word's does not hold the word: of the hundreds of words that
 * each name is asked for, few have to be looked for. */
static uint64_t letters_of(const char *s)
{
	uint64_t letters = 0;

	for (; *s != '\0'; s++) {
		int c = tolower((unsigned char)*s);

		if (c >= 'a' && c <= 'z')
			letters |= UINT64_C(1) << (c - 'a');
		else if (c >= '0' && c <= '9')
			letters |= UINT64_C(1) << (26 + c - '0');
	}
	return letters;
}

static bool word_begins(const char *text, const char *at)
{
	return at == text || !isalnum((unsigned char)at[-1]);
}

/* An underscore in the table stands for a space, a hyphen or an underscore. */
static bool same_letters(const char *text, const char *word)
{
	for (; *word != '\0'; text++, word++)
		if (*text == '\0' || (*word == '_' ? strchr(" -_", *text) == NULL
		                                   : tolower((unsigned char)*text) != tolower((unsigned char)*word)))
			return false;
	return true;
}

/* Whether the word stands in the text, of these letters, at the beginning of a word; "*word" may stand inside one. */
static bool has_word(const char *text, uint64_t letters, const struct word *w)
{
	const char *word = w->text;
	bool inside = word[0] == '*';
	int first;

	if ((w->letters & ~letters) != 0)
		return false;
	word += inside;
	first = tolower((unsigned char)*word);
	for (const char *at = text; *at != '\0'; at++)
		if ((tolower((unsigned char)*at) == first || first == '_') && (inside || word_begins(text, at)) && same_letters(at, word))
			return true;
	return false;
}

static bool pattern_fits(const struct pattern *p, const char *text, uint64_t letters)
{
	for (size_t i = 0; i < p->count; i++)
		if (!has_word(text, letters, &p->words[i]))
			return false;
	return p->count > 0;
}

static const struct behaviour *by_words(const struct knowledge *k, const char *text)
{
	uint64_t letters = letters_of(text);

	for (size_t i = 0; i < k->entry_count; i++)
		for (size_t j = 0; j < k->entries[i].pattern_count; j++)
			if (pattern_fits(&k->entries[i].patterns[j], text, letters))
				return &k->entries[i].behaviour;
	return NULL;
}

/* "T1059" in the table speaks for T1059.001 too; an exact row is found first. */
static const struct behaviour *by_technique(const struct knowledge *k, const char *techniques)
{
	for (int exact = 1; exact >= 0; exact--)
		for (size_t i = 0; i < k->entry_count; i++)
			for (size_t j = 0; j < k->entries[i].technique_count; j++) {
				const char *id = k->entries[i].techniques[j], *at = strstr(techniques, id);
				char after = at != NULL ? at[strlen(id)] : 'x';

				if (after == '\0' || after == ' ' || (!exact && after == '.'))
					return &k->entries[i].behaviour;
			}
	return NULL;
}

const struct behaviour *knowledge_behaviour_by_key(const struct knowledge *k, const char *key)
{
	for (size_t i = 0; i < k->entry_count; i++)
		if (strcmp(k->entries[i].behaviour.key, key) == 0)
			return &k->entries[i].behaviour;
	return NULL;
}

const struct behaviour *knowledge_behaviour(void *ctx, const struct rule *r, enum record_kind kind)
{
	const struct knowledge *k = ctx;
	const struct behaviour *b, *technique;
	struct text words = { 0 };

	if (kind == RECORD_RESPONSE)
		return k->response;
	if (kind == RECORD_FINDING)
		return k->finding;
	text_printf(&words, "%s: %s", r->product, r->name);
	b = by_words(k, text_str(&words));
	/* What the product itself maps to a technique is no housekeeping, whatever its name sounds like. */
	if ((b == NULL || b->routine) && r->techniques != NULL && (technique = by_technique(k, r->techniques)) != NULL)
		b = technique;
	if (b == NULL && r->category != NULL)
		b = by_words(k, r->category);
	text_free(&words);
	return b != NULL ? b : k->unknown;
}

const struct attack *knowledge_attack(const struct knowledge *k)
{
	return k->attack;
}

const char *knowledge_techniques(void *ctx, const char *ids, struct arena *a)
{
	const struct knowledge *k = ctx;

	return attack_list(k->attack, ids, a);
}

const struct threat *knowledge_threat(const struct knowledge *k, const char *text)
{
	uint64_t letters = letters_of(text);

	for (size_t i = 0; i < k->threat_count; i++)
		for (size_t j = 0; j < k->threats[i].count; j++)
			if (has_word(text, letters, &k->threats[i].matches[j]))
				return &k->threats[i].threat;
	return NULL;
}

/* ---- loading ---- */

/* From 0 to most; -1 where it is something else. */
static double number(const char *s, double missing, double most)
{
	char *end;
	double value = s != NULL ? strtod(s, &end) : missing;

	return s != NULL && (end == s || *end != '\0' || !(value >= 0 && value <= most)) ? -1 : value;
}

static const char *content(struct knowledge *k, xmlNode *node)
{
	xmlChar *value = xmlNodeGetContent(node);
	char *copy = arena_dup(k->arena, value != NULL ? (const char *)value : "");

	xmlFree(value);
	return copy;
}

static const char *const *child_texts(struct knowledge *k, xmlNode *node, const char *name, size_t *count)
{
	const char **out = ARENA_ARRAY(k->arena, const char *, xml_count(node, name) + 1);

	*count = 0;
	for (xmlNode *c = node->children; c != NULL; c = c->next)
		if (xml_is(c, name))
			out[(*count)++] = content(k, c);
	return out;
}

static struct pattern split_words(struct knowledge *k, const char *text)
{
	struct word *words = ARENA_ARRAY(k->arena, struct word, strlen(text) / 2 + 1);
	char *rest = arena_dup(k->arena, text), *word;
	size_t n = 0;

	while ((word = strsep(&rest, " \t\n")) != NULL)
		if (word[0] != '\0')
			words[n++] = (struct word){ word, letters_of(word) };
	return (struct pattern){ words, n };
}

static int load_behaviour(struct knowledge *k, xmlNode *node, const char *path, struct fault *f)
{
	struct entry *e = &k->entries[k->entry_count];
	struct behaviour *b = &e->behaviour;
	size_t n;
	const char *const *texts = child_texts(k, node, "words", &n);
	struct pattern *patterns = ARENA_ARRAY(k->arena, struct pattern, n + 1);
	const char *tactic = xml_attribute(node, "tactic", k->arena), *told;

	b->key = xml_attribute(node, "key", k->arena);
	b->family = xml_attribute(node, "family", k->arena);
	if (b->key == NULL)
		return fault_set(f, FAULT_DATA, "%s:%ld: a behaviour needs a key", path, xmlGetLineNo(node));
	if (b->family == NULL)
		b->family = b->key;
	b->tactic = tactic_index(tactic);
	if (tactic != NULL && b->tactic < 0)
		return fault_set(f, FAULT_DATA, "%s:%ld: no tactic '%s'", path, xmlGetLineNo(node), tactic);
	b->technique = xml_attribute(node, "technique", k->arena);
	b->weight = number(xml_attribute(node, "weight", k->arena), 0.2, 1);
	b->stage = (int)number(xml_attribute(node, "stage", k->arena), 50, 99);
	if (b->weight < 0 || b->stage < 0)
		return fault_set(f, FAULT_DATA, "%s:%ld: '%s': a weight is 0 to 1, a stage 0 to 99", path, xmlGetLineNo(node), b->key);
	b->routine = xml_attribute(node, "routine", k->arena) != NULL;
	b->response = xml_attribute(node, "response", k->arena) != NULL;
	b->aside = xml_attribute(node, "aside", k->arena) != NULL;
	b->calls = xml_attribute(node, "calls", k->arena) != NULL;
	told = xml_attribute(node, "told", k->arena);
	b->from_source = told != NULL && strcmp(told, "source") == 0;
	b->on_target = told != NULL && strcmp(told, "target") == 0;
	b->of_account = told != NULL && strcmp(told, "account") == 0;
	for (size_t i = 0; i < n; i++)
		patterns[i] = split_words(k, texts[i]);
	e->patterns = patterns;
	e->pattern_count = n;
	e->techniques = child_texts(k, node, "technique", &e->technique_count);
	k->entry_count++;
	return 0;
}

static int load_threat(struct knowledge *k, xmlNode *node, const char *path, struct fault *f)
{
	struct named_threat *t = &k->threats[k->threat_count];
	const char *const *texts;
	struct word *words;

	t->threat.name = xml_attribute(node, "name", k->arena);
	t->threat.kind = xml_attribute(node, "kind", k->arena);
	t->threat.id = xml_attribute(node, "id", k->arena);
	if (t->threat.name == NULL || t->threat.kind == NULL)
		return fault_set(f, FAULT_DATA, "%s:%ld: a threat needs a name and a kind", path, xmlGetLineNo(node));
	texts = child_texts(k, node, "match", &t->count);
	t->matches = words = ARENA_ARRAY(k->arena, struct word, t->count);
	for (size_t i = 0; i < t->count; i++)
		words[i] = (struct word){ texts[i], letters_of(texts[i]) };
	k->threat_count++;
	return 0;
}

typedef int (*load_fn)(struct knowledge *k, xmlNode *node, const char *path, struct fault *f);

static int load_rows(struct knowledge *k, const char *folder, const char *file, const char *element,
                     void **rows, size_t row_size, load_fn load, struct fault *f)
{
	const char *path = arena_printf(k->arena, "%s/%s", folder, file);
	xmlDoc *doc = NULL;
	int rc = 0;

	if (xml_read_file(&doc, path, f) < 0)
		return -1;
	*rows = arena_alloc_array(k->arena, xml_count(xmlDocGetRootElement(doc), element) + 1, row_size);
	for (xmlNode *c = xmlDocGetRootElement(doc)->children; c != NULL && rc == 0; c = c->next)
		if (xml_is(c, element))
			rc = load(k, c, path, f);
	xmlFreeDoc(doc);
	return rc;
}

int knowledge_load(struct knowledge **out, const char *folder, struct fault *f)
{
	struct knowledge *k = must_alloc(sizeof(*k));

	k->arena = arena_new();
	if (load_rows(k, folder, "behaviours.xml", "behaviour", (void **)&k->entries, sizeof(*k->entries),
	              load_behaviour, f) < 0 ||
	    load_rows(k, folder, "threats.xml", "threat", (void **)&k->threats, sizeof(*k->threats),
	              load_threat, f) < 0 || attack_load(&k->attack, folder, f) < 0)
		goto bad;
	k->unknown = knowledge_behaviour_by_key(k, "unknown");
	k->response = knowledge_behaviour_by_key(k, "response");
	k->finding = knowledge_behaviour_by_key(k, "finding");
	if (k->unknown == NULL || k->response == NULL || k->finding == NULL) {
		fault_set(f, FAULT_DATA, "%s/behaviours.xml: needs the rows unknown, response and finding", folder);
		goto bad;
	}
	*out = k;
	return 0;
bad:
	knowledge_free(k);
	return -1;
}

void knowledge_free(struct knowledge *k)
{
	if (k == NULL)
		return;
	attack_free(k->attack);
	arena_free(k->arena);
	free(k);
}
