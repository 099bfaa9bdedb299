/* Gives up for good what the program never needs: other programs, sockets, other processes. */
#ifndef TSUMUGI_CONFINE_H
#define TSUMUGI_CONFINE_H

/* Before anything of the user's is read, and before there is a second thread. */
void confine(void);

#endif
