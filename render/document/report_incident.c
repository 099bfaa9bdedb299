/* An incident in few words: its title, machines, products, accounts; the box of facts; what stands behind its rank. */
#include "render/document/report_names.h"
#include "render/document/noted.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/model/view.h"
#include "analyst/readers/refang.h"
#include "timeline/palette.h"

#define DASH_TEXT "\xE2\x80\x93"

/* ---- names ---- */

const struct narrative *report_story(const struct report *r, const struct incident *in)
{
	return &r->rq->narratives[in - r->rq->an->incidents];
}

const char *report_title(const struct report *r, const struct incident *in)
{
	return story_title(r->rq->phrases, r->rq->lang, r->reg, report_story(r, in), r->rq->zone, r->arena);
}

static const char *shown(const struct report *r, uint32_t entity)
{
	const struct week *w = r->rq->an->week;

	return entity < w->entity_count ? name_unlinked(r->arena, w->entities[entity].shown) : DASH_TEXT;
}

/* The accounts that an incident names, as they are shown; each once. */
static struct names users_of(const struct report *r, const struct incident *in)
{
	struct names n = { 0 };
	const struct week *w = r->rq->an->week;

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct episode *e = &r->rq->an->episodes[in->episodes[i]];

		for (uint32_t m = 0; m < e->member_count; m++)
			if (w->entities[e->members[m].entity].kind == ENTITY_USER)
				names_add(&n, name_unlinked(r->arena, w->entities[e->members[m].entity].shown), NAMES_MOST);
	}
	return n;
}

size_t report_user_count(const struct report *r, const struct incident *in)
{
	struct names n = users_of(r, in);
	size_t count = n.used;

	names_text(r, &n, "", 0);
	return count;
}

/* An incident of an account alone is called by the account. */
static const char *account_of(const struct report *r, const struct incident *in, size_t most)
{
	struct names n = users_of(r, in);
	const char *users = names_text(r, &n, ", ", most);

	return users == NULL ? DASH_TEXT : REPORT_SAY(r, "facts.account", F_TEXT("user", users));
}

const char *report_subject(const struct report *r, const struct incident *in)
{
	return in->host_count > 0 ? shown(r, in->hosts[0]) : account_of(r, in, 1);
}

const char *report_hosts(const struct report *r, const struct incident *in, size_t most)
{
	struct text t = { 0 };
	const char *out;

	for (uint32_t i = 0; i < in->host_count && i < most; i++)
		text_printf(&t, "%s%s", i > 0 ? ", " : "", shown(r, in->hosts[i]));
	if (in->host_count > most)
		text_printf(&t, " +%u", (unsigned)(in->host_count - most));
	out = in->host_count > 0 ? arena_dup(r->arena, text_str(&t)) : account_of(r, in, most);
	text_free(&t);
	return out;
}

static const struct episode *episode_at(const struct report *r, const struct incident *in, uint32_t i)
{
	return &r->rq->an->episodes[in->episodes[i]];
}

const char *report_products(const struct report *r, const struct incident *in)
{
	struct names n = { 0 };
	const char *out;

	for (uint32_t i = 0; i < in->episode_count; i++)
		names_add(&n, product_written(r->rq->an->week->rules[episode_at(r, in, i)->rule].rule.product, r->arena), 8);
	out = names_text(r, &n, r->rq->lang == LANGUAGE_JA ? "、" : ", ", n.used);
	return out != NULL ? out : DASH_TEXT;
}

const char *report_state(const struct report *r, const struct incident *in)
{
	const char *state = noted_plain(r->rq, in, "state", r->arena), *owner = noted_plain(r->rq, in, "owner", r->arena);

	if (state == NULL && owner == NULL)
		return NULL;
	return noted_mark(r->rq, arena_printf(r->arena, "%s%s%s", state != NULL ? state : "", state != NULL && owner != NULL ? "; " : "",
	                                      owner != NULL ? owner : ""), r->arena);
}

const char *report_users(const struct report *r, const struct incident *in)
{
	struct names n = users_of(r, in);

	return names_text(r, &n, ", ", 4);
}

const char *report_techniques(const struct report *r, const struct incident *in)
{
	struct names n = { 0 };
	const struct week *w = r->rq->an->week;

	for (uint32_t i = 0; i < in->episode_count; i++) {
		const struct week_rule *wr = &w->rules[episode_at(r, in, i)->rule];
		if (wr->behaviour != NULL && wr->behaviour->technique != NULL)
			names_add(&n, wr->behaviour->technique, NAMES_MOST);
	}
	return names_text(r, &n, " ", 6);
}

/* ---- facts and factors ---- */

