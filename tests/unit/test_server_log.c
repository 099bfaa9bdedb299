/* Logs of IIS and Exchange: columns by name, in any order and named again; rules over their
 * values; what no rule matches. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/unit/collect.h"

#define IIS_FIELDS "#Software: Microsoft Internet Information Services 10.0\n#Date: 2021-03-11 00:00:00\n" \
	"#Fields: date time s-ip cs-method cs-uri-stem s-port cs-username c-ip cs(User-Agent) sc-status sc-bytes cs-bytes\n"
#define PROXY_FIELDS "#Software: Microsoft Exchange Server\n#Log-type: HttpProxy Logs\n" \
	"#Fields: DateTime,RequestId,UrlHost,UrlStem,AuthenticatedUser,AnchorMailbox,UserAgent,ClientIpAddress," \
	"ServerHostName,HttpStatus,Method,RequestBytes,ResponseBytes\n"
#define ECP_FIELDS "#Software: Microsoft Exchange Server\n#Log-type: ECP Server Log\n#Fields: TimeStamp,ServerName,EventId,EventData\n"

static void give(struct collected *c, const char *head, const char *rows)
{
	struct text all = { 0 };

	text_add(&all, head);
	text_add(&all, rows);
	collect_bytes(c, NULL, text_str(&all), strlen(text_str(&all)));
	assert_string_equal(c->refused, "");
	text_free(&all);
}

static void gives(const char *head, const char *rows, const char *lines)
{
	struct collected c;

	give(&c, head, rows);
	assert_string_equal(text_str(&c.lines), lines);
	text_free(&c.lines);
}

static void records(const char *head, const char *rows, const char *telemetry)
{
	struct collected c;

	give(&c, head, rows);
	assert_int_equal(c.alerts + c.rejects, 0);
	assert_string_equal(c.recorded, telemetry);
	text_free(&c.lines);
}

static void a_request_is_telemetry_of_both_ends(void **state)
{
	(void)state;
	records(IIS_FIELDS, "2021-03-11 00:14:38 10.0.0.5 GET /owa/ 443 CORP\\ann 10.0.3.14 Mozilla/5.0 200 4000 900\n",
	        "web 2021-03-11T00:14:38Z 10.0.3.14 > 10.0.0.5 - 900 4000");
	records(PROXY_FIELDS, "2021-03-11T00:14:38.500Z,r,mail.example,/owa/,CORP\\ann,ann@x,\"A, B\",10.0.3.14,MAIL01,200,GET,1,2\n",
	        "web 2021-03-11T00:14:38.500Z 10.0.3.14 > mail01 - 1 2");
}

static void what_is_no_request_is_the_server_s_own(void **state)
{
	(void)state;
	records(ECP_FIELDS, "2021-03-11T00:14:38.500Z,MAIL01,Request,S:CMD=Get-ExchangeServer\n",
	        "log 2021-03-11T00:14:38.500Z mail01 > - - -1 -1");
}

static void columns_come_in_any_order_and_anew(void **state)
{
	(void)state;
	records("#Date: 2021-03-11 00:00:00\n#Fields: c-ip cs-method time cs-uri-stem s-ip\n",
	        "10.0.3.14 GET 00:14:38 /a 10.0.0.5\n#Date: 2021-03-12 00:00:00\n#Fields: time s-ip cs-method c-ip\n"
	        "01:00:00 10.0.0.6 GET 10.0.3.15\n", "web 2021-03-12T01:00:00Z 10.0.3.15 > 10.0.0.6 - -1 -1");
}

static void a_page_posted_to_where_none_belongs_is_a_web_shell(void **state)
{
	(void)state;
	gives(IIS_FIELDS, "2021-03-11 00:14:38 10.0.0.5 POST /aspnet_client/Discover.aspx 443 - 192.0.2.9 python-requests/2.25+x 200 1 2\n",
	      "4 alert 2021-03-11T00:14:38Z tsumugi|web-shell-request|Web shell used: page posted to where Exchange has none of "
	      "its own|T1505.003| sev=4 act=0 kind=0 ip/victim=10.0.0.5 ip/source=192.0.2.9 "
	      "url/destination=https://10.0.0.5/aspnet_client/Discover.aspx user-agent/observed=python-requests/2.25 x "
	      "file/observed=discover.aspx\n");
}

static void pages_of_the_product_are_none(void **state)
{
	static const char *const rows[] = {
		"POST /owa/auth/logon.aspx 443 - 192.0.2.9 a 302 1 2\n", "GET /aspnet_client/a.aspx 443 - 192.0.2.9 a 200 1 2\n",
		"POST /owa/auth.owa 443 - 192.0.2.9 a 302 1 2\n", "POST /ecp/DDI/DDIService.svc/GetList 443 - 192.0.2.9 a 200 1 2\n",
		"GET /ecp/y.js 443 - 192.0.2.9 a 200 1 2\n", "POST /owa/auth/errorFE.aspx 443 - 192.0.2.9 a 200 1 2\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct collected c;
		char row[200];

		snprintf(row, sizeof(row), "2021-03-11 00:14:38 10.0.0.5 %s", rows[i]);
		give(&c, IIS_FIELDS, row);
		assert_int_equal(c.alerts, 0);
		assert_int_equal(c.telemetry, 1);
		text_free(&c.lines);
	}
}

/* A request of the proxy log: which rule, or "" for none. */
static void proxied(const char *user, const char *mailbox, const char *status, const char *rule)
{
	struct collected c;
	char row[400];

	snprintf(row, sizeof(row), "2021-03-11T00:14:38.5Z,r,mail.example,/ecp/y.js,%s,%s,py,192.0.2.9,MAIL01,%s,POST,1,2\n", user,
	         mailbox, status);
	give(&c, PROXY_FIELDS, row);
	assert_int_equal(c.alerts, rule[0] != '\0');
	if (rule[0] != '\0' && strstr(text_str(&c.lines), rule) == NULL)
		fail_msg("'%s' is none of %s", text_str(&c.lines), rule);
	text_free(&c.lines);
}

