/* A beat with facts of any bytes through every kind of phrase. The first byte chooses the phrase, the second language
 * and register; the rest are facts: a name, a kind, a text up to NUL. It looks for crashes and counts the pieces of
 * what is told; that marks of the pattern language in a fact stay text is what tests/unit/test_story.c asks. */
#include "tests/fuzz/fuzz.h"

#include "templates/phrases.h"

static struct phrases *phrases;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct fault f = { FAULT_NONE, "" };

	(void)argc, (void)argv;
	if (phrases == NULL && phrases_load(&phrases, "templates", &f) < 0) {
		fprintf(stderr, "%s\n", f.text);
		exit(1);
	}
	return 0;
}

static const char *const names[] = {
	"opening", "time", "host", "subject", "attacker", "site", "file", "user", "process", "threat", "id", "count",
	"targets", "bytes", "interval", "span", "gap", "first", "again", "start", "days", "product", "channels", "object",
	"after", "address", "victim", "path", "command", "agent", "real", "users", "products", "alone", "port", "blocked",
	"calls", "machines", "lead", "hosts", "sites", "ransom", "records", "last", "matched", "telling", "analysts",
	"rooted",
};

static struct fact take_fact(const uint8_t **p, const uint8_t *end, struct arena *a)
{
	const size_t known = sizeof(names) / sizeof(names[0]);
	struct fact fact = { .name = names[(*p)[0] % known], .kind = (enum fact_kind)((*p)[1] % (FACT_PHRASE + 1)) };
	const uint8_t *stop;
	const char **items = ARENA_ARRAY(a, const char *, 4);
	struct text raw = { 0 }, repaired = { 0 };

	*p += 2;
	stop = memchr(*p, 0, (size_t)(end - *p));
	if (stop == NULL)
		stop = end;
	text_addn(&raw, (const char *)*p, (size_t)(stop - *p));
	fuzz_repaired(&repaired, text_str(&raw));      /* facts come from the case file, which holds UTF-8 */
	fact.text = arena_dup(a, text_str(&repaired));
	text_free(&raw);
	text_free(&repaired);
	memcpy(&fact.value, *p, (size_t)(end - *p) < sizeof(fact.value) ? (size_t)(end - *p) : sizeof(fact.value));
	for (size_t i = 0; i < 4; i++)
		items[i] = fact.text;
	fact.items = items;
	fact.item_count = fact.kind == FACT_LIST ? strlen(fact.text) % 5 : 0;
	fact.item_kind = strlen(fact.text) % 2 == 0 ? FACT_NAME : FACT_HOST;
	if (fact.kind == FACT_TIME)      /* what a week can hold */
		fact.value = INT64_C(1615421524) * SECOND + fact.value % (400 * DAY);
	*p = stop < end ? stop + 1 : end;
	return fact;
}

/* None is empty, no two that look alike stand side by side but for identifiers, and the mark of the evidence is there
 * once where evidence is, whatever a fact says. */
static void sound(const struct sentence *s, bool marked, struct arena *a)
{
	size_t marks = 0, letters = 0;

	for (size_t r = 0; r < s->count; r++) {
		const struct run *run = &s->runs[r];

		HOLDS(run->text != NULL && run->text[0] != '\0' && utf8_valid(run->text, strlen(run->text)));
		HOLDS(r == 0 || run->style == RUN_CODE || run->style != s->runs[r - 1].style);
		letters += strlen(run->text) + (run->style == RUN_EVIDENCE ? 2 : 0);
		if (run->style == RUN_EVIDENCE) {
			HOLDS(strcmp(run->text, "E3") == 0);
			marks++;
		}
	}
	HOLDS(marks == (size_t)marked);
	HOLDS(strlen(sentence_plain(s, a)) == letters);
}

/* One beat is one sentence at the most. */
static void told(const struct beat *b, enum language lang, enum register_ reg, struct arena *a)
{
	static const struct zone utc = { .name = "UTC" };
	const struct narrative n = { "INC-1", b, 1 };
	const struct sentence *s;
	struct sentence label;
	size_t count;

	s = story_sentences(phrases, lang, reg, &n, b->part, &utc, a, &count);
	HOLDS(count <= 1);
	if (count == 1) {
		HOLDS(s->count > 0 && s->beat == b);
		sound(s, b->evidence > 0, a);
	}
	label = story_label(phrases, lang, b, &utc, a);
	sound(&label, false, a);
	HOLDS(story_title(phrases, lang, reg, &n, &utc, a) != NULL);
	HOLDS(word_with(phrases, lang, b->key, b->facts, b->fact_count, &utc, a) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a;
	struct fact facts[BEAT_FACTS];
	struct beat beat = { .at = INT64_C(1615421524) * SECOND, .until = INT64_C(1615421524) * SECOND, .tactic = -1,
	                     .facts = facts };
	const struct phrase *list;
	const uint8_t *p = data, *end = data + size;
	size_t count;

	if (size < 4)
		return 0;
	a = arena_new();
	list = phrases_list(phrases, &count);
	beat.key = list[(p[0] | p[1] << 8) % (int)count].key;
	beat.part = (enum part)(p[2] % (PART_ACTION + 1));
	beat.certainty = (enum certainty)(p[2] / 16 % 4);
	beat.evidence = beat.part == PART_STORY ? 3 : 0;
	p += 4;
	while (end - p > 2 && beat.fact_count < BEAT_FACTS)
		beat.facts[beat.fact_count++] = take_fact(&p, end, a);
	told(&beat, (enum language)(data[3] % LANGUAGES), (enum register_)(data[3] / 2 % 2), a);
	arena_free(a);
	return 0;
}
