/* A picture of a user's, a logo. Only PNG, which cairo decodes: its size is asked for before, chunks that do not say which
 * pixels there are (names, comments, profiles) are left out, and what shines through is laid on white: paper is white,
 * and PDF/A-1b knows no transparency. The same file gives the same pixels.
 *
 *     const struct picture *p;
 *     if (picture_load(&p, "logo.png", arena, f) < 0) ...       "it is no PNG"
 */
#ifndef TSUMUGI_PICTURE_H
#define TSUMUGI_PICTURE_H

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/base/text.h"

#define PICTURE_BYTES ((size_t)1024 * 1024)
#define PICTURE_PIXELS 4000000u
#define PICTURE_LEAST 8u             /* pixels of a side */
#define PICTURE_MOST 8192u

struct picture {
	unsigned width, height;      /* pixels */
	const unsigned char *rgb;    /* rows from the top, three bytes a pixel, nothing between */
};

int picture_read(const struct picture **out, const char *bytes, size_t n, struct arena *a, struct fault *f);
/* The fault does not name the file: whoever names it in a file of their own says where. */
int picture_load(const struct picture **out, const char *path, struct arena *a, struct fault *f);
/* Appends it as a PNG that holds nothing but its pixels. */
void picture_png(struct text *out, const struct picture *p);

#endif
