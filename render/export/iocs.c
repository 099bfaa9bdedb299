#include "render/export/iocs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "analyst/respond/plan.h"

struct gathering {
	const struct export_request *rq;
	uint32_t incident;
	const struct plan *plan;
	struct ioc *list;
	size_t count, room;
};

/* From here on we say: look for it elsewhere, too. The lower end of "high" (FORMATS 4.14). */
#define SURE 70

static int by_value(const void *pa, const void *pb)
{
	const struct ioc *a = pa, *b = pb;

	if (a->incident != b->incident)
		return a->incident < b->incident ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->value, b->value);
}

static int kind_of(const struct week_entity *e)
{
	switch (e->kind) {
	case ENTITY_IP:
		return ip_is_valid(e->value) ? (int)INDICATOR_IP : -1;
	case ENTITY_DOMAIN:
		return INDICATOR_DOMAIN;
	case ENTITY_URL:
		return INDICATOR_URL;
	case ENTITY_HASH:
		switch (strlen(e->value)) {
		case 32:
			return INDICATOR_MD5;
		case 40:
			return INDICATOR_SHA1;
		case 64:
			return INDICATOR_SHA256;
		case 128:
			return INDICATOR_SHA512;
		default:
			return -1;
		}
	default:
		return -1;
	}
}

static bool is_host_of(const char *url, const char *name)
{
	const char *at = strstr(url, "://");
	size_t n = strlen(name);

	if (at == NULL)
		return false;
	at += 3;
	return strncmp(at, name, n) == 0 && (at[n] == '\0' || strchr("/:?#", at[n]) != NULL);
}

/* The measure that speaks of this entity, or NULL. */
static const struct plan_measure *measure_of(const struct gathering *g, uint32_t entity)
{
	const struct week *w = g->rq->an->week;

	for (uint32_t i = 0; i < g->plan->measure_count; i++) {
		const struct plan_measure *m = &g->plan->measures[i];

		if (m->remote == NO_ENTITY)
			continue;
		if (m->remote == entity)
			return m;
		if (w->entities[entity].kind == ENTITY_URL && is_host_of(w->entities[entity].value, w->entities[m->remote].value))
			return m;
		for (uint32_t k = 0; k < m->address_count && !m->shared; k++)
			if (m->addresses[k] == entity)
				return m;
	}
	return NULL;
}

/* Only what was delivered: the hash of a shell that ran on the way is that of everybody's shell. */
static bool delivers(const struct behaviour *b)
{
	static const char *const keys[] = { "download", "disguised-file", "malware", "ransomware" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(b->key, keys[i]) == 0)
			return true;
	return false;
}

static struct ioc *room_for(struct gathering *g)
{
	if (g->count == g->room) {
		struct ioc *more = ARENA_ARRAY(g->rq->arena, struct ioc, g->room * 2 + 64);

		if (g->count > 0)
			memcpy(more, g->list, g->count * sizeof(*more));
		g->list = more;
		g->room = g->room * 2 + 64;
	}
	return &g->list[g->count++];
}

/* One sight of it; like ones are added up afterwards. */
static void add(struct gathering *g, uint32_t entity, const struct episode *e)
{
	const struct week *w = g->rq->an->week;
	const struct week_entity *en = &w->entities[entity];
	const struct behaviour *b = episode_behaviour(w, e);
	const struct plan_measure *m = measure_of(g, entity);
	const struct indicator *listed = en->internal ? NULL : en->indicator;
	int kind = listed != NULL && listed->kind != INDICATOR_TEXT ? (int)listed->kind : kind_of(en);
	bool found = m != NULL || (en->kind == ENTITY_HASH && delivers(b));
	struct ioc *io;

	if (kind < 0 || en->internal || (listed == NULL && !found))
		return;
	io = room_for(g);
	*io = (struct ioc){ .kind = (enum indicator_kind)kind, .value = listed != NULL ? listed->value : en->value, .listed = listed,
	                    .incident = g->incident, .alerts = e->count, .first = e->first, .last = e->last,
	                    .technique = m != NULL ? m->behaviour->technique : b->technique,
	                    .inbound = m != NULL && m->block == BLOCK_INBOUND };
	io->confidence = listed != NULL && listed->confidence >= 0 ? listed->confidence : m != NULL ? m->confidence :
	                 listed != NULL ? SURE : 60;
	io->detect = listed != NULL ? listed->detect : io->confidence >= SURE && (m == NULL || !m->shared || en->kind != ENTITY_IP);
}

