/* simdjson finds where the tokens of a record begin and checks its UTF-8 (its "stage 1",
 * the part that needs vector instructions); the walk over those tokens is ours, because
 * no front of simdjson both checks a whole record and leaves numbers as they are written:
 * the DOM turns 2^64 and more into an error, on-demand does not check what it skips. */
#include "analyst/readers/json.h"

#include <simdjson.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "analyst/readers/json_paths.h"
#include "analyst/readers/json_bytes.h"
#include "analyst/readers/json_order.h"

extern "C" {
#include "analyst/base/arena.h"
#include "analyst/base/text.h"
}

using json_bytes::is_space;
using json_tree::no_slot;
using json_tree::node;

namespace {

/* Nobody in C could catch what new throws. */
[[maybe_unused]] const std::new_handler before = std::set_new_handler(out_of_memory);

}  // namespace

struct json {
	std::unique_ptr<simdjson::internal::dom_parser_implementation> engine;
	const json_paths *paths = nullptr;

	const char *buf = nullptr;
	size_t length = 0;
	const uint32_t *at = nullptr, *end = nullptr;   /* token starts; *end is where the record ends */

	int most_depth = JSON_DEPTH, most_keys = JSON_KEYS;
	size_t most_string = JSON_STRING;
	char told[80];                                  /* the sentence of a limit */

	json_order order;
	std::vector<char> padded, repaired, strings;
	char *string_at = nullptr;
	std::vector<json_value> values;
	std::vector<int32_t> heads, tails;              /* of a slot that has a value */
	std::vector<uint64_t> present;                  /* a bit each path that has a value */
	std::vector<uint32_t> item_offsets;
	json_type root = JSON_NULL;
	bool was_repaired = false, was_doubled = false;
	const char *why = nullptr;

	bool over(const char *reason, size_t limit)
	{
		snprintf(told, sizeof(told), reason, limit);
		return fail(told);
	}
	bool fail(const char *reason)
	{
		if (why == nullptr)
			why = reason;
		return false;
	}
	void forget()
	{
		values.clear();
		if (heads.size() < paths->slot_of.size()) {
			heads.resize(paths->slot_of.size());
			tails.resize(paths->slot_of.size());
		}
		present.assign(paths->words, 0);
		item_offsets.assign(1, 0);
		string_at = strings.data();
		was_doubled = false;
		why = nullptr;
	}
	bool has(uint32_t slot) const { return (present[slot / 64] >> slot % 64 & 1) != 0; }
	void add(uint32_t slot, json_type type, const char *text, size_t n, uint32_t item)
	{
		int32_t me = (int32_t)values.size();
		json_value &v = values.emplace_back();
		uint64_t &word = present[slot / 64], bit = UINT64_C(1) << slot % 64;

		v.text = text;
		v.length = (uint32_t)n;
		v.item = item;
		v.next = -1;
		v.type = (uint32_t)type;
		if ((word & bit) == 0) {
			heads[slot] = me;
			word |= bit;
		} else {
			values[(size_t)tails[slot]].next = me;
		}
		tails[slot] = me;
	}
	/* Of equal paths only the first was marked so far. */
	void mark_twins()
	{
		for (uint32_t path : paths->twins)
			present[path / 64] |= (uint64_t)has(paths->slot_of[path]) << path % 64;
	}
	/* What the slot got since `first` goes. */
	void empty(uint32_t slot, size_t first)
	{
		int32_t kept = -1;

		for (int32_t i = heads[slot]; i >= 0 && (size_t)i < first; i = values[(size_t)i].next)
			kept = i;
		if (kept < 0)
			present[slot / 64] &= ~(UINT64_C(1) << slot % 64);
		else
			values[(size_t)kept].next = -1;
		tails[slot] = kept;
	}
	/* The last of equal keys wins: what an earlier one gave since `first` goes. */
	void drop(const node *n, size_t first)
	{
		if (n->slot != no_slot && has(n->slot))
			empty(n->slot, first);
		if (n->elements != nullptr)
			drop(n->elements, first);
		for (const node *c : n->children)
			drop(c, first);
	}
	/* Each takes the next token and gives the one behind what it read, or NULL: where it broke is in `at`. The
	 * place in the record goes through them as an argument, so that it stays in a register. */
	using token = const uint32_t *;
	token broken(token where, const char *reason)
	{
		at = where;
		fail(reason);
		return nullptr;
	}
	token beyond(token where, const char *reason, size_t limit)
	{
		at = where;
		over(reason, limit);
		return nullptr;
	}
	token string(token here, const char **text, size_t *n);
	token keep_string(token here, const node *step, uint32_t item);
	token scalar(token here, const node *step, uint32_t item);
	token key(token here, const node *step, const node **next, json_order::link **then);
	token object(token here, const node *step, uint32_t item, int depth);
	token array(token here, const node *step, uint32_t item, int depth);
	token nested(token here, const node *step, uint32_t item, int depth);
	token value(token here, const node *step, uint32_t item, int depth);
	void keep(uint32_t slot, json_type type, size_t n, uint32_t item);
	bool whole();
	bool escapes_are_right();
};

