/* Files in an encoding that only the user can know, turned into UTF-8 on the way; telling Shift_JIS from EUC-JP or
 * CP1252 by their bytes goes wrong too often. Places then count bytes of the text as UTF-8, as for UTF-16. Bytes that
 * are no character become U+FFFD. */
#ifndef TSUMUGI_RECODE_H
#define TSUMUGI_RECODE_H

#include "analyst/readers/window.h"

/* "cp932", "Shift_JIS": what iconv knows it by, or NULL when it is none that is read. "" for UTF-8. */
const char *encoding_known(const char *name);
/* The names, parted by ", ": for a sentence. */
#define ENCODINGS "utf-8, cp932 (shift_jis), euc-jp, iso-2022-jp, cp1252, iso-8859-1, gb18030, big5, euc-kr"

struct recode;

/* encoding as encoding_known gives it. `first` are the n first bytes, read from the source already. */
int recode_open(struct recode **out, struct byte_source source, const char *encoding, const char *first, size_t n,
                struct fault *f);
void recode_close(struct recode *r);         /* accepts NULL */
/* The read function of a byte_source; ctx is the recode. */
int recode_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f);

#endif
