#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/collect.h"

static void gives(const char *format, const char *bytes, const char *expected)
{
	struct collected c;

	collect_bytes(&c, NULL, bytes, strlen(bytes));
	assert_string_equal(c.refused, "");
	assert_string_equal(c.format, format);
	assert_string_equal(text_str(&c.lines), expected);
	text_free(&c.lines);
}

#define SHELL_ENTITIES "sev=4 act=0 kind=0 host/victim=ex1 process/actor=c:\\windows\\system32\\cmd.exe " \
	"process/parent=c:\\windows\\system32\\inetsrv\\w3wp.exe command/actor=cmd /c dir"
#define SHELL_RULE "tsumugi|web-server-shell|Web server process started a command interpreter|T1059 T1505.003| "

/* ---- JSON ---- */

#define FLAT(id, rest) "{\"EventID\":" id ",\"Channel\":\"Microsoft-Windows-Sysmon/Operational\"," \
	"\"SourceName\":\"Microsoft-Windows-Sysmon\",\"Hostname\":\"EX1\"," rest "}\n"
#define SHELL "\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\",\"CommandLine\":\"cmd /c dir\"," \
	"\"ParentImage\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe\""

static void flattened_events_are_judged(void **state)
{
	(void)state;
	gives("windows-json", FLAT("1", "\"UtcTime\":\"2021-03-14 06:40:15.338\"," SHELL)
		FLAT("5", "\"UtcTime\":\"2021-03-14 06:40:16.000\",\"Image\":\"C:\\\\a.exe\""),
		"1 alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES "\n");
}

static void winlogbeat_and_converted_events_are_judged_alike(void **state)
{
	(void)state;
	gives("windows-json", "{\"@timestamp\":\"2021-03-14T06:40:15.338Z\",\"winlog\":{\"event_id\":1,"
		"\"channel\":\"Microsoft-Windows-Sysmon/Operational\",\"provider_name\":\"Microsoft-Windows-Sysmon\","
		"\"computer_name\":\"EX1\",\"event_data\":{" SHELL "}}}\n",
		"1 alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES "\n");
	gives("windows-json", "{\"Event\":{\"System\":{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\","
		"\"Computer\":\"EX1\",\"Provider\":{\"#attributes\":{\"Name\":\"Microsoft-Windows-Sysmon\"}},"
		"\"TimeCreated\":{\"#attributes\":{\"SystemTime\":\"2021-03-14T06:40:15.338Z\"}}},\"EventData\":{" SHELL "}}}\n",
		"1 alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES "\n");
}

static void the_security_log_names_processes_like_sysmon(void **state)
{
	(void)state;
	gives("windows-json", "{\"EventID\":4688,\"Channel\":\"Security\",\"ProviderName\":\"Microsoft-Windows-Security-Auditing\","
		"\"Computer\":\"EX1\",\"TimeCreated\":\"2021-03-14T06:40:15.338Z\",\"NewProcessName\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\","
		"\"ParentProcessName\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe\",\"CommandLine\":\"cmd /c dir\","
		"\"SubjectUserName\":\"EX1$\"}\n",
		"1 alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES "\n");
}

#define BOTH(utc, written) FLAT("5", "\"UtcTime\":\"" utc "\",\"TimeCreated\":\"" written "\"")
#define CMDLET(written) "{\"EventID\":1,\"Channel\":\"MSExchange Management\",\"SourceName\":\"MSExchange CmdletLogs\"," \
	"\"Hostname\":\"EX1\",\"TimeCreated\":\"" written "\",\"Message\":\"Cmdlet suceeded. Cmdlet Remove-OabVirtualDirectory, " \
	"parameters -Force \\\"True\\\".\"}\n"
#define REMOVED " tsumugi|oab-directory-changed|Exchange OAB virtual directory removed or made again|T1505.003| " \
	"sev=3 act=0 kind=0 host/victim=ex1 command/actor=Remove-OabVirtualDirectory -Force \"True\"\n"

static void a_log_in_local_time_is_put_right_by_sysmons_utc(void **state)
{
	(void)state;
	gives("windows-json", BOTH("2021-03-14 06:40:10.775", "2021-03-14T01:40:10.778Z")
		BOTH("2021-03-14 06:40:11.000", "2021-03-14T01:40:11.010Z") CMDLET("2021-03-14T01:40:12.000Z")
		BOTH("2021-03-14 06:40:12.000", "2021-03-14T01:40:13.010Z") CMDLET("2021-03-14T01:40:14.000Z"),
		"3 alert 2021-03-14T01:40:12Z" REMOVED "5 alert 2021-03-14T06:40:14Z" REMOVED);
	/* Late by an odd time is late, and not another zone. */
	gives("windows-json", BOTH("2021-03-14 06:40:10.000", "2021-03-14T06:47:10.000Z")
		BOTH("2021-03-14 06:40:11.000", "2021-03-14T06:47:11.000Z") BOTH("2021-03-14 06:40:12.000", "2021-03-14T06:47:12.000Z")
		CMDLET("2021-03-14T06:47:14.000Z"), "4 alert 2021-03-14T06:47:14Z" REMOVED);
}

static void an_event_without_number_or_time_is_rejected_if_it_would_tell(void **state)
{
	(void)state;
	gives("windows-json", FLAT("1", "\"UtcTime\":\"soon\"," SHELL) FLAT("\"x\"", "\"UtcTime\":\"2021-03-14 06:40:10\"")
		FLAT("1", "\"UtcTime\":\"2021-03-14 06:40:10\""), "1 reject no time\n2 reject no event id\n");
}

/* ---- XML ---- */

#define NS "xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\""
#define EVENT(provider, id, channel, data) "<Event " NS "><System><Provider Name=\"" provider "\" Guid=\"{0}\"/><EventID>" id \
	"</EventID><TimeCreated SystemTime=\"2021-03-14T06:40:15.338000000Z\"/><EventRecordID>7</EventRecordID><Channel>" channel \
	"</Channel><Computer>EX1</Computer></System>" data "</Event>"
#define SYSMON_EVENT(data) EVENT("Microsoft-Windows-Sysmon", "1", "Microsoft-Windows-Sysmon/Operational", "<EventData>" data "</EventData>")
#define XML_SHELL "<Data Name=\"UtcTime\">2021-03-14 06:40:15.338</Data><Data Name=\"Image\">C:\\Windows\\System32\\cmd.exe</Data>" \
	"<Data Name=\"CommandLine\">cmd /c dir</Data><Data Name=\"ParentImage\">C:\\Windows\\System32\\inetsrv\\w3wp.exe</Data>"

static void xml_is_read_with_a_root_and_without(void **state)
{
	(void)state;
	gives("windows-xml", "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- of <Event> -->\n<Events>\n" SYSMON_EVENT(XML_SHELL) "\n"
		SYSMON_EVENT("<Data Name='Image'>C:\\a.exe</Data>") "\n" SYSMON_EVENT(XML_SHELL) "</Events>\n",
		"4 alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES "\n"
		"6 alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES "\n");
	gives("windows-xml", SYSMON_EVENT(XML_SHELL) "\r\n" SYSMON_EVENT(XML_SHELL),
		"1 alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES "\n"
		"2 alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES "\n");
}

static void unnamed_values_and_user_data_are_read(void **state)
{
	(void)state;
	gives("windows-xml", EVENT("MSExchange CmdletLogs", "1", "MSExchange Management",
		"<EventData><Data>Remove-OabVirtualDirectory</Data><Data>-Force \"True\"</Data></EventData>"),
		"1 alert 2021-03-14T06:40:15.338Z" REMOVED);
	gives("windows-xml", EVENT("Microsoft-Windows-Eventlog", "1102", "Security",
		"<UserData><LogFileCleared xmlns='http://manifests.microsoft.com/win/2004/08/windows/eventlog'>"
		"<SubjectUserName>ann</SubjectUserName></LogFileCleared></UserData>"),
		"1 alert 2021-03-14T06:40:15.338Z tsumugi|log-cleared|Event log cleared|T1685.005| sev=4 act=0 kind=0 "
		"host/victim=ex1 user/actor=ann\n");
}

/* Escapes in texts and attributes, parts of a text, a value said twice, an attribute of somebody else's namespace. */
static void what_xml_can_write_in_many_ways_is_one_value(void **state)
{
	(void)state;
	gives("windows-xml", SYSMON_EVENT("<Data Name=\"UtcTime\">2021-03-14 06:40:15.338</Data>"
		"<Data x:Name=\"User\" xmlns:x=\"urn:x\" Name=\"Im&#97;ge\">C:\\Windows\\<![CDATA[System32]]>\\cmd.exe</Data>"
		"<Data Name=\"Image\">C:\\other.exe</Data><Data Name=\"CommandLine\">cmd /c dir &amp;&#38;amp; <b>&lt;x&gt;</b></Data>"
		"<Data Name=\"ParentImage\">C:\\Windows\\System32\\inetsrv\\w3wp.exe</Data><Data Name=\"a&amp;b&#38;#38;\">x</Data>"),
		"1 alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES " &&amp; <x>\n");
	gives("windows-xml", EVENT("A&amp;B", "1", "Security", "") EVENT("Microsoft-Windows-Eventlog", "1102", "Security",
		"<EventData><Data Name=\"SubjectUserName\"></Data></EventData>"),
		"1 alert 2021-03-14T06:40:15.338Z tsumugi|log-cleared|Event log cleared|T1685.005| sev=4 act=0 kind=0 host/victim=ex1\n");
}

/* The parser starts anew when it has met many names; nothing of an event stays for the next. */
static void events_of_endless_names_harm_no_other(void **state)
{
	struct text file = { 0 }, expected = { 0 };
	struct collected c;

	(void)state;
	for (int i = 0; i < 3; i++) {
		text_add(&file, "<Event " NS "><System/><EventData>");
		for (int name = 0; name < 3000; name++)
			text_printf(&file, "<n%d_%d/>", i, name);
		text_add(&file, "</EventData></Event>\n" SYSMON_EVENT(XML_SHELL) "\n");
		text_printf(&expected, "%d reject no event id\n%d alert 2021-03-14T06:40:15.338Z " SHELL_RULE SHELL_ENTITIES "\n",
		            2 * i + 1, 2 * i + 2);
	}
	collect_bytes(&c, NULL, file.bytes, file.used);
	assert_string_equal(text_str(&c.lines), text_str(&expected));
	text_free(&file);
	text_free(&expected);
	text_free(&c.lines);
}

static void a_broken_event_leaves_its_neighbours(void **state)
{
	struct collected c;
	const char *bytes = SYSMON_EVENT(XML_SHELL) "\n<Event " NS "><System></Event>\n"
		SYSMON_EVENT("<Data Name='CommandLine'><![CDATA[</Event>]]></Data>") "\n<Event " NS "><System>\n" ;

	(void)state;
	collect_bytes(&c, "windows-xml", bytes, strlen(bytes));
	assert_string_equal(c.refused, "");
	assert_int_equal(c.alerts, 1);
	assert_int_equal(c.telemetry, 1);
	assert_int_equal(c.rejects, 2);
	assert_non_null(strstr(text_str(&c.lines), "2 reject broken XML"));
	assert_non_null(strstr(text_str(&c.lines), "4 reject an element that is not closed"));
	text_free(&c.lines);
}

static void document_types_are_refused(void **state)
{
	struct collected c;
	const char *bytes = "<?xml version='1.0'?><!DOCTYPE Events [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><Events>"
		SYSMON_EVENT("<Data Name='Image'>&a;</Data>") "</Events>";

	(void)state;
	collect_bytes(&c, "windows-xml", bytes, strlen(bytes));
	assert_non_null(strstr(c.refused, "document type"));
	assert_int_equal(c.alerts, 0);
	text_free(&c.lines);
}

static void a_file_of_beginnings_comes_to_an_end(void **state)
{
	static const char *const beginnings[] = { "<Event >", "<", "<!--", "<?", "<a \"' <" };
	size_t n = (size_t)8 << 20;
	char *bytes = malloc(n);
	struct collected c;

	(void)state;
	for (size_t b = 0; b < sizeof(beginnings) / sizeof(beginnings[0]); b++) {
		size_t unit = strlen(beginnings[b]);

		for (size_t i = 0; i + unit <= n; i += unit)
			memcpy(bytes + i, beginnings[b], unit);
		collect_bytes(&c, "windows-xml", bytes, n);
		assert_int_equal(c.alerts, 0);
		assert_true(c.rejects > 0 && c.rejects < 1000);
		text_free(&c.lines);
	}
	free(bytes);
}

static void events_inside_an_export_of_splunk_are_judged(void **state)
{
	(void)state;
	gives("splunk", "{\"preview\":false,\"result\":{\"sourcetype\":\"XmlWinEventLog\",\"_raw\":\"<Event xmlns='http://schemas.microsoft.com/"
		"win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Eventlog'/><EventID>1102</EventID>"
		"<TimeCreated SystemTime='2021-03-14T06:40:15.338Z'/><Channel>Security</Channel><Computer>EX1</Computer></System>"
		"</Event>\"}}\n", "1 alert 2021-03-14T06:40:15.338Z tsumugi|log-cleared|Event log cleared|T1685.005| "
		"sev=4 act=0 kind=0 host/victim=ex1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flattened_events_are_judged),
		cmocka_unit_test(winlogbeat_and_converted_events_are_judged_alike),
		cmocka_unit_test(the_security_log_names_processes_like_sysmon),
		cmocka_unit_test(a_log_in_local_time_is_put_right_by_sysmons_utc),
		cmocka_unit_test(an_event_without_number_or_time_is_rejected_if_it_would_tell),
		cmocka_unit_test(xml_is_read_with_a_root_and_without),
		cmocka_unit_test(unnamed_values_and_user_data_are_read),
		cmocka_unit_test(what_xml_can_write_in_many_ways_is_one_value),
		cmocka_unit_test(events_of_endless_names_harm_no_other),
		cmocka_unit_test(a_broken_event_leaves_its_neighbours),
		cmocka_unit_test(document_types_are_refused),
		cmocka_unit_test(events_inside_an_export_of_splunk_are_judged),
		cmocka_unit_test(a_file_of_beginnings_comes_to_an_end),
	};

	return cmocka_run_group_tests_name("windows", tests, NULL, NULL);
}
