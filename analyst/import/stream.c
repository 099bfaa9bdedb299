#include "analyst/import/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <isa-l/igzip_lib.h>
#include <lzma.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "analyst/base/arena.h"
#include "analyst/base/sha.h"

#define RAW_ROOM ((size_t)256 * 1024)
/* Memory an unpacker may ask for: what the tools' own highest levels need. */
#define XZ_MEMORY (UINT64_C(160) << 20)
#define ZSTD_WINDOW_LOG 27

struct packing;

struct stream {
	int fd;
	char *raw;
	size_t raw_at, raw_end;
	bool raw_ended;
	struct stat opened;
	bool regular;
	int64_t size, unpacked;
	_Atomic int64_t done;
	int ratio;
	SHA256_CTX digest;
	char sha256[65];
	pthread_t hashing;
	bool hash_begun;
	atomic_bool hash_ended, closing;
	struct fault hash_fault;
	bool (*stopped)(void *ctx);
	void *stop_ctx;
	const struct packing *packing;
	bool member_open;             /* a gzip member or zstd frame is not finished */
	struct inflate_state *gz;
	lzma_stream xz;
	ZSTD_DStream *zstd;
};

/* One way of packing: unpack takes from raw and gives at most room bytes. Returns 1 with
 * some or none, 0 at the end of the packed data, -1. */
struct packing {
	const char *name;
	const char *magic;
	size_t magic_length;
	int (*begin)(struct stream *s, struct fault *f);
	int (*unpack)(struct stream *s, char *into, size_t room, size_t *got, struct fault *f);
	void (*end)(struct stream *s);
};

/* ---- raw bytes ---- */

/* Who waits for a pipe can be told to stop all the same. */
static int wait_for_pipe(struct stream *s, struct fault *f)
{
	struct pollfd pipe = { s->fd, POLLIN, 0 };

	do
		if (s->stopped != NULL && s->stopped(s->stop_ctx))
			return fault_set(f, FAULT_STOPPED, "interrupted; what was read so far is kept");
	while (poll(&pipe, 1, 200) <= 0);
	return 0;
}

