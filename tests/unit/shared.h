/* Where data of others lies beside the checkout, if it does: TSUMUGI_SHARED, or ../shared.
 * A test that needs it says "skipped" without it. */
#ifndef TSUMUGI_TEST_SHARED_H
#define TSUMUGI_TEST_SHARED_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline const char *shared_path(const char *name)
{
	static char path[1024];
	const char *root = getenv("TSUMUGI_SHARED");

	snprintf(path, sizeof(path), "%s/%s", root != NULL && root[0] != '\0' ? root : "../shared", name);
	return path;
}

/* False, having said so, when the file or folder is not there. */
static inline int shared_has(const char *name)
{
	if (access(shared_path(name), R_OK) == 0)
		return 1;
	printf("    skipped: no %s\n", shared_path(name));
	return 0;
}

#endif
