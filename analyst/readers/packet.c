#include "analyst/readers/packet.h"
#include "analyst/readers/canon.h"

#include <stdlib.h>
#include <string.h>

/* Services that sensors' rules speak of, by IANA's register of service names and port numbers, and Tor's 9001; sorted. */
static const int services[] = {
	21, 22, 23, 25, 53, 80, 88, 110, 111, 119, 135, 139, 143, 161, 389, 443, 445, 465, 514, 587, 631, 636, 873, 990, 993,
	995, 1080, 1433, 1521, 1723, 2049, 2375, 3128, 3268, 3306, 3389, 5060, 5061, 5432, 5900, 5985, 5986, 6379, 6665, 6666, 6667, 6668,
	6669, 8000, 8080, 8443, 8888, 9001, 9200, 11211, 27017
};

/* Below it FreeBSD (10000), Linux (32768) and the rest (49152, RFC 6335) give no caller its port; old Windows did, and
 * is told in the packet's order rather than by a guess that scans from port 53 would deceive. */
#define CALLERS_LEAST 10000

static int by_number(const void *x, const void *y)
{
	return *(const int *)x - *(const int *)y;
}

static int number_of(const char *port)
{
	int number = 0, n = 0;

	for (; port != NULL && n < 6 && port[n] >= '0' && port[n] <= '9'; n++)
		number = number * 10 + (port[n] - '0');
	return n > 0 && n < 6 && port[n] == '\0' ? number : -1;
}

bool packet_is_answer(const char *from_port, const char *to_port)
{
	int from = number_of(from_port), to = number_of(to_port);

	return to >= CALLERS_LEAST && to <= 65535 &&
	       bsearch(&from, services, sizeof(services) / sizeof(*services), sizeof(*services), by_number) != NULL &&
	       bsearch(&to, services, sizeof(services) / sizeof(*services), sizeof(*services), by_number) == NULL;
}

/* "ET ATTACK_RESPONSE ...", "GPL ATTACK_RESPONSE ...": the class is the second word of Emerging Threats' names, the first
 * of Snort's own. */
static bool judges_sender(const char *rule)
{
	static const char *const classes[] = { "ATTACK_RESPONSE ", "ATTACK-RESPONSES ", "INDICATOR-COMPROMISE ", NULL };
	const char *second = rule != NULL ? strchr(rule, ' ') : NULL;

	for (const char *const *c = classes; second != NULL && *c != NULL; c++)
		if (strncmp(second + 1, *c, strlen(*c)) == 0 || strncmp(rule, *c, strlen(*c)) == 0)
			return true;
	return false;
}

enum heading heading_of(const char *direction)
{
	if (direction != NULL && strcmp(direction, "to_client") == 0)
		return HEADING_TO_CLIENT;
	return direction != NULL && strcmp(direction, "to_server") == 0 ? HEADING_TO_SERVER : HEADING_UNTOLD;
}

void packet_add(struct alert *a, struct arena *arena, const struct packet *p)
{
	bool turned = p->heading == HEADING_TO_CLIENT ||
	              (p->heading == HEADING_UNTOLD && packet_is_answer(p->from_port, p->to_port));

	canon_add(a, arena, ENTITY_IP, ROLE_SOURCE, turned ? p->to : p->from);
	canon_add(a, arena, ENTITY_IP, ROLE_DESTINATION, turned ? p->from : p->to);
	/* The caller's port is drawn by lot and joins nothing. */
	canon_add(a, arena, ENTITY_PORT, ROLE_DESTINATION, turned ? p->from_port : p->to_port);
	/* One of ours: a page from outside that only looks like an answer makes nobody a victim. */
	if (judges_sender(p->rule) && p->sender != NULL && ip_is_internal(p->sender))
		canon_add(a, arena, ENTITY_IP, ROLE_VICTIM, p->sender);
}
