/* Loaded before everything else by faults.py: lets one call fail, or it and all behind it.
 *
 *     FAULT=write:17:28      the 17th write fails with error number 28
 *     FAULT=write:17+:28     so do all later ones
 *     FAULT=write:17:0       it does not come to the 17th: the program is killed there
 *     FAULT=write:17:-1      the 17th writes half of what it is given
 *     FAULT_COUNT=FILE       writes "CALL COUNT" a line when the program ends
 *     FAULT_OPENED=FILE      and the path of each file that is opened
 *
 * "memory" is malloc, calloc and realloc; see `calls` for the others. Calls from within libc (stdio's own) pass by. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

enum call { MEMORY, OPEN, READ, WRITE, SYNC, TRUNCATE, RENAME, UNLINK, MAP, CALLS };

static const char *const calls[CALLS] = { "memory", "open", "read", "write", "sync", "truncate", "rename", "unlink", "map" };

static long counts[CALLS + 1];       /* the last: of what never fails, words on standard error */
static int wanted = -1, error;       /* CALLS: none; -1: not read yet */
static long at;
static bool and_later;

static void read_wish(void)
{
	const char *wish = getenv("FAULT"), *colon;
	char *end;

	wanted = CALLS;
	if (wish == NULL || (colon = strchr(wish, ':')) == NULL)
		return;
	at = strtol(colon + 1, &end, 10);
	and_later = *end == '+';
	error = atoi(strchr(end, ':') + 1);
	for (int i = 0; i < CALLS; i++)
		if (strncmp(calls[i], wish, (size_t)(colon - wish)) == 0)
			wanted = i;
}

static bool fails(enum call call)
{
	long n = __atomic_add_fetch(&counts[call], 1, __ATOMIC_SEQ_CST);

	if (wanted < 0)
		read_wish();
	if (call == CALLS || (int)call != wanted || (and_later ? n < at : n != at))
		return false;
	if (error == 0)
		raise(SIGKILL);
	errno = error;
	return true;
}

static bool fails_to_open(const char *path)
{
	const char *list = getenv("FAULT_OPENED");
	int fd = list != NULL ? (int)syscall(SYS_openat, AT_FDCWD, list, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;

	if (fd >= 0) {
		dprintf(fd, "%s\n", path);
		close(fd);
	}
	return fails(OPEN);
}

__attribute__((destructor)) static void tell(void)
{
	const char *path = getenv("FAULT_COUNT");
	FILE *out = path != NULL ? fopen(path, "w") : NULL;

	if (out == NULL)
		return;
	for (int i = 0; i < CALLS; i++)
		fprintf(out, "%s %ld\n", calls[i], counts[i]);
	fclose(out);
}

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

void *malloc(size_t size) { return fails(MEMORY) ? NULL : __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return fails(MEMORY) ? NULL : __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { return fails(MEMORY) ? NULL : __libc_realloc(old, size); }

/* name with these parameters, which are handed on as arguments. */
#define CALL(which, result, failure, name, parameters, arguments) \
	result name parameters \
	{ \
		static result (*next) parameters; \
		if (next == NULL) \
			*(void **)&next = dlsym(RTLD_NEXT, #name); \
		return fails(which) ? failure : next arguments; \
	}
#define CALL_OPEN(name, parameters, arguments) \
	int name parameters \
	{ \
		static int (*next)(); \
		va_list ap; \
		mode_t mode; \
		if (next == NULL) \
			*(void **)&next = dlsym(RTLD_NEXT, #name); \
		va_start(ap, flags); \
		mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0; \
		va_end(ap); \
		return fails_to_open(path) ? -1 : next arguments; \
	}

CALL_OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
CALL_OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
CALL_OPEN(openat, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
CALL_OPEN(openat64, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
#define CALL_FOPEN(name) \
	FILE *name(const char *path, const char *mode) \
	{ \
		static FILE *(*next)(const char *, const char *); \
		if (next == NULL) \
			*(void **)&next = dlsym(RTLD_NEXT, #name); \
		return fails_to_open(path) ? NULL : next(path, mode); \
	}

CALL_FOPEN(fopen)
CALL_FOPEN(fopen64)
CALL(READ, ssize_t, -1, read, (int fd, void *into, size_t n), (fd, into, n))
CALL(READ, ssize_t, -1, pread, (int fd, void *into, size_t n, off_t from), (fd, into, n, from))
CALL(READ, ssize_t, -1, pread64, (int fd, void *into, size_t n, off64_t from), (fd, into, n, from))
CALL(fd == STDERR_FILENO ? CALLS : WRITE, ssize_t, error == -1 ? next(fd, from, n - n / 2) : -1, write, (int fd, const void *from, size_t n), (fd, from, n))
CALL(WRITE, ssize_t, error == -1 ? next(fd, from, n - n / 2, to) : -1, pwrite, (int fd, const void *from, size_t n, off_t to), (fd, from, n, to))
CALL(WRITE, ssize_t, error == -1 ? next(fd, from, n - n / 2, to) : -1, pwrite64, (int fd, const void *from, size_t n, off64_t to), (fd, from, n, to))
CALL(SYNC, int, -1, fsync, (int fd), (fd))
CALL(SYNC, int, -1, fdatasync, (int fd), (fd))
CALL(TRUNCATE, int, -1, ftruncate, (int fd, off_t size), (fd, size))
CALL(TRUNCATE, int, -1, ftruncate64, (int fd, off64_t size), (fd, size))
CALL(RENAME, int, -1, renameat, (int from, const char *old, int to, const char *now), (from, old, to, now))
CALL(UNLINK, int, -1, unlink, (const char *path), (path))
CALL(UNLINK, int, -1, unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
CALL(MAP, void *, MAP_FAILED, mmap, (void *where, size_t n, int what, int flags, int fd, off_t from), (where, n, what, flags, fd, from))
CALL(MAP, void *, MAP_FAILED, mmap64, (void *where, size_t n, int what, int flags, int fd, off64_t from), (where, n, what, flags, fd, from))
