#include "analyst/base/network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

bool network_parse(struct network *out, const char *s)
{
	size_t n = strcspn(s, "/");
	char address[64], *end;
	long bits;

	if (n == 0 || n >= sizeof(address))
		return false;
	memcpy(address, s, n);
	address[n] = '\0';
	out->family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
	if (inet_pton(out->family, address, out->base) != 1)
		return false;
	out->bits = out->family == AF_INET ? 32 : 128;
	if (s[n] == '\0')
		return true;
	bits = strtol(s + n + 1, &end, 10);
	if (end == s + n + 1 || *end != '\0' || bits < 0 || bits > out->bits)
		return false;
	out->bits = (int)bits;
	return true;
}

bool network_holds(const struct network *net, const struct network *address)
{
	int whole = net->bits / 8, rest = net->bits % 8;

	if (address->family != net->family || address->bits < net->bits || memcmp(address->base, net->base, (size_t)whole) != 0)
		return false;
	return rest == 0 || (address->base[whole] ^ net->base[whole]) >> (8 - rest) == 0;
}