static struct fact_row fact_row(const struct report *r, const char *key, const char *value, enum run_style style)
{
	return (struct fact_row){ report_word(r, key), report_run(r, value, style), 1 };
}

size_t report_facts(const struct report *r, const struct incident *in, struct fact_row rows[16])
{
	static const char *const keys[] = { "priority.low", "priority.medium", "priority.high", "priority.critical" };
	size_t n = 0;
	struct run *both = ARENA_ARRAY(r->arena, struct run, 2);
	uint32_t within = view_alerts_of(r->rq->an, in);
	const char *s;

	both[0] = (struct run){ report_word(r, keys[in->priority]), RUN_STRONG };
	both[1] = (struct run){ REPORT_SAY(r, "facts.score", F_TEXT("score", arena_printf(r->arena, "%.1f", in->score))),
	                        RUN_PLAIN };
	rows[n++] = (struct fact_row){ report_word(r, "facts.priority"), both, 2 };
	rows[n++] = fact_row(r, "facts.period", report_stretch(r, in->first, in->last), RUN_PLAIN);
	if ((s = report_reach(r->rq, in, r->arena)) != NULL)
		rows[n++] = fact_row(r, "facts.reach", s, RUN_PLAIN);
	if (in->host_count > 0)
		rows[n++] = fact_row(r, "facts.hosts", report_hosts(r, in, 4), RUN_PLAIN);
	if ((s = report_users(r, in)) != NULL)
		rows[n++] = fact_row(r, "facts.users", s, RUN_PLAIN);
	rows[n++] = fact_row(r, "facts.alerts",
	                     report_say(r, "facts.alerts.value", (const struct fact[]){ F_NUMBER("alerts", in->alert_count),
	                                F_NUMBER("episodes", in->episode_count), F_NUMBER("within", within) },
	                                within < in->alert_count ? 3 : 2), RUN_PLAIN);
	rows[n++] = fact_row(r, "facts.products", report_products(r, in), RUN_PLAIN);
	if ((s = report_techniques(r, in)) != NULL)
		rows[n++] = fact_row(r, "facts.techniques", s, RUN_CODE);
	s = report_state(r, in);
	rows[n++] = fact_row(r, "facts.state", s != NULL ? s : report_word(r, "report.tobefilled"), RUN_PLAIN);
	return n;
}

struct factor_bar {
	const struct report *r;
	const struct setting *s;
	double points, most;
	const char *number;
};

#define BAR_ROOM 62.0

static void draw_factor(void *ctx, struct canvas *cv, double x, double y, double w, double h)
{
	const struct factor_bar *b = ctx;
	double base = y + 8.6, full = BAR_ROOM - 26, left = x + w - BAR_ROOM + 4;
	colour ink = b->points < 0 ? RESPONSE : BAR_DARK;

	(void)h;
	flow_draw_setting(b->r->flow, cv, b->s, x, base, PARA_CAPTION);
	canvas_fill_rect(cv, left, base - 5.4, full, 5.6, TINT);
	if (b->most > 0)
		canvas_fill_rect(cv, left, base - 5.4, full * fmin(1, fabs(b->points) / b->most), 5.6, ink);
	canvas_text(cv, &b->r->ts, x + w, base, 7.2, FACE_SEMIBOLD, ALIGN_RIGHT, INK, b->number);
}

static int by_points(const void *pa, const void *pb)
{
	const struct factor *a = pa, *b = pb;

	return a->points > b->points ? -1 : a->points < b->points ? 1 : strcmp(a->key, b->key);
}

void report_factors(struct report *r, const struct incident *in)
{
	struct factor *list = ARENA_ARRAY(r->arena, struct factor, in->factor_count + 1);
	double most = 0;

	memcpy(list, in->factors, in->factor_count * sizeof *list);
	qsort(list, in->factor_count, sizeof *list, by_points);
	for (uint32_t i = 0; i < in->factor_count; i++)
		most = fmax(most, fabs(list[i].points));
	for (uint32_t i = 0; i < in->factor_count; i++) {
		struct factor_bar *b = arena_alloc(r->arena, sizeof *b);
		struct run run = { report_capital(r, story_factor(r->rq->phrases, r->rq->lang, &list[i], r->arena)), RUN_PLAIN };
		if (fabs(list[i].points) < 0.05)
			continue;
		b->r = r;
		b->points = list[i].points;
		b->most = most;
		b->number = arena_printf(r->arena, "%s%.1f", b->points < 0 ? "\xE2\x88\x92" : "+", fabs(b->points));
		b->s = flow_setting(r->flow, PARA_CAPTION, 0, &run, 1, flow_width(r->flow) - BAR_ROOM - 4);
		flow_block(r->flow, fmax(11.5, (double)b->s->line_count * 10.4 + 1.5), 1, draw_factor, b);
	}
}
