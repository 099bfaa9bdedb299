/* A PDF/A-1b document on libharu. libharu keeps the objects and writes the file; page
 * contents and fonts are ours: its own font writer embeds whole tables and a character
 * map that readers refuse, HarfBuzz's subsetter embeds what is used.
 *
 *     struct pdf *pdf = NULL;
 *     pdf_new(&pdf, fonts, &info, f);
 *     struct canvas *page = pdf_page(pdf, A4_WIDTH, A4_HEIGHT);
 *     ...
 *     pdf_save(pdf, &bytes, f);
 *     pdf_free(pdf);
 *
 * Pages stay open until pdf_save, so headers that say "2 / 5" are drawn last; a page that
 * is packed in between takes a tenth of the memory. The same calls give the same bytes. */
#ifndef TSUMUGI_PDF_H
#define TSUMUGI_PDF_H

#include "analyst/base/instant.h"
#include "render/canvas/canvas.h"
#include "render/canvas/picture.h"

#define A4_WIDTH 595.28
#define A4_HEIGHT 841.89

struct pdf;

struct pdf_info {
	const char *title, *author, *subject;      /* UTF-8, NULL leaves one out */
	enum language lang;
	instant made;                              /* the only date in the file; INSTANT_NONE: none */
	const char *seed;                          /* hashed into the file's ID with the title and date; may be NULL */
};

int pdf_new(struct pdf **out, struct fonts *fonts, const struct pdf_info *info, struct fault *f);
void pdf_free(struct pdf *pdf);                /* accepts NULL */
const char *pdf_title(const struct pdf *pdf);  /* as the metadata has it; never NULL */

struct canvas *pdf_page(struct pdf *pdf, double width, double height);     /* lent; never NULL */
unsigned pdf_page_count(const struct pdf *pdf);
struct canvas *pdf_page_canvas(struct pdf *pdf, unsigned page);            /* pages count from 0 */
/* Compresses what was drawn so far. The canvases of the page are gone; pdf_page_canvas gives a new one. */
void pdf_page_pack(struct pdf *pdf, unsigned page);

/* A bookmark; level 0 or 1. */
void pdf_outline(struct pdf *pdf, int level, const char *title, unsigned page, double y);
/* A place that links lead to, and a link on a rectangle of a page. A link whose anchor never comes is dropped. */
void pdf_anchor(struct pdf *pdf, const char *name, unsigned page, double y);
void pdf_link(struct pdf *pdf, unsigned page, double x, double y, double w, double h, const char *anchor);

/* The picture lives until pdf_save, and is one object wherever it is set. */
void pdf_picture(struct pdf *pdf, unsigned page, double x, double y, double w, double h, const struct picture *picture);

int pdf_save(struct pdf *pdf, struct text *out, struct fault *f);

/* One scene on one page of its size, with a margin. */
int scene_pdf(struct text *out, const struct scene *sc, const struct typesetter *ts, const struct pdf_info *info,
              struct fault *f);

#endif