static int read_raw(struct stream *s, char *into, size_t room, size_t *got, struct fault *f)
{
	ssize_t n;

	if (!s->regular && wait_for_pipe(s, f) < 0)
		return -1;
	/* Of a log that is being written, what there was when it was opened. */
	if (s->regular && (int64_t)room > s->size - s->done)
		room = (size_t)(s->size - s->done);
	do
		n = read(s->fd, into, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fault_set(f, FAULT_IO, "cannot read it: %s", strerror(errno));
	*got = (size_t)n;
	return 0;
}

static int more_raw_into(struct stream *s, char *into, size_t room, size_t *n, struct fault *f)
{
	size_t got = 0;

	*n = 0;
	if (read_raw(s, into, room, &got, f) < 0)
		return -1;
	*n = got;
	s->raw_ended = got == 0;
	s->done += (int64_t)got;
	/* One that shrank would look like its end. */
	if (got == 0 && s->regular && s->done < s->size)
		return fault_set(f, FAULT_IO, "ends after %lld of its %lld bytes: it changed while it was read",
		                 (long long)atomic_load(&s->done), (long long)s->size);
	if (!s->regular)
		SHA256_Update(&s->digest, into, got);
	return 0;
}

static int more_raw(struct stream *s, struct fault *f)
{
	if (s->raw_at < s->raw_end || s->raw_ended)
		return 0;
	s->raw_at = s->raw_end = 0;
	return more_raw_into(s, s->raw, RAW_ROOM, &s->raw_end, f);
}

static void write_hash(char out[65], SHA256_CTX *digest)
{
	unsigned char bytes[SHA256_DIGEST_LENGTH];

	SHA256_Final(bytes, digest);
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(out + i * 2, 3, "%02x", bytes[i]);
}

/* Small enough to stay in the processor's own memory between reading and hashing. */
#define HASH_ROOM ((size_t)64 * 1024)

/* Of what there was when it was opened. */
static int hash_file(char out[65], struct stream *s, struct fault *f)
{
	char *bytes = must_alloc(HASH_ROOM);
	int64_t hashed = 0;
	ssize_t got = 1;
	SHA256_CTX digest;

	SHA256_Init(&digest);
	while (hashed < s->size && (got > 0 || (got < 0 && errno == EINTR)) && !atomic_load(&s->closing)) {
		int64_t left = s->size - hashed;

		got = pread(s->fd, bytes, left < (int64_t)HASH_ROOM ? (size_t)left : HASH_ROOM, (off_t)hashed);
		if (got > 0) {
			SHA256_Update(&digest, bytes, (size_t)got);
			hashed += got;
		}
	}
	free(bytes);
	if (got < 0)
		return fault_set(f, FAULT_IO, "cannot read it: %s", strerror(errno));
	if (hashed != s->size)
		return fault_set(f, FAULT_IO, "gave %lld of its %lld bytes: it changed while it was read", (long long)hashed,
		                 (long long)s->size);
	write_hash(out, &digest);
	return 0;
}

static void *run_hash(void *ctx)
{
	struct stream *s = ctx;

	hash_file(s->sha256, s, &s->hash_fault);
	atomic_store(&s->hash_ended, true);
	return NULL;
}

/* A small file is hashed before a thread would have begun. */
#define HASHED_AT_ONCE ((int64_t)1 << 20)

int stream_begin_hash(struct stream *s, struct fault *f)
{
	if (!s->regular || s->hash_begun)
		return 0;
	if (s->size <= HASHED_AT_ONCE || pthread_create(&s->hashing, NULL, run_hash, s) != 0) {
		atomic_store(&s->hash_ended, true);
		return hash_file(s->sha256, s, f);
	}
	s->hash_begun = true;
	return 0;
}

bool stream_has_hash(const struct stream *s)
{
	return atomic_load(&s->hash_ended);
}

static void join_hash(struct stream *s)
{
	if (s->hash_begun)
		pthread_join(s->hashing, NULL);
	s->hash_begun = false;
}

int stream_sha256(char out[65], struct stream *s, struct fault *f)
{
	join_hash(s);
	if (s->hash_fault.kind != FAULT_NONE)
		return fault_set(f, s->hash_fault.kind, "%s", s->hash_fault.text);
	memcpy(out, s->sha256, sizeof(s->sha256));
	return 0;
}

bool stream_is_regular(const struct stream *s)
{
	return s->regular;
}

/* ---- gzip ---- */

/* ISA-L: four times as fast as zlib, which would be the slowest of all steps. */
static int gz_begin(struct stream *s, struct fault *f)
{
	(void)f;
	s->gz = must_alloc(sizeof(*s->gz));
	return 0;
}

static int gz_unpack(struct stream *s, char *into, size_t room, size_t *got, struct fault *f)
{
	struct inflate_state *gz = s->gz;
	int rc;

	/* A file may be several members one after the other. */
	if (!s->member_open) {
		if (s->raw_at == s->raw_end)
			return 0;
		isal_inflate_init(gz);
		gz->crc_flag = ISAL_GZIP;
		s->member_open = true;
	}
	gz->next_in = (unsigned char *)s->raw + s->raw_at;
	gz->avail_in = (uint32_t)(s->raw_end - s->raw_at);
	gz->next_out = (unsigned char *)into;
	gz->avail_out = (uint32_t)room;
	rc = isal_inflate(gz);
	s->raw_at = s->raw_end - gz->avail_in;
	*got = room - gz->avail_out;
	if (rc < 0)
		return fault_set(f, FAULT_DATA, "the gzip data is damaged: %s",
		                 rc == ISAL_INCORRECT_CHECKSUM ? "its checksum does not match" :
		                 rc == ISAL_INVALID_WRAPPER || rc == ISAL_UNSUPPORTED_METHOD ? "a member's header" : "bad data");
	if (gz->block_state == ISAL_BLOCK_FINISH)
		s->member_open = false;
	return 1;
}

static void gz_end(struct stream *s)
{
	free(s->gz);
}

/* ---- xz ---- */

static int xz_begin(struct stream *s, struct fault *f)
{
	s->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&s->xz, XZ_MEMORY, LZMA_CONCATENATED) == LZMA_OK
		? 0 : fault_set(f, FAULT_MEMORY, "out of memory");
}

