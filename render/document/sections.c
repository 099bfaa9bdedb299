#include "render/document/sections.h"

#include <string.h>

#include "analyst/model/view.h"
#include "render/canvas/picture.h"

static const struct section_set *const sets[] = { &weekly_set, &customer_set, &executive_set };

const struct section_set *section_set_find(const char *kind)
{
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		if (strcmp(sets[i]->kind, kind) == 0)
			return sets[i];
	return NULL;
}

static const char *section_name(const void *ctx, size_t i, bool *required, bool *first)
{
	const struct section *s = &((const struct section_set *)ctx)->list[i];

	*required = s->required;
	*first = s->first;
	return s->name;
}

struct template_model section_model(const struct section_set *set)
{
	return (struct template_model){ set->kind, section_name, set, set->facts, picture_load };
}

/* ---- facts of own sections ---- */

static bool is_listed(const struct composer *co, const char *name)
{
	for (const char *const *fact = co->set->facts; *fact != NULL; fact++)
		if (strcmp(*fact, name) == 0)
			return true;
	return false;
}

static void add_fact(struct composer *co, struct fact fact)
{
	if (is_listed(co, fact.name) && co->fact_count < OWN_FACTS)
		co->facts[co->fact_count++] = fact;
}

static void add_text(struct composer *co, const char *name, enum fact_kind kind, const char *text)
{
	if (text != NULL && text[0] != '\0')
		add_fact(co, (struct fact){ .name = name, .kind = kind, .text = text });
}

static void add_value(struct composer *co, const char *name, enum fact_kind kind, int64_t value)
{
	add_fact(co, (struct fact){ .name = name, .kind = kind, .value = value });
}

static void gather(struct composer *co)
{
	const struct report_request *rq = co->rq;
	const struct incident *in = rq->incident;
	const struct week *w = rq->an->week;
	bool of_records;
	instant date = report_date(rq, &of_records);

	add_text(co, "customer", FACT_TEXT, rq->customer);
	add_text(co, "organisation", FACT_TEXT, rq->organisation);
	add_value(co, "alerts", FACT_NUMBER, in != NULL ? in->alert_count : view_alerts(rq->an));
	add_value(co, "incidents", FACT_NUMBER, rq->an->queue_count);
	if (date != INSTANT_NONE)
		add_value(co, "date", FACT_TIME, date);
	if (in == NULL)
		return;
	add_text(co, "incident", FACT_TEXT, in->id);
	add_text(co, "title", FACT_TEXT, story_title(rq->phrases, rq->lang, co->set->reg, &rq->narratives[in - rq->an->incidents],
	                                             rq->zone, co->arena));
	add_text(co, "host", FACT_HOST, in->host_count > 0 ? w->entities[in->hosts[0]].shown : NULL);
	add_value(co, "hosts", FACT_NUMBER, in->host_count);
	add_value(co, "first", FACT_TIME, in->first);
	add_value(co, "last", FACT_TIME, in->last);
}

int composer_open(struct composer *co, struct fault *f)
{
	struct template_model model = section_model(co->set);

	co->lead = "";
	/* "run" is given one for one of its reports. */
	if (co->rq->template != NULL && strcmp(co->rq->template->kind, co->set->kind) == 0)
		co->template = co->rq->template;
	if (co->template == NULL && template_shipped(&co->template, &model, co->rq->phrases, co->arena, f) < 0)
		return -1;
	gather(co);
	return 0;
}

/* ---- in the template's order ---- */

const char *composer_heading(struct composer *co, const char *heading)
{
	const char *out = co->lead[0] != '\0' ? arena_printf(co->arena, "%s%s", co->lead, heading) : heading;

	co->lead = "";
	return out;
}

static const struct section *section_find(const struct section_set *set, const char *name)
{
	const struct section *s = set->list;

	while (strcmp(s->name, name) != 0)      /* the template's names are those of the set */
		s++;
	return s;
}

static bool applies(const struct composer *co, const struct template_block *b)
{
	const struct section *s;

	if (b->kind != BLOCK_SECTION)
		return true;
	s = section_find(co->set, b->name);
	return s->applies == NULL || s->applies(co->report);
}

