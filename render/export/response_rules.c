/* A containment plan as rules of an nftables gateway and of Suricata in line. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/intern.h"
#include "render/export/response.h"

/* One line of a comment, whatever the value holds: no quotes, no line ends, at most so many bytes of whole characters. */
static void add_remark(struct text *out, const char *s, size_t most)
{
	struct text shown = {0};
	size_t taken, at = 0;

	text_add_shown(&shown, s, strlen(s));
	for (const char *c = text_str(&shown); at < shown.used; at += taken) {
		utf8_next(c + at, shown.used - at, &taken);
		if (at + taken > most)
			break;
		if (c[at] == '"' || c[at] == '\\')
			text_addc(out, '\'');
		else
			text_addn(out, c + at, taken);
	}
	text_free(&shown);
}

static void add_head(struct text *out, const struct response *rs)
{
	if (rs->tlp != NULL)
		text_printf(out, "# TLP:%s\n", rs->tlp);
	text_printf(out, "# %s: ", rs->plan->incident->id);
	add_remark(out, rs->title, 400);
	text_add(out, "\n# Made from the records of a case file; nothing was carried out. A person checks it first.\n");
}

static void add_measure_remark(struct text *out, const struct response *rs, const struct plan_measure *m, uint32_t number)
{
	text_printf(out, "# %" PRIu32 ". ", number + 1);
	add_remark(out, measure_title(rs, m), 400);
	text_addc(out, '\n');
}

/* ---- nftables ---- */

#define COMMENT_BYTES 120        /* nft takes 128 */

struct element {
	const char *from, *to;
	unsigned port;               /* 0: all */
	const struct plan_measure *measure;
};

static bool is_v6(const char *address)
{
	return strchr(address, ':') != NULL;
}

static int by_ends(const void *pa, const void *pb)
{
	const struct element *a = pa, *b = pb;
	int c = strcmp(a->from, b->from);

	if (c == 0)
		c = strcmp(a->to, b->to);
	if (c == 0)
		c = a->port < b->port ? -1 : a->port > b->port;
	/* Twice the same is an error in a set: the longer stands first and stays. */
	if (c == 0)
		c = a->measure->hours > b->measure->hours ? -1 : a->measure->hours < b->measure->hours;
	return c != 0 ? c : a->measure < b->measure ? -1 : a->measure > b->measure;
}

static bool is_same_end(const struct element *a, const struct element *b)
{
	return strcmp(a->from, b->from) == 0 && strcmp(a->to, b->to) == 0 && a->port == b->port;
}

static size_t gather_measure(struct element *list, const struct response *rs, const struct plan_measure *m)
{
	size_t n = 0;

	for (uint32_t i = 0; i < m->host_address_count; i++)
		for (uint32_t k = 0; k < m->address_count; k++)
			for (uint32_t p = 0; p < (m->port_count > 0 ? m->port_count : 1); p++) {
				const char *own = entity_value(rs, m->host_addresses[i]), *end = entity_value(rs, m->addresses[k]);
				bool out = m->block != BLOCK_INBOUND;

				if (is_v6(own) == is_v6(end))
					list[n++] = (struct element){ out ? own : end, out ? end : own, m->port_count > 0 ? m->ports[p] : 0, m };
			}
	return n;
}

static size_t gather(struct element *list, const struct response *rs)
{
	size_t n = 0, kept = 0;

	for (uint32_t i = 0; i < rs->plan->measure_count; i++)
		if (measure_by_address(&rs->plan->measures[i]) && !rs->plan->measures[i].shared)
			n += gather_measure(list + n, rs, &rs->plan->measures[i]);
	if (n > 0)
		qsort(list, n, sizeof(*list), by_ends);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || !is_same_end(&list[i], &list[kept - 1]))
			list[kept++] = list[i];
	return kept;
}

static void add_element(struct text *out, const struct response *rs, const struct element *e)
{
	text_printf(out, "%s . %s", e->from, e->to);
	if (e->port > 0)
		text_printf(out, " . %u", e->port);
	if (e->measure->hours > 0)
		text_printf(out, " timeout %dh", e->measure->hours);
	text_add(out, " comment \"");
	add_remark(out, rs->plan->incident->id, COMMENT_BYTES / 2);
	text_addc(out, ' ');
	add_remark(out, entity_value(rs, e->measure->remote != NO_ENTITY ? e->measure->remote : e->measure->host), COMMENT_BYTES / 2);
	text_addc(out, '"');
}

struct set_form {
	const char *name, *type, *rule;
	bool v6, port;
};

