/* What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput; libFuzzer drives it under
 * `make fuzz`, replay.c over the corpus under `make test`. What must hold is checked with HOLDS, which stays in
 * every build.
 *
 * A target's name is the last part of argv[0]: of the program under libFuzzer, of the corpus folder in a replay.
 * So "reader-cef" is fuzz_reader.c on the reader cef. */
#ifndef TSUMUGI_FUZZ_H
#define TSUMUGI_FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/text.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HOLDS(what) \
	do { \
		if (!(what)) { \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #what); \
			abort(); \
		} \
	} while (0)

static inline const char *fuzz_name(char **argv)
{
	const char *slash = strrchr(argv[0], '/');

	return slash != NULL ? slash + 1 : argv[0];
}

/* The bytes as a string: it ends at the first NUL. */
static inline char *fuzz_string(const uint8_t *data, size_t size)
{
	char *s = must_alloc(size + 1);

	if (size > 0)
		memcpy(s, data, size);
	s[size] = '\0';
	return s;
}

/* s with bytes that are no UTF-8 replaced. */
static inline void fuzz_repaired(struct text *out, const char *s)
{
	size_t n = strlen(s), taken;

	text_clear(out);
	for (size_t i = 0; i < n; i += taken)
		text_add_rune(out, utf8_next(s + i, n - i, &taken));
}

#endif