/* The raw text of the string at the next token: it ends at the quote before the token
 * after it, since only blanks can stand between. */
inline json::token json::string(token here, const char **text, size_t *n)
{
	size_t start = *here, stop = here[1];

	while (stop > start + 1 && is_space(buf[stop - 1]))
		stop--;
	if (stop < start + 2 || buf[stop - 1] != '"')
		return broken(here, "broken JSON: text after a string");
	*text = buf + start + 1;
	*n = stop - start - 2;
	if (*n > most_string)
		return beyond(here, "a string of more than %zu MiB", most_string >> 20);
	return here + 1;
}

/* The n bytes that were just put at string_at. */
inline void json::keep(uint32_t slot, json_type type, size_t n, uint32_t item)
{
	string_at[n] = '\0';
	add(slot, type, string_at, n, item);
	string_at += n + 1;
}

/* Escapes of what is not kept are looked at later, all at once. */
inline json::token json::keep_string(token here, const node *step, uint32_t item)
{
	const char *text;
	size_t n;
	token next = string(here, &text, &n);

	if (next == nullptr || step == nullptr || step->slot == no_slot)
		return next;
	if (json_bytes::copy_plain(string_at, text, n) < n && (n = json_bytes::unescape(string_at, text, n)) == json_bytes::no_text)
		return broken(next, "broken JSON: an escape it does not have");
	keep(step->slot, JSON_STRING_TEXT, n, item);
	return next;
}

inline json::token json::scalar(token here, const node *step, uint32_t item)
{
	const char *text = buf + *here;
	size_t stop = here[1], n;
	json_type type;

	while (stop > *here && is_space(buf[stop - 1]))
		stop--;
	n = stop - *here;
	if (json_bytes::is_plain_number(text, n))
		type = JSON_NUMBER;
	else if (n == 4 && memcmp(text, "null", 4) == 0)
		type = JSON_NULL;
	else if ((n == 4 && memcmp(text, "true", 4) == 0) || (n == 5 && memcmp(text, "false", 5) == 0))
		type = JSON_BOOL;
	else if (json_bytes::is_number(text, n))
		type = JSON_NUMBER;
	else
		return broken(here, "broken JSON: neither a value nor a number");
	if (step != nullptr && step->slot != no_slot) {
		memcpy(string_at, text, 16);
		if (n > 16)
			memcpy(string_at + 16, text + 16, n - 16);
		keep(step->slot, type, n, item);
	}
	return here + 1;
}

