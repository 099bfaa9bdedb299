#include "analyst/base/fold.h"

#include <stdlib.h>
#include <string.h>

#include <unicase.h>

/* One folding can bring up characters that fold again: U+3386 is "MB". */
static size_t fold_once(char out[FOLDED_MOST], const char *s, size_t n)
{
	size_t room = FOLDED_MOST;
	uint8_t *made = u8_casefold((const uint8_t *)s, n, "", UNINORM_NFKD, (uint8_t *)out, &room);

	if (made == (uint8_t *)out)
		return room;
	free(made);
	memcpy(out, s, n);
	return n;
}

/* Of ideographs nothing folds and nothing is decomposed. */
static bool is_ideograph(uint32_t rune)
{
	return rune >= 0x3400 && rune <= 0x9FFF;
}

/* The library takes a microsecond for a letter; a text has few different ones. Kana have a place each. */
struct known {
	uint32_t rune;
	size_t n;
	char bytes[FOLDED_MOST];
};
static _Thread_local struct known known[256];

size_t rune_fold(char out[FOLDED_MOST], uint32_t rune)
{
	struct known *k = &known[rune % (sizeof known / sizeof known[0])];
	char first[FOLDED_MOST];

	if (rune < 0x80) {
		out[0] = (char)(rune >= 'A' && rune <= 'Z' ? rune + ('a' - 'A') : rune);
		return 1;
	}
	if (is_ideograph(rune))
		return utf8_put(out, rune);
	if (k->rune != rune) {
		k->n = fold_once(k->bytes, out, utf8_put(out, rune));
		memcpy(first, k->bytes, k->n);
		k->n = fold_once(k->bytes, first, k->n);
		k->rune = rune;
	}
	memcpy(out, k->bytes, k->n);
	return k->n;
}

void text_add_folded(struct text *t, const char *s)
{
	char folded[FOLDED_MOST];

	for (size_t n = strlen(s), taken; n > 0; s += taken, n -= taken) {
		uint32_t rune = utf8_next(s, n, &taken);

		if (rune == 0xFFFD && taken < 3)
			text_addn(t, s, taken);
		else
			text_addn(t, folded, rune_fold(folded, rune));
	}
}
