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
	char where[sizeof(f->text)], what[sizeof(f->text)];
	int used;
	va_list ap;

	if (f == NULL)
		return -1;
	memcpy(what, f->text, sizeof(what));
	va_start(ap, format);
	vsnprintf(where, sizeof(where), format, ap);
	va_end(ap);
	used = snprintf(f->text, sizeof(f->text), "%.480s: ", where);
	if (used > 0 && (size_t)used < sizeof(f->text))
		snprintf(f->text + used, sizeof(f->text) - (size_t)used, "%.500s", what);
	return -1;
}
