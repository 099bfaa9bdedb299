/* The pieces of pdf.c: fonts and metadata. Only these files speak to libharu. */
#ifndef TSUMUGI_PDF_PARTS_H
#define TSUMUGI_PDF_PARTS_H

#include <hpdf.h>

#include "render/canvas/canvas_pdf.h"
#include "render/document/pdf.h"

/* A font object that holds only the letters used. NULL and a fault when it cannot be made. */
HPDF_Dict pdf_embed_face(HPDF_Doc doc, struct fonts *fonts, enum font face, const struct used_face *used,
                         struct fault *f);

/* Title, dates, XMP, colour profile, language: what PDF/A-1b asks for. id is 16 bytes. */
int pdf_describe(HPDF_Doc doc, const struct pdf_info *info, const unsigned char id[16], struct fault *f);

/* Content of a page, compressed in parts: a zlib stream that goes on with every part. */
struct packed {
	struct text bytes;
	unsigned long sum;           /* Adler-32 of what went in */
	bool begun;
};
struct packer;
struct packer *packer_new(void);
void packer_free(struct packer *pk);               /* accepts NULL */
void packer_add(struct packer *pk, struct packed *to, const struct text *part, bool last);

/* "<FEFF...>": text outside page contents. */
HPDF_Binary pdf_text_string(HPDF_Doc doc, const char *s);
/* A stream object; compressed when pdf readers may expect it to be. */
HPDF_Dict pdf_stream(HPDF_Doc doc, const void *bytes, size_t n, bool compressed);

#endif
