/* XML that strangers wrote, before and in libxml2. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "analyst/base/text.h"
#include "analyst/base/xml.h"

/* The text of the root, or why there is none. */
static const char *root_text(struct arena *a, const char *bytes, size_t n)
{
	struct fault f = { FAULT_NONE, "" };
	const char *text;
	xmlDoc *doc;

	if (xml_read(&doc, bytes, n, &f) < 0)
		return arena_dup(a, f.text);
	text = xml_text(xmlDocGetRootElement(doc), a);
	xmlFreeDoc(doc);
	return text;
}

static void an_encoding_is_one_of_a_few(void **state)
{
	static const struct { const char *xml, *said; } rows[] = {
		{ "<a>\xE6\xBC\xA2</a>", "\xE6\xBC\xA2" },
		{ "<?xml version='1.0' encoding='utf-8'?><a>\xE6\xBC\xA2</a>", "\xE6\xBC\xA2" },
		{ "<?xml version='1.0' encoding='ISO-8859-1'?><a>caf\xE9</a>", "caf\xC3\xA9" },
		{ "<?xml version='1.0' encoding='UTF-7'?><a>+ADw-</a>", "XML in the encoding 'UTF-7': say so with --encoding, or save it as UTF-8" },
		{ "<?xml version='1.0' encoding='hz'?><a>~{</a>", "XML in the encoding 'hz': say so with --encoding, or save it as UTF-8" },
		/* Recoded on the way in: the declaration stayed. */
		{ "<?xml version='1.0' encoding='UTF-16'?><a>\xE6\xBC\xA2</a>", "\xE6\xBC\xA2" },
		{ "<?xml version='1.0' encoding='Shift_JIS'?><a>\xE6\xBC\xA2</a>", "\xE6\xBC\xA2" },
		{ "<?xml version='1.0' encoding='iso-8859-1'?><a>caf\xC3\xA9</a>", "caf\xC3\xA9" },
		/* Not recoded. */
		{ "<?xml version='1.0' encoding='Shift_JIS'?><a>\x8A\xBF</a>", "XML in the encoding 'Shift_JIS': say so with --encoding, or save it as UTF-8" },
		/* The encoding far behind the beginning, where libxml2 would still look. */
		{ "<?xml version='1.0'%s encoding='UTF-7'?><a>+ADw-</a>", "XML in the encoding 'UTF-7': say so with --encoding, or save it as UTF-8" },
		{ "<?xml version='1.0'%s?><a>+ADw-</a>", "+ADw-" },
	};
	struct arena *a = arena_new();
	char blanks[1001];

	(void)state;
	memset(blanks, ' ', 1000);
	blanks[1000] = '\0';
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *gap = strstr(rows[i].xml, "%s");
		const char *xml = gap == NULL ? rows[i].xml :
		                  arena_printf(a, "%.*s%s%s", (int)(gap - rows[i].xml), rows[i].xml, blanks, gap + 2);

		assert_string_equal(root_text(a, xml, strlen(xml)), rows[i].said);
	}
	arena_free(a);
}

static void elements_without_end_are_refused(void **state)
{
	static const char *const pieces[] = { "<b/>", "<b a=''/>", "<?b?>" };
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct text xml = { 0 };

		text_add(&xml, "<a>");
		for (int n = 0; n <= XML_NODES; n++)
			text_add(&xml, pieces[i]);
		text_add(&xml, "</a>");
		assert_non_null(strstr(root_text(a, xml.bytes, xml.used), "more than 500000 elements"));
		text_free(&xml);
	}
	arena_free(a);
}

static void ignore_open(void *ctx, const char *name, const struct xml_attributes *attributes)
{
	(void)ctx, (void)name, (void)attributes;
}

static void ignore_text(void *ctx, const char *s, size_t n)
{
	(void)ctx, (void)s, (void)n;
}

static void ignore_close(void *ctx)
{
	(void)ctx;
}

/* Ten times as many take a hundred times as long. */
static void names_without_end_are_refused(void **state)
{
	static const struct xml_listener nobody = { ignore_open, ignore_text, ignore_close };
	struct fault f = { FAULT_NONE, "" };
	struct xml_walker *w = xml_walker_new(&nobody);
	struct arena *a = arena_new();
	struct text xml = { 0 };

	(void)state;
	text_add(&xml, "<a>");
	for (int n = 0; n < 2 * XML_NAMES; n++)
		text_printf(&xml, "<b%x/>", (unsigned)n);
	text_add(&xml, "</a>");
	assert_string_equal(root_text(a, xml.bytes, xml.used), "XML of more than 65536 different names");
	assert_int_equal(xml_walk(w, NULL, xml.bytes, xml.used, &f), -1);
	assert_string_equal(f.text, "XML of more than 65536 different names");
	assert_int_equal(xml_walk(w, NULL, "<a/>", 4, &f), 0);
	xml_walker_free(w);
	text_free(&xml);
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_encoding_is_one_of_a_few),
		cmocka_unit_test(elements_without_end_are_refused),
		cmocka_unit_test(names_without_end_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
