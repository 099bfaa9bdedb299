/* Which connection an alert is about: our machine, the other end, the server's port.
 *
 * An alert is a cast (analyst/model/week.h); machine[] says of each entity which machine it is a name of. */
#ifndef TSUMUGI_RESPOND_CONNECTION_H
#define TSUMUGI_RESPOND_CONNECTION_H

#include "analyst/respond/plan.h"

struct connection {
	enum block block;
	uint32_t host, remote;       /* entities; remote is NO_ENTITY inside */
	uint32_t addresses[MEASURE_ADDRESSES], address_count;        /* of the remote; inside the machines aimed at */
	uint16_t ports[MEASURE_PORTS], port_count;                   /* of the server's end */
};

/* The one between a machine of ours and one outsider. False without exactly one, or when block asks for those that come in
 * and this one goes out. */
bool connection_of(struct connection *out, const struct week *w, const uint32_t *machine, const struct cast *c, enum block block);
/* Machines of ours that the alert's source went for: it is about them, or names them as its other end. False without any. */
bool connection_inside(struct connection *out, const struct week *w, const uint32_t *machine, const struct cast *c);
/* The machine of ours that the alert names as its source; or NO_ENTITY. */
uint32_t connection_source(const struct week *w, const uint32_t *machine, const struct cast *c);

/* Adds an entity once. False when there is no room. */
bool ends_add(uint32_t list[MEASURE_ADDRESSES], uint32_t *count, uint32_t entity);

#endif