static int xz_unpack(struct stream *s, char *into, size_t room, size_t *got, struct fault *f)
{
	lzma_ret rc;

	s->xz.next_in = (unsigned char *)s->raw + s->raw_at;
	s->xz.avail_in = s->raw_end - s->raw_at;
	s->xz.next_out = (unsigned char *)into;
	s->xz.avail_out = room;
	s->member_open = true;
	rc = lzma_code(&s->xz, s->raw_ended ? LZMA_FINISH : LZMA_RUN);
	s->raw_at = s->raw_end - s->xz.avail_in;
	*got = room - s->xz.avail_out;
	if (rc == LZMA_STREAM_END) {
		s->member_open = false;
		return *got > 0;
	}
	if (rc == LZMA_MEM_ERROR)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	if (rc == LZMA_MEMLIMIT_ERROR)
		return fault_set(f, FAULT_DATA, "the xz data asks for more than 160 MiB of memory");
	if (rc != LZMA_OK && rc != LZMA_BUF_ERROR)
		return fault_set(f, FAULT_DATA, "the xz data is damaged");
	return 1;
}

static void xz_end(struct stream *s)
{
	lzma_end(&s->xz);
}

/* ---- zstd ---- */

static int zstd_begin(struct stream *s, struct fault *f)
{
	s->zstd = ZSTD_createDStream();
	if (s->zstd == NULL)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
	return 0;
}

static int zstd_unpack(struct stream *s, char *into, size_t room, size_t *got, struct fault *f)
{
	ZSTD_inBuffer in = { s->raw, s->raw_end, s->raw_at };
	ZSTD_outBuffer out = { into, room, 0 };
	size_t rc;

	if (!s->member_open && in.pos == in.size)
		return 0;
	rc = ZSTD_decompressStream(s->zstd, &out, &in);
	if (ZSTD_getErrorCode(rc) == ZSTD_error_memory_allocation)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	if (ZSTD_isError(rc))
		return fault_set(f, FAULT_DATA, "the zstd data is damaged: %s", ZSTD_getErrorName(rc));
	s->member_open = rc != 0;
	s->raw_at = in.pos;
	*got = out.pos;
	return 1;
}

static void zstd_end(struct stream *s)
{
	ZSTD_freeDStream(s->zstd);
}

static const struct packing packings[] = {
	{ "gzip", "\x1f\x8b", 2, gz_begin, gz_unpack, gz_end },
	{ "xz", "\xfd" "7zXZ\0", 6, xz_begin, xz_unpack, xz_end },
	{ "zstd", "\x28\xb5\x2f\xfd", 4, zstd_begin, zstd_unpack, zstd_end },
	{ NULL, NULL, 0, NULL, NULL, NULL }
};

/* ---- the stream ---- */

static int open_file(struct stream *s, const char *path, struct fault *f)
{
	s->fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (s->fd < 0 || fstat(s->fd, &s->opened) < 0)
		return fault_set(f, FAULT_IO, errno == ENOENT ? "no such file" : "cannot open it: %s", strerror(errno));
	if (S_ISDIR(s->opened.st_mode))
		return fault_set(f, FAULT_IO, "is a folder");
	/* Standard input may be a file that is partly read: then its size says nothing. */
	s->regular = S_ISREG(s->opened.st_mode) && strcmp(path, "-") != 0;
	s->size = s->regular ? (int64_t)s->opened.st_size : -1;
	return 0;
}

static int choose_packing(struct stream *s, struct fault *f)
{
	while (s->raw_end < 6 && !s->raw_ended) {
		size_t got = 0;

		if (read_raw(s, s->raw + s->raw_end, RAW_ROOM - s->raw_end, &got, f) < 0)
			return -1;
		if (!s->regular)
			SHA256_Update(&s->digest, s->raw + s->raw_end, got);
		s->raw_end += got;
		s->done += (int64_t)got;
		s->raw_ended = got == 0;
	}
	for (const struct packing *p = packings; p->name != NULL; p++)
		if (s->raw_end >= p->magic_length && memcmp(s->raw, p->magic, p->magic_length) == 0) {
			if (p->begin(s, f) < 0)
				return -1;
			s->packing = p;
			break;
		}
	return 0;
}

