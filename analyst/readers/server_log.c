/* Logs that say their columns in a line "#Fields:", which may come again with others: what IIS
 * writes of web requests (W3C extended format), and what Exchange writes of its own (HttpProxy,
 * ECP, OABGenerator ...). They judge nothing. A record's values go by the names of its
 * columns to the rules of detections.xml; what none matches is telemetry. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "analyst/base/text.h"
#include "analyst/readers/lines.h"
#include "analyst/readers/reader.h"
#include "analyst/readers/secrets.h"

/* HttpProxy has about seventy. */
#define COLUMNS_MOST 160

/* By these names rules ask for such records (<event provider="..." ids="0"/>). */
#define IIS_PROVIDER "IIS"
#define EXCHANGE_PROVIDER "Exchange"

struct server_log {
	const char *names[COLUMNS_MOST];
	signed char row_of[COLUMNS_MOST];      /* of the reader's fields, -1: none */
	bool secret[COLUMNS_MOST];
	size_t columns;                        /* 0 until they were said */
	char date[16];                         /* of "#Date:", for logs whose records have none */
};

/* ---- columns ---- */

/* Rows the code asks for: both tables begin alike. */
enum { METHOD, STEM, HOST, AGENT, BOTH };
enum { DATE = BOTH, TIME, PORT };            /* of IIS */
enum { MAILBOX = BOTH, DATA, WHEN, ROWS };   /* of Exchange */

