/* Where a Japanese reader pauses: between phrases (文節), each a word with the particles and endings behind it. Titles
 * break there only, because in large type a break inside a word or a verb is what is seen first.
 *
 * No dictionary: the script tells. A phrase begins with kanji, katakana, Latin letters or digits after hiragana, and
 * what follows a word in hiragana belongs to it:
 *
 *     EXCH01が | ProxyLogonの | 悪用を | 受け、 | 管理者の | 権限を | 奪われた可能性
 *
 * Hiragana between two kanji may be the middle of a verb (受け取る, 乗っ取り) or a particle (社内の端末): the characters
 * that end a verb's stem are told from those that are particles or endings. */
#include "render/document/typeset.h"

#include <string.h>

#include "analyst/base/text.h"

/* One of these between two kanji is a particle or ends a word that stands before a noun; any other one (い, き, け, っ,
 * み, り ...) may be the middle of a compound verb. */
#define LINKS "はがをにでともへやのなかたてるうくすつむぶぬぐ"
#define NEVER_LAST "っ"           /* a doubled consonant: its syllable follows */
#define HONORIFICS "おご"         /* before a noun: お知らせ */

enum script { OTHER, HIRAGANA, KATAKANA, KANJI, LATIN };

static enum script script_of(uint32_t r)
{
	if (r >= 0x3041 && r <= 0x309F)
		return HIRAGANA;
	if ((r >= 0x30A1 && r <= 0x30FA) || r == 0x30FC || (r >= 0x31F0 && r <= 0x31FF))
		return KATAKANA;
	if ((r >= 0x3400 && r <= 0x9FFF) || (r >= 0xF900 && r <= 0xFAFF) || r == 0x3005)
		return KANJI;
	if ((r >= '0' && r <= '9') || (r >= 'a' && r <= 'z') || (r >= 'A' && r <= 'Z') || (r >= 0xC0 && r < 0x530))
		return LATIN;
	return OTHER;
}

static bool is_one_of(const char *set, uint32_t r)
{
	char bytes[5] = { 0 };

	bytes[utf8_put(bytes, r)] = '\0';
	return strstr(set, bytes) != NULL;
}

bool phrase_begins(const uint32_t *runes, size_t count, size_t at)
{
	enum script left, right;
	size_t first = at;

	if (at == 0 || at >= count)
		return false;
	left = script_of(runes[at - 1]);
	right = script_of(runes[at]);
	if (left == OTHER)                    /* marks, brackets, spaces: kinsoku has decided */
		return right != HIRAGANA || is_one_of("、。", runes[at - 1]);
	if (left != HIRAGANA)
		return false;
	if (right == OTHER)                   /* an opening bracket */
		return true;
	if (right == HIRAGANA)
		return false;
	while (first > 0 && script_of(runes[first - 1]) == HIRAGANA)
		first--;
	if (is_one_of(NEVER_LAST, runes[at - 1]))
		return false;
	if (is_one_of(HONORIFICS, runes[at - 1]) && (at - first == 1 || is_one_of(LINKS, runes[at - 2])))
		return false;
	if (at - first == 1 && right == KANJI && first > 0 && script_of(runes[first - 1]) == KANJI)
		return is_one_of(LINKS, runes[first]);
	return true;
}
