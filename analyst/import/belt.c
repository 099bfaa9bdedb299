#include "analyst/import/belt.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "analyst/base/arena.h"

#define PARCELS 8

struct belt {
	pthread_mutex_t lock;
	pthread_cond_t came, went;
	struct parcel *empty;            /* a stack */
	struct parcel *first, *last;     /* what is sent, in order */
	int made;
	bool ended, given_up, keep_raw, keep_secrets;
	const char *format;
	struct hasher *hasher;
	struct sharing *sharing;         /* of the parcel that is being filled */
	struct finisher *finishers[2];
};

struct belt *belt_new(struct finisher *const finishers[2], struct hasher *hasher, const char *format, bool keep_raw,
                      bool keep_secrets)
{
	struct belt *b = must_alloc(sizeof(*b));

	b->finishers[0] = finishers[0];
	b->finishers[1] = finishers[1];
	b->hasher = hasher;
	b->format = format;
	b->keep_raw = keep_raw;
	b->keep_secrets = keep_secrets;
	b->sharing = sharing_new();
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->came, NULL);
	pthread_cond_init(&b->went, NULL);
	return b;
}

void belt_free(struct belt *b)
{
	if (b == NULL)
		return;
	parcels_free(b->empty);
	parcels_free(b->first);
	sharing_free(b->sharing);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->came);
	pthread_cond_destroy(&b->went);
	free(b);
}

/* Finishes the first parcel on the belt that nobody has begun with. False: there is none. The
 * lock is held, but for the work itself. */
static bool finish_one(struct belt *b, int who)
{
	struct parcel *p = b->first;

	while (p != NULL && p->state != PARCEL_FULL)
		p = p->next;
	if (p == NULL)
		return false;
	p->state = PARCEL_AT_WORK;
	pthread_mutex_unlock(&b->lock);
	finish_parcel(b->finishers[who], p);
	pthread_mutex_lock(&b->lock);
	p->state = PARCEL_FINISHED;
	pthread_cond_signal(&b->came);
	return true;
}

struct parcel *belt_empty(struct belt *b)
{
	struct parcel *p = NULL;
	bool make;

	pthread_mutex_lock(&b->lock);
	while (b->empty == NULL && b->made == PARCELS && !b->given_up)
		if (!finish_one(b, 0))
			pthread_cond_wait(&b->went, &b->lock);
	make = !b->given_up && b->empty == NULL;
	if (make) {
		b->made++;
	} else if (!b->given_up) {
		p = b->empty;
		b->empty = p->next;
	}
	pthread_mutex_unlock(&b->lock);
	if (make)
		p = parcel_new(b->hasher, b->format, b->keep_raw, b->keep_secrets);
	if (p != NULL)
		parcel_begin(p, b->sharing);
	return p;
}

void belt_send(struct belt *b, struct parcel *p)
{
	pthread_mutex_lock(&b->lock);
	if (b->last != NULL)
		b->last->next = p;
	else
		b->first = p;
	b->last = p;
	pthread_cond_signal(&b->came);
	pthread_mutex_unlock(&b->lock);
}

void belt_end(struct belt *b)
{
	pthread_mutex_lock(&b->lock);
	b->ended = true;
	pthread_cond_signal(&b->came);
	pthread_mutex_unlock(&b->lock);
}

struct parcel *belt_take(struct belt *b, int milliseconds, bool *late)
{
	struct timespec until;
	struct parcel *p;

	*late = false;
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += milliseconds * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&b->lock);
	while (!*late && ((b->first == NULL && !b->ended) || (b->first != NULL && b->first->state != PARCEL_FINISHED)))
		if (!finish_one(b, 1))
			*late = pthread_cond_clockwait(&b->came, &b->lock, CLOCK_MONOTONIC, &until) == ETIMEDOUT;
	if (*late) {
		pthread_mutex_unlock(&b->lock);
		return NULL;
	}
	if ((p = b->first) != NULL) {
		b->first = p->next;
		if (b->first == NULL)
			b->last = NULL;
	}
	pthread_mutex_unlock(&b->lock);
	return p;
}

void belt_return(struct belt *b, struct parcel *p)
{
	parcel_trim(p);
	pthread_mutex_lock(&b->lock);
	p->next = b->empty;
	b->empty = p;
	pthread_cond_signal(&b->went);
	pthread_mutex_unlock(&b->lock);
}

void belt_give_up(struct belt *b)
{
	pthread_mutex_lock(&b->lock);
	b->given_up = true;
	pthread_cond_signal(&b->went);
	pthread_mutex_unlock(&b->lock);
}
