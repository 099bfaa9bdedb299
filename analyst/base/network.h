/* Address blocks, and the addresses in them. */
#ifndef TSUMUGI_NETWORK_H
#define TSUMUGI_NETWORK_H

#include <stdbool.h>

struct network {
	unsigned char base[16];
	int family;                /* AF_INET or AF_INET6 */
	int bits;                  /* of the prefix */
};

/* "10.0.0.0/8", or an address, which is a block of one. False for anything else. */
bool network_parse(struct network *out, const char *s);
bool network_holds(const struct network *net, const struct network *address);

#endif
