#include "templates/schema.h"

#include <libxml/relaxng.h>
#include <stdio.h>
#include <string.h>

struct complaint {
	long line;
	char text[256];
};

/* The deepest cause comes first; what follows from it is not repeated. */
static void keep_first(void *ctx, xmlError *error)
{
	struct complaint *c = ctx;
	size_t n = error->message != NULL ? strcspn(error->message, "\n") : 0;

	if (c->text[0] != '\0')
		return;
	c->line = error->node != NULL ? xmlGetLineNo(error->node) : error->line;
	snprintf(c->text, sizeof(c->text), "%.*s", (int)(n < 200 ? n : 200), n > 0 ? error->message : "it has another shape");
}

int schema_check(xmlDoc *doc, const char *schema, const char *path, struct fault *f)
{
	struct complaint c = { 0, "" };
	xmlRelaxNGParserCtxt *reading = xmlRelaxNGNewParserCtxt(schema);
	xmlRelaxNG *rng = NULL;
	xmlRelaxNGValidCtxt *valid = NULL;
	int rc;

	xmlRelaxNGSetParserStructuredErrors(reading, keep_first, &c);
	if ((rng = xmlRelaxNGParse(reading)) == NULL || (valid = xmlRelaxNGNewValidCtxt(rng)) == NULL) {
		rc = fault_set(f, FAULT_IO, "the schema '%s' cannot be read: %s", schema, c.text);
	} else {
		xmlRelaxNGSetValidStructuredErrors(valid, keep_first, &c);
		rc = xmlRelaxNGValidateDoc(valid, doc) == 0 ? 0 : fault_set(f, FAULT_DATA, "%s:%ld: %s", path, c.line, c.text);
	}
	xmlRelaxNGFreeValidCtxt(valid);
	xmlRelaxNGFree(rng);
	xmlRelaxNGFreeParserCtxt(reading);
	return rc;
}
