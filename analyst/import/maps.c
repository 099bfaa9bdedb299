#include "analyst/import/maps.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/text.h"

#define MAP_BYTES 65536

static int load_one(struct csv_map **out, const char *path, struct arena *arena, struct fault *f)
{
	char *bytes = arena_alloc(arena, MAP_BYTES);
	const char *name = last_component(path);
	FILE *in = fopen(path, "rb");
	size_t n;
	int rc = -1;

	if (in == NULL)
		return fault_set(f, FAULT_IO, "cannot open the column map '%s': %s", path, strerror(errno));
	n = fread(bytes, 1, MAP_BYTES, in);
	if (ferror(in))
		fault_set(f, FAULT_IO, "cannot read the column map '%s': %s", path, strerror(errno));
	else if (n == MAP_BYTES || !utf8_valid(bytes, n))
		fault_set(f, FAULT_DATA, "'%s' is no column map", path);
	else
		rc = csv_map_parse(out, arena_dupn(arena, name, strcspn(name, ".")), bytes, n, arena, f);
	fclose(in);
	return rc;
}

static int is_map(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot != NULL && d->d_name[0] != '.' && strcmp(dot, ".map") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int maps_load(struct reader_options *out, const char *share, const char *map_path, struct arena *arena,
              struct fault *f)
{
	const struct csv_map **maps = ARENA_ARRAY(arena, const struct csv_map *, MAPS_MOST);
	const char *folder = share != NULL ? arena_printf(arena, "%s/maps", share) : NULL;
	struct dirent **names = NULL;
	struct csv_map *map = NULL;
	int n = folder != NULL ? scandir(folder, &names, is_map, by_name) : 0, rc = 0;

	/* No folder, no maps that ship: every other format goes on without. */
	for (int i = 0; i < n; i++) {
		if (rc == 0 && out->map_count < MAPS_MOST &&
		    (rc = load_one(&map, arena_printf(arena, "%s/%s", folder, names[i]->d_name), arena, f)) == 0)
			maps[out->map_count++] = map;
		free(names[i]);
	}
	free(names);
	out->maps = maps;
	if (rc == 0 && map_path != NULL && (rc = load_one(&map, map_path, arena, f)) == 0)
		out->map = map;
	return rc;
}
