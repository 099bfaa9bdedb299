#include "analyst/import/recode.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/arena.h"

#define PIECE ((size_t)64 * 1024)     /* at least what a probe reads */
#define CHARACTER 8                   /* room for what one step may give, U+FFFD included */

/* No encoding that is only in iconv's list because it can be: each of these is what some product or spreadsheet
 * writes. CP932 is what Windows calls Shift_JIS. */
static const struct { const char *name, *iconv; } encodings[] = {
	{ "utf-8", "" }, { "utf8", "" }, { "cp932", "CP932" }, { "shift_jis", "CP932" }, { "shift-jis", "CP932" },
	{ "sjis", "CP932" }, { "windows-31j", "CP932" }, { "ms932", "CP932" }, { "euc-jp", "EUC-JP" },
	{ "iso-2022-jp", "ISO-2022-JP" }, { "cp1252", "CP1252" }, { "windows-1252", "CP1252" },
	{ "iso-8859-1", "ISO-8859-1" }, { "latin1", "ISO-8859-1" }, { "gb18030", "GB18030" }, { "big5", "BIG5" },
	{ "euc-kr", "CP949" }, { "cp949", "CP949" }, { NULL, NULL }
};

struct recode {
	struct byte_source source;
	iconv_t to;
	bool ended;
	char in[PIECE];
	size_t in_at, in_end;
	char out[CHARACTER];         /* for a reader with less room than a character may need */
	size_t out_at, out_end;
};

const char *encoding_known(const char *name)
{
	for (size_t i = 0; encodings[i].name != NULL; i++)
		if (strcasecmp(encodings[i].name, name) == 0)
			return encodings[i].iconv;
	return NULL;
}

int recode_open(struct recode **out, struct byte_source source, const char *encoding, const char *first, size_t n,
                struct fault *f)
{
	iconv_t to = iconv_open("UTF-8", encoding);
	struct recode *r;

	if (to == (iconv_t)-1)
		return fault_set(f, FAULT_IO, "this system cannot read the encoding %s: %s", encoding, strerror(errno));
	r = must_alloc(sizeof(*r));
	r->source = source;
	r->to = to;
	r->in_end = n < PIECE ? n : PIECE;
	memcpy(r->in, first, r->in_end);
	*out = r;
	return 0;
}

void recode_close(struct recode *r)
{
	if (r == NULL)
		return;
	iconv_close(r->to);
	free(r);
}

static int fetch(struct recode *r, struct fault *f)
{
	size_t got = 0;

	memmove(r->in, r->in + r->in_at, r->in_end - r->in_at);
	r->in_end -= r->in_at;
	r->in_at = 0;
	if (r->source.read(r->source.ctx, r->in + r->in_end, PIECE - r->in_end, &got, f) < 0)
		return -1;
	r->in_end += got;
	r->ended = got == 0;
	return 0;
}

/* room is at least CHARACTER. Gives at least one byte, unless the file is at its end. */
static int convert(struct recode *r, char *into, size_t room, size_t *got, struct fault *f)
{
	char *to = into;
	size_t left = room;

	while (left >= CHARACTER) {
		char *from = r->in + r->in_at;
		size_t have = r->in_end - r->in_at, rc = 0;

		if (have > 0) {
			rc = iconv(r->to, &from, &have, &to, &left);
			r->in_at = r->in_end - have;
		}
		if (rc == (size_t)-1 && errno == E2BIG)
			break;
		if (rc == (size_t)-1 && (errno == EILSEQ || r->ended)) {
			/* A byte that begins no character; or one in which the file ends. */
			r->in_at++;
			memcpy(to, "\xEF\xBF\xBD", 3);
			to += 3;
			left -= 3;
			iconv(r->to, NULL, NULL, NULL, NULL);
			continue;
		}
		/* What there is goes on its way before more is waited for. */
		if (to > into || r->ended)
			break;
		if (fetch(r, f) < 0)
			return -1;
	}
	*got = (size_t)(to - into);
	return 0;
}

int recode_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct recode *r = ctx;

	if (r->out_at == r->out_end && room >= CHARACTER)
		return convert(r, into, room, got, f);
	if (r->out_at == r->out_end) {
		r->out_at = 0;
		if (convert(r, r->out, sizeof(r->out), &r->out_end, f) < 0)
			return -1;
	}
	*got = r->out_end - r->out_at < room ? r->out_end - r->out_at : room;
	memcpy(into, r->out + r->out_at, *got);
	r->out_at += *got;
	return 0;
}
