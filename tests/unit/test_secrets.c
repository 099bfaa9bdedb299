#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "analyst/base/text.h"
#include "analyst/readers/secrets.h"

static void becomes(const char *before, const char *after)
{
	struct text t = {0};

	text_add(&t, before);
	secrets_mask(t.bytes, t.used);
	assert_string_equal(text_str(&t), after);
	text_free(&t);
}

static void stays(const char *s)
{
	becomes(s, s);
}

static void test_passwords_on_command_lines_are_masked(void **state)
{
	(void)state;
	becomes("psexec -u bob -Password Hunter2! cmd", "psexec -u bob -Password ******** cmd");
	becomes("x --password=Hunter2! y", "x --password=******** y");
	becomes("sc /p:Hunter2! /u:bob", "sc /p:******** /u:bob");
	becomes("sc /pass:Hunter2!", "sc /pass:********");
	becomes("plink -pw Hunter2! host", "plink -pw ******** host");
	becomes("x -Password \"two words\" y", "x -Password \"*********\" y");
	becomes("x -Password 'two words' y", "x -Password '*********' y");
	becomes("x -Password a\\b y", "x -Password *** y");
	becomes("set PASSWD=Hunter2! & y", "set PASSWD=******** & y");
}

static void test_links_lose_credentials_and_tokens(void **state)
{
	(void)state;
	becomes("https://bob:Hun@ter2@host/a:b@c", "https://bob:********@host/a:b@c");
	becomes("\"https:\\/\\/bob:Hunter2@host\\/a\"", "\"https:\\/\\/bob:*******@host\\/a\"");
	becomes("/login?user=bob&pass=Hunter2&next=/a", "/login?user=bob&pass=*******&next=/a");
	becomes("/x?access_token=abc.def-1&y=2", "/x?access_token=*********&y=2");
	becomes("/x;JSESSIONID=0A1B?y", "/x;JSESSIONID=******");
	stays("http://host:8080/a@b");
	stays("ssh://bob@host/");
}

static void test_headers_are_masked_to_the_end_of_the_line(void **state)
{
	(void)state;
	becomes("GET /\r\nCookie: a=b; c=d\r\nHost: x", "GET /\r\nCookie: **** ***\r\nHost: x");
	becomes("Proxy-Authorization: Basic Ym9iOg==", "Proxy-Authorization: ***** ********");
	becomes("curl -H \"X-Auth-Token: abc\" x", "curl -H \"X-Auth-Token: ***\" x");
	becomes("sent Bearer abcdefghijkl.1234", "sent Bearer *****************");
}

static void test_values_of_json_and_xml_are_masked(void **state)
{
	(void)state;
	becomes("{\"password\":\"a\\\"b\",\"x\":1}", "{\"password\":\"****\",\"x\":1}");
	becomes("{\"authorization\" : \"Basic abc\"}", "{\"authorization\" : \"*********\"}");
	becomes("{\"name\":\"Set-Cookie\",\"value\":\"a=b; c\"}", "{\"name\":\"Set-Cookie\",\"value\":\"******\"}");
	becomes("{\"cookie\":[\"a=b\",\"c]d\"],\"x\":\"y\"}", "{\"cookie\":[\"***\",\"***\"],\"x\":\"y\"}");
	becomes("{\"_raw\":\"{\\\"password\\\":\\\"Hunter2\\\",\\\"x\\\":1}\"}", "{\"_raw\":\"{\\\"password\\\":\\\"*******\\\",\\\"x\\\":1}\"}");
	becomes("{\"c\":\"x -Password a\\\\b y\"}", "{\"c\":\"x -Password **** y\"}");
	becomes("<Data Name=\"Password\">Hun&amp;ter</Data>", "<Data Name=\"Password\">***********</Data>");
	becomes("<password>Hunter2</password><b>x</b>", "<password>*******</password><b>x</b>");
	becomes("<Data>x /p:&quot;two words&quot; y</Data>", "<Data>x /p:&quot;*********&quot; y</Data>");
	becomes("{\"pwd\":12,\"payload\":null}", "{\"pwd\":**,\"payload\":null}");
}

static void test_what_only_speaks_of_secrets_stays(void **state)
{
	(void)state;
	stays("Password spraying against 12 accounts");
	stays("{\"signature\":\"ET POLICY Cookie seen\",\"session_id\":\"7\",\"stats\":{\"pass\":12}}");
	stays("{\"TokenElevationType\":\"%%1936\",\"passwordLastSet\":\"x\"}");
	stays("ET POLICY Http Client Body contains pass= in cleartext");
	becomes("password = Hunter2", "password = *******");
	stays("reset the password - Bob");
	stays("HTTP Bearer authentication");
	stays("C:\\p: -p :");
	stays("");
}

static void test_names_of_columns(void **state)
{
	static const char *const yes[] = { "cs(Cookie)", "Password", "BackEndCookie", "x-api-key", "AccessToken", NULL };
	static const char *const no[] = { "cs(User-Agent)", "", "sessionid", "p", "PasswordLastSet", NULL };

	(void)state;
	for (size_t i = 0; yes[i] != NULL; i++)
		assert_true(secret_named(yes[i], strlen(yes[i])));
	for (size_t i = 0; no[i] != NULL; i++)
		assert_false(secret_named(no[i], strlen(no[i])));
}