static bool has(const struct template_block *blocks, size_t n, const char *section)
{
	for (size_t i = 0; i < n; i++)
		if ((blocks[i].kind == BLOCK_SECTION && strcmp(blocks[i].name, section) == 0) ||
		    has(blocks[i].blocks, blocks[i].block_count, section))
			return true;
	return false;
}

bool composer_has(const struct composer *co, const char *section)
{
	return has(co->template->blocks, co->template->block_count, section);
}

/* True when the section was met; *number is then the last given. */
static bool count_to(const struct composer *co, const struct template_block *blocks, size_t n, const char *section,
                     unsigned *number, bool *numbered)
{
	for (size_t i = 0; i < n; i++) {
		if (!applies(co, &blocks[i]))
			continue;
		*number += blocks[i].numbered;
		*numbered = blocks[i].numbered;
		if ((blocks[i].kind == BLOCK_SECTION && strcmp(blocks[i].name, section) == 0) ||
		    count_to(co, blocks[i].blocks, blocks[i].block_count, section, number, numbered))
			return true;
	}
	return false;
}

unsigned composer_number(const struct composer *co, const char *section)
{
	unsigned number = 0;
	bool numbered = false;

	return count_to(co, co->template->blocks, co->template->block_count, section, &number, &numbered) && numbered ? number : 0;
}

static struct sentence filled(const struct composer *co, const char *const pattern[LANGUAGES])
{
	return pattern_filled(co->rq->phrases, co->rq->lang, co->set->reg, pattern[co->rq->lang], co->facts, co->fact_count,
	                      co->rq->zone, co->arena);
}

/* Items that follow one another are one list. */
static void add_own(struct composer *co, const struct template_block *b)
{
	struct flow *fl = *co->flow;
	struct item *items = ARENA_ARRAY(co->arena, struct item, b->text_count + 1);
	struct sentence s = filled(co, b->heading);
	size_t n = 0;

	flow_heading(fl, composer_heading(co, sentence_plain(&s, co->arena)), NULL);
	for (size_t i = 0; i < b->text_count; i++) {
		s = filled(co, b->texts[i].pattern);
		if (!b->texts[i].item) {
			flow_runs(fl, PARA_BODY, s.runs, s.count);
			continue;
		}
		items[n++] = (struct item){ .runs = s.runs, .run_count = s.count };
		if (i + 1 == b->text_count || !b->texts[i + 1].item) {
			flow_list(fl, BULLET_DOT, items, n, 1);
			n = 0;
		}
	}
}

static int add_columns(struct composer *co, const struct template_block *b, struct fault *f)
{
	bool left = applies(co, &b->blocks[0]), right = applies(co, &b->blocks[1]);

	if (!left || !right)
		return compose_blocks(co, b->blocks, b->block_count, f);
	flow_columns_begin(*co->flow, 0.5, 24);
	if (compose_blocks(co, &b->blocks[0], 1, f) < 0)
		return -1;
	flow_columns_next(*co->flow);
	if (compose_blocks(co, &b->blocks[1], 1, f) < 0)
		return -1;
	flow_columns_end(*co->flow);
	return 0;
}

static int add_block(struct composer *co, const struct template_block *b, struct fault *f)
{
	if (co->page_ends)
		flow_page_break(*co->flow);
	co->page_ends = false;
	co->lead = "";
	if (b->numbered)
		co->lead = arena_printf(co->arena, "%u  ", ++co->number);
	switch (b->kind) {
	case BLOCK_SECTION:
		return section_find(co->set, b->name)->add(co->report, f);
	case BLOCK_OWN:
		add_own(co, b);
		return 0;
	case BLOCK_COLUMNS:
		return add_columns(co, b, f);
	default:
		return co->set->page != NULL ? co->set->page(co->report, b, f) : compose_blocks(co, b->blocks, b->block_count, f);
	}
}

int compose_blocks(struct composer *co, const struct template_block *blocks, size_t n, struct fault *f)
{
	for (size_t i = 0; i < n; i++)
		if (applies(co, &blocks[i]) && add_block(co, &blocks[i], f) < 0)
			return -1;
	return 0;
}

int compose(struct composer *co, struct fault *f)
{
	co->number = 0;
	return compose_blocks(co, co->template->blocks, co->template->block_count, f);
}
