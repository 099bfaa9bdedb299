/* Compresses the contents of pages in parts, so that a page need not wait for its "2 / 5" as plain text. Each part is
 * flushed to a whole byte; the last one ends the stream with its checksum (RFC 1950, 1951). */
#include "render/document/pdf_parts.h"

#include <stdlib.h>

#include <zlib.h>

#include "analyst/base/arena.h"

#define PIECE ((size_t)16 * 1024)

struct packer {
	z_stream z;
	unsigned char piece[PIECE];
};

struct packer *packer_new(void)
{
	struct packer *pk = must_alloc(sizeof *pk);

	/* Without a header, because parts follow each other. */
	if (deflateInit2(&pk->z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK)
		return pk;
	free(pk);
	return NULL;
}

void packer_free(struct packer *pk)
{
	if (pk == NULL)
		return;
	deflateEnd(&pk->z);
	free(pk);
}

void packer_add(struct packer *pk, struct packed *to, const struct text *part, bool last)
{
	int flush = last ? Z_FINISH : Z_FULL_FLUSH;

	if (!to->begun) {
		text_addn(&to->bytes, "\x78\x9C", 2);
		to->sum = adler32(0, NULL, 0);
		to->begun = true;
	}
	to->sum = adler32_z(to->sum, (const unsigned char *)text_str(part), part->used);
	deflateReset(&pk->z);
	pk->z.next_in = (unsigned char *)(uintptr_t)text_str(part);
	pk->z.avail_in = (unsigned)part->used;
	do {
		pk->z.next_out = pk->piece;
		pk->z.avail_out = PIECE;
		deflate(&pk->z, flush);
		text_addn(&to->bytes, (const char *)pk->piece, PIECE - pk->z.avail_out);
	} while (pk->z.avail_out == 0);
	if (last)
		for (int shift = 24; shift >= 0; shift -= 8)
			text_addc(&to->bytes, (char)(to->sum >> shift & 0xFF));
}
