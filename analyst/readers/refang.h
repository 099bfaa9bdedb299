/* Finds indicators in text that people wrote, and undoes what they wrote to make them
 * harmless: "hxxps://evil[.]com", "198.98.61[.]152マルウェア" (FORMATS 3.7).
 *
 *     struct found found[64];
 *     size_t n = refang_line(found, 64, line, length, arena);
 *
 * One pass from left to right with bounded lookahead. What is found says how it was
 * written; whether a name nobody defanged is an indicator is for the caller to say. */
#ifndef TSUMUGI_REFANG_H
#define TSUMUGI_REFANG_H

#include "analyst/base/arena.h"
#include "analyst/model/indicator.h"

struct found {
	enum indicator_kind kind;
	const char *value;        /* canonical */
	const char *written;      /* as it stands in the text */
	size_t start, end;        /* bytes of the line it takes */
	bool defanged;            /* made harmless on purpose */
	bool scheme;              /* a URL with its scheme */
	const char *why;          /* why it can only be context, or NULL */
};

/* At most room of them. */
size_t refang_line(struct found *out, size_t room, const char *line, size_t n, struct arena *arena);

/* The whole text is one value, of the kind the source says or INDICATOR_TEXT when it says
 * none. Always gives something: INDICATOR_TEXT when nothing else fits. */
void refang_value(struct found *out, const char *s, size_t n, enum indicator_kind said, struct arena *arena);

/* What a column, a STIX path or a heading calls a kind: "sha256", "ipv4-addr", "IPアドレス". INDICATOR_TEXT for what is unknown;
 * INDICATOR_KINDS for what we do not look for, an import hash or ssdeep, which refang_value then does not guess at. */
enum indicator_kind indicator_kind_named(const char *s);

/* Whether a value of this kind that "is contained" somewhere is worth looking for as a whole: what equals it contains it. Not
 * names and folders, of which a part is meant. */
bool kind_stands_alone(enum indicator_kind kind);

/* Whether a comment or a heading says that what it is about is none of the attacker's: "Legitimate website", "Webmail
 * services targeted by". NULL says nothing. */
bool comment_clears(const char *s);

/* Prose as readers may see it: names, addresses and links in it made harmless as text_add_defanged does, all other words
 * as they are ("w3wp.exe", "2.0"). s itself where there is nothing to do. */
const char *prose_defanged(struct arena *arena, const char *s);

/* One name, address or link as text_add_defanged prints it. */
const char *name_defanged(struct arena *arena, const char *s);

/* A name of ours is shown as it is, but somebody may have been let to call himself "https://...": what holds a link is shown as
 * name_defanged does. */
const char *name_unlinked(struct arena *arena, const char *s);      /* NULL gives NULL */

/* True for names whose last label the public suffix list knows. */
bool has_known_suffix(const char *host);

#endif
