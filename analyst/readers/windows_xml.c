/* Windows events as XML (FORMATS 2.14): of Event Viewer inside <Events>, of "wevtutil qe"
 * one after the other. Each event is read by itself and without a
 * tree (xml.h), which took half of the time. */
#include <stdlib.h>
#include <ctype.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/base/xml.h"
#include "analyst/readers/windows.h"

#define EVENT_LIMIT ((size_t)4 << 20)     /* an event log's own limit is 64 KiB */
#define LEAVES_MOST 256

/* The parts of an event, by the element below its root. */
enum part { PART_OTHER, PART_SYSTEM, PART_DATA, PART_USER, PART_RENDERING };

static const struct named parts[] = {
	{ "System", PART_SYSTEM }, { "EventData", PART_DATA }, { "UserData", PART_USER }, { "RenderingInfo", PART_RENDERING },
	{ NULL, 0 }
};

static const struct {
	const char *element, *attribute;       /* without an attribute its text */
	size_t value;
} system_values[] = {
	{ "EventID", NULL, WINDOWS_ID }, { "Channel", NULL, WINDOWS_CHANNEL }, { "Computer", NULL, WINDOWS_COMPUTER },
	{ "EventRecordID", NULL, WINDOWS_RECORD_ID }, { "Provider", "Name", WINDOWS_PROVIDER },
	{ "TimeCreated", "SystemTime", WINDOWS_CREATED },
};

#define NAME_SLOTS 256

/* An event while it is walked through. */
struct walk {
	struct xml_walker *walker;
	uint8_t names[NAME_SLOTS];   /* values by the hash of their names; 0 is none: WINDOWS_ID has no such name */
	struct arena *arena;
	struct windows w;
	int depth;                   /* elements open */
	int keeps;                   /* the depth of the element whose text is kept; 0 none */
	enum part part;
	bool event, system;          /* the root is one; its first System was seen */
	bool system_seen[6];         /* each of system_values */
	bool in_system, rendered;    /* that first one is open; this RenderingInfo's message was seen */
	size_t slot;                 /* where that goes */
	size_t leaves;
	struct text text, unnamed;
};

#define SLOT_UNNAMED SIZE_MAX
#define SLOT_NONE (SIZE_MAX - 1)

/* Most names of an event's data are none that anything asks for: a table tells with one look. */
static size_t name_hash(const char *name)
{
	size_t n = strlen(name);

	return (n * 31 + (unsigned char)name[0] * 7 + (unsigned char)name[n / 2] * 3 + (n > 0 ? (unsigned char)name[n - 1] : 0)) % NAME_SLOTS;
}

static void hash_names(struct walk *k)
{
	_Static_assert(WINDOWS_VALUES * 2 < NAME_SLOTS && WINDOWS_VALUES <= UINT8_MAX, "slots are left, and fit a byte");

	for (size_t i = WINDOWS_UTC_TIME; i < WINDOWS_VALUES; i++) {
		size_t h = name_hash(windows_names[i]);

		while (k->names[h] != 0)
			h = (h + 1) % NAME_SLOTS;
		k->names[h] = (uint8_t)i;
	}
}

/* Where the value of that name goes: nowhere when nothing asks for it, or an earlier one of the name is there. */
static size_t slot_named(const struct walk *k, const char *name)
{
	for (size_t h = name_hash(name); k->names[h] != 0; h = (h + 1) % NAME_SLOTS)
		if (strcmp(windows_names[k->names[h]], name) == 0)
			return k->w.values[k->names[h]] == NULL ? k->names[h] : SLOT_NONE;
	return SLOT_NONE;
}

static void keep_text(struct walk *k, size_t slot)
{
	if (slot == SLOT_NONE)
		return;
	k->keeps = k->depth;
	k->slot = slot;
	text_clear(&k->text);
}

