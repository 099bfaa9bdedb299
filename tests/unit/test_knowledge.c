/* What the field knows, as the tables that ship have it: ATT&CK by the ids and names of today. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "analyst/knowledge/containment.h"
#include "analyst/knowledge/knowledge.h"
#include "analyst/knowledge/sayings.h"

static struct attack *attack;
static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return attack_load(&attack, "templates/knowledge", NULL);
}

static int tear_down(void **state)
{
	(void)state;
	attack_free(attack);
	arena_free(arena);
	return 0;
}

/* Ids and names as attack.mitre.org has them. */
static void a_revoked_id_is_told_by_what_replaced_it(void **state)
{
	static const struct { const char *old, *id, *name; } rows[] = {
		{ "T1086", "T1059.001", "PowerShell" }, { "T1100", "T1505.003", "Web Shell" },
		{ "T1562.001", "T1685", "Disable or Modify Tools" },
		{ "T1073", "T1574.001", "DLL" },             /* by way of T1574.002, revoked itself */
		{ "T1190", "T1190", "Exploit Public-Facing Application" },
		{ "T1404", "T1404", "Exploitation for Privilege Escalation" },      /* Mobile */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(attack_current(attack, rows[i].old), rows[i].id);
		assert_string_equal(attack_name(attack, rows[i].old), rows[i].name);
	}
	assert_string_equal(attack_current(attack, "T9999"), "T9999");
	assert_null(attack_name(attack, "T9999"));
	assert_string_equal(attack_release(attack), "19");
}

static void a_list_comes_back_sorted_each_id_once(void **state)
{
	(void)state;
	assert_string_equal(attack_list(attack, "T1086 T1190 T1059.001 T9999", arena), "T1059.001 T1190 T9999");
	assert_null(attack_list(attack, NULL, arena));
}

/* Else an alert of ours would speak by an id that no report can name. */
static void the_tables_that_ship_name_techniques_of_the_release(void **state)
{
	static const char *const files[] = { "templates/knowledge/behaviours.xml", "templates/knowledge/detections.xml" };
	char line[4096];
	size_t seen = 0;

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		FILE *in = fopen(files[k], "r");

		assert_non_null(in);
		while (fgets(line, sizeof(line), in) != NULL)
			for (const char *c = line; *c != '\0'; c++) {
				char id[10] = "";

				if ((c > line && isalnum((unsigned char)c[-1])) || *c != 'T' ||
				    strspn(c + 1, "0123456789") != 4)
					continue;
				memcpy(id, c, c[5] == '.' ? 9 : 5);
				if (attack_name(attack, id) == NULL || strcmp(attack_current(attack, id), id) != 0)
					fail_msg("%s names %s", files[k], id);
				seen++;
			}
		fclose(in);
	}
	assert_true(seen > 100);
}

static void write_table(const char *folder, const char *name, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_non_null(out = fopen(path, "w"));
	fputs(text, out);
	fclose(out);
}

static int load_tables(const char *folder, struct fault *f)
{
	struct knowledge *k = NULL;
	struct sayings sayings;
	int rc = knowledge_load(&k, folder, f);

	knowledge_free(k);
	return rc < 0 ? -1 : sayings_load(&sayings, folder, arena, f);
}

#define ATTACK "<attack release=\"1\">\n<technique id=\"T1001\" name=\"A\"/>\n"
#define BEHAVIOURS "<behaviours><behaviour key=\"unknown\"/><behaviour key=\"response\"/><behaviour key=\"finding\"/>\n"

