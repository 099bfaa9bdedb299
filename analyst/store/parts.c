#include "analyst/store/parts.h"

#include <string.h>

#include "analyst/base/arena.h"
#include "analyst/base/sums.h"

#define WIDEST 12

static void put_into(struct hour_part *to, const struct hour_part *from)
{
	to->count = add_up(to->count, from->count);
	to->bytes_out = add_up(to->bytes_out, from->bytes_out);
	to->bytes_in = add_up(to->bytes_in, from->bytes_in);
	to->sum += from->sum;
}

void parts_widen(struct hour_parts *p, unsigned width)
{
	uint8_t kept = 0;

	if (width <= p->width)
		return;
	for (uint8_t i = 0; i < p->count; i++) {
		struct hour_part part = p->list[i];

		part.at = (uint16_t)(part.at >> (width - p->width));
		if (kept > 0 && p->list[kept - 1].at == part.at)
			put_into(&p->list[kept - 1], &part);
		else
			p->list[kept++] = part;
	}
	p->count = kept;
	p->width = (uint8_t)width;
}

/* Behind the last part that begins no later. */
static uint8_t place_of(const struct hour_parts *p, uint16_t at)
{
	uint8_t i = p->count;

	while (i > 0 && p->list[i - 1].at > at)
		i--;
	return i;
}

void parts_add(struct hour_parts *p, const struct hour_part *part, unsigned width)
{
	struct hour_part one = *part;
	uint8_t i;

	parts_widen(p, width);
	for (;;) {
		one.at = (uint16_t)(part->at >> (p->width - width));
		i = place_of(p, one.at);
		if (i > 0 && p->list[i - 1].at == one.at) {
			put_into(&p->list[i - 1], &one);
			return;
		}
		if (p->count < PARTS_MOST)
			break;
		parts_widen(p, p->width + 1u);
	}
	if (p->count == p->room)
		p->list = must_grow(p->list, p->room = p->room > 0 ? (uint8_t)(p->room * 2) : 1, sizeof(*p->list));
	memmove(p->list + i + 1, p->list + i, (size_t)(p->count - i) * sizeof(*p->list));
	p->list[i] = one;
	p->count++;
}

/* ---- in the case file ---- */

/* Seven bits a byte, the lowest first; the last has its high bit clear. */
static size_t put_number(unsigned char *to, uint64_t n)
{
	size_t used = 0;

	for (; n >= 0x80; n >>= 7)
		to[used++] = (unsigned char)(n | 0x80);
	to[used++] = (unsigned char)n;
	return used;
}

struct taking {
	const unsigned char *at, *end;
	bool broken;
};

static int64_t take_number(struct taking *t)
{
	uint64_t n = 0;

	for (unsigned shift = 0; shift < 63; shift += 7) {
		if (t->at == t->end)
			break;
		n |= (uint64_t)(*t->at & 0x7f) << shift;
		if ((*t->at++ & 0x80) == 0)
			return (int64_t)n;
	}
	t->broken = true;
	return 0;
}

size_t parts_pack(unsigned char to[PARTS_PACKED], const struct hour_parts *p)
{
	size_t n = 0;
	int at = 0;

	to[n++] = p->width;
	for (uint8_t i = 0; i < p->count; i++) {
		const struct hour_part *part = &p->list[i];

		n += put_number(to + n, (uint64_t)(part->at - at));
		n += put_number(to + n, (uint64_t)part->count);
		n += put_number(to + n, (uint64_t)part->bytes_out);
		n += put_number(to + n, (uint64_t)part->bytes_in);
		for (int byte = 0; byte < 4; byte++)
			to[n++] = (unsigned char)(part->sum >> (8 * byte));
		at = part->at;
	}
	return n;
}

static void take_part(struct hour_parts *out, struct taking *t)
{
	int64_t step = take_number(t), at = (out->count > 0 ? out->list[out->count - 1].at : 0) + step;
	struct hour_part part = { 0 };

	part.count = take_number(t);
	part.bytes_out = take_number(t);
	part.bytes_in = take_number(t);
	if (t->end - t->at < 4 || (step == 0 && out->count > 0) || step > 3600 || at > 3600 >> out->width)
		t->broken = true;
	if (t->broken)
		return;
	for (int byte = 0; byte < 4; byte++)
		part.sum |= (uint32_t)*t->at++ << (8 * byte);
	part.at = (uint16_t)at;
	parts_add(out, &part, out->width);
}

bool parts_unpack(struct hour_parts *out, const unsigned char *bytes, size_t n)
{
	struct taking t = { bytes, bytes, n < 2 || bytes[0] > WIDEST };

	out->count = out->width = 0;
	if (!t.broken) {
		out->width = bytes[0];
		t.at = bytes + 1;
		t.end = bytes + n;
	}
	while (!t.broken && t.at < t.end && out->count < PARTS_MOST)
		take_part(out, &t);
	t.broken = t.broken || t.at < t.end;
	if (t.broken)
		out->count = 0;
	return !t.broken;
}
