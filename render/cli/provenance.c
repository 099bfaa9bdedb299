#include "render/cli/provenance.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/store/hasher.h"
#include "sources.h"             /* made: TSUMUGI_SOURCES */

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_table(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return d->d_name[0] != '.' && n > 4 && strcmp(d->d_name + n - 4, ".xml") == 0;
}

static int add_table(struct hasher *h, const char *folder, const char *name, struct fault *f)
{
	struct text path = {0}, bytes = {0};
	char part[65536];
	FILE *in;
	size_t n;
	int rc = 0;

	text_printf(&path, "%s/%s", folder, name);
	if ((in = fopen(text_str(&path), "rb")) == NULL) {
		rc = fault_set(f, FAULT_IO, "cannot open '%s': %s", text_str(&path), strerror(errno));
		goto out;
	}
	while ((n = fread(part, 1, sizeof(part), in)) > 0)
		text_addn(&bytes, part, n);
	if (ferror(in))
		rc = fault_set(f, FAULT_IO, "reading '%s': %s", text_str(&path), strerror(errno));
	fclose(in);
	digest_add(h, name);
	digest_add(h, text_str(&bytes));
out:
	text_free(&path);
	text_free(&bytes);
	return rc;
}

int provenance(const char **out, const char *knowledge, struct arena *arena, struct fault *f)
{
	struct dirent **names = NULL;
	struct hasher *h;
	struct content tables;
	int n, rc = 0;

	if ((n = scandir(knowledge, &names, is_table, by_name)) < 0)
		return fault_set(f, FAULT_IO, "cannot open '%s': %s", knowledge, strerror(errno));
	h = hasher_new();
	digest_begin(h);
	for (int i = 0; i < n; i++) {
		if (rc == 0)
			rc = add_table(h, knowledge, names[i]->d_name, f);
		free(names[i]);
	}
	free(names);
	tables = digest_end(h);
	*out = arena_printf(arena, "%s %s %016" PRIx64, TSUMUGI_VERSION, TSUMUGI_SOURCES, tables.key);
	hasher_free(h);
	return rc;
}
