/* A file of notes, as people write it:
 *
 *     # The week of 8 March
 *     contact: soc desk, day and night          for every incident
 *
 *     [INC-2021W10-01]
 *     state: contained
 *     state.ja: 封じ込め済み                     a language's own words
 *     owner.1: Sato                             of the first action
 *     impact-data: No customer data on this server.
 *       The folder held installers only.        goes on where a line is indented
 *
 * Anything else is a fault with its line: a note that was lost would be worse than none. */
#ifndef TSUMUGI_NOTES_H
#define TSUMUGI_NOTES_H

#include "analyst/base/arena.h"
#include "analyst/base/fault.h"
#include "analyst/model/note.h"

#define NOTES_BYTES ((size_t)1 << 20)

int notes_read(struct notes *out, const char *bytes, size_t n, const char *path, struct arena *a, struct fault *f);

#endif
