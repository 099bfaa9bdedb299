/* Several files of one case in one folder: what run and report all write.
 *
 *     struct bundle b = { .m = &m, .folder = "out" };
 *     for each language: m.lang = ...; bundle_reports(&b, NULL, f);
 *     print b.said; bundle_free(&b);
 */
#ifndef TSUMUGI_BUNDLE_H
#define TSUMUGI_BUNDLE_H

#include "render/cli/making.h"

struct bundle {
	struct making *m;
	const char *folder;          /* is there already */
	struct text bytes;           /* of the file that is being made; empty again after bundle_keep */
	struct text said;            /* "  weekly.en.pdf\n" for each that was written */
};

/* Writes bytes as this file. What must not be said (--redact) is looked for before. */
int bundle_keep(struct bundle *b, const char *name, struct fault *f);
/* All reports that have something to say, in m's language; only: one form, else all that are usual. */
int bundle_reports(struct bundle *b, const struct file_form *only, struct fault *f);
/* --lang, else every language. */
bool bundle_wants(const struct cli *c, enum language lang);
/* In the folder; in the case file's arena. */
const char *bundle_path(struct bundle *b, const char *name);
const char *language_name(enum language lang);
void bundle_free(struct bundle *b);

#endif
