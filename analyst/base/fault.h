/* A fault is one sentence for an analyst. The function that meets the trouble
 * says what happened, each caller on the way out adds where, main prints it:
 *
 *     importing 'iocs.csv': no column named 'value'
 *
 * A fallible function returns 0 or -1 and takes a struct fault * last, which
 * may be NULL when the caller does not care. Only the first fault is kept. */
#ifndef TSUMUGI_FAULT_H
#define TSUMUGI_FAULT_H

enum fault_kind {
	FAULT_NONE,
	FAULT_USAGE,   /* the command line is wrong: exit status 2 */
	FAULT_IO,      /* a file, a disk, a pipe */
	FAULT_DATA,    /* a file that is not what it claims to be */
	FAULT_STORE,   /* the case file */
	FAULT_BUSY,    /* another program is writing it */
	FAULT_MEMORY,
	FAULT_STOPPED  /* interrupted by the user: exit status 130 */
};

struct fault {
	enum fault_kind kind;
	char text[1024];
};

/* Both return -1, so that "return fault_set(...)" reads well. fault_wrap puts
 * its words and ": " before the text already there. */
int fault_set(struct fault *f, enum fault_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int fault_wrap(struct fault *f, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