static void a_mailbox_that_names_a_server_is_proxylogon(void **state)
{
	(void)state;
	proxied("", "ServerInfo~a]@mail01:444/ecp/proxyLogon.ecp#", "241", "|proxylogon-request|");
	proxied("", "ServerInfo~a]@mail01:444/autodiscover/autodiscover.xml#", "200", "");
	proxied("", "ServerInfo~localhost/ecp/x", "200", "");
	proxied("", "ann@mail.example", "200", "");
	proxied("CORP\\ann", "ServerInfo~a]@mail01:444/ecp/x", "200", "");
	proxied("CORP\\ann", "ServerInfo~a]@m:444/ecp/DDI/DDIService.svc/SetObject?schema=ResetOABVirtualDirectory#", "200",
	        "|proxylogon-directory-reset|");
	proxied("CORP\\ann", "ServerInfo~a]@m:444/ecp/DDI/DDIService.svc/SetObject?schema=ResetOABVirtualDirectory#", "500", "");
}

static void the_script_in_a_directory_s_address_is_found(void **state)
{
	(void)state;
	gives(ECP_FIELDS, "2021-03-11T00:14:38.5Z,MAIL01,Request,\"S:CMD=Set-OabVirtualDirectory.ExternalUrl='http://f/<script "
	      "language=\"\"JScript\"\" runat=\"\"server\"\">x</script>'\"\n",
	      "4 alert 2021-03-11T00:14:38.500Z tsumugi|proxylogon-url-script|Script in the URL of an Exchange virtual directory "
	      "(CVE-2021-27065)|T1190 T1505.003| sev=5 act=0 kind=0 host/victim=mail01\n");
}

