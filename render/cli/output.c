#include "render/cli/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyst/base/arena.h"

struct output {
	char *path, *name;           /* name: the last component */
	char temporary[320];
	int folder, fd;              /* -1: none */
	bool direct;                 /* no temporary name: standard output, a device */
	struct text pending;         /* small pieces are gathered */
};

#define GATHER ((size_t)256 * 1024)

static int refuse(struct output *o, const char *what, struct fault *f)
{
	return fault_set(f, FAULT_IO, "cannot %s '%s': %s", what, o->path, strerror(errno));
}

static char *copy(const char *s, size_t n)
{
	char *p = must_alloc(n + 1);

	memcpy(p, s, n);
	return p;
}

/* Temporary files of this name whose program is gone were left by a crash. */
static void sweep(struct output *o)
{
	char prefix[300];
	struct dirent *e;
	DIR *d;
	int fd = openat(o->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), n;

	if (fd < 0 || (d = fdopendir(fd)) == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	n = snprintf(prefix, sizeof(prefix), ".%s.tmp.", o->name);
	while ((e = readdir(d)) != NULL) {
		char *end;
		long pid;

		if (strncmp(e->d_name, prefix, (size_t)n) != 0)
			continue;
		pid = strtol(e->d_name + n, &end, 10);
		if (*end == '\0' && pid > 1 && kill((pid_t)pid, 0) < 0 && errno == ESRCH)
			unlinkat(o->folder, e->d_name, 0);
	}
	closedir(d);
}

static int open_beside(struct output *o, struct fault *f)
{
	const char *slash = strrchr(o->path, '/');
	char *folder = slash == NULL ? copy(".", 1) : copy(o->path, (size_t)(slash - o->path) + 1);
	int n;

	o->name = slash == NULL ? copy(o->path, strlen(o->path)) : copy(slash + 1, strlen(slash + 1));
	o->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (o->folder < 0)
		return refuse(o, "write", f);
	n = snprintf(o->temporary, sizeof(o->temporary), ".%s.tmp.%ld", o->name, (long)getpid());
	if (n < 0 || (size_t)n >= sizeof(o->temporary)) {
		errno = ENAMETOOLONG;
		o->temporary[0] = '\0';
		return refuse(o, "write", f);
	}
	sweep(o);
	o->fd = openat(o->folder, o->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (o->fd < 0) {
		o->temporary[0] = '\0';
		return refuse(o, "write", f);
	}
	return 0;
}

/* What is standard output or error by another name, as /dev/stdout: its number, else -1. To put a file in the place of
 * such a link, as rename does, would take the name away from every other program. */
static int standard_stream(const struct stat *sb)
{
	struct stat own;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++)
		if (fstat(fd, &own) == 0 && own.st_dev == sb->st_dev && own.st_ino == sb->st_ino &&
		    (fcntl(fd, F_GETFL) & O_ACCMODE) != O_RDONLY)
			return fd;
	return -1;
}

int output_open(struct output **out, const char *path, struct fault *f)
{
	struct output *o = must_alloc(sizeof(*o));
	struct stat sb;
	int rc;

	o->path = copy(path, strlen(path));
	o->fd = o->folder = -1;
	if (strcmp(path, "-") == 0) {
		o->direct = true;
		o->fd = STDOUT_FILENO;
		rc = 0;
	} else if (stat(path, &sb) == 0 && (o->fd = standard_stream(&sb)) >= 0) {
		o->direct = true;
		rc = 0;
	} else if (stat(path, &sb) == 0 && S_ISDIR(sb.st_mode)) {
		errno = EISDIR;
		rc = refuse(o, "write", f);
	} else if (stat(path, &sb) == 0 && !S_ISREG(sb.st_mode)) {
		o->direct = true;
		o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		rc = o->fd < 0 ? refuse(o, "write", f) : 0;
	} else {
		rc = open_beside(o, f);
	}
	if (rc < 0) {
		output_close(o);
		return -1;
	}
	*out = o;
	return 0;
}

static int flush(struct output *o, struct fault *f)
{
	const char *p = o->pending.bytes;
	size_t n = o->pending.used;

	while (n > 0) {
		ssize_t done = write(o->fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return o->fd == STDOUT_FILENO ?
			       fault_set(f, FAULT_IO, "cannot write standard output: %s", strerror(errno)) :
			       refuse(o, "write", f);
		p += done;
		n -= (size_t)done;
	}
	text_clear(&o->pending);
	return 0;
}

int output_add(struct output *o, const void *bytes, size_t n, struct fault *f)
{
	text_addn(&o->pending, bytes, n);
	return o->pending.used >= GATHER ? flush(o, f) : 0;
}

int output_keep(struct output *o, struct fault *f)
{
	if (flush(o, f) < 0)
		return -1;
	if (o->direct)
		return 0;
	if (fsync(o->fd) < 0)
		return refuse(o, "write", f);
	if (renameat(o->folder, o->temporary, o->folder, o->name) < 0)
		return refuse(o, "write", f);
	o->temporary[0] = '\0';
	/* A file system that cannot sync a folder has still renamed it. */
	if (fsync(o->folder) < 0 && errno != EINVAL && errno != ENOTSUP)
		return refuse(o, "write", f);
	return 0;
}

void output_close(struct output *o)
{
	if (o == NULL)
		return;
	if (o->temporary[0] != '\0')
		unlinkat(o->folder, o->temporary, 0);
	if (o->fd > STDERR_FILENO)
		close(o->fd);
	if (o->folder >= 0)
		close(o->folder);
	text_free(&o->pending);
	free(o->path);
	free(o->name);
	free(o);
}

int output_write(const char *path, const struct text *bytes, struct fault *f)
{
	struct output *o;
	int rc;

	if (output_open(&o, path, f) < 0)
		return -1;
	rc = output_add(o, text_str(bytes), bytes->used, f) < 0 || output_keep(o, f) < 0 ? -1 : 0;
	output_close(o);
	return rc;
}

int output_folder(const char *path, struct fault *f)
{
	struct stat sb;

	if (mkdir(path, 0750) == 0 || (errno == EEXIST && stat(path, &sb) == 0 && S_ISDIR(sb.st_mode)))
		return 0;
	return fault_set(f, FAULT_IO, "cannot make the folder '%s': %s", path, strerror(errno));
}
