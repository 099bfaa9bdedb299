/* Files in UTF-16, as Event Viewer and Excel write them, turned into UTF-8 on the way: one
 * more packing, so that places count bytes of the text as UTF-8. What is no character
 * becomes U+FFFD. */
#ifndef TSUMUGI_UTF16_H
#define TSUMUGI_UTF16_H

#include "analyst/readers/window.h"

struct utf16;

/* `first` are the n first bytes, read from the source already. */
struct utf16 *utf16_open(struct byte_source source, const char *first, size_t n);
void utf16_close(struct utf16 *u);           /* accepts NULL */
/* The read function of a byte_source; ctx is the utf16. */
int utf16_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f);

#endif
