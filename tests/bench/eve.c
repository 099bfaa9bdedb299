/* Writes a realistic Suricata EVE file: one alert a line, always the same bytes for the
 * same number of alerts.
 *
 *     build/bench/eve 1000000 > build/bench/alerts.json        (about 1.2 GB)
 *
 * Signatures, machines and domains are drawn by Zipf's law, alerts come in bursts over a
 * week, 1.5 % of the lines are exact repeats of an earlier one, some texts
 * hold escapes and characters beyond ASCII. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SIGNATURES 3000
#define INSIDE 5000
#define OUTSIDE 60000
#define DOMAINS 20000
#define AGENTS 220
#define RECENT 4096              /* repeats are of one of the last so many lines */

static uint64_t state = UINT64_C(0x5473754D20260001);

static uint64_t next(void)       /* xorshift64* */
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * UINT64_C(0x2545F4914F6CDD1D);
}

static unsigned below(unsigned n)
{
	return (unsigned)((next() >> 32) * n >> 32);
}

static double unit(void)
{
	return (double)(next() >> 11) / 9007199254740992.0;
}

/* A number that depends on its arguments only: what machine 17 is called stays so. */
static uint64_t fixed(uint64_t n, uint64_t salt)
{
	n = (n + salt * UINT64_C(0x9E3779B97F4A7C15)) * UINT64_C(0xBF58476D1CE4E5B9);
	n ^= n >> 27;
	n *= UINT64_C(0x94D049BB133111EB);
	return n ^ n >> 31;
}

struct zipf {
	unsigned n;
	double *sums;
};

static void zipf_make(struct zipf *z, unsigned n, double s)
{
	double sum = 0;

	z->n = n;
	z->sums = malloc(n * sizeof(*z->sums));
	if (z->sums == NULL)
		exit(1);
	for (unsigned i = 0; i < n; i++)
		z->sums[i] = sum += pow(i + 1, -s);
	for (unsigned i = 0; i < n; i++)
		z->sums[i] /= sum;
}