static const struct set_form set_forms[] = {
	{ "ports4", "ipv4_addr . ipv4_addr . inet_service", "meta l4proto { tcp, udp } ip saddr . ip daddr . th dport", false, true },
	{ "ports6", "ipv6_addr . ipv6_addr . inet_service", "meta l4proto { tcp, udp } ip6 saddr . ip6 daddr . th dport", true, true },
	{ "ends4", "ipv4_addr . ipv4_addr", "ip saddr . ip daddr", false, false },
	{ "ends6", "ipv6_addr . ipv6_addr", "ip6 saddr . ip6 daddr", true, false },
};
#define SETS (sizeof(set_forms) / sizeof(set_forms[0]))

/* An empty list of elements is an error: none is written then. */
static void add_set(struct text *out, const struct response *rs, const struct set_form *form, const struct element *list, size_t n)
{
	bool any = false;

	text_printf(out, "\tset %s {\n\t\ttype %s\n\t\tflags timeout\n", form->name, form->type);
	for (size_t i = 0; i < n; i++) {
		if (is_v6(list[i].from) != form->v6 || (list[i].port > 0) != form->port)
			continue;
		text_add(out, any ? ",\n\t\t\t" : "\t\telements = {\n\t\t\t");
		add_element(out, rs, &list[i]);
		any = true;
	}
	text_add(out, any ? "\n\t\t}\n\t}\n" : "\t}\n");
}

/* What is no rule of a network device; NULL for what is. */
static const char *by_hand(const struct plan_measure *m)
{
	return m->block == BLOCK_ISOLATE ? "#    not here: the last resort, by hand\n" :
	       m->block == BLOCK_ACCOUNT ? "#    not here: an account, to be suspended where it is kept\n" :
	       m->wide ? "#    not here: to all machines of ours, at the switches or on the machine itself\n" : NULL;
}

/* What the sets do not hold, and why. */
static void add_left_out(struct text *out, const struct response *rs)
{
	for (uint32_t i = 0; i < rs->plan->measure_count; i++) {
		const struct plan_measure *m = &rs->plan->measures[i];

		if (measure_by_address(m) && !m->shared)
			continue;
		add_measure_remark(out, rs, m, i);
		text_add(out, by_hand(m) != NULL ? by_hand(m) : m->shared ?
		         "#    not here: others are reached at its address; block the name, at the resolver, proxy or with Suricata\n" :
		         "#    not here: the records name no address of one of the two\n");
	}
}

static const char *table_of(const struct response *rs)
{
	char *name = arena_printf(rs->arena, "tsumugi_%s", rs->plan->incident->id);

	for (char *c = name; *c != '\0'; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

void response_nftables(struct text *out, const struct response *rs)
{
	struct element *list = ARENA_ARRAY(rs->arena, struct element,
	                                   PLAN_MEASURES * MEASURE_ADDRESSES * MEASURE_ADDRESSES * MEASURE_PORTS);
	size_t n = gather(list, rs);
	const char *table = table_of(rs);

	text_add(out, "#!/usr/sbin/nft -f\n");
	add_head(out, rs);
	text_printf(out, "# For a gateway that forwards the traffic. Check: nft -c -f FILE; undo: nft delete table inet %s\n", table);
	add_left_out(out, rs);
	text_printf(out, "table inet %s\ndelete table inet %s\ntable inet %s {\n", table, table, table);
	for (size_t i = 0; i < SETS; i++)
		add_set(out, rs, &set_forms[i], list, n);
	text_add(out, "\tchain forward {\n\t\ttype filter hook forward priority 0; policy accept;\n");
	for (size_t i = 0; i < SETS; i++)
		text_printf(out, "\t\t%s @%s counter reject\n", set_forms[i].rule, set_forms[i].name);
	text_add(out, "\t}\n}\n");
}

/* ---- Suricata ---- */

/* Local rules have 1000000 to 1999999. An incident gets a thousand of them by its id, so a rule keeps its number. */
#define SID_FIRST 1000000
#define SID_EACH 1000

struct numbering {
	const struct response *rs;
	struct text *out;
	uint32_t next, end;
};

/* What is no letter, digit, dot or the like goes in as bytes; quotes, semicolons and bars would end the option. */
static void add_content(struct text *out, const char *s)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr(" .,-_/()[]=", c) != NULL)
			text_addc(out, (char)c);
		else
			text_printf(out, "|%02X|", c);
	}
}

/* In msg there is no notation for bytes: what would need one is left out. */
static void add_msg(struct text *out, const char *s)
{
	for (; *s != '\0'; s++)
		text_addc(out, (unsigned char)*s < ' ' || (unsigned char)*s > '~' || strchr("\";\\:|", *s) != NULL ? '_' : *s);
}