static const struct field iis_fields[] = {
	[METHOD] = FIELD("cs-method", TAKE_NOTHING),
	[STEM] = FIELD("cs-uri-stem", TAKE_NOTHING),
	[HOST] = FIELD("cs-host", TAKE_NOTHING),
	[AGENT] = FIELD("cs(User-Agent)", TAKE_NOTHING),
	[DATE] = FIELD("date", TAKE_NOTHING),
	[TIME] = FIELD("time", TAKE_NOTHING),
	[PORT] = FIELD("s-port", TAKE_NOTHING),
	FIELD_ENTITY("c-ip", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("X-Forwarded-For", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("s-computername", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("s-ip", ENTITY_IP, ROLE_VICTIM),
	FIELD_ENTITY("cs-username", ENTITY_USER, ROLE_ACTOR),
	FIELD("cs-bytes", TAKE_BYTES_OUT),
	FIELD("sc-bytes", TAKE_BYTES_IN),
	FIELDS_END
};

static const struct field exchange_fields[] = {
	[METHOD] = FIELD("Method", TAKE_NOTHING),
	[STEM] = FIELD("UrlStem", TAKE_NOTHING),
	[HOST] = FIELD("UrlHost", TAKE_NOTHING),
	[AGENT] = FIELD("UserAgent", TAKE_NOTHING),
	[MAILBOX] = FIELD("AnchorMailbox", TAKE_NOTHING),
	[DATA] = FIELD("EventData", TAKE_NOTHING),
	[WHEN] = FIELD("DateTime|TimeStamp|date-time", TAKE_AT_UTC),
	FIELD("RequestId", TAKE_NATIVE_ID),
	FIELD_ENTITY("ClientIpAddress|client-ip", ENTITY_IP, ROLE_SOURCE),
	FIELD_ENTITY("ServerHostName|ServerName|server-hostname", ENTITY_HOST, ROLE_VICTIM),
	FIELD_ENTITY("AuthenticatedUser", ENTITY_USER, ROLE_ACTOR),
	FIELD("RequestBytes", TAKE_BYTES_OUT),
	FIELD("ResponseBytes", TAKE_BYTES_IN),
	FIELDS_END
};

/* False when there are too many. */
static bool add_column(struct reading *rg, struct server_log *log, const char *name, size_t n)
{
	const struct field *fields = rg->reader->fields;
	const char *copy;
	signed char row = -1;

	if (log->columns == COLUMNS_MOST)
		return false;
	/* What the same column was called before is kept already. */
	copy = log->names[log->columns];
	if (copy == NULL || strlen(copy) != n || memcmp(copy, name, n) != 0)
		copy = arena_dupn(rg->kept, name, n);
	for (int i = 0; fields[i].path != NULL && row < 0; i++)
		if (csv_column_is(fields[i].path, copy))
			row = (signed char)i;
	log->names[log->columns] = copy;
	log->secret[log->columns] = secret_named(name, n);
	log->row_of[log->columns++] = row;
	return true;
}

/* ---- a record ---- */

static const char *url_of(struct reading *rg, const char *const *rows)
{
	const struct entity *server = alert_entity(&rg->alert, ENTITY_HOST, ROLE_VICTIM);
	const char *host = rows[HOST], *port = rg->reader->fields == iis_fields ? rows[PORT] : NULL;

	if (server == NULL)
		server = alert_entity(&rg->alert, ENTITY_IP, ROLE_VICTIM);
	if (host == NULL && server != NULL)
		host = server->value;
	if (host == NULL || rows[STEM] == NULL || rows[STEM][0] != '/')
		return NULL;
	/* Exchange speaks TLS alone. */
	return arena_printf(rg->arena, "%s://%s%s", port != NULL && strcmp(port, "80") == 0 ? "http" : "https", host, rows[STEM]);
}

/* "+" stands for a blank in W3C logs, where blanks part the columns. */
static const char *agent_of(struct reading *rg, const char *s)
{
	char *copy;

	if (s == NULL || rg->reader->fields != iis_fields)
		return s;
	copy = arena_dup(rg->arena, s);
	for (char *c = copy; *c != '\0'; c++)
		if (*c == '+')
			*c = ' ';
	return copy;
}

#define TITLE_MOST 300

static const char *title_of(struct reading *rg, const char *const *rows, const char *line)
{
	size_t n;
	bool iis = rg->reader->fields == iis_fields;

	if (!iis && rows[MAILBOX] != NULL)
		return rows[MAILBOX];
	if (rows[METHOD] != NULL && rows[STEM] != NULL)
		return arena_printf(rg->arena, "%s %s", rows[METHOD], rows[STEM]);
	line = !iis && rows[DATA] != NULL ? rows[DATA] : line;
	n = strnlen(line, TITLE_MOST);
	while (n > 0 && ((unsigned char)line[n] & 0xC0) == 0x80)
		n--;
	return arena_dupn(rg->arena, line, n);
}

static int give_alert(struct reading *rg, const struct record *rec, const struct judgement *j, const char *const *rows,
                      const char *line, struct fault *f)
{
	const char *name = rows[STEM] != NULL ? last_component(rows[STEM]) : "";

	reading_judged(rg, j);
	rg->alert.title = title_of(rg, rows, line);
	canon_add(&rg->alert, rg->arena, ENTITY_URL, ROLE_DESTINATION, url_of(rg, rows));
	canon_add(&rg->alert, rg->arena, ENTITY_AGENT, ROLE_OBSERVED, agent_of(rg, rows[AGENT]));
	if (strchr(name, '.') != NULL)
		canon_add(&rg->alert, rg->arena, ENTITY_FILE, ROLE_OBSERVED, name);
	return reading_alert(rg, rec, f);
}

static int give_telemetry(struct reading *rg, const struct record *rec, bool request, struct fault *f)
{
	const struct entity *server = alert_entity(&rg->alert, ENTITY_HOST, ROLE_VICTIM);

	if (server == NULL)
		server = alert_entity(&rg->alert, ENTITY_IP, ROLE_VICTIM);
	if (server != NULL)
		canon_add(&rg->alert, rg->arena, server->kind, request ? ROLE_DESTINATION : ROLE_SOURCE, server->value);
	return reading_telemetry(rg, rec, request ? TELEMETRY_WEB : TELEMETRY_LOG, f);
}

/* cells: as many as there are columns; NULL where nothing is said. */
static int take_record(struct reading *rg, const struct record *rec, const char *const *cells, const char *line,
                       struct fault *f)
{
	const struct server_log *log = rg->state;
	const bool iis = rg->reader->fields == iis_fields;
	static const struct field when = FIELD("time", TAKE_AT_UTC);
	struct event_value values[COLUMNS_MOST + 1];
	struct event e = { .provider = iis ? IIS_PROVIDER : EXCHANGE_PROVIDER, .values = values };
	const struct judgement *j;
	const char *rows[ROWS] = { NULL };

	filling_begin(&rg->filling, &rg->alert, rg->arena, rg->options.assumed_offset);
	for (size_t i = 0; i < log->columns; i++) {
		int row = log->row_of[i];

		if (cells[i] == NULL)
			continue;
		if (log->secret[i])
			alert_secret(&rg->alert, cells[i]);
		values[e.count++] = (struct event_value){ log->names[i], cells[i] };
		if (row >= 0 && row < ROWS)
			rows[row] = cells[i];
		if (row >= 0)
			filling_take(&rg->filling, &rg->reader->fields[row], cells[i]);
	}
	values[e.count++] = (struct event_value){ "Line", line };
	if (iis && rows[TIME] != NULL)
		filling_take(&rg->filling, &when, arena_printf(rg->arena, "%s %s", rows[DATE] != NULL ? rows[DATE] : log->date,
		                                               rows[TIME]));
	if (rg->alert.at == INSTANT_NONE)
		return reading_reject(rg, rec, "the record states no time", f);
	j = rg->sink.judge != NULL ? rg->sink.judge(rg->sink.ctx, &e) : NULL;
	if (j != NULL)
		return give_alert(rg, rec, j, rows, line, f);
	return give_telemetry(rg, rec, iis || rows[STEM] != NULL, f);
}

static int log_open(struct reading *rg, struct fault *f)
{
	(void)f;
	rg->state = arena_alloc(rg->kept, sizeof(struct server_log));
	/* Its first line may be of one cell. */
	rg->framing.delimiter = ',';
	return 0;
}

/* ---- IIS: columns parted by blanks ---- */

static size_t without_return(const char *s, size_t n)
{
	return n > 0 && s[n - 1] == '\r' ? n - 1 : n;
}

static const char *next_word(const char **s, const char *end, size_t *n)
{
	const char *begin;

	while (*s < end && (**s == ' ' || **s == '\t'))
		++*s;
	for (begin = *s; *s < end && **s != ' ' && **s != '\t'; ++*s)
		;
	*n = (size_t)(*s - begin);
	return *n > 0 ? begin : NULL;
}

static bool starts(const char *s, size_t n, const char *with)
{
	return n >= strlen(with) && strncasecmp(s, with, strlen(with)) == 0;
}

/* NULL, or what is wrong. */
static const char *take_directive(struct reading *rg, const char *s, size_t n)
{
	struct server_log *log = rg->state;
	const char *end = s + n, *word;
	size_t length;

	if (starts(s, n, "#Date:")) {
		s += 6;
		word = next_word(&s, end, &length);
		if (word != NULL && length < sizeof(log->date))
			snprintf(log->date, sizeof(log->date), "%.*s", (int)length, word);
	}
	if (!starts(s, n, "#Fields:"))
		return NULL;
	log->columns = 0;
	for (s += 8; (word = next_word(&s, end, &length)) != NULL;)
		if (!add_column(rg, log, word, length))
			return "more than 160 columns";
	return NULL;
}

static int iis_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const struct server_log *log = rg->state;
	size_t n = without_return(rec->bytes, rec->n), length, count = 0;
	const char *s = rec->bytes, *end = s + n, *word, *why, *cells[COLUMNS_MOST];

	if (n == 0)
		return reading_blank(rg, rec, BLANK_EMPTY, f);
	if (s[0] == '#') {
		why = take_directive(rg, s, n);
		return why != NULL ? reading_reject(rg, rec, why, f) : reading_blank(rg, rec, BLANK_EMPTY, f);
	}
	if (log->columns == 0)
		return reading_reject(rg, rec, "a line before #Fields says what its columns are", f);
	while ((word = next_word(&s, end, &length)) != NULL && ++count <= log->columns)
		cells[count - 1] = length == 1 && *word == '-' ? NULL : line_text(rg->arena, word, length);
	if (count != log->columns)
		return reading_reject(rg, rec, arena_printf(rg->arena, "%s columns than the %zu that #Fields names",
		                                            count < log->columns ? "fewer" : "more", log->columns), f);
	return take_record(rg, rec, cells, line_text(rg->arena, rec->bytes, n), f);
}

/* "#Fields:" with names that W3C gives a prefix: cs-method, c-ip, sc-status. */
static int iis_probe(const struct probe *p)
{
	const char *s = p->bytes, *end = s + p->n;

	while (s < end && *s == '#') {
		const char *feed = memchr(s, '\n', (size_t)(end - s));
		size_t n = feed != NULL ? (size_t)(feed - s) : (size_t)(end - s);

		if (starts(s, n, "#Fields:"))
			return memchr(s, ',', n) != NULL ? 0 :
			       memmem(s, n, "cs-method", 9) != NULL || memmem(s, n, "cs-uri-stem", 11) != NULL ? 95 :
			       memmem(s, n, "c-ip", 4) != NULL ? 70 : 0;
		s += feed != NULL ? n + 1 : n;
	}
	return 0;
}

/* ---- Exchange: columns parted by commas ---- */

/* The cells of a line "#Fields: a,b" or, of an HttpProxy log, of its very first "DateTime,RequestId,...". */
static const char *take_header(struct reading *rg, const struct record *rec, size_t skip)
{
	struct server_log *log = rg->state;

	log->columns = 0;
	for (size_t i = 0; i < rec->cell_count; i++) {
		const char *name = rec->cells[i].text + (i == 0 ? skip : 0);
		size_t n = strlen(name);

		name = trim(name, &n);
		if (!add_column(rg, log, name, n))
			return "more than 160 columns";
	}
	return NULL;
}

static bool is_header(const struct record *rec)
{
	return rec->cell_count >= 4 && csv_column_is(exchange_fields[WHEN].path, rec->cells[0].text);
}

static int exchange_record(struct reading *rg, const struct record *rec, struct fault *f)
{
	const struct server_log *log = rg->state;
	const char *cells[COLUMNS_MOST], *first = rec->cell_count > 0 ? rec->cells[0].text : "", *why = NULL;

	if (first[0] == '#' || is_header(rec)) {
		if (strncasecmp(first, "#Fields:", 8) == 0)
			why = take_header(rg, rec, 8);
		else if (first[0] != '#')
			why = take_header(rg, rec, 0);
		return why != NULL ? reading_reject(rg, rec, why, f) : reading_blank(rg, rec, BLANK_EMPTY, f);
	}
	if (log->columns == 0)
		return reading_reject(rg, rec, "a line before #Fields says what its columns are", f);
	/* Older versions leave the last ones out. */
	if (rec->cell_count > log->columns)
		return reading_reject(rg, rec, arena_printf(rg->arena, "%zu cells where #Fields names %zu", rec->cell_count,
		                                            log->columns), f);
	for (size_t i = 0; i < log->columns; i++)
		cells[i] = i < rec->cell_count && rec->cells[i].n > 0 ? rec->cells[i].text : NULL;
	return take_record(rg, rec, cells, line_text(rg->arena, rec->bytes, rec->n), f);
}

/* "#Software: Microsoft Exchange", or the columns of an HttpProxy log, which Test-ProxyLogon's
 * lists have not all. */
static int exchange_probe(const struct probe *p)
{
	const char *feed = memchr(p->bytes, '\n', p->n);
	size_t n = feed != NULL ? (size_t)(feed - p->bytes) : p->n;

	if (starts(p->bytes, p->n, "#Software: Microsoft Exchange"))
		return 95;
	if (starts(p->bytes, p->n, "#TYPE ") && feed != NULL) {
		const char *second = feed + 1, *end = memchr(second, '\n', p->n - n - 1);

		n = end != NULL ? (size_t)(end - p->bytes) : p->n;
	}
	return memmem(p->bytes, n, "MajorVersion", 12) != NULL && memmem(p->bytes, n, "AnchorMailbox", 13) != NULL &&
	       memmem(p->bytes, n, "DateTime", 8) != NULL ? 97 : 0;
}

const struct reader reader_iis = {
	.name = "iis-w3c", .summary = "IIS web logs, W3C extended format", .gives = "events", .extensions = ".log",
	.framing = FRAME_LINES, .fields = iis_fields, .probe = iis_probe, .open = log_open, .record = iis_record,
};

const struct reader reader_exchange = {
	.name = "exchange-log", .summary = "Exchange's own logs: HttpProxy, ECP, OABGenerator", .gives = "events",
	.extensions = ".log .csv", .framing = FRAME_CSV, .fields = exchange_fields, .probe = exchange_probe,
	.open = log_open, .record = exchange_record,
};