static unsigned zipf_draw(const struct zipf *z)
{
	double u = unit();
	unsigned low = 0, high = z->n - 1;

	while (low < high) {
		unsigned mid = (low + high) / 2;

		if (z->sums[mid] < u)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct zipf signatures, inside, outside, domains;

static const char *const families[] = { "MALWARE", "POLICY", "SCAN", "EXPLOIT", "INFO", "TROJAN", "WEB_SERVER",
	"DNS", "HUNTING", "PHISHING" };
static const char *const acts[] = { "CnC Beacon", "Suspicious User-Agent", "Observed DNS Query to", "Possible SQL Injection in",
	"Inbound Scan for", "Executable Download from", "Self-Signed Certificate of", "Outbound Connection by",
	"Credential Theft by", "Possible Webshell Access in" };
static const char *const things[] = { "Agent Tesla", "Cobalt Strike", "phpMyAdmin", "WordPress (wp-login)", "Exchange \\\"OWA\\\"",
	"Dynamic DNS", "Struts", "Emotet", "a Raw IP", "PowerShell", "Log4j\\/JNDI", "RDP Brute Force" };
static const char *const classes[] = { "A Network Trojan was detected", "Potential Corporate Privacy Violation",
	"Attempted Information Leak", "Web Application Attack", "Misc activity", "Potentially Bad Traffic" };
static const char *const tactics[][2] = { { "TA0011", "T1071" }, { "TA0001", "T1190" }, { "TA0007", "T1046" },
	{ "TA0010", "T1041" } };
static const char *const ends[] = { "com", "net", "org", "jp", "io", "example", "co.jp", "info" };
static const char *const syllables[] = { "ka", "shi", "mo", "ru", "ten", "ba", "ni", "cor", "net", "lux", "dyn", "pra",
	"ve", "zo", "qui", "al" };

static char line[8192], recent[RECENT][4096];
static size_t used;

#define PUT(...) (used += (size_t)snprintf(line + used, sizeof(line) - used, __VA_ARGS__))

static const char *domain(unsigned n)
{
	static char name[80];
	uint64_t h = fixed(n, 3);
	size_t at = 0;

	if (n % 3 == 0)
		at += (size_t)snprintf(name, sizeof(name), "%s", n % 2 ? "www." : "cdn.");
	for (int i = 0; i < 4; i++, h >>= 4)
		at += (size_t)snprintf(name + at, sizeof(name) - at, "%s", syllables[h & 15]);
	snprintf(name + at, sizeof(name) - at, "%u.%s", n % 97, ends[fixed(n, 4) % 8]);
	return name;
}

static const char *inner(unsigned n)
{
	static char name[32];

	snprintf(name, sizeof(name), "10.%u.%u.%u", 10 + n / 2500, n / 250 % 250, 2 + n % 250);
	return name;
}

static const char *outer(unsigned n)
{
	static char name[64];
	uint64_t h = fixed(n, 5);

	if (n % 20 == 7)
		snprintf(name, sizeof(name), "2001:0db8:%04x:%04x:0000:0000:0000:%04x", (unsigned)(h & 0xFFFF),
		         (unsigned)(h >> 16 & 0xFFFF), (unsigned)(h >> 32 & 0xFFFF));
	else
		snprintf(name, sizeof(name), "%u.%u.%u.%u", 20 + (unsigned)(h % 150), (unsigned)(h >> 8 & 255),
		         (unsigned)(h >> 16 & 255), 1 + (unsigned)((h >> 24) % 254));
	return name;
}

static void put_time(const char *key, int64_t us)
{
	time_t s = (time_t)(us / 1000000);
	struct tm tm;
	char text[32];

	gmtime_r(&s, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	PUT("\"%s\":\"%s.%06d+0000\"", key, text, (int)(us % 1000000));
}

static void put_http(unsigned name, unsigned agent)
{
	static const char *const pages[] = { "index.php", "api\\/v2\\/status", "wp-login.php", "update.bin", "search" };

	PUT(",\"http\":{\"hostname\":\"%s\",\"url\":\"\\/%s\\/%s?id=%u", domain(name),
	    syllables[name % 16], pages[below(5)], below(20));
	if (below(5) == 0)           /* what makes nearly every address of such pages a new one */
		PUT("&session=%08x%08x", below(1u << 31), below(1u << 31));
	PUT("\",\"http_user_agent\":\"");
	PUT("Mozilla\\/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit\\/537.%u (KHTML, like Gecko) Chrome\\/%u.0.%u.%u Safari\\/537.%u",
	    agent % 40, 70 + agent % 60, 3000 + agent * 7, agent, agent % 40);
	PUT("\",\"http_content_type\":\"text\\/html\",\"http_method\":\"%s\",\"protocol\":\"HTTP\\/1.1\",\"status\":%u,\"length\":%u}",
	    below(5) == 0 ? "POST" : "GET", below(9) == 0 ? 404 : 200, below(90000));
	if (below(6) == 0)
		PUT(",\"files\":[{\"filename\":\"\\/dl\\/%s%u.exe\",\"magic\":\"PE32 executable (GUI) Intel 80386, for MS Windows\","
		    "\"gaps\":false,\"state\":\"CLOSED\",\"stored\":false,\"size\":%u,\"tx_id\":0}]", syllables[name % 16], name % 50,
		    below(900000));
}

static void put_body(unsigned name, unsigned agent)
{
	switch (name % 10) {
	case 0: case 1: case 2: case 3: case 4:
		put_http(name, agent);
		PUT(",\"app_proto\":\"http\"");
		break;
	case 5: case 6:
		PUT(",\"tls\":{\"subject\":\"CN=%s\",\"issuerdn\":\"C=US, O=Let's Encrypt, CN=R3\",\"serial\":\"03:%02X:%02X:%02X:%02X\","
		    "\"fingerprint\":\"", domain(name), below(256), below(256), below(256), below(256));
		for (unsigned i = 0; i < 20; i++)
			PUT("%s%02x", i > 0 ? ":" : "", (unsigned)(fixed(name, 20 + i) & 255));
		PUT("\",\"sni\":\"%s\",\"version\":\"TLS 1.2\",\"notbefore\":\"2026-08-01T00:00:00\",\"notafter\":\"2026-12-01T00:00:00\","
		    "\"ja3\":{\"hash\":\"%016" PRIx64 "%016" PRIx64 "\",\"string\":\"771,49196-49195-49200-49199-159-158-49188,0-10-11-13,29-23-24,0\"}}"
		    ",\"app_proto\":\"tls\"", domain(name), fixed(agent, 11), fixed(agent, 12));
		break;
	case 7: case 8:
		PUT(",\"dns\":{\"query\":[{\"type\":\"query\",\"id\":%u,\"rrname\":\"%s\",\"rrtype\":\"A\",\"tx_id\":0,\"opcode\":0}]}"
		    ",\"app_proto\":\"dns\"", below(65536), domain(name));
		break;
	default:
		PUT(",\"smb\":{\"id\":%u,\"dialect\":\"3.11\",\"command\":\"SMB2_COMMAND_CREATE\",\"filename\":\"Share\\\\\\\\%s\\\\\\\\"
		    "\\u8CC7\\u6599%u.docx\",\"tree_id\":%u,\"session_id\":%u},\"app_proto\":\"smb\"", below(99), syllables[name % 16], name % 70,
		    below(100), below(100000));
		break;
	}
}

/* Bytes of a packet, as Suricata writes them when payloads are switched on. */
static void put_payload(unsigned bytes)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	PUT(",\"payload\":\"");
	for (unsigned i = 0; i < bytes; i++)
		line[used++] = digits[i % 3 == 0 ? next() >> 58 : fixed(i, bytes) & 63];
	PUT("==\",\"payload_printable\":\"GET \\/ HTTP\\/1.1\\r\\nHost: %s\\r\\nAccept: *\\/*\\r\\n\\r\\n\"", domain(bytes));
}

static void put_alert(int64_t us, unsigned signature, unsigned home, unsigned away, unsigned name)
{
	uint64_t h = fixed(signature, 1);
	int inward = h >> 40 & 1;
	unsigned severity = 1 + (unsigned)(h % 3), port = (unsigned)(h >> 50) % 4;
	static const unsigned ports[] = { 443, 80, 53, 445 };

	used = 0;
	PUT("{");
	put_time("timestamp", us);
	PUT(",\"flow_id\":%" PRIu64 ",\"in_iface\":\"ens%u\",\"event_type\":\"alert\",\"src_ip\":\"%s\"", next() >> 13, 1 + home % 2,
	    inward ? outer(away) : inner(home));
	PUT(",\"src_port\":%u,\"dest_ip\":\"%s\",\"dest_port\":%u,\"proto\":\"%s\"", 1024 + below(64000),
	    inward ? inner(home) : outer(away), ports[port], ports[port] == 53 ? "UDP" : "TCP");
	PUT(",\"tx_id\":%u,\"alert\":{\"action\":\"%s\",\"gid\":1,\"signature_id\":%u,\"rev\":%u,\"signature\":\"ET %s %s %s v%u\"",
	    below(4), h >> 20 & 7 ? "allowed" : "blocked", 2010000 + signature * 13, 1 + (unsigned)(h >> 8 & 7),
	    families[h >> 4 & 7], acts[(h >> 8) % 10], things[(h >> 12) % 12], signature);
	PUT(",\"category\":\"%s\",\"severity\":%u,\"metadata\":{\"affected_product\":[\"Windows_XP_Vista_7_8_10_Server_32_64_Bit\"],"
	    "\"attack_target\":[\"Client_Endpoint\"],\"created_at\":[\"20%02u_0%u_1%u\"],\"deployment\":[\"Perimeter\"],"
	    "\"signature_severity\":[\"%s\"]", classes[(h >> 24) % 6], severity, 12 + (unsigned)(h >> 30 & 7), 1 + (unsigned)(h >> 33 & 7),
	    (unsigned)(h >> 36 & 7), severity == 1 ? "Major" : severity == 2 ? "Minor" : "Informational");
	if (h % 5 == 0)
		PUT(",\"mitre_tactic_id\":[\"%s\"],\"mitre_technique_id\":[\"%s\"]", tactics[h >> 16 & 3][0], tactics[h >> 16 & 3][1]);
	PUT("}}");
	put_body(name, (unsigned)(fixed(home, 9) % AGENTS));
	PUT(",\"flow\":{\"pkts_toserver\":%u,\"pkts_toclient\":%u,\"bytes_toserver\":%u,\"bytes_toclient\":%u,", 1 + below(40),
	    below(60), 60 + below(9000), below(200000));
	put_time("start", us - below(30000000));
	PUT("}");
	if (h >> 44 & 1)
		put_payload(40 + below(240));
	PUT(",\"host\":\"sensor-%u\"}\n", 1 + home % 6);
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 1000000, burst = 0;
	int64_t us = INT64_C(1793577600000000), step;       /* 2026-11-02 */
	unsigned signature = 0, home = 0, away = 0, name = 0;

	zipf_make(&signatures, SIGNATURES, 1.15);
	zipf_make(&inside, INSIDE, 0.9);
	zipf_make(&outside, OUTSIDE, 1.0);
	zipf_make(&domains, DOMAINS, 1.0);
	step = INT64_C(604800000000) / count;
	for (long i = 0; i < count; i++) {
		if (i > RECENT && below(1000) < 15) {
			fputs(recent[below(RECENT)], stdout);
			continue;
		}
		if (burst == 0) {
			burst = below(50) == 0 ? 50 + below(400) : 1 + below(3);
			signature = zipf_draw(&signatures);
			home = zipf_draw(&inside);
			away = zipf_draw(&outside);
			name = zipf_draw(&domains);
		}
		burst--;
		us += (int64_t)(-log(1 - unit()) * (double)step * (burst > 20 ? 0.1 : 1.3));
		put_alert(us, signature, home, below(8) == 0 ? zipf_draw(&outside) : away, below(8) == 0 ? zipf_draw(&domains) : name);
		fwrite(line, 1, used, stdout);
		if (used < sizeof(recent[0]))
			memcpy(recent[i % RECENT], line, used + 1);
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