/* A key and its colon. *next is the step it leads to, or NULL; *then where the order knows what comes, or NULL. */
inline json::token json::key(token here, const node *step, const node **next, json_order::link **then)
{
	if (*then != nullptr && **then != nullptr && (**then)->is_at(buf + *here)) {
		json_order::key *met = **then;

		*next = met->next;
		*then = &met->then;
		return here + 2;
	}

	const char *text;
	size_t n;
	token after;

	if (buf[*here] == '}')
		return broken(here, "broken JSON: a comma before the closing bracket");
	if (buf[*here] != '"')
		return broken(here, "broken JSON: a key is missing");
	if ((after = string(here, &text, &n)) == nullptr)
		return nullptr;
	*next = nullptr;
	if (step != nullptr && json_bytes::has_backslash(text, n)) {
		std::string plain(n + JSON_PADDING, '\0');
		size_t used = json_bytes::unescape(&plain[0], text, n);

		if (used == json_bytes::no_text)
			return broken(after, "broken JSON: an escape it does not have");
		*next = step->child(plain.data(), used);
	} else if (step != nullptr) {
		*next = step->child(text, n);
	}
	if (after >= end)
		return broken(after, "the JSON is cut off");
	if (buf[*after] != ':')
		return broken(after, "broken JSON: no colon after a key");
	if (*then != nullptr)
		*then = order.learn(step, *then, text, n, *next);
	return after + 1;
}

__attribute__((always_inline)) inline json::token json::value(token here, const node *step, uint32_t item, int depth)
{
	if (here >= end)
		return broken(here, "the JSON is cut off");

	char c = buf[*here];

	/* "[]" also takes a lone value: products write a list of one either way. */
	if (step != nullptr && step->is_list && c != '[')
		step = step->elements;
	if (c == '"')
		return keep_string(here, step, item);
	return c != '{' && c != '[' ? scalar(here, step, item) : nested(here, step, item, depth);
}

inline json::token json::object(token here, const node *step, uint32_t item, int depth)
{
	uint64_t seen = 0;
	size_t first = values.size(), keys = 0;
	json_order::link *then = order.beginning(step);

	here++;
	if (here < end && buf[*here] == '}')
		return here + 1;
	for (;;) {
		const node *next;

		if (here >= end)
			return broken(here, "the JSON is cut off");
		if ((here = key(here, step, &next, &then)) == nullptr)
			return nullptr;
		if (++keys > (size_t)most_keys)
			return beyond(here, "an object of more than %zu keys", (size_t)most_keys);
		if (next != nullptr && next->number < 64) {
			uint64_t bit = UINT64_C(1) << next->number;

			if ((seen & bit) != 0) {
				was_doubled = true;
				drop(next, first);
			}
			seen |= bit;
		}
		if ((here = value(here, next, item, depth)) == nullptr)
			return nullptr;
		if (here >= end)
			return broken(here, "the JSON is cut off");
		if (buf[*here] == '}')
			return here + 1;
		if (buf[*here] != ',')
			return broken(here, "broken JSON: no comma between fields");
		here++;
	}
}

inline json::token json::array(token here, const node *step, uint32_t item, int depth)
{
	const node *element = step != nullptr ? step->elements : nullptr;

	here++;
	if (here < end && buf[*here] == ']')
		return here + 1;
	for (;;) {
		uint32_t own = item;

		if (here >= end)
			return broken(here, "the JSON is cut off");
		if (element != nullptr && (buf[*here] == '{' || buf[*here] == '[')) {
			own = (uint32_t)item_offsets.size();
			item_offsets.push_back(*here);
		}
		if ((here = value(here, element, own, depth)) == nullptr)
			return nullptr;
		if (here >= end)
			return broken(here, "the JSON is cut off");
		if (buf[*here] == ']')
			return here + 1;
		if (buf[*here] != ',')
			return broken(here, "broken JSON: no comma between elements");
		here++;
		if (here < end && buf[*here] == ']')
			return broken(here, "broken JSON: a comma before the closing bracket");
	}
}