static void an_address_book_elsewhere_is_found(void **state)
{
	static const char head[] = "#Software: Microsoft Exchange Server\n#Fields: DateTime,ThreadId,Details\n";
	struct collected c;

	(void)state;
	give(&c, head, "2021-03-11T00:14:38.5Z,1,Download failed and temporary file C:\\E\\V15\\ClientAccess\\OAB\\Temp\\a needs to be removed\n"
	     "2021-03-11T00:14:39.5Z,1,Download failed and temporary file \\\\h\\c$\\inetpub\\a.aspx needs to be removed\n");
	assert_int_equal(c.alerts, 1);
	assert_int_equal(c.telemetry, 1);
	assert_non_null(strstr(text_str(&c.lines), "|proxylogon-oab-download|"));
	text_free(&c.lines);
}

static void an_error_of_unified_messaging_has_any_number(void **state)
{
	static const char event[] = "{\"EventID\":1082,\"Channel\":\"Application\",\"ProviderName\":\"MSExchange Unified Messaging\","
		"\"Computer\":\"MAIL01\",\"TimeCreated\":\"2021-03-11T00:14:38Z\",\"Message\":\"... System.InvalidCastException ...\"}\n";
	struct collected c;

	(void)state;
	collect_bytes(&c, NULL, event, strlen(event));
	assert_string_equal(c.format, "windows-json");
	assert_non_null(strstr(text_str(&c.lines), "|proxylogon-voice-mail|"));
	text_free(&c.lines);
}

static void rows_that_do_not_fit_are_rejected(void **state)
{
	(void)state;
	gives(IIS_FIELDS, "2021-03-11 00:14:38 10.0.0.5 GET\n", "4 reject fewer columns than the 12 that #Fields names\n");
	gives(IIS_FIELDS, "2021-03-11 00:14:38 10.0.0.5 GET / 443 - 10.0.0.1 a 200 1 2 3\n",
	      "4 reject more columns than the 12 that #Fields names\n");
	gives(IIS_FIELDS, "- - 10.0.0.5 GET / 443 - 10.0.0.1 a 200 1 2\n", "4 reject the record states no time\n");
	gives(ECP_FIELDS, "never,MAIL01,a,b\n", "4 reject the record states no time\n");
	gives(ECP_FIELDS, "2021-03-11T00:14:38Z,MAIL01,a,b,c\n", "4 reject 5 cells where #Fields names 4\n");
}

static void the_list_of_the_script_is_not_the_log(void **state)
{
	struct collected c;
	static const char list[] = "DateTime,RequestId,ClientIPAddress,UrlHost,UrlStem,RoutingHint,UserAgent,AnchorMailbox,HttpStatus\n"
		"2021-03-11T00:14:38.500Z,r,192.0.2.9,mail.example,/ecp/y.js,x,py,ServerInfo~a]@m:444/ecp/x#,241\n";

	(void)state;
	collect_bytes(&c, NULL, list, strlen(list));
	assert_string_equal(c.format, "csv");
	assert_int_equal(c.alerts, 1);
	text_free(&c.lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_telemetry_of_both_ends),
		cmocka_unit_test(what_is_no_request_is_the_server_s_own),
		cmocka_unit_test(columns_come_in_any_order_and_anew),
		cmocka_unit_test(a_page_posted_to_where_none_belongs_is_a_web_shell),
		cmocka_unit_test(pages_of_the_product_are_none),
		cmocka_unit_test(a_mailbox_that_names_a_server_is_proxylogon),
		cmocka_unit_test(the_script_in_a_directory_s_address_is_found),
		cmocka_unit_test(an_address_book_elsewhere_is_found),
		cmocka_unit_test(an_error_of_unified_messaging_has_any_number),
		cmocka_unit_test(rows_that_do_not_fit_are_rejected),
		cmocka_unit_test(the_list_of_the_script_is_not_the_log),
	};

	return cmocka_run_group_tests_name("server logs", tests, NULL, NULL);
}
