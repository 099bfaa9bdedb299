/* Column maps from files: those that ship, and the user's. */
#ifndef TSUMUGI_MAPS_H
#define TSUMUGI_MAPS_H

#include "analyst/readers/reader.h"

#define MAPS_MOST 64

/* Fills in the maps of the reader options: share/maps/ *.map by name, and map_path. Everything
 * lives in the arena. */
int maps_load(struct reader_options *out, const char *share, const char *map_path, struct arena *arena,
              struct fault *f);

#endif