static void merge(struct gathering *g)
{
	size_t kept = 0;

	if (g->count > 0)
		qsort(g->list, g->count, sizeof(*g->list), by_value);
	for (size_t i = 0; i < g->count; i++) {
		struct ioc *io = &g->list[i], *last = kept > 0 ? &g->list[kept - 1] : NULL;

		if (last == NULL || by_value(last, io) != 0) {
			g->list[kept++] = *io;
			continue;
		}
		last->alerts += io->alerts;
		last->first = io->first < last->first ? io->first : last->first;
		last->last = io->last > last->last ? io->last : last->last;
		last->listed = last->listed != NULL ? last->listed : io->listed;
		last->confidence = io->confidence > last->confidence ? io->confidence : last->confidence;
		last->detect |= io->detect;
		last->inbound |= io->inbound;
		/* Of equals by time there is no first: by content. */
		if (last->technique == NULL || (io->technique != NULL && strcmp(io->technique, last->technique) < 0))
			last->technique = io->technique;
	}
	g->count = kept;
}

const struct ioc *iocs_gather(size_t *count, const struct export_request *rq)
{
	struct gathering g = { .rq = rq };

	for (uint32_t i = export_first(rq); i < export_end(rq); i++) {
		const struct incident *in = &rq->an->incidents[i];
		struct plan plan;

		plan_make(&plan, rq->an, in, &rq->narratives[i], rq->how, rq->arena);
		g.incident = i;
		g.plan = &plan;
		for (uint32_t k = 0; k < in->episode_count; k++) {
			const struct episode *e = &rq->an->episodes[in->episodes[k]];

			for (uint32_t j = 0; j < e->member_count; j++)
				if (j == 0 || e->members[j].entity != e->members[j - 1].entity)
					add(&g, e->members[j].entity, e);
		}
	}
	merge(&g);
	*count = g.count;
	return g.list;
}

/* Those that bind us, strictest first (TLP 2.0). */
static const char *const labels[] = { "RED", "AMBER+STRICT", "AMBER" };
#define LABELS (sizeof(labels) / sizeof(labels[0]))

const char *iocs_label(const struct export_request *rq, const struct ioc *list, size_t n)
{
	size_t strictest = LABELS;

	if (rq->tlp != NULL)
		return rq->tlp;
	for (size_t i = 0; i < n; i++) {
		const char *own = list[i].listed != NULL ? list[i].listed->tlp : NULL;

		for (size_t k = 0; own != NULL && k < strictest; k++)
			if (strcasecmp(strncasecmp(own, "TLP:", 4) == 0 ? own + 4 : own, labels[k]) == 0)
				strictest = k;
	}
	return strictest == LABELS ? NULL : labels[strictest];
}

/* ---- as CSV ---- */

int export_iocs(struct text *out, const struct export_request *rq, struct fault *f)
{
	size_t n;
	const struct ioc *list = iocs_gather(&n, rq);

	(void)f;
	text_add(out, "incident,kind,value,origin,list,context,confidence,detect,alerts,first_seen,last_seen,technique,tlp\n");
	for (size_t i = 0; i < n; i++) {
		const struct ioc *io = &list[i];
		const struct indicator *in = io->listed;
		const char *tlp = rq->tlp != NULL ? arena_printf(rq->arena, "TLP:%s", rq->tlp) : in != NULL ? in->tlp : NULL;

		text_printf(out, "%s,%s,", rq->an->incidents[io->incident].id, table_name(indicator_kinds, (int)io->kind));
		text_add_csv(out, io->value);
		text_printf(out, ",%s,", in != NULL ? "list" : "records");
		text_add_csv(out, in != NULL && in->list != NULL ? in->list : "");
		text_addc(out, ',');
		export_cell(out, in != NULL && in->context != NULL ? in->context : "");
		text_printf(out, ",%d,%s,%" PRIu32 ",%s,%s,%s,%s\n", io->confidence, io->detect ? "yes" : "no", io->alerts,
		            export_time(rq, io->first), export_time(rq, io->last), io->technique != NULL ? io->technique : "",
		            tlp != NULL ? tlp : "");
	}
	return 0;
}
