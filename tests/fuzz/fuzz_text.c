/* What writes text for people and for other programs, on any string: idempotent where it says so, well-formed,
 * and read back as what was written. */
#include "tests/fuzz/fuzz.h"

#include <libxml/parser.h>

#include "analyst/readers/framing.h"
#include "analyst/readers/json.h"

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	xmlInitParser();
	return 0;
}

static void hushed(void *ctx, const char *format, ...)
{
	(void)ctx, (void)format;
}

static void defanged(const char *s)
{
	struct text once = { 0 }, twice = { 0 };

	text_add_defanged(&once, s);
	text_add_defanged(&twice, text_str(&once));
	HOLDS(strcmp(text_str(&once), text_str(&twice)) == 0);
	HOLDS(strstr(text_str(&once), "http://") == NULL && strstr(text_str(&once), "https://") == NULL);
	text_free(&once);
	text_free(&twice);
}

static void shown(const char *s, size_t n)
{
	struct text once = { 0 }, twice = { 0 };
	size_t taken;

	text_add_shown(&once, s, n);
	for (size_t i = 0; i < once.used; i += taken) {
		uint32_t r = utf8_next(once.bytes + i, once.used - i, &taken);

		HOLDS(!rune_is_control(r) && !rune_is_bidi(r));
	}
	HOLDS(utf8_valid(text_str(&once), once.used));
	text_add_shown(&twice, text_str(&once), once.used);
	HOLDS(strcmp(text_str(&once), text_str(&twice)) == 0);
	text_free(&once);
	text_free(&twice);
}

static void json(const char *s)
{
	static const char *const paths[] = { "v" };
	struct text t = { 0 }, expected = { 0 };
	struct json *j = json_new();
	struct json_paths *p = json_paths_new(paths, 1);
	const char *why = NULL;

	text_add(&t, "{\"v\":");
	text_add_json(&t, s);
	text_add(&t, "}");
	HOLDS(json_read(j, p, t.bytes, t.used, t.used, &why) == 0);
	fuzz_repaired(&expected, s);
	HOLDS(json_text(j, 0) != NULL && strcmp(json_text(j, 0), text_str(&expected)) == 0);
	json_paths_free(p);
	json_free(j);
	text_free(&expected);
	text_free(&t);
}

static void csv(const char *s)
{
	struct text t = { 0 };
	struct framing *fr;
	struct memory_bytes memory;
	struct record rec;
	size_t used;

	text_add(&t, "a,");
	text_add_csv(&t, s);
	used = t.used;
	text_add(&t, ",z\n");
	memory = (struct memory_bytes){ t.bytes, t.used };
	fr = framing_new(&(struct framing_rules){ .kind = FRAME_CSV, .delimiter = ',' }, memory_source(&memory));
	HOLDS(framing_next(fr, &rec, NULL) == 1);
	HOLDS(rec.broken != NULL || (rec.cell_count == 3 && rec.n >= used));
	HOLDS(rec.broken != NULL || strcmp(rec.cells[2].text, "z") == 0);
	framing_free(fr);
	text_free(&t);
}

static void xml(const char *s)
{
	struct text t = { 0 };
	xmlDocPtr doc;

	text_add(&t, "<a b=\"");
	text_add_xml(&t, s);
	text_add(&t, "\" c='");
	text_add_xml(&t, s);
	text_add(&t, "'>");
	text_add_xml(&t, s);
	text_add(&t, "</a>");
	doc = xmlReadMemory(t.bytes, (int)t.used, "t.xml", NULL, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	HOLDS(doc != NULL);
	HOLDS(xmlDocGetRootElement(doc)->next == NULL);
	for (xmlNodePtr node = xmlDocGetRootElement(doc)->children; node != NULL; node = node->next)
		HOLDS(node->type == XML_TEXT_NODE);
	xmlFreeDoc(doc);
	text_free(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s;

	if (size > 65536)
		return 0;
	xmlSetGenericErrorFunc(NULL, hushed);
	shown((const char *)data, size);
	s = fuzz_string(data, size);
	defanged(s);
	json(s);
	csv(s);
	xml(s);
	free(s);
	return 0;
}