static void open_system(struct walk *k, const char *name, const struct xml_attributes *attributes)
{
	for (size_t i = 0; i < sizeof(system_values) / sizeof(system_values[0]); i++) {
		const char **to = &k->w.values[system_values[i].value];

		if (system_values[i].element[0] != name[0] || strcmp(system_values[i].element, name) != 0)
			continue;
		if (k->system_seen[i])
			return;
		k->system_seen[i] = true;
		if (system_values[i].attribute != NULL)
			*to = xml_value_of(attributes, system_values[i].attribute, k->arena);
		else
			keep_text(k, system_values[i].value);
	}
}

static void open_part(struct walk *k, const char *name)
{
	k->part = (enum part)table_value(parts, name, PART_OTHER);
	k->in_system = k->part == PART_SYSTEM && !k->system;
	k->system = k->system || k->part == PART_SYSTEM;
	k->rendered = false;
	text_clear(&k->unnamed);
}

/* Named values; those of the classic sources have no names and are kept together, in their order. UserData holds one
 * element of any name with a value in each of its own. */
static void open_value(struct walk *k, const char *name, const struct xml_attributes *attributes)
{
	const char *named;

	if (k->part == PART_DATA && k->depth == 3 && strcmp(name, "Data") == 0) {
		named = xml_value_of(attributes, "Name", k->arena);
		keep_text(k, named != NULL ? slot_named(k, named) : SLOT_UNNAMED);
	} else if (k->part == PART_USER && k->depth == 4 && k->leaves < LEAVES_MOST) {
		keep_text(k, slot_named(k, name));
		k->leaves++;
	} else if (k->part == PART_RENDERING && k->depth == 3 && !k->rendered && strcmp(name, "Message") == 0) {
		keep_text(k, WINDOWS_MESSAGE);
		k->rendered = true;
	} else if (k->in_system && k->depth == 3) {
		open_system(k, name, attributes);
	}
}

static void walk_open(void *ctx, const char *name, const struct xml_attributes *attributes)
{
	struct walk *k = ctx;

	k->depth++;
	if (k->depth == 1)
		k->event = strcmp(name, "Event") == 0;
	else if (k->depth == 2)
		open_part(k, name);
	else if (k->keeps == 0)
		open_value(k, name, attributes);
}

static void walk_text(void *ctx, const char *s, size_t n)
{
	struct walk *k = ctx;

	if (k->keeps > 0)
		text_addn(&k->text, s, n);
}

static void close_value(struct walk *k)
{
	const char *text = text_str(&k->text);

	k->keeps = 0;
	if (k->slot == SLOT_UNNAMED) {
		text_add(&k->unnamed, k->unnamed.used > 0 ? " " : "");
		text_add(&k->unnamed, text);
	} else {
		k->w.values[k->slot] = arena_dupn(k->arena, text, k->text.used);
	}
}

static void walk_close(void *ctx)
{
	struct walk *k = ctx;

	if (k->depth == k->keeps)
		close_value(k);
	if (k->depth == 2 && k->part == PART_DATA && k->unnamed.used > 0 && k->w.values[WINDOWS_MESSAGE] == NULL)
		k->w.values[WINDOWS_MESSAGE] = arena_dupn(k->arena, text_str(&k->unnamed), k->unnamed.used);
	k->depth--;
}

static const struct xml_listener listener = { walk_open, walk_text, walk_close };

static void begin(struct walk *k, struct arena *arena)
{
	k->arena = arena;
	k->w = (struct windows){ .clocks = k->w.clocks };
	k->depth = k->keeps = 0;
	k->event = k->system = false;
	k->leaves = 0;
	memset(k->system_seen, 0, sizeof(k->system_seen));
}

/* The bytes of "&#x0F;" that name what XML cannot hold; 0 when s begins no such thing. */
static size_t forbidden_reference(const char *s, size_t n)
{
	size_t i = 2;
	unsigned code = 0, base = 10;

	if (n < 4 || s[0] != '&' || s[1] != '#')
		return 0;
	if (s[i] == 'x')
		base = 16, i++;
	for (; i < n && i < 10 && isxdigit((unsigned char)s[i]); i++)
		code = code * base + (unsigned)(s[i] <= '9' ? s[i] - '0' : (s[i] | 0x20) - 'a' + 10);
	return i < n && s[i] == ';' && code < ' ' && code != '\t' && code != '\n' && code != '\r' ? i + 1 : 0;
}

