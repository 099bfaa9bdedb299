/* Words, facts, cells and rows, as all sections of the customer report use them. */
#include "render/document/customer.h"
#include "render/document/noted.h"
#include "render/document/report_parts.h"

#include <string.h>

#include "analyst/readers/refang.h"
#include "templates/phrases.h"

/* ---- facts ---- */

static struct fact *filler_room(struct filler *fl, const char *name)
{
	if (fl->count == BEAT_FACTS)
		return NULL;
	fl->list[fl->count] = (struct fact){ .name = name };
	return &fl->list[fl->count++];
}

void fill_text(struct filler *fl, const char *name, enum fact_kind kind, const char *text)
{
	struct fact *fa = text != NULL && text[0] != '\0' ? filler_room(fl, name) : NULL;

	if (fa != NULL) {
		fa->kind = kind;
		fa->text = text;
	}
}

void fill_value(struct filler *fl, const char *name, enum fact_kind kind, int64_t value)
{
	struct fact *fa = filler_room(fl, name);

	if (fa != NULL) {
		fa->kind = kind;
		fa->value = value;
	}
}

void fill_number(struct filler *fl, const char *name, int64_t value)
{
	fill_value(fl, name, FACT_NUMBER, value);
}

void fill_beat(struct filler *fl, const struct beat *b)
{
	for (size_t i = 0; i < b->fact_count && fl->count < BEAT_FACTS; i++)
		fl->list[fl->count++] = b->facts[i];
}

/* ---- words ---- */

const char *customer_word(const struct customer *c, const char *key)
{
	return word(c->rq->phrases, c->lang, arena_printf(c->arena, "customer.%s", key));
}

const char *customer_fill(const struct customer *c, const char *key, const struct filler *facts)
{
	return word_with(c->rq->phrases, c->lang, arena_printf(c->arena, "customer.%s", key), facts->list, facts->count,
	                 c->rq->zone, c->arena);
}

struct sentence customer_sentence(const struct customer *c, const char *key, const struct filler *facts)
{
	struct beat *b = arena_alloc(c->arena, sizeof(*b));
	struct narrative n = { .incident = c->incident->id, .beats = b, .beat_count = 1 };
	const struct sentence *s;
	size_t count;

	b->part = PART_MEANING;
	b->key = arena_printf(c->arena, "customer.%s", key);
	b->facts = arena_copy(c->arena, facts->list, facts->count, sizeof(facts->list[0]));
	b->fact_count = facts->count;
	s = story_sentences(c->rq->phrases, c->lang, REGISTER_CUSTOMER, &n, PART_MEANING, c->rq->zone, c->arena, &count);
	return count > 0 ? s[0] : (struct sentence){ NULL, 0, b };
}

const char *customer_when(const struct customer *c, instant t, enum when_form form)
{
	return story_when(c->lang, t, c->rq->zone, form, c->arena);
}

const char *customer_period(const struct customer *c, instant first, instant last)
{
	return story_range(c->lang, first, last, c->rq->zone, WHEN_FULL, c->arena);
}

const char *customer_open(const struct customer *c, const char *field)
{
	const char *s = noted(c->rq, c->incident, field, c->arena);

	return s != NULL ? s : customer_word(c, "blank");
}

const char *customer_entity(const struct customer *c, uint32_t entity)
{
	const struct week_entity *e = &c->week->entities[entity];

	return name_unlinked(c->arena, e->shown != NULL ? e->shown : e->value);
}

const struct week_rule *customer_rule(const struct customer *c, uint32_t episode)
{
	return &c->week->rules[c->rq->an->episodes[episode].rule];
}

const char *customer_product(const struct customer *c, const struct week_rule *r)
{
	return product_written(r->rule.product, c->arena);
}

static bool is_name(enum entity_kind kind)
{
	return kind == ENTITY_IP || kind == ENTITY_DOMAIN || kind == ENTITY_URL || kind == ENTITY_EMAIL;
}

const char *customer_printed(const struct customer *c, uint32_t entity)
{
	const char *s = customer_entity(c, entity);

	return is_name(c->week->entities[entity].kind) ? name_defanged(c->arena, s) : s;
}

/* ---- cells and rows ---- */

struct cell customer_cell(const struct customer *c, const char *s, enum run_style style)
{
	return customer_cell_runs(flow_run(c->flow, s, style), 1);
}

struct cell customer_cell_runs(const struct run *runs, size_t n)
{
	struct cell cell = { .height = 0 };

	cell.text[0] = (struct cell_text){ .runs = runs, .run_count = n, .style = PARA_SMALL };
	return cell;
}

void customer_heading(const struct customer *c, const char *key)
{
	const char *aside = arena_printf(c->arena, "customer.%s.aside", key);

	flow_heading(c->flow, composer_heading(c->co, customer_word(c, key)),
	             phrase_find(c->rq->phrases, aside) != NULL ? word(c->rq->phrases, c->lang, aside) : NULL);
}

const struct sentence *customer_sentences(const struct customer *c, const struct narrative *n, enum part part,
                                        size_t *count)
{
	return story_sentences(c->rq->phrases, c->lang, REGISTER_CUSTOMER, n, part, c->rq->zone, c->arena, count);
}

/* Where the report says more; where its template leaves that out, nothing. */
void customer_fill_section(const struct customer *c, struct filler *facts, const char *section)
{
	unsigned number = composer_number(c->co, section);

	if (number > 0)
		fill_number(facts, "section", number);
}

void customer_row(const struct customer *c, struct customer_rows *r, const char *key, const char *value, enum run_style style)
{
	if (r->count < sizeof(r->list) / sizeof(r->list[0]))
		r->list[r->count++] = (struct fact_row){ customer_word(c, key), flow_run(c->flow, value, style), 1 };
}

void customer_open_row(const struct customer *c, struct customer_rows *r, const char *key, const char *field)
{
	bool there = noted(c->rq, c->incident, field, c->arena) != NULL;

	customer_row(c, r, key, customer_open(c, field), there ? RUN_PLAIN : RUN_STRONG);
}