static void a_table_that_makes_no_sense_is_refused_with_its_place(void **state)
{
	static const struct { const char *name, *text, *fault; } tables[] = {
		{ "attack.xml", ATTACK "<revoked id=\"T1002\" by=\"T1003\"/></attack>", "'T1002' is replaced by 'T1003'" },
		{ "attack.xml", "<attack release=\"1\">\n<technique id=\"T1001\"/></attack>", "attack.xml:2: " },
		{ "attack.xml", "<attack release=\"1\">\n<technique id=\"1001\" name=\"A\"/></attack>", "attack.xml:2: a technique needs" },
		{ "attack.xml", "<attack release=\"1\">\n<technique id=\"T1001.1\" name=\"A\"/></attack>", "attack.xml:2: a technique needs" },
		{ "attack.xml", ATTACK "<revoked id=\"T1002\" by=\"\"/></attack>", "attack.xml:3: a technique needs" },
		{ "attack.xml", ATTACK "<techniqe id=\"T1002\" name=\"B\"/></attack>", "attack.xml:3: <techniqe> is neither" },
		{ "attack.xml", ATTACK "<technique id=\"T1001\" name=\"B\"/></attack>", "'T1001' is there twice" },
		{ "attack.xml", "<!DOCTYPE a [<!ENTITY e \"e\">]>" ATTACK "</attack>", "attack.xml: XML with a document type" },
		{ "behaviours.xml", BEHAVIOURS "<behaviour key=\"x\" weight=\"nan\"/></behaviours>", "behaviours.xml:2: 'x': a weight" },
		{ "behaviours.xml", BEHAVIOURS "<behaviour key=\"x\" weight=\"2\"/></behaviours>", "behaviours.xml:2: 'x': a weight" },
		{ "behaviours.xml", BEHAVIOURS "<behaviour key=\"x\" stage=\"1e300\"/></behaviours>", "behaviours.xml:2: 'x': a weight" },
		{ "sayings.xml", "<sayings><saying key=\"k\" part=\"title\" certainty=\"sure\"/></sayings>", "not 'sure'" },
	};
	char folder[] = "/tmp/tsumugi-knowledge-XXXXXX", path[128];
	struct fault f;

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		write_table(folder, "attack.xml", ATTACK "</attack>");
		write_table(folder, "behaviours.xml", BEHAVIOURS "</behaviours>");
		write_table(folder, "threats.xml", "<threats/>");
		write_table(folder, "sayings.xml", "<sayings/>");
		memset(&f, 0, sizeof(f));
		if (load_tables(folder, &f) < 0)
			fail_msg("%s", f.text);
		write_table(folder, tables[i].name, tables[i].text);
		assert_int_equal(load_tables(folder, &f), -1);
		if (strstr(f.text, tables[i].fault) == NULL)
			fail_msg("'%s' does not say %s", f.text, tables[i].fault);
	}
	for (size_t i = 0; i < 4; i++) {
		static const char *const names[] = { "attack.xml", "behaviours.xml", "threats.xml", "sayings.xml" };

		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

static void each_measure_is_for_a_behaviour_that_is_there(void **state)
{
	struct knowledge *k = NULL;
	struct containment c;
	struct fault f = {0};

	(void)state;
	if (knowledge_load(&k, "templates/knowledge", &f) < 0 || containment_load(&c, "templates/knowledge", arena, &f) < 0)
		fail_msg("%s", f.text);
	assert_true(c.count > 10 && c.shared_count > 10 && c.spare_count > 0);
	for (size_t i = 0; i < c.count; i++) {
		const struct behaviour *b = knowledge_behaviour_by_key(k, c.rows[i].behaviour);

		if (b == NULL || strcmp(b->key, c.rows[i].behaviour) != 0)
			fail_msg("no behaviour '%s'", c.rows[i].behaviour);
		assert_ptr_equal(containment_row(&c, c.rows[i].behaviour), &c.rows[i]);
	}
	knowledge_free(k);
}

/* A name below a shared one is shared; one that only ends like it is not. */
static void shared_is_what_lies_below_a_shared_name(void **state)
{
	struct containment c;

	(void)state;
	assert_int_equal(containment_load(&c, "templates/knowledge", arena, NULL), 0);
	assert_true(containment_is_shared(&c, "cloudfront.net"));
	assert_true(containment_is_shared(&c, "d1.cloudfront.net"));
	assert_false(containment_is_shared(&c, "notcloudfront.net"));
	assert_false(containment_is_shared(&c, "cloudfront.net.example"));
	assert_true(containment_is_spared(&c, "8.8.8.8"));
	assert_false(containment_is_spared(&c, "8.8.8.80"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_revoked_id_is_told_by_what_replaced_it),
		cmocka_unit_test(a_list_comes_back_sorted_each_id_once),
		cmocka_unit_test(the_tables_that_ship_name_techniques_of_the_release),
		cmocka_unit_test(a_table_that_makes_no_sense_is_refused_with_its_place),
		cmocka_unit_test(each_measure_is_for_a_behaviour_that_is_there),
		cmocka_unit_test(shared_is_what_lies_below_a_shared_name),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
