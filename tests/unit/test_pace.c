/* What chance makes of pauses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyst/base/arena.h"
#include "analyst/base/pace.h"

static double tail(int on, int n, double each)
{
	double sum = 0;

	for (int k = on; k <= n; k++)
		sum += exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(each) + (n - k) * log(1 - each));
	return sum;
}

static void chance_is_never_less_than_the_tail_of_the_binomial(void **state)
{
	(void)state;
	for (int n = 1; n <= 60; n++)
		for (int on = 0; on <= n; on++) {
			double bound = chance_of((size_t)on, (size_t)n, 0.4);

			assert_true(bound >= tail(on, n, 0.4) * (1 - 1e-9) && bound <= 1);
			assert_true(on == 0 || bound <= chance_of((size_t)on - 1, (size_t)n, 0.4));
		}
	assert_true(chance_of(0, 0, 0.4) >= 1);
	assert_true(chance_of(18, 20, 0.4) < 1e-4);
}

static double random_of(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
}

/* The share of Poisson processes of so many calls that look steady. */
static double random_steady(size_t calls)
{
	uint64_t seed = 7;
	struct arena *a = arena_new();
	int steady = 0, tries = 10000;

	for (int i = 0; i < tries; i++) {
		instant times[32], at = 0;
		struct steady s;

		for (size_t k = 0; k < calls; k++)
			times[k] = at += (instant)(-log(random_of(&seed)) * (double)(10 * MINUTE)) + 3 * SECOND;
		steady_of(&s, times, calls, a);
		steady += s.calls > 0;
		arena_reset(a);
	}
	arena_free(a);
	return (double)steady / tries;
}

static void calls_at_random_hardly_ever_look_steady(void **state)
{
	(void)state;
	assert_true(random_steady(8) < 0.02);
	assert_true(random_steady(9) < 0.02);
	assert_true(random_steady(16) < 0.001);
	assert_true(random_steady(8) > 0);       /* the measure measures */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chance_is_never_less_than_the_tail_of_the_binomial),
		cmocka_unit_test(calls_at_random_hardly_ever_look_steady),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