/* An object or an array. Apart from value(), so that only they are called: most values are neither. */
__attribute__((noinline)) json::token json::nested(token here, const node *step, uint32_t item, int depth)
{
	if (depth >= most_depth)
		return beyond(here, "nested deeper than %zu levels", (size_t)most_depth);

	bool wanted = step != nullptr && step->slot != no_slot;
	size_t start = *here, mine = values.size();
	char c = buf[start];

	if (wanted)
		add(step->slot, c == '{' ? JSON_OBJECT : JSON_ARRAY, buf + start, 0, item);
	here = c == '{' ? object(here, step, item, depth + 1) : array(here, step, item, depth + 1);
	if (here != nullptr && wanted && mine < values.size())
		values[mine].length = (uint32_t)(here[-1] + 1 - start);
	return here;
}

bool json::whole()
{
	if (at >= end)
		return fail("there is no JSON in it");
	switch (buf[*at]) {
	case '{': root = JSON_OBJECT; break;
	case '[': root = JSON_ARRAY; break;
	case '"': root = JSON_STRING_TEXT; break;
	case 't': case 'f': root = JSON_BOOL; break;
	case 'n': root = JSON_NULL; break;
	default: root = JSON_NUMBER; break;
	}

	token after = value(at, paths->root, 0, 0);

	if (after == nullptr)
		return false;
	at = after;
	if (at < end)
		return fail("broken JSON: text after the value");
	mark_twins();
	return escapes_are_right();
}

bool json::escapes_are_right()
{
	size_t where = json_bytes::broken_escape(buf, length);

	if (where == length)
		return true;
	/* Told at the token behind the string, as those of what is kept are. */
	at = std::upper_bound(end - engine->n_structural_indexes, end, (uint32_t)where);
	return fail("broken JSON: an escape it does not have");
}

extern "C" struct json *json_new(void) { return new json(); }

extern "C" void json_limits(struct json *j, int depth, int keys, size_t string)
{
	j->most_depth = depth > 0 ? depth : j->most_depth;
	j->most_keys = keys > 0 ? keys : j->most_keys;
	j->most_string = string > 0 ? string : j->most_string;
}

extern "C" void json_free(struct json *j) { delete j; }

static bool make_room(struct json *j, size_t n)
{
	size_t want = 4096;

	while (want < n)
		want *= 2;
	if (j->strings.size() < want + 64)
		j->strings.resize(want + 64);
	if (j->engine != nullptr && j->engine->capacity() >= n)
		return true;
	if (j->engine == nullptr)
		return simdjson::get_active_implementation()->create_dom_parser_implementation(
			want, j->most_depth, j->engine) == simdjson::SUCCESS;
	return j->engine->allocate(want, j->most_depth) == simdjson::SUCCESS;
}

/* Invalid bytes become U+FFFD, the text around them stays. */
static void repair(struct json *j, const char *bytes, size_t n)
{
	std::vector<char> out;

	out.reserve(n + n / 8 + 64);
	for (size_t i = 0; i < n;) {
		size_t taken;
		char four[4];
		uint32_t rune = utf8_next(bytes + i, n - i, &taken);
		size_t wrote = utf8_put(four, rune);

		out.insert(out.end(), four, four + wrote);
		i += taken;
	}
	j->repaired.swap(out);
}

