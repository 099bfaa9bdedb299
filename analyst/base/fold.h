/* Letters that differ only in case or in how they are encoded, made alike: Unicode's full case folding and compatibility
 * decomposition (NFKD, toNFKC_Casefold's decomposed sister) by libunistring, a character at a time. "MÜLLER", "müller",
 * with one character for the umlaut or two, and full-width "ＭÜＬＬＥＲ" all give the same bytes, and so do "ﾃﾞｰﾀ" and "データ".
 * Languages' own rules (Turkish) are left out: nobody says which a log was written in. */
#ifndef TSUMUGI_FOLD_H
#define TSUMUGI_FOLD_H

#include "analyst/base/text.h"

#define FOLDED_MOST 64               /* bytes; Unicode's longest, U+FDFA, takes 33 */

size_t rune_fold(char out[FOLDED_MOST], uint32_t rune);     /* bytes written */
/* Appends s; bytes that are no UTF-8 stay. */
void text_add_folded(struct text *t, const char *s);

#endif
