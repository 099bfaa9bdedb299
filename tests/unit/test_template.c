/* Report templates: the shipped files fit their schemas, a user's own is refused with the line where it is wrong, and
 * what it says is what the report says, in PDF's outline, HTML and Markdown alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <unistd.h>

#include "analyst/base/xml.h"
#include "render/document/sections.h"
#include "templates/pattern.h"
#include "templates/phrases.h"
#include "templates/schema.h"
#include "tests/unit/made_up.h"

static char *read_all(const char *path)
{
	struct text t = { 0 };
	FILE *in = fopen(path, "rb");
	int c;

	assert_non_null(in);
	while ((c = fgetc(in)) != EOF)
		text_addc(&t, (char)c);
	fclose(in);
	assert_non_null(t.bytes);
	return t.bytes;
}

static void the_shipped_files_fit_their_schemas(void **state)
{
	static const struct { const char *file, *schema; } rows[] = {
		{ "phrases", "words" }, { "words", "words" }, { "words-charts", "words" }, { "words-cli", "words" },
		{ "words-customer", "words" }, { "words-executive", "words" }, { "words-explain", "words" }, { "words-html", "words" },
		{ "words-respond", "words" }, { "knowledge/containment", "containment" },
		{ "knowledge/behaviours", "behaviours" }, { "knowledge/sayings", "sayings" }, { "knowledge/threats", "threats" },
		{ "knowledge/detections", "detections" }, { "reports/weekly", "template" }, { "reports/customer", "template" },
		{ "reports/executive", "template" }, { "example/customer", "template" }, { "redaction", "redaction" }, { "knowledge/attack", "attack" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char path[128], schema[128];
		struct fault f = { 0 };
		xmlDoc *doc = NULL;
		char *bytes;

		snprintf(path, sizeof(path), "templates/%s.xml", rows[i].file);
		snprintf(schema, sizeof(schema), "templates/schema/%s.rng", rows[i].schema);
		bytes = read_all(path);
		if (xml_read(&doc, bytes, strlen(bytes), &f) < 0 || schema_check(doc, schema, path, &f) < 0)
			fail_msg("%s", f.text);
		xmlFreeDoc(doc);
		free(bytes);
	}
}

static bool any_fact(void *ctx, const char *name, size_t n)
{
	(void)ctx;
	(void)name;
	return n > 0;
}

static void every_shipped_pattern_is_well_formed(void **state)
{
	struct made_up m;
	const struct phrase *list;
	size_t count;

	(void)state;
	assert_int_equal(made_up(&m, LANGUAGE_EN, 1, 10), 0);
	list = phrases_list(m.phrases, &count);
	assert_true(count > 500);
	for (size_t i = 0; i < count; i++)
		for (int lang = 0; lang < LANGUAGES; lang++) {
			const char *wrong = pattern_wrong(list[i].pattern[lang], any_fact, NULL, m.arena);

			if (wrong == NULL && list[i].label[lang] != NULL)
				wrong = pattern_wrong(list[i].label[lang], any_fact, NULL, m.arena);
			if (wrong != NULL)
				fail_msg("%s: %s", list[i].key, wrong);
		}
	made_up_free(&m);
}

static const char *const kinds[] = { "weekly", "customer", "executive" };

static size_t sections_in(const struct template_block *blocks, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += blocks[i].kind == BLOCK_SECTION ? 1 : sections_in(blocks[i].blocks, blocks[i].block_count);
	return count;
}

static void the_shipped_templates_hold_every_section_once(void **state)
{
	struct made_up m;

	(void)state;
	assert_int_equal(made_up(&m, LANGUAGE_EN, 1, 10), 0);
	for (size_t i = 0; i < 3; i++) {
		const struct section_set *set = section_set_find(kinds[i]);
		struct template_model model = section_model(set);
		const struct template *t;
		struct fault f = { 0 };
		size_t all = 0;

		if (template_shipped(&t, &model, m.phrases, m.arena, &f) < 0)
			fail_msg("%s", f.text);
		for (size_t k = 0; set->list[k].name != NULL; k++)
			all += !set->list[k].on_request;
		assert_int_equal(sections_in(t->blocks, t->block_count), all);
	}
	made_up_free(&m);
}

/* ---- a user's own ---- */