/* Values hold control characters, which no XML can: tools write them all the same. Each becomes a blank. */
static const char *without_controls(struct arena *arena, const char *s, size_t n)
{
	char *copy = NULL;

	for (size_t i = 0; i < n; i++) {
		bool control = (unsigned char)s[i] < ' ' && s[i] != '\t' && s[i] != '\n' && s[i] != '\r';
		size_t length = control ? 1 : forbidden_reference(s + i, n - i);

		if (length == 0)
			continue;
		if (copy == NULL)
			copy = arena_dupn(arena, s, n);
		memset(copy + i, ' ', length);
		i += length - 1;
	}
	return copy != NULL ? copy : s;
}

static int windows_xml_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	struct walk *k = rg->state;
	struct fault broken = { FAULT_NONE, "" };

	begin(k, rg->arena);
	if (xml_walk(k->walker, k, without_controls(rg->arena, rec->bytes, rec->n), rec->n, &broken) < 0)
		return reading_reject(rg, rec, broken.text, f);
	if (!k->event || !k->system)
		return reading_reject(rg, rec, "an event without its System part", f);
	return windows_give(rg, rec, &k->w, f);
}

static int windows_xml_open(struct reading *rg, struct fault *f)
{
	struct walk *k = must_alloc(sizeof(*k));

	(void)f;
	k->walker = xml_walker_new(&listener);
	k->w.clocks = clocks_new(rg->kept);
	hash_names(k);
	rg->state = k;
	rg->framing.element = "Event";
	rg->framing.limit = EVENT_LIMIT;
	return 0;
}

static void windows_xml_close(struct reading *rg)
{
	struct walk *k = rg->state;

	if (k == NULL)
		return;
	xml_walker_free(k->walker);
	text_free(&k->text);
	text_free(&k->unnamed);
	free(k);
}

/* Where markup begins: behind blanks, and behind the line or two in which a tool names itself ("evtxexport 20240427"). */
static size_t markup_at(const struct probe *p)
{
	size_t line = 0, lines = 0, i = 0;

	for (; i < p->n && i < 512 && p->bytes[i] != '<'; i++) {
		if (p->bytes[i] == '\0' || strchr("{}[]\",;|=", p->bytes[i]) != NULL)
			return p->n;
		if (p->bytes[i] == '\n') {
			lines += i > line && p->bytes[line] != '\r';
			line = i + 1;
		}
	}
	if (i == p->n || p->bytes[i] != '<')
		return p->n;
	/* "text <Event ..." of one line is a prefix of syslog. */
	return lines <= 2 && strspn(p->bytes + line, " \t\r") >= i - line ? i : p->n;
}

static int windows_xml_probe(const struct probe *p)
{
	bool named = memmem(p->bytes, p->n, "http://schemas.microsoft.com/win/2004/08/events/event", 53) != NULL;
	bool system = memmem(p->bytes, p->n, "<System", 7) != NULL && memmem(p->bytes, p->n, "<EventID", 8) != NULL;
	size_t i = markup_at(p);

	if (i == p->n || p->bytes[i] != '<' || memmem(p->bytes, p->n, "<Event", 6) == NULL)
		return 0;
	return named && system ? 95 : system ? 70 : named ? 60 : 0;
}

const struct reader reader_windows_xml = {
	.name = "windows-xml", .summary = "Windows events as XML, Sysmon and others, with a root or without",
	.gives = "events", .extensions = ".xml", .framing = FRAME_XML, .probe = windows_xml_probe,
	.open = windows_xml_open, .record = windows_xml_record,
	.close = windows_xml_close,
};
