/* A containment plan as JSON: "tsumugi-plan" 1. Values are exact, times UTC. */
#include <inttypes.h>

#include "render/export/response.h"
#include "render/export/sentences.h"

static void add_values(struct text *out, const struct response *rs, const char *key, const uint32_t *entities, uint32_t n)
{
	text_printf(out, ",\"%s\":[", key);
	for (uint32_t i = 0; i < n; i++) {
		text_add(out, i > 0 ? "," : "");
		text_add_json(out, entity_value(rs, entities[i]));
	}
	text_addc(out, ']');
}

static void add_alerts(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	uint32_t n = m->alert_count < JSON_ALERTS ? m->alert_count : JSON_ALERTS;
	uint64_t *keys = ARENA_ARRAY(rs->arena, uint64_t, n + 1);

	for (uint32_t i = 0; i < n; i++)
		keys[i] = rs->an->week->marks[m->alerts[i]].key;
	text_printf(out, ",\"alerts\":%" PRIu32 ",\"alert_ids\":", m->alert_count);
	json_keys(out, keys, n);
	text_add(out, ",\"evidence\":[");
	for (uint32_t i = 0; i < m->beat_count; i++)
		text_printf(out, "%s\"E%" PRIu32 "\"", i > 0 ? "," : "", m->beats[i]->evidence);
	text_addc(out, ']');
}

static void add_done(struct text *out, const struct plan_measure *m)
{
	text_add(out, ",\"done\":[");
	for (uint32_t i = 0; i < m->done_count; i++) {
		text_add(out, i > 0 ? ",{\"product\":" : "{\"product\":");
		text_add_json(out, m->done[i].product);
		json_instant(out, "at", m->done[i].at);
		text_printf(out, ",\"records\":%" PRIu32 ",\"alert_id\":\"%016" PRIx64 "\"}", m->done[i].alerts, m->done[i].key);
	}
	text_addc(out, ']');
}

static void add_replay(struct text *out, const struct plan_measure *m)
{
	const struct measure_replay *r = &m->replay;

	text_add(out, ",\"replay\":{\"alerts_stopped\":");
	text_printf(out, "%" PRIu32 ",\"already_refused\":%" PRIu32 ",\"bytes_out\":%" PRId64 ",\"other_alerts_hit\":%" PRIu32,
	            r->stopped, r->refused, r->bytes, r->benign);
	json_instant(out, "from", r->from);
	if (r->connections >= 0)
		text_printf(out, ",\"connections\":%" PRId64, r->connections);
	text_addc(out, '}');
}

static void add_ports(struct text *out, const struct plan_measure *m)
{
	text_add(out, ",\"ports\":[");
	for (uint32_t i = 0; i < m->port_count; i++)
		text_printf(out, "%s%u", i > 0 ? "," : "", m->ports[i]);
	text_addc(out, ']');
}

static void add_measure(struct text *out, const struct response *rs, const struct plan_measure *m)
{
	text_printf(out, "{\"id\":\"%s\",\"block\":\"%s\",\"title\":", measure_id(rs, m), table_name(blocks, (int)m->block));
	text_add_json(out, measure_title(rs, m));
	text_add(out, m->block == BLOCK_ACCOUNT ? ",\"account\":" : ",\"host\":");
	text_add_json(out, entity_label(rs, m->host));
	add_values(out, rs, "host_addresses", m->host_addresses, m->host_address_count);
	if (m->remote != NO_ENTITY) {
		text_add(out, ",\"remote\":");
		text_add_json(out, entity_value(rs, m->remote));
		add_values(out, rs, "addresses", m->addresses, m->address_count);
		add_ports(out, m);
	}
	if (m->block == BLOCK_INSIDE) {
		add_values(out, rs, "targets", m->targets, m->target_count);
		add_values(out, rs, "addresses", m->addresses, m->address_count);
		text_printf(out, ",\"all_of_ours\":%s", m->wide ? "true" : "false");
		add_ports(out, m);
	}
	text_printf(out, ",\"scope\":\"%s\",\"shared_address\":%s,\"behaviour\":", m->block == BLOCK_ACCOUNT ? "account" :
	            !measure_connects(m) || m->wide ? "host" : m->shared || m->address_count == 0 ? "name" : "address", m->shared ? "true" : "false");
	text_add_json(out, m->behaviour->key);
	text_printf(out, ",\"confidence\":%d,\"indicator\":%s,\"products\":%" PRIu32 ",\"hours\":%d", m->confidence,
	            m->known ? "true" : "false", m->products, m->hours);
	json_instant(out, "justified", m->justified);
	add_alerts(out, rs, m);
	text_printf(out, ",\"breaks\":{\"other_machines\":%" PRIu32 ",\"everyday_alerts\":%" PRIu32 ",\"port_peers\":%" PRIu32 "}",
	            m->other_machines, m->everyday, m->port_peers);
	add_done(out, m);
	if (measure_connects(m))
		add_replay(out, m);
	text_addc(out, '}');
}

void response_json(struct text *out, const struct response *rs)
{
	const struct plan *p = rs->plan;

	text_printf(out, "{\"schema\":\"tsumugi-plan\",\"schema_version\":1,\"incident\":\"%s\",\"title\":", p->incident->id);
	text_add_json(out, rs->title);
	if (rs->tlp != NULL)
		text_printf(out, ",\"tlp\":\"TLP:%s\"", rs->tlp);
	text_add(out, ",\"measures\":[");
	for (uint32_t i = 0; i < p->measure_count; i++) {
		text_add(out, i > 0 ? ",\n" : "\n");
		add_measure(out, rs, &p->measures[i]);
	}
	text_add(out, "],\n\"not_blocked\":[");
	for (uint32_t i = 0; i < p->spared_count; i++) {
		const struct spared_end *s = &p->spared[i];

		text_add(out, i > 0 ? ",\n{\"host\":" : "\n{\"host\":");
		text_add_json(out, entity_label(rs, s->host));
		text_add(out, ",\"remote\":");
		text_add_json(out, entity_value(rs, s->remote));
		text_printf(out, ",\"why\":\"%s\",\"other_machines\":%" PRIu32 ",\"alerts\":%" PRIu32 "}", table_name(spareds, (int)s->why),
		            s->other_machines, s->alerts);
	}
	text_printf(out, "],\n\"left_off\":%" PRIu32 ",\"replay\":{\"delay_seconds\":%d,\"later_alerts\":%" PRIu32
	            ",\"alerts_stopped\":%" PRIu32 ",\"already_refused\":%" PRIu32 ",\"other_alerts_hit\":%" PRIu32 "}}\n",
	            p->left_off, p->delay, p->later, p->stopped, p->refused, p->benign);
}
