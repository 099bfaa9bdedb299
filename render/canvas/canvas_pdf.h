/* A PDF page as a canvas: its operators are written into a text, and what letters it used is
 * noted in a table the whole document shares. Used by render/document/pdf.c only. */
#ifndef TSUMUGI_CANVAS_PDF_H
#define TSUMUGI_CANVAS_PDF_H

#include "render/canvas/canvas.h"

/* The letters of one face in the order of their first use; number k + 1 stands for letters[k]
 * in page contents. The numbers have nothing to do with the font file's, so nothing of it
 * shows before the subset is made. */
struct used_letter {
	uint32_t rune;
	uint16_t gid;
};

struct used_face {
	uint16_t *number_of;          /* [0x10000] by rune, 0: not used yet */
	struct used_letter *letters;
	size_t count, room;
};

struct used_faces {
	struct used_face face[FONTS];
};

void used_faces_free(struct used_faces *u);

/* content, u and *on_page (bit n: enum font n is used) must outlive the canvas. */
struct canvas *pdf_canvas(struct text *content, struct used_faces *u, unsigned *on_page, double height);

#endif
