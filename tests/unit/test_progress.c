/* The bar on a terminal: what it says of a share, a rate and the time left, and that nothing of it stays. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "render/cli/progress.h"

#define SECOND INT64_C(1000000000)

static int old_stderr, from_bar;

static int set_up(void **state)
{
	int ends[2];

	(void)state;
	if (pipe(ends) < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
		return -1;
	old_stderr = dup(STDERR_FILENO);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	from_bar = ends[0];
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	dup2(old_stderr, STDERR_FILENO);
	close(old_stderr);
	close(from_bar);
	return 0;
}

static const char *drawn(void)
{
	static char text[512];
	ssize_t n = read(from_bar, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* As if it had gone on for so long: so long that what the test itself takes does not show. */
static struct progress begun(int64_t total, int64_t seconds)
{
	struct progress p = {0};

	progress_begin(&p, "eve.json", total);
	p.shown = true;
	p.began -= seconds * SECOND;
	return p;
}

static void a_bar_says_share_rate_and_time_left(void **state)
{
	struct progress p = begun(10000000000, 1000);

	(void)state;
	progress_at(&p, 8000000000);
	assert_string_equal(drawn(), "\r\033[Keve.json [###################.....]  80%  8.0 MB/s  4:10 left");
	progress_end(&p);
	assert_string_equal(drawn(), "\r\033[K");
}

static void at_the_end_nothing_is_left(void **state)
{
	struct progress p = begun(10000000000, 1000);

	(void)state;
	progress_at(&p, 10000000000);
	assert_string_equal(drawn(), "\r\033[Keve.json [########################] 100%  10.0 MB/s");
}

static void a_stream_says_how_much_came(void **state)
{
	struct progress p = begun(0, 1000);

	(void)state;
	progress_at(&p, 2500000);
	assert_string_equal(drawn(), "\r\033[Keve.json  2.5 MB");
}

static void a_file_that_grew_fills_the_bar_and_no_more(void **state)
{
	struct progress p = begun(1000000000, 1000);

	(void)state;
	progress_at(&p, 3000000000);
	assert_string_equal(drawn(), "\r\033[Keve.json [########################] 100%  3.0 MB/s");
}

static void the_first_moment_and_pipes_show_nothing(void **state)
{
	struct progress p = {0};

	(void)state;
	progress_begin(&p, "eve.json", 1000);
	assert_false(p.shown);
	p.began -= 1000 * SECOND;
	progress_at(&p, 500);
	p.shown = true;
	p.began += 2000 * SECOND;
	progress_at(&p, 500);
	progress_end(&p);
	assert_string_equal(drawn(), "");
}

static void a_name_moves_no_cursor(void **state)
{
	struct progress p = {0};

	(void)state;
	progress_begin(&p, "a\033[2Jb.json", 1000);
	assert_null(strchr(p.what, '\033'));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_bar_says_share_rate_and_time_left), TEST(at_the_end_nothing_is_left),
		TEST(a_stream_says_how_much_came), TEST(a_file_that_grew_fills_the_bar_and_no_more),
		TEST(the_first_moment_and_pipes_show_nothing), TEST(a_name_moves_no_cursor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
