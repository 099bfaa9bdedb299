#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "analyst/readers/refang.h"
#include "tests/unit/collect.h"
#include "tests/unit/shared.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* "kind value; kind value" of what stands defanged in the line. */
static const char *defanged(const char *line)
{
	static struct text out;
	struct found found[64];
	size_t n = refang_line(found, 64, line, strlen(line), arena);

	text_clear(&out);
	for (size_t i = 0; i < n; i++)
		if (found[i].defanged)
			text_printf(&out, "%s%s %s", out.used > 0 ? "; " : "", table_name(indicator_kinds, found[i].kind),
			            found[i].value);
	return text_str(&out);
}

static void every_usual_way_is_undone(void **state)
{
	static const struct { const char *written, *found; } rows[] = {
		{ "evil[.]com", "domain evil.com" },
		{ "evil(.)com", "domain evil.com" },
		{ "evil{.}com", "domain evil.com" },
		{ "evil<.>com", "domain evil.com" },
		{ "evil[ . ]com", "domain evil.com" },
		{ "evil[dot]com", "domain evil.com" },
		{ "evil(DOT)com", "domain evil.com" },
		{ "evil[,]com", "domain evil.com" },
		{ "evil[.com", "domain evil.com" },
		{ "evil.]com", "domain evil.com" },
		{ "evil\\.com", "domain evil.com" },
		{ "evil^.com", "domain evil.com" },
		{ "evil DOT com", "domain evil.com" },
		{ "a[.]b.evil[.]co[.]jp", "domain a.b.evil.co.jp" },
		{ "EVIL[.]COM", "domain evil.com" },
		{ "hxxp://evil.com/A", "url http://evil.com/A" },
		{ "hXXps://evil[.]com/a", "url https://evil.com/a" },
		{ "hxxps[:]//evil[.]com/a", "url https://evil.com/a" },
		{ "hxxp[://]evil[.]com", "url http://evil.com" },
		{ "h**p://evil.com/", "url http://evil.com/" },
		{ "hxtp://evil.com/", "url http://evil.com/" },
		{ "fxp://evil.com/", "url ftp://evil.com/" },
		{ "http[:]//evil.com/", "url http://evil.com/" },
		{ "http://evil[.]com:80/x#y", "url http://evil.com/x" },
		{ "evil[.]com:8080/x.zip", "url evil.com:8080/x.zip" },
		{ "evil[.]com:7/x.zip", "url evil.com:7/x.zip" },
		{ "evil[.]com:65535/x.zip", "url evil.com:65535/x.zip" },
		{ "evil[.]com:0443/x.zip", "url evil.com:443/x.zip" },
		{ "evil[.]com:8080", "domain evil.com" },
		{ "192.0.2[.]1", "ip 192.0.2.1" },
		{ "192[.]0[.]2[.]1:443", "ip 192.0.2.1" },
		{ "192.0.2[.]0/24", "cidr 192.0.2.0/24" },
		{ "2001[:]db8[:]:1", "ip 2001:db8::1" },
		{ "user[@]evil.com", "email user@evil.com" },
		{ "user(at)evil[.]com", "email user@evil.com" },
		{ "(evil[.]com)", "domain evil.com" },
		{ "\"evil[.]com\",", "domain evil.com" },
		{ "see evil[.]com.", "domain evil.com" },
		{ "evil[.]com, bad[.]net; worse[.]org", "domain evil.com; domain bad.net; domain worse.org" },
		{ "malware[.]exe", "filename malware.exe" },
		{ "hidden[.]onion", "domain hidden.onion" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(defanged(rows[i].written), rows[i].found);
}

static void text_glued_on_is_left_off(void **state)
{
	(void)state;
	assert_string_equal(defanged("evil[.]com:8080/a.zipマルウェア"), "url evil.com:8080/a.zip");
	assert_string_equal(defanged("198.98.61[.]152マルウェアの"), "ip 198.98.61.152");
	assert_string_equal(defanged("198.98.61[.]152Hosting"), "ip 198.98.61.152");
	assert_string_equal(defanged("Od[.]lkC2または"), "domain od.lk");
	assert_string_equal(defanged("dev.opendrive[.]comC2"), "domain dev.opendrive.com");
	assert_string_equal(defanged("悪意あるドメインevil[.]comに対して"), "domain evil.com");
}

static void near_misses_are_not_taken(void **state)
{
	static const char *const lines[] = {
		"version 5.1.14393.2608 of Windows", "release 10.0.1 (build 2.3)", "on 2021.3.18 at 10.20.30",
		"infected Exchange server ([REDACTED].local) was", "see [1] and [2].", "e.g. this, i.e. that", "a.b[0].c",
		"C:\\Users\\bob\\.ssh\\id_rsa", "regex ^[a-z]+\\.?$", "accounts.dot-star.online", "WWW.MDOT.X",
		"the end.Next sentence", "ratio 1:2:3", "at 12:34:56", "foo::bar", "he said (at) noon", "[.]", "[.]com",
		"hxxp is not a scheme", "std::vector<int>", "function(a.b)", "MS-DOT style", "日本語。テスト"
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_string_equal(defanged(lines[i]), "");
}

static void undoing_twice_changes_nothing(void **state)
{
	struct found once, twice;

	(void)state;
	refang_value(&once, "hxxps[:]//Evil[.]com/Path?q=[x]", 30, INDICATOR_TEXT, arena);
	refang_value(&twice, once.value, strlen(once.value), INDICATOR_TEXT, arena);
	assert_int_equal(once.kind, INDICATOR_URL);
	assert_string_equal(once.value, twice.value);
	assert_false(twice.defanged);
}

static void single_values_get_their_kind(void **state)
{
	static const struct { const char *written, *value; enum indicator_kind said, kind; } rows[] = {
		{ "D41D8CD98F00B204E9800998ECF8427F", "d41d8cd98f00b204e9800998ecf8427f", INDICATOR_TEXT, INDICATOR_MD5 },
		{ "::ffff:192.0.2.7", "192.0.2.7", INDICATOR_TEXT, INDICATOR_IP },
		{ "192.0.2.77/24", "192.0.2.0/24", INDICATOR_TEXT, INDICATOR_CIDR },
		{ "203.0.113.9:5000", "203.0.113.9", INDICATOR_TEXT, INDICATOR_IP },
		{ "Example.COM.", "example.com", INDICATOR_DOMAIN, INDICATOR_DOMAIN },
		{ "files.share.example", "files.share.example", INDICATOR_DOMAIN, INDICATOR_DOMAIN },
		{ "198.51.100.3", "198.51.100.3", INDICATOR_DOMAIN, INDICATOR_IP },
		{ "cve-2021-26855", "CVE-2021-26855", INDICATOR_TEXT, INDICATOR_CVE },
		{ "C:\\Temp\\A.exe", "c:\\temp\\a.exe", INDICATOR_TEXT, INDICATOR_PATH },
		{ "HKLM\\Software\\Run", "hkey_local_machine\\software\\run", INDICATOR_TEXT, INDICATOR_REGISTRY },
		{ "HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\X\\", "hkey_local_machine\\system\\currentcontrolset\\services\\x",
		  INDICATOR_TEXT, INDICATOR_REGISTRY },
		{ "HKCU:\\Software\\X", "hkey_current_user\\software\\x", INDICATOR_TEXT, INDICATOR_REGISTRY },
		{ "\\REGISTRY\\MACHINE\\Software", "hkey_local_machine\\software", INDICATOR_REGISTRY, INDICATOR_REGISTRY },
		{ "%Temp%\\\\xx.bat", "%temp%\\xx.bat", INDICATOR_PATH, INDICATOR_PATH },
		{ "\\\\srv\\share\\x.exe", "\\\\srv\\share\\x.exe", INDICATOR_PATH, INDICATOR_PATH },
		{ "C:\\Temp\\A.exe", "c:\\temp\\a.exe", INDICATOR_FILENAME, INDICATOR_PATH },
		{ "*.Evil.com", "evil.com", INDICATOR_TEXT, INDICATOR_DOMAIN },
		{ ".evil.com", "evil.com", INDICATOR_DOMAIN, INDICATOR_DOMAIN },
		{ "t13d1516h2_8daaf6152771_e5627efa2ab1", "t13d1516h2_8daaf6152771_e5627efa2ab1", INDICATOR_TEXT, INDICATOR_JA3 },
		{ "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD", "aabbccddeeff00112233445566778899aabbccdd",
		  INDICATOR_CERTIFICATE, INDICATOR_CERTIFICATE },
		{ "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b2c3d4e5f60718293a4b5c6d7e8f9", INDICATOR_KINDS, INDICATOR_TEXT },
		{ "2001:db8:1::7/48", "2001:db8:1::/48", INDICATOR_TEXT, INDICATOR_CIDR },
		{ "Mozilla/5.0 (X11; Linux) Firefox/86.0", "Mozilla/5.0 (X11; Linux) Firefox/86.0", INDICATOR_TEXT, INDICATOR_AGENT },
		{ "Global\\xyz", "Global\\xyz", INDICATOR_MUTEX, INDICATOR_MUTEX },
		{ "日本語.jp", "xn--wgv71a119e.jp", INDICATOR_DOMAIN, INDICATOR_DOMAIN },
		{ "just words", "just words", INDICATOR_TEXT, INDICATOR_TEXT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct found f;

		refang_value(&f, rows[i].written, strlen(rows[i].written), rows[i].said, arena);
		assert_string_equal(f.value, rows[i].value);
		assert_int_equal(f.kind, rows[i].kind);
	}
}

static void what_everybody_meets_is_context(void **state)
{
	static const char *const rows[] = { "10.1.2.3", "8.8.8.8", "224.0.0.251", "ff02::1", "255.255.255.255", "google.com",
		"d41d8cd98f00b204e9800998ecf8427e" };
	struct found f;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		refang_value(&f, rows[i], strlen(rows[i]), INDICATOR_TEXT, arena);
		if (f.why == NULL)
			fail_msg("%s", rows[i]);
	}
	refang_value(&f, "sites.google.com", 16, INDICATOR_TEXT, arena);
	assert_null(f.why);
}

static void columns_call_kinds_in_many_ways(void **state)
{
	(void)state;
	assert_int_equal(indicator_kind_named("FileHash-SHA256"), INDICATOR_SHA256);
	assert_int_equal(indicator_kind_named("ip:port"), INDICATOR_IP);
	assert_int_equal(indicator_kind_named("File Path"), INDICATOR_PATH);
	assert_int_equal(indicator_kind_named("IMPHASH"), INDICATOR_KINDS);
	assert_int_equal(indicator_kind_named("anything"), INDICATOR_TEXT);
	assert_int_equal(indicator_kind_named(NULL), INDICATOR_TEXT);
}

static void blocklists_are_read_as_they_are_published(void **state)
{
	struct collected c;
	static const char hosts[] = "# hosts\n0.0.0.0 ads.evil-one.com\n127.0.0.1\ttrack.evil-two.com # seen\n127.0.0.1 localhost\n";
	static const char list[] = "||evil-three.com^\n*.evil-four.com\n192.0.2.4-192.0.2.9\n192.0.2.16 - 192.0.2.31\nevil-five.com\n";
	static const char index[] = "0a1b2c3d4e5f60718293a4b5c6d7e8f9,5e10c2a4-0a1c-4b2a-9f00-950d210f0001\n";

	(void)state;
	collect_bytes(&c, NULL, hosts, sizeof(hosts) - 1);
	assert_string_equal(text_str(&c.lines), "2 domain ads.evil-one.com [hosts]\n3 domain track.evil-two.com [seen]\n");
	text_free(&c.lines);
	collect_bytes(&c, NULL, list, sizeof(list) - 1);
	assert_string_equal(text_str(&c.lines), "1 domain evil-three.com []\n2 domain evil-four.com []\n3 cidr 192.0.2.4/30 []\n"
		"3 cidr 192.0.2.8/31 []\n4 cidr 192.0.2.16/28 []\n5 domain evil-five.com []\n");
	text_free(&c.lines);
	collect_bytes(&c, "indicators-text", index, sizeof(index) - 1);
	assert_string_equal(text_str(&c.lines), "");
	text_free(&c.lines);
}

/* What the article's table must give, with its comments: "kind value [comment". */
static void the_glued_table_comes_out_whole(void **state)
{
	static const char table[] =
		"IoC:\n\nIoCコメント\n"
		"Evil-download[.]com:8080/c1-a.zipマルウェア\n"
		"Mozilla/5.0 (Windows NT; Windows NT 10.0; en-GB) WindowsPowerShell/5.1.14393.2608User Agentによる最初のコールアウト\n"
		"Od[.]lkC2またはデータ抜き出し先の可能性\n"
		"aaaabbbbccccddddeeeeffff0000111122223333444455556666777788889999catdomain[.]netでホスティングされたマルウェア\n";
	struct collected c;

	(void)state;
	collect_bytes(&c, "indicators-text", table, sizeof(table) - 1);
	assert_string_equal(text_str(&c.lines),
		"4 url evil-download.com:8080/c1-a.zip [マルウェア]\n"
		"5 user-agent Mozilla/5.0 (Windows NT; Windows NT 10.0; en-GB) WindowsPowerShell/5.1.14393.2608 "
		"[User Agentによる最初のコールアウト]\n"
		"6 domain od.lk [C2またはデータ抜き出し先の可能性]\n"
		"7 sha256 aaaabbbbccccddddeeeeffff0000111122223333444455556666777788889999 "
		"[catdomain[.]netでホスティングされたマルウェア]\n"
		"7 domain catdomain.net [aaaabbbbccccddddeeeeffff0000111122223333444455556666777788889999"
		"catdomain[.]netでホスティングされたマルウェア]\n");
	text_free(&c.lines);
}

static void prose_gives_only_what_was_defanged(void **state)
{
	static const char prose[] =
		"Attackers used Telegra[.]ph as a channel. Microsoft.com and https://www.microsoft.com/security are live links.\n"
		"The patch for CVE-2021-26855 is on update.microsoft.com since version 15.2.792.10 of the server.\n"
		"https://blog.example.com/post\n"
		"Write to security@example.com or visit 192.0.2.1 for details about node.js and setup.exe files.\n";
	struct collected c;

	(void)state;
	collect_bytes(&c, "indicators-text", prose, sizeof(prose) - 1);
	assert_string_equal(text_str(&c.lines),
		"1 domain telegra.ph [Attackers used Telegra[.]ph as a channel]\n"
		"2 cve CVE-2021-26855 (context) [The patch for CVE-2021-26855 is on update.microsoft.com since version "
		"15.2.792.10 of the server]\n");
	text_free(&c.lines);
}

static void prose_loses_its_links_and_nothing_else(void **state)
{
	static const struct { const char *written, *shown; } rows[] = {
		{ "ET MALWARE Beacon to evil.com (w3wp.exe 2.0)", "ET MALWARE Beacon to evil[.]com (w3wp.exe 2.0)" },
		{ "GET http://evil.com/a.php?x=1 then a@evil.com", "GET hxxp://evil[.]com/a.php?x=1 then a@evil[.]com" },
		{ "seen at 198.51.100.7, and evil[.]com", "seen at 198.51.100[.]7, and evil[.]com" },
		{ "odd://x.y", "odd[://]x[.]y" },
		{ "c103w-a.zip downloaded", "c103w-a.zip downloaded" },
		{ "no name. At all", "no name. At all" },
		{ "", "" },
	};
	struct arena *a = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *once = prose_defanged(a, rows[i].written);

		assert_string_equal(once, rows[i].shown);
		assert_string_equal(prose_defanged(a, once), once);
	}
	assert_null(prose_defanged(a, NULL));
	arena_free(a);
}

static void lists_need_no_defanging(void **state)
{
	static const char list[] =
		"# Reference: https://example.org/report\n101.37.76.66:5000\nbingoshow.xyz\nback.estonine.com # C2 - active\n"
		"http://x.estonine.com/a.php\n10.0.0.1\n";
	struct collected c;

	(void)state;
	collect_bytes(&c, NULL, list, sizeof(list) - 1);
	assert_string_equal(c.format, "indicators-text");
	assert_string_equal(text_str(&c.lines),
		"2 ip 101.37.76.66 []\n3 domain bingoshow.xyz []\n4 domain back.estonine.com [C2 - active]\n"
		"5 url http://x.estonine.com/a.php []\n6 ip 10.0.0.1 (context) []\n");
	text_free(&c.lines);
}

static void a_line_may_hold_any_number(void **state)
{
	struct text line = { 0 };
	struct collected c;

	(void)state;
	for (int i = 0; i < 5000; i++)
		text_printf(&line, "a%d[.]io,", i);
	collect_bytes(&c, "indicators-text", line.bytes, line.used);
	assert_int_equal(c.detected, 5000);
	text_free(&line);
	text_free(&c.lines);
}

static void the_articles_are_read(void **state)
{
	static const char *const rows[] = {
		"url microsoftsoftwaredownload.com:8080/c103w-a.zip [マルウェア]",
		"url microsoftsoftwaredownload.com:8080/dnl.zip [マルウェア]",
		"user-agent Mozilla/5.0 (Windows NT; Windows NT 10.0; en-GB) WindowsPowerShell/5.1.14393.2608 [User Agentによる最初のコールアウト]",
		"ip 198.98.61.152 [マルウェアのホスティングとクリプトマイニングハッシュの受信]",
		"domain od.lk [C2またはデータ抜き出し先の可能性]",
		"domain dev.opendrive.com [C2またはデータ抜き出し先の可能性]",
		"url cdn.chatcdn.net/p?hig210305 [マルウェアホスティングおよびC2]",
		"sha256 f31d06f55c00c7111e545304d58c7317a4f1b1848ba1396a5454d7367d70da06 [chatcdn[.]netでホスティングされたマルウェア]",
		"domain telegra.ph [よく使われているメッセンジャーアプリケーション]",
		"domain dev.opendrive.com [クラウドストレージサービス]", "domain od.lk [クラウドストレージサービス]",
	};
	const char *article = "origin/004_71fa61f3e413302f.txt";
	struct collected c;

	(void)state;
	if (!shared_has(article))
		return;
	collect_file(&c, NULL, shared_path(article));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strstr(text_str(&c.lines), rows[i]) == NULL)
			fail_msg("missing: %s", rows[i]);
	assert_int_equal(c.detected, 14);
	text_free(&c.lines);
	collect_file(&c, NULL, shared_path("origin/000_9efb5b707f4ef962.txt"));
	assert_null(c.format);                 /* prose that holds nothing to take is refused */
	assert_int_equal(c.indicators, 0);
	text_free(&c.lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_usual_way_is_undone),
		cmocka_unit_test(text_glued_on_is_left_off),
		cmocka_unit_test(near_misses_are_not_taken),
		cmocka_unit_test(undoing_twice_changes_nothing),
		cmocka_unit_test(single_values_get_their_kind),
		cmocka_unit_test(what_everybody_meets_is_context),
		cmocka_unit_test(columns_call_kinds_in_many_ways),
		cmocka_unit_test(blocklists_are_read_as_they_are_published),
		cmocka_unit_test(the_glued_table_comes_out_whole),
		cmocka_unit_test(prose_gives_only_what_was_defanged),
		cmocka_unit_test(prose_loses_its_links_and_nothing_else),
		cmocka_unit_test(lists_need_no_defanging),
		cmocka_unit_test(a_line_may_hold_any_number),
		cmocka_unit_test(the_articles_are_read),
	};

	return cmocka_run_group_tests_name("refang", tests, set_up, tear_down);
}
