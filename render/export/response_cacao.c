/* A containment plan as a CACAO 2.0 playbook: manual steps in a row. */
#include <inttypes.h>
#include <string.h>

#include "render/export/response.h"
#include "render/export/uuid.h"

static const char *own_id(const struct response *rs, const char *type, const char *what)
{
	char id[UUID_ROOM];

	uuid5(id, UUID_TSUMUGI, arena_printf(rs->arena, "cacao %s %s %s", type, rs->plan->incident->id, what));
	return arena_printf(rs->arena, "%s--%s", type, id);
}

static const char *step_id(const struct response *rs, uint32_t i)
{
	return i < rs->plan->measure_count ? own_id(rs, "action", measure_id(rs, &rs->plan->measures[i])) : own_id(rs, "end", "");
}

static void add_targets(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	text_printf(out, ",\"targets\":[\"%s\"]", own_id(rs, "net-address", entity_value(rs, m->host)));
}

static void add_step(struct text *out, const struct response *rs, uint32_t i)
{
	const struct plan_measure *m = &rs->plan->measures[i];
	const char *title = measure_title(rs, m);
	const struct fact hours = { .name = "hours", .kind = FACT_NUMBER, .value = m->hours };
	const char *until = word_with(rs->phrases, rs->lang, measure_until(m), &hours, 1,
	                              rs->zone, rs->arena);

	text_printf(out, ",\n\"%s\":{\"type\":\"action\",\"name\":", step_id(rs, i));
	text_add_json(out, title);
	text_add(out, ",\"description\":");
	text_add_json(out, until);
	text_add(out, ",\"commands\":[{\"type\":\"manual\",\"command\":");
	text_add_json(out, title);
	text_printf(out, "}],\"agent\":\"%s\"", own_id(rs, "group", "soc"));
	if (m->host_address_count > 0)
		add_targets(out, rs, m);
	text_printf(out, ",\"on_completion\":\"%s\"}", step_id(rs, i + 1));
}

/* None where no machine has an address: the schema allows no empty list. */
static void add_target_definitions(struct text *out, const struct response *rs)
{
	bool any = false;

	for (uint32_t i = 0; i < rs->plan->measure_count; i++) {
		const struct plan_measure *m = &rs->plan->measures[i];
		bool before = m->host_address_count == 0;

		for (uint32_t k = 0; k < i; k++)
			before |= rs->plan->measures[k].host == m->host;
		if (before)
			continue;
		text_printf(out, "%s\"%s\":{\"type\":\"net-address\",\"name\":", any ? "," : ",\n\"target_definitions\":{",
		            own_id(rs, "net-address", entity_value(rs, m->host)));
		text_add_json(out, entity_label(rs, m->host));
		text_add(out, ",\"address\":{");
		for (int v6 = 0, kinds = 0; v6 < 2; v6++) {
			uint32_t n = 0;

			for (uint32_t k = 0; k < m->host_address_count; k++) {
				const char *address = entity_value(rs, m->host_addresses[k]);

				if ((strchr(address, ':') != NULL) != (v6 == 1))
					continue;
				text_printf(out, n == 0 ? "%s\"%s\":[" : "%s", n > 0 ? "," : kinds > 0 ? "," : "", v6 ? "ipv6" : "ipv4");
				text_add_json(out, address);
				n++;
			}
			text_add(out, n > 0 ? "]" : "");
			kinds += n > 0;
		}
		text_add(out, "}}");
		any = true;
	}
	text_add(out, any ? "}" : "");
}

static void add_marking(struct text *out, const struct response *rs, const char *made)
{
	const char *id = own_id(rs, "marking-tlp", rs->tlp);

	text_printf(out, ",\"markings\":[\"%s\"],\"data_marking_definitions\":{\"%s\":{\"type\":\"marking-tlp\",\"id\":\"%s\","
	            "\"created_by\":\"%s\",\"created\":\"%s\",\"modified\":\"%s\",\"tlpv2_level\":\"TLP:%s\"}}",
	            id, id, id, own_id(rs, "identity", ""), made, made, rs->tlp);
}

void response_cacao(struct text *out, const struct response *rs)
{
	const struct plan *p = rs->plan;
	const struct fact id = { .name = "id", .kind = FACT_TEXT, .text = p->incident->id };
	char made[INSTANT_ROOM];

	/* The clock is never asked: the plan is as old as what it is made from. */
	instant_utc(made, p->incident->last / (SECOND / 1000) * (SECOND / 1000));
	text_printf(out, "{\"type\":\"playbook\",\"spec_version\":\"cacao-2.0\",\"id\":\"%s\",\"name\":", own_id(rs, "playbook", ""));
	text_add_json(out, word_with(rs->phrases, rs->lang, "respond.title", &id, 1, rs->zone, rs->arena));
	text_add(out, ",\"description\":");
	text_add_json(out, arena_printf(rs->arena, "%s\n%s", rs->title, word(rs->phrases, rs->lang, "respond.caution")));
	text_printf(out, ",\"playbook_types\":[\"mitigation\"],\"playbook_activities\":[\"contain-threat\"],\"created_by\":\"%s\","
	            "\"created\":\"%s\",\"modified\":\"%s\",\"severity\":%d", own_id(rs, "identity", ""), made, made,
	            p->incident->score < 1 ? 1 : (int)p->incident->score);
	if (rs->tlp != NULL)
		add_marking(out, rs, made);
	text_printf(out, ",\n\"workflow_start\":\"%s\",\"workflow\":{\n\"%s\":{\"type\":\"start\",\"on_completion\":\"%s\"}",
	            own_id(rs, "start", ""), own_id(rs, "start", ""), step_id(rs, 0));
	for (uint32_t i = 0; i < p->measure_count; i++)
		add_step(out, rs, i);
	text_printf(out, ",\n\"%s\":{\"type\":\"end\"}},\n\"agent_definitions\":{\"%s\":{\"type\":\"group\",\"name\":\"SOC\"}}",
	            own_id(rs, "end", ""), own_id(rs, "group", "soc"));
	add_target_definitions(out, rs);
	text_add(out, "}\n");
}