#define OWN \
	"<report kind='customer'>\n" \
	"<customer><en>Harbour Ltd.</en><ja>港湾株式会社</ja></customer>\n" \
	"<sections>\n" \
	"<section name='summary' number='yes'/>\n" \
	"<own number='yes'><heading><en>About us</en><ja>弊社について</ja></heading>\n" \
	"<para><en>We watch {customer}: {alerts:alert|alerts}.</en><ja>{customer}様のアラート{alerts}件。</ja></para>\n" \
	"<item><en>Call <![CDATA[<b>&amp;]]></en><ja>連絡先 (a)\\)Tj</ja></item></own>\n" \
	"<section name='actions' number='yes'/>\n" \
	"<section name='events' number='yes'/>\n" \
	"<section name='evidence'/>\n" \
	"<section name='limits'/>\n" \
	"</sections>\n" \
	"<phrases><phrase key='customer.section.actions'><en>Your part</en><ja>お願い</ja></phrase></phrases>\n" \
	"</report>\n"

static int load(struct made_up *m, const char *bytes, struct fault *f)
{
	char path[] = "/tmp/tsumugi-template-XXXXXX";
	struct template_model model = section_model(&customer_set);
	int fd = mkstemp(path), rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
	close(fd);
	rc = template_load(&m->request.template, path, &model, m->phrases, m->arena, f);
	unlink(path);
	return rc;
}

