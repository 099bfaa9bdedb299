#include "analyst/import/said.h"

#include <inttypes.h>

#include "analyst/readers/csv_map.h"

/* Limits, what is kept of a record and the user's tables are none of it: they do not change what a record means. */
enum said { SAID_FORMAT, SAID_MAP, SAID_ZONE, SAID_ENCODING, SAID_YEAR, SAID_ORDER, SAID_TIME, SAID_TENANT, SAIDS };

static const char *const names[SAIDS] = {
	"format", "map", "assume-tz", "encoding", "year", "date-order", "time", "tenant"
};

static bool is_given(enum said which, const struct import_options *o)
{
	switch (which) {
	case SAID_FORMAT: return o->format != NULL;
	case SAID_MAP: return o->map_path != NULL;
	case SAID_ZONE: return o->assumes_zone;
	case SAID_ENCODING: return o->encoding != NULL;
	case SAID_YEAR: return o->year != 0;
	case SAID_ORDER: return o->date_order != DATE_ORDER_UNKNOWN;
	case SAID_TIME: return o->time != 0;
	default: return o->tenant != NULL;
	}
}

/* No value holds the end of a line: the tenant is written as JSON, a map by its hash. */
static void add_value(struct text *to, enum said which, const struct import_options *o, const char *format,
                      const struct csv_map *map, struct hasher *h)
{
	switch (which) {
	case SAID_FORMAT:
		text_add(to, format);
		break;
	case SAID_MAP:
		if (map != NULL)
			text_printf(to, "%016" PRIx64, hasher_content(h, "map", NULL, map->text, map->size).key);
		break;
	case SAID_ZONE:
		text_printf(to, "%d", o->assumed_offset);
		break;
	case SAID_ENCODING:
		text_add(to, o->encoding != NULL ? o->encoding : "");
		break;
	case SAID_YEAR:
		text_printf(to, "%d", o->year);
		break;
	case SAID_ORDER:
		text_printf(to, "%d", (int)o->date_order);
		break;
	case SAID_TIME:
		text_printf(to, "%" PRId64, o->time);
		break;
	default:
		text_add_json(to, o->tenant != NULL ? o->tenant : "");
	}
}

void said_lines(struct text *all, struct text *given, const struct import_options *o, const char *format,
                const struct csv_map *map, struct hasher *h)
{
	for (enum said which = 0; which < SAIDS; which++) {
		size_t from = all->used;

		text_printf(all, "%s=", names[which]);
		add_value(all, which, o, format, map, h);
		text_addc(all, '\n');
		if (is_given(which, o))
			text_addn(given, all->bytes + from, all->used - from);
	}
}
