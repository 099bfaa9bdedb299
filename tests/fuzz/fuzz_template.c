/* What people change of the reports, one target a file: "template-report" reads the bytes as a report's template,
 * "template-words" as the phrases themselves, "template-redaction" as what is hidden, "template-logo" as its picture. What is refused has a sentence;
 * what is accepted can be said. */
#include "tests/fuzz/file.h"

#include <zlib.h>

#include "render/canvas/picture.h"
#include "render/document/sections.h"
#include "templates/phrases.h"
#include "templates/profile.h"

static const struct zone utc = { .name = "UTC" };

static void is_text(const char *s)
{
	HOLDS(s != NULL && utf8_valid(s, strlen(s)));
}

static int use_redaction(const struct input *in, struct fault *f)
{
	static struct phrases *shipped;
	const struct profile *p = NULL;

	if ((shipped == NULL && phrases_load(&shipped, "templates", f) < 0) ||
	    profile_load(&p, in->path, shipped, in->arena, f) < 0)
		return -1;
	for (size_t i = 0; i < p->term_count; i++)
		HOLDS(p->terms[i].text[0] != '\0' && p->terms[i].as != NULL);
	profile_keeps(p, "svc-backup");
	return 0;
}

/* Each pattern filled in, with facts and without. */
static void say(const struct phrases *p, const char *key, struct arena *a)
{
	static const char *const items[] = { "a", "b" };
	static const struct fact facts[] = {
		{ .name = "host", .kind = FACT_HOST, .text = "EXCH01" },
		{ .name = "count", .kind = FACT_NUMBER, .value = 2 },
		{ .name = "first", .kind = FACT_TIME, .value = INT64_C(1615421524) * SECOND },
		{ .name = "sites", .kind = FACT_LIST, .items = items, .item_count = 2, .item_kind = FACT_NAME },
	};

	for (int lang = 0; lang < LANGUAGES; lang++)
		for (size_t count = 0; count <= 4; count += 4)
			is_text(word_with(p, (enum language)lang, key, facts, count, &utc, a));
}

static int use_words(const struct input *in, struct fault *f)
{
	struct phrases *p = NULL;
	const struct phrase *list;
	size_t count;

	if (phrases_load(&p, in->folder, f) < 0)
		return -1;
	list = phrases_list(p, &count);
	for (size_t i = 0; i < count; i++) {
		HOLDS(phrase_find(p, list[i].key) == &list[i]);
		say(p, list[i].key, in->arena);
	}
	phrases_free(p);
	return 0;
}

static void use_blocks(const struct section_set *set, const struct template_block *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct section *s = set->list;

		if (b[i].kind == BLOCK_SECTION) {
			while (s->name != NULL && strcmp(s->name, b[i].name) != 0)
				s++;
			HOLDS(s->name != NULL);
		}
		for (int lang = 0; lang < LANGUAGES; lang++) {
			if (b[i].kind == BLOCK_OWN)
				is_text(b[i].heading[lang]);
			for (size_t t = 0; t < b[i].text_count; t++)
				is_text(b[i].texts[t].pattern[lang]);
		}
		use_blocks(set, b[i].blocks, b[i].block_count);
	}
}

/* The words that a template changes are changed in a copy: the next input starts from those that ship. */
static int use_template(const struct input *in, struct fault *f)
{
	const struct template *t = NULL;
	const struct section_set *set;
	struct template_model model;
	struct phrases *p = NULL;
	const char *kind;
	int rc;

	if (template_kind(&kind, in->path, in->arena, f) < 0)
		return -1;
	if ((set = section_set_find(kind)) == NULL)
		return fault_set(f, FAULT_DATA, "no such report");
	if (phrases_load(&p, "templates", f) < 0)
		return -1;
	model = section_model(set);
	if ((rc = template_load(&t, in->path, &model, p, in->arena, f)) == 0) {
		const struct phrase *list;
		size_t count;

		HOLDS(strcmp(t->kind, kind) == 0 && t->block_count > 0);
		use_blocks(set, t->blocks, t->block_count);
		list = phrases_list(p, &count);
		for (size_t i = 0; i < count; i++)
			say(p, list[i].key, in->arena);
	}
	phrases_free(p);
	return rc;
}

/* What is drawn once can be drawn again, as it is. */
static void draw_again(const struct picture *p, const struct input *in, struct fault *f)
{
	const struct picture *again;
	struct text png = { 0 };

	HOLDS(p->width >= PICTURE_LEAST && p->height >= PICTURE_LEAST && p->width * p->height <= PICTURE_PIXELS);
	picture_png(&png, p);
	HOLDS(picture_read(&again, png.bytes, png.used, in->arena, f) == 0);
	HOLDS(again->width == p->width && again->height == p->height);
	HOLDS(memcmp(again->rgb, p->rgb, (size_t)p->width * p->height * 3) == 0);
	text_free(&png);
}

/* The same bytes with right checksums: no search would ever find those, and nothing behind them. */
static char *with_checksums(const struct input *in)
{
	char *s = arena_dupn(in->arena, in->bytes, in->n);

	for (size_t at = 8; in->n >= 12 && at <= in->n - 12;) {
		const unsigned char *b = (const unsigned char *)s + at;
		size_t length = (size_t)b[0] << 24 | (size_t)b[1] << 16 | (size_t)b[2] << 8 | b[3];
		unsigned long sum;

		if (length > in->n - 12 - at)
			break;
		sum = crc32(0, b + 4, (unsigned)length + 4);
		for (int i = 0; i < 4; i++)
			s[at + 8 + length + (size_t)i] = (char)(sum >> (24 - 8 * i));
		at += length + 12;
	}
	return s;
}

static int use_logo(const struct input *in, struct fault *f)
{
	struct fault own = { FAULT_NONE, "" };
	const struct picture *p;

	if (picture_read(&p, with_checksums(in), in->n, in->arena, &own) == 0)
		draw_again(p, in, &own);
	if (picture_load(&p, in->path, in->arena, f) < 0)
		return -1;
	draw_again(p, in, f);
	return 0;
}

const struct target targets[] = {
	{ "template-logo", "logo.png", use_logo, NULL },
	{ "template-redaction", "redaction.xml", use_redaction, NULL },
	{ "template-report", "template.xml", use_template, NULL },
	{ "template-words", "phrases.xml", use_words, NULL },
	{ NULL, NULL, NULL, NULL }
};
