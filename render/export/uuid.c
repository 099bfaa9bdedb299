#include "render/export/uuid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyst/base/sha.h"
#include "analyst/base/text.h"

void uuid5(char out[UUID_ROOM], const char *space, const char *name)
{
	unsigned char sum[SHA_DIGEST_LENGTH], raw[16];
	size_t n = 0;
	SHA_CTX sha;

	for (const char *s = space; *s != '\0' && n < sizeof(raw); s += *s == '-' ? 1 : 2)
		if (*s != '-') {
			char pair[3] = { s[0], s[1], '\0' };

			raw[n++] = (unsigned char)strtoul(pair, NULL, 16);
		}
	SHA1_Init(&sha);
	SHA1_Update(&sha, raw, n);
	SHA1_Update(&sha, name, strlen(name));
	SHA1_Final(sum, &sha);
	sum[6] = (unsigned char)((sum[6] & 0x0F) | 0x50);
	sum[8] = (unsigned char)((sum[8] & 0x3F) | 0x80);
	for (size_t i = 0, at = 0; i < 16; i++)
		at += (size_t)snprintf(out + at, UUID_ROOM - at, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", sum[i]);
}
