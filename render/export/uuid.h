/* Ids of what we export: the same case gives the same ids, whoever exports it, whenever. */
#ifndef TSUMUGI_UUID_H
#define TSUMUGI_UUID_H

#define UUID_ROOM 37
#define UUID_TSUMUGI "1daae2b8-e550-5778-b9bb-6682a3c0d1bf"      /* uuid5(DNS, "tsumugi") */

/* RFC 9562 version 5: SHA-1 of the namespace and the name. */
void uuid5(char out[UUID_ROOM], const char *space, const char *name);

#endif
