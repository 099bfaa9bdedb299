#include "render/export/response.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "render/export/uuid.h"

const struct response_form response_forms[] = {
	{ "text", "for people", ".txt", response_text },
	{ "json", "everything, with the ids of the evidence", ".json", response_json },
	{ "nftables", "a script for a gateway: addresses and ports, with time-outs", ".nft", response_nftables },
	{ "suricata", "drop rules: names, addresses and ports", ".rules", response_suricata },
	{ "cacao", "CACAO 2.0 playbook of manual steps", NULL, response_cacao },
	{ NULL, NULL, NULL, NULL }
};

const struct response_form *response_find(const char *name)
{
	for (const struct response_form *form = response_forms; form->name != NULL; form++)
		if (strcasecmp(form->name, name) == 0)
			return form;
	return NULL;
}

const struct response_form *response_of_ending(const char *ending)
{
	for (const struct response_form *form = response_forms; form->name != NULL; form++)
		if (form->ending != NULL && strcasecmp(form->ending, ending) == 0)
			return form;
	return &response_forms[0];
}

const char *entity_value(const struct response *rs, uint32_t entity)
{
	return rs->an->week->entities[entity].value;
}

const char *entity_label(const struct response *rs, uint32_t entity)
{
	return rs->an->week->entities[entity].shown;
}

const char *measure_id(const struct response *rs, const struct plan_measure *m)
{
	char *id = arena_alloc(rs->arena, UUID_ROOM);

	uuid5(id, UUID_TSUMUGI, arena_printf(rs->arena, "measure %s %s %s %s", rs->plan->incident->id, table_name(blocks, (int)m->block),
	                                     entity_value(rs, m->host), m->remote != NO_ENTITY ? entity_value(rs, m->remote) : ""));
	return id;
}

const char *measure_until(const struct plan_measure *m)
{
	return m->block == BLOCK_ACCOUNT ? "respond.until.account" : m->hours > 0 ? "respond.until" : "respond.until.decided";
}

bool measure_by_address(const struct plan_measure *m)
{
	return measure_connects(m) && !m->wide && m->address_count > 0 && m->host_address_count > 0;
}

static const char *join_ports(const struct response *rs, const struct plan_measure *m)
{
	struct text list = {0};
	const char *kept;

	for (uint32_t i = 0; i < m->port_count; i++)
		text_printf(&list, "%s%u", i > 0 ? ", " : "", m->ports[i]);
	kept = arena_dup(rs->arena, text_str(&list));
	text_free(&list);
	return kept;
}

static const char *const *values(const struct response *rs, const uint32_t *entities, uint32_t n)
{
	const char **items = ARENA_ARRAY(rs->arena, const char *, n + 1);

	for (uint32_t i = 0; i < n; i++)
		items[i] = entity_value(rs, entities[i]);
	return items;
}

void measure_words(struct measure_words *out, const struct response *rs, const struct plan_measure *m)
{
	const char *const *own = values(rs, m->host_addresses, m->host_address_count);
	const char *const *ends = values(rs, m->addresses, m->address_count);
	const char **targets = ARENA_ARRAY(rs->arena, const char *, MEASURE_ADDRESSES);
	struct fact *facts = out->facts;
	size_t n = 0;

	facts[n++] = (struct fact){ .name = "host", .kind = m->block == BLOCK_ACCOUNT ? FACT_CODE : FACT_HOST, .text = entity_label(rs, m->host) };
	if (m->host_address_count > 0 && strcmp(own[0], facts[0].text) != 0)
		facts[n++] = (struct fact){ .name = "own", .kind = FACT_LIST, .item_kind = FACT_HOST, .items = own,
		                            .item_count = m->host_address_count, .value = m->host_address_count };
	if (m->remote != NO_ENTITY)
		facts[n++] = (struct fact){ .name = "remote", .kind = FACT_NAME, .text = entity_label(rs, m->remote) };
	for (uint32_t i = 0; i < m->target_count; i++)
		targets[i] = entity_label(rs, m->targets[i]);
	if (m->target_count > 0)
		facts[n++] = (struct fact){ .name = "targets", .kind = FACT_LIST, .item_kind = FACT_HOST, .items = targets,
		                            .item_count = m->target_count, .value = m->target_count };
	if (m->wide)
		facts[n++] = (struct fact){ .name = "wide", .kind = FACT_NUMBER, .value = 1 };
	if (m->remote != NO_ENTITY && m->address_count > 0 && rs->an->week->entities[m->remote].kind == ENTITY_DOMAIN)
		facts[n++] = (struct fact){ .name = "addresses", .kind = FACT_LIST, .item_kind = FACT_NAME, .items = ends,
		                            .item_count = m->address_count, .value = m->address_count };
	if (m->port_count > 0)
		facts[n++] = (struct fact){ .name = "ports", .kind = FACT_TEXT, .text = join_ports(rs, m) };
	if (m->port_count > 1)
		facts[n++] = (struct fact){ .name = "several", .kind = FACT_NUMBER, .value = 1 };
	out->count = n;
}

const char *measure_title(const struct response *rs, const struct plan_measure *m)
{
	static const char *const keys[] = { "respond.outbound", "respond.inbound", "respond.inside", "respond.account", "respond.isolate" };
	struct measure_words words;

	measure_words(&words, rs, m);
	return word_with(rs->phrases, rs->lang, keys[m->block], words.facts, words.count, rs->zone, rs->arena);
}
