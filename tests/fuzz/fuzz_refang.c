/* Prose, single values and STIX patterns of any bytes. What was found lies in the text, and a canonical value
 * other than a URL is its own canonical value. */
#include "tests/fuzz/fuzz.h"

#include "analyst/readers/canon.h"
#include "analyst/readers/refang.h"
#include "analyst/readers/stix_pattern.h"

#define FOUND 64

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	return 0;
}

static void settled(const struct found *found, struct arena *a)
{
	struct found again;

	HOLDS(found->value != NULL && found->written != NULL);
	HOLDS(utf8_valid(found->value, strlen(found->value)));
	if (found->kind == INDICATOR_TEXT || found->kind == INDICATOR_URL)      /* a path keeps what was written */
		return;
	refang_value(&again, found->value, strlen(found->value), found->kind, a);
	if (again.kind != found->kind || strcmp(again.value, found->value) != 0)
		fprintf(stderr, "%d '%s' settles as %d '%s'\n", (int)found->kind, found->value, (int)again.kind, again.value);
	HOLDS(again.kind == found->kind && strcmp(again.value, found->value) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_new();
	struct found found[FOUND];
	struct pattern *pattern = arena_alloc(a, sizeof(*pattern));
	struct ids ids = { .count = 0 };
	struct text repaired = { 0 };      /* readers hand over UTF-8 only */
	char *bytes = fuzz_string(data, size);
	const char *s, *line;
	size_t n;

	fuzz_repaired(&repaired, bytes);
	line = s = text_str(&repaired);
	n = repaired.used;

	for (size_t left = n; left > 0; ) {
		const char *end = memchr(line, '\n', left);
		size_t length = end != NULL ? (size_t)(end - line) : left;
		size_t count = refang_line(found, FOUND, line, length, a);

		HOLDS(count <= FOUND);
		for (size_t i = 0; i < count; i++) {
			HOLDS(found[i].start < found[i].end && found[i].end <= length);
			settled(&found[i], a);
		}
		length += end != NULL;
		line += length;
		left -= length;
	}
	for (int said = INDICATOR_TEXT; said < INDICATOR_KINDS; said++) {
		refang_value(&found[0], s, n, (enum indicator_kind)said, a);
		settled(&found[0], a);
	}
	if (pattern_read(pattern, s, a) == NULL)
		for (size_t i = 0; i < pattern->count; i++)
			HOLDS(pattern->values[i].value != NULL);
	indicator_kind_named(s);
	ids_add_techniques(&ids, s);
	ids_add_tactics(&ids, s);
	ids_text(&ids, a);
	free(bytes);
	text_free(&repaired);
	arena_free(a);
	return 0;
}
