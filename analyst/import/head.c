/* The first bytes of a file: in which encoding, and of which format. */
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/import/passage.h"
#include "analyst/readers/header.h"
#include "analyst/readers/rules.h"

static int fetch(struct passage *p, char *into, size_t room, size_t *got, struct fault *f)
{
	if (p->wide != NULL)
		return utf16_read(p->wide, into, room, got, f);
	if (p->recode != NULL)
		return recode_read(p->recode, into, room, got, f);
	return p->ahead != NULL ? ahead_read(p->ahead, into, room, got, f) : stream_read(p->stream, into, room, got, f);
}

/* A feed of few alerts may take hours to fill the head. What it says in its first lines is taken for its format once it
 * pauses; lists and formats that are read in whole end some time and are waited for. */
#define PAUSE_MILLISECONDS 1000

/* Not in the middle of a line, of a value or of a tag. JSON and XML need no line feeds. */
static bool ends_whole(const char *s, size_t n)
{
	size_t begin = 0;

	if (n > 0 && s[n - 1] == '\n')
		return true;
	while (begin < n && strchr(" \t\r\n", s[begin]) != NULL)
		begin++;
	if (begin == n)
		return false;
	return (strchr("{[", s[begin]) != NULL && strchr("}],", s[n - 1]) != NULL) || (s[begin] == '<' && s[n - 1] == '>');
}

static bool says_enough(struct passage *p)
{
	const struct reader *reader;
	struct fault none = { FAULT_NONE, "" };

	return ends_whole(p->head, p->head_size) && head_choose(&reader, p, &none) == 0 &&
	       !reader->whole && strcmp(reader->gives, "indicators") != 0 && strcmp(reader->gives, "assets") != 0;
}

static int fill_head(struct passage *p, struct fault *f)
{
	while (p->head_size < PROBE_SIZE && !p->head_ended) {
		size_t got;

		if (p->head_size > 0 && stream_is_silent(p->stream, PAUSE_MILLISECONDS) && says_enough(p))
			break;
		if (fetch(p, p->head + p->head_size, PROBE_SIZE - p->head_size, &got, f) < 0)
			return -1;
		p->head_size += got;
		p->head_ended = got == 0;
	}
	return 0;
}

static bool is_marked(const char *s, size_t n)
{
	return n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0;
}

int head_read(struct passage *p, struct fault *f)
{
	const struct byte_source source = { stream_read, p->stream };
	const char *encoding = p->im->options->encoding;

	p->head = must_alloc(PROBE_SIZE);
	if (fill_head(p, f) < 0)
		return -1;
	if (looks_like_utf16(p->head, p->head_size)) {
		p->wide = utf16_open(source, p->head, p->head_size);
	} else if (encoding != NULL && encoding[0] != '\0' && !is_marked(p->head, p->head_size)) {
		if (recode_open(&p->recode, source, encoding, p->head, p->head_size, f) < 0)
			return -1;
	}
	if (p->wide != NULL || p->recode != NULL) {
		p->head_size = 0;
		p->head_ended = false;
		if (fill_head(p, f) < 0)
			return -1;
	}
	p->file.empty = p->head_size == 0;
	return p->file.empty ? fault_set(f, FAULT_DATA, "is empty") : 0;
}

/* The head first, then the rest of the stream. */
int head_read_again(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct passage *p = ctx;

	if (p->head_at == p->head_size) {
		/* A pipe may be silent for long: what came before is not kept waiting. */
		if (!stream_is_regular(p->stream) && p->parcel != NULL && p->parcel->count > 0 && hand_over_fresh(p, f) < 0)
			return -1;
		return fetch(p, into, room, got, f);
	}
	*got = p->head_size - p->head_at < room ? p->head_size - p->head_at : room;
	memcpy(into, p->head + p->head_at, *got);
	p->head_at += *got;
	return 0;
}

/* Files that are known for what they are, and are not read. */
static int refuse_foreign(const char *s, size_t n, struct fault *f)
{
	static const struct { const char *magic; size_t n; const char *why; } foreign[] = {
		{ "PK\3\4", 4, "is a zip archive: unpack it first" },
		{ "ElfFile", 8, "is a Windows event log: turn it into text first, with Hayabusa (json-timeline) or evtxexport" },
		{ "%PDF", 4, "is a PDF: paste its text into a file" },
		{ "\x7f" "ELF", 4, "is a program" },
		{ "MZ\x90", 3, "is a program" },
		{ "SQLite format 3", 16, "is a database" },
		{ "\x89PNG", 4, "is a picture" },
		{ NULL, 0, NULL }
	};

	for (size_t i = 0; foreign[i].magic != NULL; i++)
		if (n >= foreign[i].n && memcmp(s, foreign[i].magic, foreign[i].n) == 0)
			return fault_set(f, FAULT_DATA, "%s", foreign[i].why);
	return 0;
}

struct probe head_probe(struct passage *p)
{
	size_t mark = is_marked(p->head, p->head_size) ? 3 : 0;

	return (struct probe){ p->head + mark, p->head_size - mark, p->head_ended, &p->im->reading };
}

int head_choose(const struct reader **out, struct passage *p, struct fault *f)
{
	const struct import_options *o = p->im->options;
	struct probe probe = head_probe(p);
	const char *mapped = o->map_path == NULL ? NULL : probe_is_json(probe.bytes, probe.n) ? "json" : "csv";
	const char *name = o->format != NULL ? o->format : mapped;

	if (refuse_foreign(p->head, p->head_size, f) < 0)
		return -1;
	if (name == NULL && rules_in(probe.bytes, probe.n) != NULL)
		return fault_set(f, FAULT_DATA, "%s", rules_in(probe.bytes, probe.n));
	if (name == NULL)
		return reader_choose(out, &probe, f);
	*out = reader_named(name);
	return *out != NULL ? 0 : fault_set(f, FAULT_USAGE, "no format named '%s' ('tsumugi formats' lists them)", name);
}