static void end_rule(struct numbering *n, const struct plan_measure *m, const char *about)
{
	text_add(n->out, about);
	text_printf(n->out, " classtype:trojan-activity; metadata:tsumugi_incident %s, tsumugi_confidence %d", n->rs->plan->incident->id,
	            m->confidence);
	if (m->behaviour->technique != NULL)
		text_printf(n->out, ", mitre_technique_id %s", m->behaviour->technique);
	text_printf(n->out, "; sid:%" PRIu32 "; rev:1;)\n", n->next++);
}

static const char *own_side(const struct response *rs, const struct plan_measure *m)
{
	struct text list = {0};
	const char *kept;

	for (uint32_t i = 0; i < m->host_address_count; i++)
		text_printf(&list, "%s%s", i > 0 ? "," : "", entity_value(rs, m->host_addresses[i]));
	kept = m->host_address_count == 0 ? "any" : arena_printf(rs->arena, m->host_address_count > 1 ? "[%s]" : "%s", text_str(&list));
	text_free(&list);
	return kept;
}

static void begin_rule(struct numbering *n, const struct plan_measure *m, const char *protocol, const char *from, const char *to,
                       const char *what)
{
	text_printf(n->out, "drop %s %s -> %s (msg:\"", protocol, from, to);
	add_msg(n->out, n->rs->plan->incident->id);
	text_printf(n->out, " %s ", what);
	add_msg(n->out, entity_value(n->rs, m->remote != NO_ENTITY ? m->remote : m->host));
	text_add(n->out, "\";");
}

static void add_name_rules(struct numbering *n, const struct plan_measure *m)
{
	static const struct { const char *protocol, *buffer; } places[] = {
		{ "dns", "dns.query" }, { "tls", "tls.sni" }, { "http", "http.host" },
	};
	const char *own = own_side(n->rs, m), *name = entity_value(n->rs, m->remote);

	/* A machine without a known address would be all machines. */
	if (m->host_address_count == 0)
		return;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && n->next < n->end; i++) {
		begin_rule(n, m, places[i].protocol, arena_printf(n->rs->arena, "%s any", own), "any any", "name");
		text_printf(n->out, " %s; ", places[i].buffer);
		/* The exact name only where others have theirs beside it; else all below it, too. */
		text_add(n->out, m->shared ? "content:\"" : "dotprefix; content:\".");
		add_content(n->out, name);
		/* http.host is in lower case already, and refuses nocase. */
		text_printf(n->out, "\";%s%s", strcmp(places[i].buffer, "http.host") == 0 ? "" : " nocase;",
		            m->shared ? " startswith; endswith;" : " endswith;");
		end_rule(n, m, "");
	}
}

static void add_address_rules(struct numbering *n, const struct plan_measure *m)
{
	const struct response *rs = n->rs;
	const char *own = own_side(rs, m);
	struct text ports = {0};

	for (uint32_t i = 0; i < m->port_count; i++)
		text_printf(&ports, "%s%u", i > 0 ? "," : m->port_count > 1 ? "[" : "", m->ports[i]);
	text_add(&ports, m->port_count > 1 ? "]" : m->port_count == 0 ? "any" : "");
	for (uint32_t k = 0; k < m->address_count && n->next + 1 < n->end; k++) {
		const char *end = entity_value(rs, m->addresses[k]);
		const char *from = m->block == BLOCK_INBOUND ? end : own, *to = m->block == BLOCK_INBOUND ? own : end;

		for (int udp = 0; udp < 2; udp++) {
			begin_rule(n, m, udp ? "udp" : "tcp", arena_printf(rs->arena, "%s any", from),
			           arena_printf(rs->arena, "%s %s", to, text_str(&ports)), "address");
			end_rule(n, m, "");
		}
	}
	text_free(&ports);
}

void response_suricata(struct text *out, const struct response *rs)
{
	uint64_t hash = intern_hash(rs->plan->incident->id, strlen(rs->plan->incident->id));
	uint32_t first = SID_FIRST + (uint32_t)(hash % SID_EACH) * SID_EACH;
	struct numbering n = { rs, out, first, first + SID_EACH };

	add_head(out, rs);
	text_add(out, "# For Suricata in line (IPS). Where it only listens, replace drop by alert.\n");
	for (uint32_t i = 0; i < rs->plan->measure_count; i++) {
		const struct plan_measure *m = &rs->plan->measures[i];
		bool named = m->remote != NO_ENTITY && rs->an->week->entities[m->remote].kind == ENTITY_DOMAIN;

		add_measure_remark(out, rs, m, i);
		if (by_hand(m) != NULL)
			text_add(out, by_hand(m));
		else if (m->host_address_count == 0)
			text_add(out, "#    not here: the records name no address of the machine\n");
		if (by_hand(m) != NULL || m->host_address_count == 0)
			continue;
		if (named)
			add_name_rules(&n, m);
		if (!m->shared)
			add_address_rules(&n, m);
	}
}