/* OWN with one piece changed. */
static char *changed(const char *from, const char *to)
{
	const char *at = strstr(OWN, from);
	struct text t = { 0 };

	if (at == NULL)
		fail_msg("'%s' is not in the template", from);
	text_addn(&t, OWN, (size_t)(at - OWN));
	text_add(&t, to);
	text_add(&t, at + strlen(from));
	return t.bytes;
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
	static const struct { const char *from, *to, *says; } rows[] = {
		{ "name='actions'", "name='acttions'", ":8: unknown section of the customer report 'acttions'; did you mean 'actions'?" },
		{ "name='actions'", "name='events'", ":9: the section 'events' is there twice" },
		{ "<section name='summary' number='yes'/>\n", "", "the section 'summary' must not be left out" },
		{ "<section name='limits'/>\n", "", ":3: the section 'limits' must not be left out" },
		{ "<ja>弊社について</ja>", "", ":5: <heading> lacks <ja>" },
		{ "<ja>お願い</ja>", "<ja> </ja>", ":13: <ja> is empty" },
		{ "We watch", "We \xE2\x80\xAE watch", ":6: <en> holds the invisible character U+202E" },
		{ "{customer}:", "{costumer}:", ":6: unknown fact 'costumer'" },
		{ "{alerts:alert|alerts}", "{alerts:alerts}", ":6: '{alerts:alerts}' asks for an unknown form" },
		{ "We watch", "We [watch", ":6: a '[' is not closed" },
		{ "We watch", "We *watch", ":6: a '*' is not closed" },
		{ "section.actions", "section.action", ":13: unknown phrase 'customer.section.action'; did you mean 'customer.section.actions'?" },
		{ "Your part", "Your {host}", ":13: 'customer.section.actions': unknown fact 'host'" },
		{ "<own number='yes'>", "<own number='perhaps'>", ":5: " },
		{ "</sections>", "<script/></sections>", ": " },
		{ "<sections>", "<logo file='no.png'/><sections>", ":3: the logo 'no.png': it cannot be opened" },
		{ "<sections>", "<logo file='/etc/logo.png'/><sections>", ":3: a logo's file is beside the template" },
		{ "<sections>", "<logo file='a/../../b.png'/><sections>", ":3: a logo's file is beside the template" },
		{ "<sections>", "<logo file=''/><sections>", ":3: a logo's file is beside the template" },
		{ "<sections>", "<logo file='no.png' height='12mm'/><sections>", ":3: a logo is 5 to 20 mm high, not '12mm'" },
		{ "<sections>", "<logo file='no.png' height='21'/><sections>", ":3: a logo is 5 to 20 mm high, not '21'" },
		{ "<sections>", "<logo/><sections>", ":3: " },
		{ "<sections>", "<logo file='no.png'/><logo file='no.png'/><sections>", ":3: " },
		{ "kind='customer'", "kind='weekly'", ":1: this is a template of the weekly report, not of the customer report" },
		{ "<report", "<!DOCTYPE r [<!ENTITY a 'b'>]><report", "document type" },
		{ "</report>", "", "broken XML" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct made_up m;
		struct fault f = { 0 };
		char *bytes = changed(rows[i].from, rows[i].to);

		assert_int_equal(made_up(&m, LANGUAGE_EN, 1, 10), 0);
		assert_int_equal(load(&m, bytes, &f), -1);
		if (strstr(f.text, rows[i].says) == NULL)
			fail_msg("row %zu: '%s' does not say '%s'", i, f.text, rows[i].says);
		made_up_free(&m);
		free(bytes);
	}
}

static void in_order(const char *s, const char *const *words)
{
	for (size_t i = 0; words[i] != NULL; i++) {
		const char *at = strstr(s, words[i]);

		if (at == NULL)
			fail_msg("'%s' does not follow", words[i]);
		s = at + strlen(words[i]);
	}
}

static void its_order_and_words_are_the_reports(void **state)
{
	static const char *const html[] = { "About us", "We watch Harbour Ltd.: 38 alerts.", "Call &lt;b&gt;&amp;amp;", "Your part",
	                                    "Course of events", "Where the evidence was read", "Limits of this report", NULL };
	static const char *const md[] = { "2  About us", "We watch Harbour Ltd", "3  Your part", "4  Course of events",
	                                  "Limits of this report", NULL };
	static const char *const ja[] = { "2  弊社について", "港湾株式会社様のアラート38件。", "3  お願い", "4  時系列", NULL };

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct made_up m;
		struct fault f = { 0 };
		struct text out = { 0 };

		assert_int_equal(made_up(&m, i == 2 ? LANGUAGE_JA : LANGUAGE_EN, 4, 100), 0);
		if (load(&m, OWN, &f) < 0)
			fail_msg("%s", f.text);
		m.request.form = i == 0 ? REPORT_HTML : REPORT_MARKDOWN;
		m.request.customer = m.request.template->customer[m.request.lang];
		m.request.incident = &m.an.incidents[0];
		assert_int_equal(report_customer(&out, &m.request, &f), 0);
		in_order(text_str(&out), i == 0 ? html : i == 1 ? md : ja);
		/* References follow: to the actions where they now stand, to no response where it is left out. */
		assert_non_null(strstr(text_str(&out), i == 2 ? "件(3章)" : " in section 3"));
		assert_null(strstr(text_str(&out), i == 2 ? "(5章)" : "(section "));
		/* What the template leaves out is nowhere. */
		assert_null(strstr(text_str(&out), i == 2 ? "文書管理" : "Document control"));
		text_free(&out);
		made_up_free(&m);
	}
}

/* Sections are numbered as they stand, without a gap where one has nothing to say. */
static void numbers_have_no_gaps(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 4; i++) {
		struct made_up m;
		struct text out = { 0 };
		unsigned next = 1;

		assert_int_equal(made_up(&m, LANGUAGE_EN, 4, 100), 0);
		m.request.form = REPORT_MARKDOWN;
		m.request.incident = &m.an.incidents[i];
		assert_int_equal(report_customer(&out, &m.request, NULL), 0);
		for (const char *s = strstr(text_str(&out), "\n## "); s != NULL; s = strstr(s + 1, "\n## "))
			if (s[4] >= '0' && s[4] <= '9')
				assert_int_equal(strtoul(s + 4, NULL, 10), next++);
		assert_true(next >= 8);
		text_free(&out);
		made_up_free(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shipped_files_fit_their_schemas),
		cmocka_unit_test(every_shipped_pattern_is_well_formed),
		cmocka_unit_test(the_shipped_templates_hold_every_section_once),
		cmocka_unit_test(what_is_wrong_is_said_with_its_line),
		cmocka_unit_test(its_order_and_words_are_the_reports),
		cmocka_unit_test(numbers_have_no_gaps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
