#include "analyst/import/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/arena.h"

#define BLOCKS 4
#define BLOCK_BYTES ((size_t)256 * 1024)

/* A ring: blocks [taken, filled) hold bytes, counted from the beginning. */
struct ahead {
	struct byte_source from;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t came, went;
	char *blocks[BLOCKS];
	size_t sizes[BLOCKS];
	unsigned long filled, taken;
	size_t at;                   /* in block `taken` */
	bool ended, closing;
	struct fault fault;          /* why it ended, if it failed */
};

/* Whether block `filled` is free to be filled. */
static bool wait_for_room(struct ahead *a)
{
	bool go_on;

	pthread_mutex_lock(&a->lock);
	while (a->filled - a->taken == BLOCKS && !a->closing)
		pthread_cond_wait(&a->went, &a->lock);
	go_on = !a->closing;
	pthread_mutex_unlock(&a->lock);
	return go_on;
}

static void *run(void *ctx)
{
	struct ahead *a = ctx;
	bool ended = false;

	while (!ended && wait_for_room(a)) {
		size_t i = a->filled % BLOCKS, got = 0;

		ended = a->from.read(a->from.ctx, a->blocks[i], BLOCK_BYTES, &got, &a->fault) < 0 || got == 0;
		pthread_mutex_lock(&a->lock);
		a->sizes[i] = got;
		a->filled += !ended;
		a->ended = ended;
		pthread_cond_signal(&a->came);
		pthread_mutex_unlock(&a->lock);
	}
	return NULL;
}

int ahead_open(struct ahead **out, struct byte_source from, struct fault *f)
{
	struct ahead *a = must_alloc(sizeof(*a));
	int rc;

	a->from = from;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->came, NULL);
	pthread_cond_init(&a->went, NULL);
	for (size_t i = 0; i < BLOCKS; i++)
		a->blocks[i] = must_grow(NULL, BLOCK_BYTES, 1);
	*out = a;
	if ((rc = pthread_create(&a->thread, NULL, run, a)) == 0)
		return 0;
	a->closing = true;
	ahead_close(a);
	*out = NULL;
	return fault_set(f, FAULT_MEMORY, "no thread to be had: %s", strerror(rc));
}

void ahead_close(struct ahead *a)
{
	if (a == NULL)
		return;
	if (!a->closing) {
		pthread_mutex_lock(&a->lock);
		a->closing = true;
		pthread_cond_signal(&a->went);
		pthread_mutex_unlock(&a->lock);
		pthread_join(a->thread, NULL);
	}
	for (size_t i = 0; i < BLOCKS; i++)
		free(a->blocks[i]);
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->came);
	pthread_cond_destroy(&a->went);
	free(a);
}

int ahead_read(void *ctx, char *into, size_t room, size_t *got, struct fault *f)
{
	struct ahead *a = ctx;
	size_t i = a->taken % BLOCKS;
	bool none;

	*got = 0;
	pthread_mutex_lock(&a->lock);
	while (a->filled == a->taken && !a->ended)
		pthread_cond_wait(&a->came, &a->lock);
	none = a->filled == a->taken;
	pthread_mutex_unlock(&a->lock);
	if (none)
		return a->fault.kind != FAULT_NONE ? fault_set(f, a->fault.kind, "%s", a->fault.text) : 0;
	*got = a->sizes[i] - a->at < room ? a->sizes[i] - a->at : room;
	memcpy(into, a->blocks[i] + a->at, *got);
	a->at += *got;
	if (a->at == a->sizes[i]) {
		a->at = 0;
		pthread_mutex_lock(&a->lock);
		a->taken++;
		pthread_cond_signal(&a->went);
		pthread_mutex_unlock(&a->lock);
	}
	return 0;
}