static int read_once(struct json *j, const char *bytes, size_t n, size_t room, simdjson::error_code *broken)
{
	*broken = simdjson::SUCCESS;
	j->forget();
	j->order.begin(j->paths);
	j->at = j->end = nullptr;
	if (n == 0)
		return j->fail("there is no JSON in it"), -1;
	if (n > UINT32_MAX / 2 || !make_room(j, n))
		return j->fail("the record is too long"), -1;
	j->string_at = j->strings.data();
	if (room < n + JSON_PADDING) {
		j->padded.resize(n + JSON_PADDING);
		memcpy(j->padded.data(), bytes, n);
		memset(j->padded.data() + n, ' ', JSON_PADDING);
		bytes = j->padded.data();
	}
	*broken = j->engine->stage1(reinterpret_cast<const uint8_t *>(bytes), n, simdjson::stage1_mode::regular);
	if (*broken == simdjson::UNCLOSED_STRING)
		return j->fail("broken JSON: a string is not closed"), -1;
	if (*broken == simdjson::UNESCAPED_CHARS)
		return j->fail("broken JSON: a control character inside a string"), -1;
	if (*broken != simdjson::SUCCESS)
		return j->fail(*broken == simdjson::EMPTY ? "there is no JSON in it" : "broken JSON"), -1;
	j->buf = bytes;
	j->length = n;
	j->at = j->engine->structural_indexes.get();
	j->end = j->at + j->engine->n_structural_indexes;
	j->engine->structural_indexes[j->engine->n_structural_indexes] = (uint32_t)n;
	return j->whole() ? 0 : -1;
}

extern "C" int json_read(struct json *j, const struct json_paths *p, const char *bytes, size_t n, size_t room,
                         const char **why)
{
	simdjson::error_code broken;
	int rc;

	j->paths = p;
	j->was_repaired = false;
	try {
		rc = read_once(j, bytes, n, room, &broken);
		if (rc < 0 && broken == simdjson::UTF8_ERROR) {
			repair(j, bytes, n);
			j->was_repaired = true;
			rc = read_once(j, j->repaired.data(), j->repaired.size(), j->repaired.size(), &broken);
		}
	} catch (const std::bad_alloc &) {
		j->why = "there is not enough memory for the record";
		rc = -1;
	}
	if (why != nullptr)
		*why = rc < 0 ? j->why : nullptr;
	if (rc < 0) {
		const char *kept = j->why;

		j->forget();
		j->why = kept;
	}
	return rc;
}

extern "C" enum json_type json_root(const struct json *j) { return j->root; }

extern "C" size_t json_broken_at(const struct json *j)
{
	return j->why != nullptr && j->at != nullptr && j->at < j->end ? *j->at : 0;
}

extern "C" bool json_repaired(const struct json *j) { return j->was_repaired; }

extern "C" bool json_doubled(const struct json *j) { return j->was_doubled; }

extern "C" const struct json_value *json_first(const struct json *j, size_t path)
{
	return json_has(j, path) ? &j->values[(size_t)j->heads[j->paths->slot_of[path]]] : nullptr;
}

extern "C" const struct json_value *json_next(const struct json *j, const struct json_value *v)
{
	return v->next < 0 ? nullptr : &j->values[(size_t)v->next];
}

extern "C" const char *json_text(const struct json *j, size_t path)
{
	if (!json_has(j, path))
		return nullptr;

	const json_value &v = j->values[(size_t)j->tails[j->paths->slot_of[path]]];

	return v.type == JSON_NULL || v.type == JSON_OBJECT || v.type == JSON_ARRAY ? nullptr : v.text;
}

extern "C" bool json_has(const struct json *j, size_t path)
{
	return (j->present[path / 64] >> path % 64 & 1) != 0;
}

extern "C" void json_each(const struct json *j, const uint64_t *of,
                          void (*take)(void *ctx, size_t path, const struct json_value *v), void *ctx)
{
	for (size_t word = 0; word < j->present.size(); word++)
		for (uint64_t left = j->present[word] & of[word]; left != 0; left &= left - 1) {
			size_t path = word * 64 + (size_t)__builtin_ctzll(left);

			for (int32_t i = j->heads[j->paths->slot_of[path]]; i >= 0; i = j->values[(size_t)i].next)
				take(ctx, path, &j->values[(size_t)i]);
		}
}

extern "C" size_t json_item_offset(const struct json *j, uint32_t item)
{
	return item < j->item_offsets.size() ? j->item_offsets[item] : 0;
}
