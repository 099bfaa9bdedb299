/* Times of any bytes: in range, written out and read again they are the same. */
#include "tests/fuzz/fuzz.h"

#include "analyst/base/instant.h"

static struct zone tokyo, paris;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	if (tokyo.name[0] == '\0' && (zone_load(&tokyo, "Asia/Tokyo", NULL) < 0 || zone_load(&paris, "Europe/Paris", NULL) < 0))
		exit(1);
	return 0;
}

static void holds(instant t)
{
	char out[INSTANT_ROOM];
	enum zone_origin origin;
	instant again;

	instant_utc(out, t);
	HOLDS(instant_parse(&again, &origin, out, strlen(out), 3600) && origin == ZONE_GIVEN);
	HOLDS(again <= t && t - again < SECOND / 1000);
	for (int i = 0; i < 2; i++) {
		const struct zone *z = i == 0 ? &tokyo : &paris;
		struct civil c = civil_from(t, z);
		int year;

		HOLDS(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31 && c.hour >= 0 && c.hour < 24);
		HOLDS(c.minute >= 0 && c.minute < 60 && c.second >= 0 && c.second < 60 && c.weekday >= 0 && c.weekday < 7);
		HOLDS(civil_week(&c, &year) >= 1 && abs(year - c.year) <= 1);
		again = civil_to_instant(c.year, c.month, c.day, c.hour, c.minute, c.second, z);
		HOLDS(llabs((long long)(t - again)) <= HOUR + SECOND);      /* an hour comes twice in autumn */
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data;
	const instant first = 0, last = INT64_C(7289654400) * SECOND;      /* 1970 to 2200 */
	enum zone_origin origin;
	instant t;
	char *text;

	for (int offset = -50400; offset <= 50400; offset += 50400)
		if (instant_parse(&t, &origin, s, size, offset)) {
			HOLDS(t >= first && t < last);
			HOLDS(origin != ZONE_NONE);
			holds(t);
		}
	if (instant_parse_epoch(&t, s, size)) {
		HOLDS(t >= first && t < last);
		holds(t);
	}
	text = fuzz_string(data, size);
	if (instant_parse_option(&t, text, &paris) && t >= first)
		holds(t);
	free(text);
	return 0;
}
