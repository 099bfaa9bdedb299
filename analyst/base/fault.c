#include "analyst/base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fault_set(struct fault *f, enum fault_kind kind, const char *format, ...)
{
	va_list ap;

	if (f == NULL || f->kind != FAULT_NONE)
		return -1;
	f->kind = kind;
	va_start(ap, format);
	vsnprintf(f->text, sizeof(f->text), format, ap);
	va_end(ap);
	return -1;
}

int fault_wrap(struct fault *f, const char *format, ...)
{
	char where[sizeof(f->text)];
	size_t used;
	va_list ap;

	if (f == NULL)
		return -1;
	va_start(ap, format);
	vsnprintf(where, sizeof(where) - 2, format, ap);
	va_end(ap);
	strcat(where, ": ");
	used = strlen(where);
	if (used < sizeof(where) - 1)
		strncat(where, f->text, sizeof(where) - 1 - used);
	memcpy(f->text, where, sizeof(where));
	return -1;
}
