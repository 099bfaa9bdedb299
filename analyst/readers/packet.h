/* The two ends of a packet that a sensor judged. Sensors name them in the packet's order; the alert names them in the
 * order of the call, since a story tells who did it to whom. */
#ifndef TSUMUGI_PACKET_H
#define TSUMUGI_PACKET_H

#include "analyst/base/arena.h"
#include "analyst/model/alert.h"

enum heading { HEADING_UNTOLD, HEADING_TO_SERVER, HEADING_TO_CLIENT };

struct packet {
	const char *from, *from_port, *to, *to_port;    /* NULL where the record does not say */
	enum heading heading;
	const char *sender;                             /* of the judged packet; from, but where a flow tells the ends */
	const char *rule;                               /* its name, or NULL */
};

/* "to_server" and "to_client", as Suricata writes them; NULL and all else are untold. */
enum heading heading_of(const char *direction);

/* Whether a packet between these ports looks like what a server says to its caller. */
bool packet_is_answer(const char *from_port, const char *to_port);

/* Adds the caller as source, the called and its port as destination. Where the heading is untold, a packet from the port
 * of a well-known service to one that systems give to callers is taken for an answer: "multiple login failures" fires on
 * what the server says, and it is not the server that guesses. Rules of the class ATTACK_RESPONSE judge what is said, not
 * who called: its sender, where it is one of ours, is the victim, be it a server that answers or a machine that called
 * its master. */
void packet_add(struct alert *a, struct arena *arena, const struct packet *p);

#endif