int stream_open(struct stream **out, const char *path, int ratio, bool (*stopped)(void *ctx), void *ctx, struct fault *f)
{
	struct stream *s = must_alloc(sizeof(*s));

	s->stopped = stopped;
	s->stop_ctx = ctx;
	s->ratio = ratio > 0 ? ratio : STREAM_RATIO;
	s->fd = -1;
	s->raw = must_alloc(RAW_ROOM);
	SHA256_Init(&s->digest);
	if (open_file(s, path, f) < 0 || choose_packing(s, f) < 0) {
		stream_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	atomic_store(&s->closing, true);
	join_hash(s);
	if (s->packing != NULL)
		s->packing->end(s);
	if (s->fd >= 0)
		close(s->fd);
	free(s->raw);
	free(s);
}

static int read_packed(struct stream *s, char *into, size_t room, size_t *got, struct fault *f)
{
	for (;;) {
		bool starved;
		int rc;

		if (more_raw(s, f) < 0)
			return -1;
		starved = s->raw_at == s->raw_end;
		*got = 0;
		rc = s->packing->unpack(s, into, room, got, f);
		s->unpacked += (int64_t)*got;
		if (rc <= 0)
			return rc;
		if (s->unpacked > STREAM_RATIO_FREE && s->unpacked / s->ratio > s->done)
			return fault_set(f, FAULT_DATA, "unpacks to more than %d times its size, which is refused", s->ratio);
		if (*got > 0)
			return 0;
		if (starved && s->raw_ended && s->member_open)
			return fault_set(f, FAULT_DATA, "the %s data is cut off after %lld bytes", s->packing->name,
			                 (long long)atomic_load(&s->done));
	}
}

int stream_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct stream *s = ctx;

	*got = 0;
	if (s->packing != NULL)
		return read_packed(s, into, room, got, f);
	if (s->raw_at == s->raw_end && !s->raw_ended)
		return more_raw_into(s, into, room, got, f);
	*got = s->raw_end - s->raw_at < room ? s->raw_end - s->raw_at : room;
	memcpy(into, s->raw + s->raw_at, *got);
	s->raw_at += *got;
	return 0;
}

bool stream_is_silent(struct stream *s, int milliseconds)
{
	struct pollfd pipe = { s->fd, POLLIN, 0 };

	return !s->regular && !s->raw_ended && s->raw_at == s->raw_end && poll(&pipe, 1, milliseconds) == 0;
}

static bool touched(const struct stat *a, const struct stat *b)
{
	return a->st_size != b->st_size || a->st_mtim.tv_sec != b->st_mtim.tv_sec || a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

/* A log that somebody writes on is as good as one at rest if what there was at first is still the same. */
static int check_unchanged(struct stream *s, struct fault *f)
{
	struct stat now;
	char before[65], after[65];

	if (fstat(s->fd, &now) < 0)
		return fault_set(f, FAULT_IO, "cannot read it: %s", strerror(errno));
	if (!touched(&s->opened, &now))
		return 0;
	if (stream_sha256(before, s, f) < 0 || hash_file(after, s, f) < 0)
		return -1;
	return strcmp(before, after) == 0 ? 0 : fault_set(f, FAULT_IO, "it changed while it was read");
}

int stream_finish(struct stream *s, struct fault *f)
{
	if (s->regular)
		return check_unchanged(s, f);
	while (!s->raw_ended) {
		s->raw_at = s->raw_end;
		if (more_raw(s, f) < 0)
			return -1;
	}
	write_hash(s->sha256, &s->digest);
	s->size = s->done;
	return 0;
}

int64_t stream_size(const struct stream *s)
{
	return s->size;
}

int64_t stream_done(const struct stream *s)
{
	return s->done;
}

const char *stream_packing(const struct stream *s)
{
	return s->packing != NULL ? s->packing->name : NULL;
}
