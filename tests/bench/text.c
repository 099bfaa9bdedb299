/* Writes alerts in a format that is not EVE, always the same bytes for the same number:
 *
 *     build/bench/text csv|cef|zeek|windows COUNT > FILE
 *
 * The same made-up week in each: 400 rules, 3,000 machines, 20,000 addresses outside. Windows events are
 * Sysmon's process creations, connections and files, and now and then what a rule of ours takes for an alert. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static uint64_t state = UINT64_C(0x5473754D20260002);

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

/* Small numbers more often than large ones. */
static unsigned mostly_low(unsigned n)
{
	return below(1 + below(n));
}

struct row {
	int64_t ms;
	unsigned rule, machine, outside, user, port, severity;
	char when[32], inner[32], outer[32], host[32];
};

static const char *const acts[] = { "Password guessing", "Port scan", "Web shell upload", "Beacon to", "Suspicious download",
	"Exploit attempt on", "Policy violation by", "Unusual login of" };

static void draw(struct row *r, int64_t ms)
{
	time_t s = (time_t)(ms / 1000);
	struct tm tm;

	r->ms = ms;
	r->rule = mostly_low(400);
	r->machine = mostly_low(3000);
	r->outside = mostly_low(20000);
	r->user = mostly_low(1500);
	r->port = (unsigned[]){ 443, 80, 22, 445, 3389 }[below(5)];
	r->severity = 1 + r->rule % 10;
	gmtime_r(&s, &tm);
	strftime(r->when, sizeof(r->when), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(r->inner, sizeof(r->inner), "10.%u.%u.%u", r->machine / 2500, r->machine / 250 % 10, 2 + r->machine % 250);
	snprintf(r->outer, sizeof(r->outer), "%u.%u.%u.%u", 20 + r->outside % 150, r->outside / 150, r->outside * 7 % 250, 1 + r->outside % 253);
	snprintf(r->host, sizeof(r->host), "ws%04u", r->machine);
}

static void put_csv(const struct row *r)
{
	printf("%s.%03dZ,\"%s, v%u\",%s,%s,%u,%s,%s,%u,corp\\user%u,allowed,\"https://cdn%u.example/a/%u\"\n", r->when, (int)(r->ms % 1000),
	       acts[r->rule % 8], r->rule, r->host, (const char *[]){ "low", "medium", "high", "critical" }[r->severity / 3], r->rule,
	       r->inner, r->outer, r->port, r->user, r->outside % 500, below(1000));
}

static void put_cef(const struct row *r)
{
	printf("<134>1 %s.%03dZ gw%u sensor - - - CEF:0|Acme|Wall|7.2|%u|%s rule %u|%u|rt=%" PRId64 " src=%s spt=%u dst=%s dpt=%u "
	       "dhost=%s suser=user%u act=%s cnt=1 request=https://cdn%u.example/a/%u?x\\=%u requestClientApplication=Mozilla/5.0 (X11; %u) "
	       "msg=%s was seen between %s and %s\n", r->when, (int)(r->ms % 1000), r->machine % 4, 1000 + r->rule, acts[r->rule % 8],
	       r->rule, r->severity, r->ms, r->outer, 1024 + below(60000), r->inner, r->port, r->host, r->user,
	       r->rule % 9 == 0 ? "Blocked" : "Allowed", r->outside % 500, below(1000), below(50), r->user % 80, acts[r->rule % 8], r->outer,
	       r->inner);
}

static void put_zeek(const struct row *r)
{
	static const char *const notes[] = { "SSH::Password_Guessing", "Scan::Port_Scan", "SSL::Invalid_Server_Cert",
		"HTTP::SQL_Injection_Attacker", "Scan::Address_Scan", "SSL::Certificate_Expired" };

	printf("%" PRId64 ".%03d000\tC%08" PRIx64 "\t%s\t%u\t%s\t%u\t-\t-\t-\ttcp\t%s\t%s: %s by %s on port %u\tSubject CN=host%u.example\t%s\t%s"
	       "\t%u\t-\t-\tNotice::ACTION_LOG\t3600.000000\t-\t-\t-\t-\t-\n", r->ms / 1000, (int)(r->ms % 1000), next() >> 32, r->outer,
	       1024 + below(60000), r->inner, r->port, notes[r->rule % 6], notes[r->rule % 6], r->inner, r->outer, r->port, r->rule, r->outer,
	       r->inner, r->port);
}

static void put_event(const struct row *r, unsigned id, uint64_t record)
{
	printf("<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"%s\" "
	       "Guid=\"{5770385f-c22a-43e0-bf4c-06f5698ffbd9}\"/><EventID>%u</EventID><Version>5</Version><Level>4</Level><Task>%u</Task>"
	       "<Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords><TimeCreated SystemTime=\"%s.%03d1234Z\"/>"
	       "<EventRecordID>%" PRIu64 "</EventRecordID><Correlation/><Execution ProcessID=\"2620\" ThreadID=\"%u\"/><Channel>%s</Channel>"
	       "<Computer>%s.corp.example</Computer><Security UserID=\"S-1-5-18\"/></System>",
	       id == 1102 ? "Microsoft-Windows-Eventlog" : "Microsoft-Windows-Sysmon", id, id, r->when, (int)(r->ms % 1000), record,
	       3000 + r->user, id == 1102 ? "Security" : "Microsoft-Windows-Sysmon/Operational", r->host);
}

static void put_windows(const struct row *r, uint64_t record)
{
	static const char *const programs[] = { "svchost.exe", "chrome.exe", "cmd.exe", "powershell.exe", "w3wp.exe", "rundll32.exe" };
	const char *image = programs[r->rule % 6];

	if (below(400) == 0) {
		put_event(r, 1102, record);
		printf("<UserData><LogFileCleared xmlns=\"http://manifests.microsoft.com/win/2004/08/windows/eventlog\"><SubjectUserSid>S-1-5-21-1-2-3-%u"
		       "</SubjectUserSid><SubjectUserName>user%u</SubjectUserName><SubjectDomainName>CORP</SubjectDomainName></LogFileCleared></UserData>"
		       "</Event>\n", 1000 + r->user, r->user);
		return;
	}
	put_event(r, r->rule % 3 == 0 ? 1 : 3, record);
	printf("<EventData><Data Name=\"RuleName\">-</Data><Data Name=\"UtcTime\">%.10s %s.%03d</Data><Data Name=\"ProcessGuid\">"
	       "{c5a51d1b-%04x-6042-0000-00109f%06x}</Data><Data Name=\"ProcessId\">%u</Data><Data Name=\"Image\">C:\\Windows\\System32\\%s</Data>"
	       "<Data Name=\"User\">CORP\\user%u</Data>", r->when, r->when + 11, (int)(r->ms % 1000), r->machine, r->outside, 400 + below(9000),
	       image, r->user);
	if (r->rule % 3 == 0)
		printf("<Data Name=\"CommandLine\">%s -k netsvcs -p -s %u &quot;C:\\data %u&quot;</Data><Data Name=\"CurrentDirectory\">C:\\Windows\\</Data>"
		       "<Data Name=\"Hashes\">SHA256=%064" PRIx64 "</Data><Data Name=\"ParentImage\">C:\\Windows\\explorer.exe</Data>", image,
		       r->rule, r->user, (uint64_t)r->rule * 77777);
	else
		printf("<Data Name=\"Protocol\">tcp</Data><Data Name=\"Initiated\">true</Data><Data Name=\"SourceIp\">%s</Data><Data Name=\"SourcePort\">%u"
		       "</Data><Data Name=\"DestinationIp\">%s</Data><Data Name=\"DestinationHostname\">cdn%u.example</Data>"
		       "<Data Name=\"DestinationPort\">%u</Data>", r->inner, 1024 + below(60000), r->outer, r->outside % 500, r->port);
	printf("</EventData></Event>\n");
}

int main(int argc, char **argv)
{
	const char *format = argc > 2 ? argv[1] : "";
	long count = argc > 2 ? atol(argv[2]) : 0;
	int64_t ms = INT64_C(1793577600000);       /* 2026-11-02 */
	struct row r;

	if (strcmp(format, "csv") == 0)
		puts("time,rule,host,severity,rule id,src ip,dst ip,dst port,user,action,url");
	else if (strcmp(format, "zeek") == 0)
		puts("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tnotice\n#open\t2026-11-02-00-00-00\n"
		     "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tfuid\tfile_mime_type\tfile_desc\tproto\tnote\tmsg\tsub\tsrc\tdst"
		     "\tp\tn\tpeer_descr\tactions\tsuppress_for\tremote_location.country_code\tremote_location.region\tremote_location.city"
		     "\tremote_location.latitude\tremote_location.longitude\n"
		     "#types\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tstring\tenum\tenum\tstring\tstring\taddr\taddr\tport\tcount"
		     "\tstring\tset[enum]\tinterval\tstring\tstring\tstring\tdouble\tdouble");
	else if (strcmp(format, "windows") == 0)
		puts("<Events>");
	else if (strcmp(format, "cef") != 0)
		return fprintf(stderr, "usage: text csv|cef|zeek|windows COUNT\n"), 2;
	for (long i = 0; i < count; i++) {
		draw(&r, ms += (int64_t)below((unsigned)(1 + 2 * INT64_C(604800000) / count)));
		switch (format[1]) {
		case 's': put_csv(&r); break;
		case 'e': format[0] == 'c' ? put_cef(&r) : put_zeek(&r); break;
		default: put_windows(&r, 100000 + (uint64_t)i); break;
		}
	}
	if (format[0] == 'w')
		puts("</Events>");
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