static void test_a_value_is_masked_wherever_it_stands(void **state)
{
	char s[] = "a=1;+b=\"\"two\"\" x a=1;+b=\"\"two\"\"", short_one[] = "abc abc";

	(void)state;
	secrets_mask_value(s, strlen(s), "a=1;+b=\"two\"");
	assert_string_equal(s, "*******\"\"two\"\" x *******\"\"two\"\"");
	secrets_mask_value(short_one, strlen(short_one), "abc");
	assert_string_equal(short_one, "abc abc");
}

/* The command or link with what it tells masked. */
static const char *told(enum entity_kind kind, const char *s)
{
	static char masked[512];
	struct arena *arena = arena_new();
	struct alert a;

	alert_clear(&a);
	snprintf(masked, sizeof(masked), "%s", s);
	secrets_tell(&a, arena, kind, s, strlen(s));
	for (size_t i = 0; i < a.secret_count; i++)
		secrets_mask_value(masked, strlen(masked), a.secrets[i]);
	arena_free(arena);
	return masked;
}

static void test_programs_say_what_their_options_hold(void **state)
{
	static const struct { const char *command, *masked; } rows[] = {
		{ "C:\\t\\PsExec64.exe \\\\srv -u bob -p Sesame1 cmd", "C:\\t\\PsExec64.exe \\\\srv -u bob -p ******* cmd" },
		{ "cmd /c schtasks /create /ru bob /rp \"Ses ame1\" /tn x", "cmd /c schtasks /create /ru bob /rp \"********\" /tn x" },
		{ "mysql -u root -pSesame1 db", "mysql -u root -p******* db" },
		{ "mysql -u root -p db", "mysql -u root -p db" },
		{ "curl -u bob:Sesame1 https://x.example", "curl -u bob:******* https://x.example" },
		{ "net user bob Sesame1 /add", "net user bob ******* /add" },
		{ "net user bob /delete", "net user bob /delete" },
		{ "net.exe use Z: \\\\srv\\c$ /user:CORP\\bob Sesame1", "net.exe use Z: \\\\srv\\c$ /user:CORP\\bob *******" },
		{ "net view /all", "net view /all" },
		{ "reg add HKLM\\X /v DefaultPassword /d Sesame1", "reg add HKLM\\X /v DefaultPassword /d *******" },
		{ "reg add HKLM\\X /v Start /d Sesame1", "reg add HKLM\\X /v Start /d Sesame1" },
		{ "ConvertTo-SecureString -String 'Sesame1' -AsPlainText", "ConvertTo-SecureString -String '*******' -AsPlainText" },
		{ "ConvertTo-SecureString Sesame1 -AsPlainText -Force", "ConvertTo-SecureString ******* -AsPlainText -Force" },
		{ "PSCredential('bob',(ConvertTo-SecureString -AsPlainText -Force 'Sesame1'))",
		  "PSCredential('bob',(ConvertTo-SecureString -AsPlainText -Force '*******'))" },
		{ "$p | ConvertTo-SecureString -AsPlainText -Force; whoami", "$p | ConvertTo-SecureString -AsPlainText -Force; whoami" },
		{ "ConvertTo-SecureString", "ConvertTo-SecureString" },
		{ "cmd.exe /c \"net user bob Sesame1 /add\"", "cmd.exe /c \"net user bob ******* /add\"" },
		{ "powershell -c \"& { net use Z: \\\\srv\\c$ 'Sesame1' }\"", "powershell -c \"& { net use Z: \\\\srv\\c$ '*******' }\"" },
		{ "\"C:\\Program Files\\mysql.exe\" -pSesame1", "\"C:\\Program Files\\mysql.exe\" -p*******" },
		{ "ssh -p 2222 bob@srv", "ssh -p 2222 bob@srv" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(told(ENTITY_COMMAND, rows[i].command), rows[i].masked);
}

static void test_tokens_are_told_by_their_shape(void **state)
{
	(void)state;
	assert_string_equal(told(ENTITY_COMMAND, "set T=ghp_abcdefghij0123456789 x"), "set T=************************ x");
	assert_string_equal(told(ENTITY_URL, "http://x.example/?t=eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2lnbmF0dXJl&a=1"),
		"http://x.example/?t=************************************************&a=1");
	assert_string_equal(told(ENTITY_COMMAND, "aws AKIAABCDEFGHIJKLMNOP"), "aws ********************");
	assert_string_equal(told(ENTITY_COMMAND, "echo -----BEGIN PRIVATE KEY-----MIIabc-----END PRIVATE KEY-----"),
		"echo -----BEGIN PRIVATE KEY-----******-----END PRIVATE KEY-----");
	assert_string_equal(told(ENTITY_URL, "http://x.example/eyJ.js?akia=1"), "http://x.example/eyJ.js?akia=1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passwords_on_command_lines_are_masked),
		cmocka_unit_test(test_links_lose_credentials_and_tokens),
		cmocka_unit_test(test_headers_are_masked_to_the_end_of_the_line),
		cmocka_unit_test(test_values_of_json_and_xml_are_masked),
		cmocka_unit_test(test_what_only_speaks_of_secrets_stays),
		cmocka_unit_test(test_names_of_columns),
		cmocka_unit_test(test_a_value_is_masked_wherever_it_stands),
		cmocka_unit_test(test_programs_say_what_their_options_hold),
		cmocka_unit_test(test_tokens_are_told_by_their_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
