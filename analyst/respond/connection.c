#include "analyst/respond/connection.h"

#include <stdlib.h>
#include <string.h>

/* Addresses that are nobody's: of a network, of a group, of none. */
static bool is_an_end(const struct week_entity *e)
{
	static const char *const nobody[] = { "0.", "127.", "255.", "ff" };

	if (e->internal || ip_is_internal(e->value) || entity_is_placeholder(e->kind, e->value))
		return false;
	for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
		if (strncmp(e->value, nobody[i], strlen(nobody[i])) == 0)
			return false;
	return strchr(e->value, ':') != NULL || atoi(e->value) < 224;        /* from there on multicast and reserved */
}

static uint32_t port_in(const struct week *w, const struct cast *c, enum entity_role role)
{
	for (uint32_t i = 0; i < c->count; i++) {
		const struct member *m = &w->members[c->first + i];

		if (m->role == role && w->entities[m->entity].kind == ENTITY_PORT)
			return (uint32_t)atoi(w->entities[m->entity].value);
	}
	return 0;
}

bool ends_add(uint32_t list[MEASURE_ADDRESSES], uint32_t *count, uint32_t entity)
{
	for (uint32_t i = 0; i < *count; i++)
		if (list[i] == entity)
			return true;
	if (*count == MEASURE_ADDRESSES)
		return false;
	list[(*count)++] = entity;
	return true;
}

/* The outside addresses in one part. */
static void find_ends(struct connection *cn, const struct week *w, const struct cast *c, enum entity_role role)
{
	for (uint32_t i = 0; i < c->count; i++) {
		const struct member *m = &w->members[c->first + i];

		if (m->role == role && w->entities[m->entity].kind == ENTITY_IP && is_an_end(&w->entities[m->entity]))
			ends_add(cn->addresses, &cn->address_count, m->entity);
	}
}

/* Several names are a product's own summary of several connections: NO_ENTITY. */
static uint32_t only_domain(const struct week *w, const struct cast *c, uint32_t *count)
{
	uint32_t found = NO_ENTITY;

	*count = 0;
	for (uint32_t i = 0; i < c->count; i++) {
		const struct member *m = &w->members[c->first + i];
		const struct week_entity *e = &w->entities[m->entity];

		if (e->kind == ENTITY_DOMAIN && !e->internal && (m->role == ROLE_DESTINATION || m->role == ROLE_SOURCE)) {
			found = m->entity;
			++*count;
		}
	}
	return *count == 1 ? found : NO_ENTITY;
}

/* Clients call from ports at or above this: where Linux begins, below what IANA says. */
#define CLIENT_PORTS 32768

/* Sensors also fire on what a server answers: then the outside end is the source, and the lower port is the server's. Not
 * every reader keeps the source's. */
static bool is_answer(uint32_t source_port, uint32_t port)
{
	return source_port > 0 ? source_port < port : port >= CLIENT_PORTS;
}

bool connection_of(struct connection *out, const struct week *w, const uint32_t *machine, const struct cast *c, enum block block)
{
	uint32_t source_port = port_in(w, c, ROLE_SOURCE), port = port_in(w, c, ROLE_DESTINATION), domains;
	bool came_in;

	memset(out, 0, sizeof(*out));
	out->remote = NO_ENTITY;
	if (c->host == NO_ENTITY || !w->entities[c->host].internal)
		return false;
	out->host = machine[c->host];
	find_ends(out, w, c, ROLE_SOURCE);
	came_in = out->address_count > 0 && !is_answer(source_port, port);
	if (out->address_count > 0 && !came_in)
		port = source_port;
	if (block == BLOCK_INBOUND && out->address_count == 0)
		return false;
	out->block = came_in ? BLOCK_INBOUND : BLOCK_OUTBOUND;
	if (out->block != BLOCK_INBOUND && block == BLOCK_INBOUND)
		return false;
	if (!came_in) {
		find_ends(out, w, c, ROLE_DESTINATION);
		out->remote = only_domain(w, c, &domains);
		/* Some products name the other end without saying which it is. */
		if (domains == 0 && out->address_count == 0 && (find_ends(out, w, c, ROLE_OBSERVED), out->address_count > 1))
			return false;
		if (domains > 1)
			return false;
	}
	if (out->remote == NO_ENTITY && out->address_count > 0)
		out->remote = out->addresses[0];
	if (port > 0 && port < 65536)
		out->ports[out->port_count++] = (uint16_t)port;
	return out->remote != NO_ENTITY;
}

/* Clients' ports change with every connection: only a server's is worth a rule. */
static void add_server_port(struct connection *cn, const struct week *w, const struct cast *c)
{
	uint32_t port = port_in(w, c, ROLE_DESTINATION);

	if (port > 0 && port < CLIENT_PORTS)
		cn->ports[cn->port_count++] = (uint16_t)port;
}

uint32_t connection_source(const struct week *w, const uint32_t *machine, const struct cast *c)
{
	for (uint32_t i = 0; i < c->count; i++) {
		const struct member *m = &w->members[c->first + i];
		const struct week_entity *source = &w->entities[m->entity];

		if (m->role == ROLE_SOURCE && source->internal && (source->kind == ENTITY_IP || source->kind == ENTITY_HOST))
			return machine[m->entity];
	}
	return NO_ENTITY;
}

bool connection_inside(struct connection *out, const struct week *w, const uint32_t *machine, const struct cast *c)
{
	uint32_t source = connection_source(w, machine, c);

	*out = (struct connection){ .block = BLOCK_INSIDE, .host = source, .remote = NO_ENTITY };
	if (source == NO_ENTITY)
		return false;
	for (uint32_t i = 0; i < c->count; i++) {
		const struct member *m = &w->members[c->first + i];
		const struct week_entity *e = &w->entities[m->entity];
		bool aimed = m->role == ROLE_DESTINATION || m->role == ROLE_VICTIM || m->role == ROLE_TARGET || m->entity == c->host;

		if ((e->kind == ENTITY_IP || e->kind == ENTITY_HOST) && e->internal && aimed && machine[m->entity] != source)
			ends_add(out->addresses, &out->address_count, machine[m->entity]);
	}
	add_server_port(out, w, c);
	return out->address_count > 0;
}
