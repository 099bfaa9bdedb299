/* simdjson finds where the tokens of a record begin and checks its UTF-8 (its "stage 1",
 * the part that needs vector instructions); the walk over those tokens is ours, because
 * no front of simdjson both checks a whole record and leaves numbers as they are written:
 * the DOM turns 2^64 and more into an error, on-demand does not check what it skips. */
#include "analyst/readers/json.h"

#include <simdjson.h>

#include <memory>
#include <new>
#include <string>
#include <vector>

extern "C" {
#include "analyst/base/arena.h"
#include "analyst/base/text.h"
}

namespace {

/* Nobody in C could catch what new throws. */
[[maybe_unused]] const std::new_handler before = std::set_new_handler(out_of_memory);

constexpr size_t no_slot = SIZE_MAX;

/* Most keys are told by two words: their first and their last eight bytes, or of short ones all they have. */
struct words {
	uint64_t first = 0, last = 0;

	words() = default;
	words(const char *s, size_t n)
	{
		uint32_t a, b;

		if (n >= 8) {
			memcpy(&first, s, 8);
			memcpy(&last, s + n - 8, 8);
		} else if (n >= 4) {
			memcpy(&a, s, 4);
			memcpy(&b, s + n - 4, 4);
			first = a | (uint64_t)b << 32;
		} else if (n > 0) {
			first = (unsigned char)s[0] | (uint64_t)(unsigned char)s[n / 2] << 8 | (uint64_t)(unsigned char)s[n - 1] << 16;
		}
	}
	bool operator==(const words &other) const { return first == other.first && last == other.last; }
};

/* A path's step. Children sit in a small open table; the multiplier is searched so that
 * no two of them collide, which makes a miss one comparison. */
struct node {
	std::string key;
	words short_key;
	size_t slot = no_slot;
	size_t number = 0;                 /* among its parent's children */
	node *elements = nullptr;
	std::vector<node *> children;
	std::vector<node *> table;
	uint32_t multiplier = 1;
	size_t mask = 0;                   /* of places in the table */

	void call(const std::string &name)
	{
		key = name;
		short_key = words(key.data(), key.size());
	}
	bool is(const char *s, size_t n) const
	{
		return key.size() == n && short_key == words(s, n) && (n <= 16 || memcmp(key.data(), s, n) == 0);
	}
	static uint32_t mix(const char *s, size_t n)
	{
		return (uint32_t)n + ((uint32_t)(unsigned char)s[0] << 8) + ((uint32_t)(unsigned char)s[n - 1] << 16) +
		       ((uint32_t)(unsigned char)s[n / 2] << 24);
	}
	size_t place(uint32_t mixed) const { return (size_t)((mixed * multiplier) >> 16) & mask; }

	bool settle()
	{
		for (node *&at : table)
			at = nullptr;
		for (node *c : children) {
			node *&at = table[place(mix(c->key.data(), c->key.size()))];

			if (at != nullptr)
				return false;
			at = c;
		}
		return true;
	}
	/* Keys that differ nowhere the mix looks can never be told apart by it: such a
	 * node keeps an empty table and is searched in order. */
	void index()
	{
		for (size_t size = 8; size <= 1024; size *= 2) {
			if (size < children.size() * 2)
				continue;
			table.assign(size, nullptr);
			mask = size - 1;
			multiplier = 0x9E3779B1u;
			for (int attempt = 0; attempt < 64; attempt++, multiplier = multiplier * 0x85EBCA6Bu | 1u)
				if (settle())
					return;
		}
		table.clear();
	}
	node *child(const char *s, size_t n) const
	{
		if (n == 0 || children.empty())
			return nullptr;
		if (!table.empty()) {
			node *at = table[place(mix(s, n))];

			return at != nullptr && at->is(s, n) ? at : nullptr;
		}
		for (node *c : children)
			if (c->is(s, n))
				return c;
		return nullptr;
	}
};

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* The number grammar of RFC 8259, which is stricter than strtod. */
bool number_is_right(const char *s, size_t n)
{
	size_t i = 0;

	if (i < n && s[i] == '-')
		i++;
	if (i >= n || !is_digit(s[i]))
		return false;
	if (s[i] == '0')
		i++;
	else
		while (i < n && is_digit(s[i]))
			i++;
	if (i < n && s[i] == '.') {
		if (++i >= n || !is_digit(s[i]))
			return false;
		while (i < n && is_digit(s[i]))
			i++;
	}
	if (i < n && (s[i] == 'e' || s[i] == 'E')) {
		i++;
		if (i < n && (s[i] == '+' || s[i] == '-'))
			i++;
		if (i >= n || !is_digit(s[i]))
			return false;
		while (i < n && is_digit(s[i]))
			i++;
	}
	return i == n;
}

int hex4(const char *s)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		char c = s[i];
		int d = is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

/* Undoes the escapes of n bytes into out (may be NULL: only checks). Returns the length,
 * or SIZE_MAX for an escape JSON does not have. */
size_t unescape(char *out, const char *s, size_t n)
{
	size_t used = 0, i = 0;

	while (i < n) {
		const char *slash = static_cast<const char *>(memchr(s + i, '\\', n - i));
		size_t plain = slash == nullptr ? n - i : (size_t)(slash - (s + i));

		if (out != nullptr)
			memcpy(out + used, s + i, plain);
		used += plain;
		i += plain;
		if (slash == nullptr)
			break;
		if (i + 1 >= n)
			return SIZE_MAX;

		char c = s[i + 1], plainly = 0;

		i += 2;
		switch (c) {
		case '"': case '\\': case '/': plainly = c; break;
		case 'b': plainly = '\b'; break;
		case 'f': plainly = '\f'; break;
		case 'n': plainly = '\n'; break;
		case 'r': plainly = '\r'; break;
		case 't': plainly = '\t'; break;
		case 'u': break;
		default: return SIZE_MAX;
		}
		if (plainly != 0) {
			if (out != nullptr)
				out[used] = plainly;
			used++;
			continue;
		}
		if (i + 4 > n)
			return SIZE_MAX;

		int unit = hex4(s + i);
		uint32_t rune;

		if (unit < 0)
			return SIZE_MAX;
		i += 4;
		rune = (uint32_t)unit;
		if (unit >= 0xD800 && unit < 0xDC00 && i + 6 <= n && s[i] == '\\' && s[i + 1] == 'u') {
			int low = hex4(s + i + 2);

			if (low >= 0xDC00 && low < 0xE000) {
				rune = 0x10000 + (((uint32_t)unit - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
				i += 6;
			}
		}
		if ((rune >= 0xD800 && rune < 0xE000) || rune == 0)
			rune = 0xFFFD;

		char four[4];
		size_t taken = utf8_put(four, rune);

		if (out != nullptr)
			memcpy(out + used, four, taken);
		used += taken;
	}
	return used;
}

}  // namespace

struct json_paths {
	std::vector<std::unique_ptr<node>> nodes;
	node *root;
	std::vector<size_t> slot_of;       /* path -> slot: equal paths share one */
	size_t slots = 0;
	size_t words = 0;                  /* of 64 paths */
	std::vector<uint64_t> paths_of;    /* a slot's, words a slot */

	node *make()
	{
		nodes.emplace_back(new node());
		return nodes.back().get();
	}
};

struct json {
	std::unique_ptr<simdjson::internal::dom_parser_implementation> engine;
	const json_paths *paths = nullptr;

	const char *buf = nullptr;
	size_t length = 0;
	const uint32_t *at = nullptr, *end = nullptr;   /* token starts */
	const char *slash = nullptr;                    /* the last backslash found, or the end */

	int most_depth = JSON_DEPTH, most_keys = JSON_KEYS;
	size_t most_string = JSON_STRING;
	char told[80];                                  /* the sentence of a limit */

	std::vector<char> padded, repaired, strings;
	char *string_at = nullptr;
	std::vector<json_value> values;
	std::vector<int32_t> heads, tails;              /* of a slot: -1 is none, and then its tail means nothing */
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
		heads.assign(paths->slots, -1);
		tails.resize(paths->slots);
		present.assign(paths->words, 0);
		item_offsets.assign(1, 0);
		string_at = strings.data();
		was_doubled = false;
		why = nullptr;
	}
	json_value *add(size_t slot, json_type type, const char *text, size_t n, uint32_t item)
	{
		int32_t me = (int32_t)values.size();

		values.push_back({text, (uint32_t)n, item, -1, (uint32_t)type});
		if (heads[slot] < 0) {
			heads[slot] = me;
			for (size_t i = 0; i < paths->words; i++)
				present[i] |= paths->paths_of[slot * paths->words + i];
		} else {
			values[(size_t)tails[slot]].next = me;
		}
		tails[slot] = me;
		return &values.back();
	}
	/* The last of equal keys wins: what an earlier one gave since `first` goes. */
	void drop(const node *n, size_t first)
	{
		if (n->slot != no_slot) {
			int32_t i = heads[n->slot], kept = -1;

			while (i >= 0 && (size_t)i < first) {
				kept = i;
				i = values[(size_t)i].next;
			}
			if (kept < 0) {
				heads[n->slot] = -1;
				for (size_t k = 0; k < paths->words; k++)
					present[k] &= ~paths->paths_of[n->slot * paths->words + k];
			} else {
				values[(size_t)kept].next = -1;
			}
			tails[n->slot] = kept;
		}
		if (n->elements != nullptr)
			drop(n->elements, first);
		for (const node *c : n->children)
			drop(c, first);
	}
	/* Whether n bytes at s hold a backslash: the record is searched for them once, since
	 * its strings come in order. */
	bool has_escape(const char *s, size_t n)
	{
		if (slash < s) {
			slash = static_cast<const char *>(memchr(s, '\\', (size_t)(buf + length - s)));
			if (slash == nullptr)
				slash = buf + length;
		}
		return slash < s + n;
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
	token key(token here, const node *step, const node **next);
	token object(token here, const node *step, uint32_t item, int depth);
	token array(token here, const node *step, uint32_t item, int depth);
	token value(token here, const node *step, uint32_t item, int depth);
	void keep_text(size_t slot, json_type type, const char *text, size_t n, uint32_t item);
	bool whole();
};

/* The raw text of the string at the next token: it ends at the quote before the token
 * after it, since only blanks can stand between. */
inline json::token json::string(token here, const char **text, size_t *n)
{
	size_t start = *here, stop = here + 1 < end ? here[1] : length;

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

/* Both sides have bytes to spare behind them, and most texts are short. */
inline void json::keep_text(size_t slot, json_type type, const char *text, size_t n, uint32_t item)
{
	memcpy(string_at, text, 32);
	if (n > 32)
		memcpy(string_at + 32, text + 32, n - 32);
	string_at[n] = '\0';
	add(slot, type, string_at, n, item);
	string_at += n + 1;
}

inline json::token json::keep_string(token here, const node *step, uint32_t item)
{
	bool wanted = step != nullptr && step->slot != no_slot;
	const char *text;
	size_t n, used;
	token next = string(here, &text, &n);

	if (next == nullptr)
		return nullptr;
	if (!has_escape(text, n)) {
		if (wanted)
			keep_text(step->slot, JSON_STRING_TEXT, text, n, item);
		return next;
	}
	used = unescape(wanted ? string_at : nullptr, text, n);
	if (used == SIZE_MAX)
		return broken(next, "broken JSON: an escape it does not have");
	if (wanted) {
		string_at[used] = '\0';
		add(step->slot, JSON_STRING_TEXT, string_at, used, item);
		string_at += used + 1;
	}
	return next;
}

inline json::token json::scalar(token here, const node *step, uint32_t item)
{
	const char *text = buf + *here;
	size_t stop = here + 1 < end ? here[1] : length, n;
	json_type type;

	while (stop > *here && is_space(buf[stop - 1]))
		stop--;
	n = stop - *here;
	if (n == 4 && memcmp(text, "null", 4) == 0)
		type = JSON_NULL;
	else if ((n == 4 && memcmp(text, "true", 4) == 0) || (n == 5 && memcmp(text, "false", 5) == 0))
		type = JSON_BOOL;
	else if (number_is_right(text, n))
		type = JSON_NUMBER;
	else
		return broken(here, "broken JSON: neither a value nor a number");
	if (step != nullptr && step->slot != no_slot)
		keep_text(step->slot, type, text, n, item);
	return here + 1;
}

/* A key and its colon. *next is the step it leads to, or NULL. */
inline json::token json::key(token here, const node *step, const node **next)
{
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
	if (has_escape(text, n)) {
		std::string plain(n, '\0');
		size_t used = unescape(&plain[0], text, n);

		if (used == SIZE_MAX)
			return broken(after, "broken JSON: an escape it does not have");
		if (step != nullptr)
			*next = step->child(plain.data(), used);
	} else if (step != nullptr) {
		*next = step->child(text, n);
	}
	if (after >= end)
		return broken(after, "the JSON is cut off");
	if (buf[*after] != ':')
		return broken(after, "broken JSON: no colon after a key");
	return after + 1;
}

json::token json::object(token here, const node *step, uint32_t item, int depth)
{
	uint64_t seen = 0;
	size_t first = values.size(), keys = 0;

	here++;
	if (here < end && buf[*here] == '}')
		return here + 1;
	for (;;) {
		const node *next;

		if (here >= end)
			return broken(here, "the JSON is cut off");
		if ((here = key(here, step, &next)) == nullptr)
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

json::token json::array(token here, const node *step, uint32_t item, int depth)
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

inline json::token json::value(token here, const node *step, uint32_t item, int depth)
{
	if (here >= end)
		return broken(here, "the JSON is cut off");

	char c = buf[*here];

	/* "[]" also takes a lone value: products write a list of one either way. */
	if (step != nullptr && step->elements != nullptr && c != '[' && step->slot == no_slot && step->children.empty())
		step = step->elements;
	if (c == '"')
		return keep_string(here, step, item);
	if (c != '{' && c != '[')
		return scalar(here, step, item);
	if (depth >= most_depth)
		return beyond(here, "nested deeper than %zu levels", (size_t)most_depth);

	bool wanted = step != nullptr && step->slot != no_slot;
	size_t start = *here, mine = values.size();

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
	return true;
}

extern "C" struct json *json_new(void) { return new json(); }

extern "C" void json_limits(struct json *j, int depth, int keys, size_t string)
{
	j->most_depth = depth > 0 ? depth : j->most_depth;
	j->most_keys = keys > 0 ? keys : j->most_keys;
	j->most_string = string > 0 ? string : j->most_string;
}

extern "C" void json_free(struct json *j) { delete j; }

extern "C" struct json_paths *json_paths_new(const char *const *paths, size_t count)
{
	json_paths *p = new json_paths();

	p->root = p->make();
	for (size_t i = 0; i < count; i++) {
		node *step = p->root;
		const char *s = paths[i];

		while (*s != '\0') {
			std::string key;

			if (s[0] == '[' && s[1] == ']') {
				if (step->elements == nullptr)
					step->elements = p->make();
				step = step->elements;
				s += 2;
				continue;
			}
			if (*s == '.')
				s++;
			while (*s != '\0' && *s != '.' && !(s[0] == '[' && s[1] == ']')) {
				if (*s == '\\' && s[1] != '\0')
					s++;
				key += *s++;
			}

			node *next = nullptr;

			for (node *c : step->children)
				if (c->key == key)
					next = c;
			if (next == nullptr) {
				next = p->make();
				next->call(key);
				next->number = step->children.size();
				step->children.push_back(next);
			}
			step = next;
		}
		if (step->slot == no_slot)
			step->slot = p->slots++;
		p->slot_of.push_back(step->slot);
	}
	for (auto &n : p->nodes)
		n->index();
	p->words = (count + 63) / 64;
	p->paths_of.assign(p->slots * p->words, 0);
	for (size_t i = 0; i < count; i++)
		p->paths_of[p->slot_of[i] * p->words + i / 64] |= UINT64_C(1) << i % 64;
	return p;
}

/* The step shares the root's children, so that one table serves both depths. */
extern "C" void json_paths_below(struct json_paths *p, const char *key)
{
	node *step = p->make();

	step->call(key);
	step->children = p->root->children;
	step->index();
	step->number = p->root->children.size();
	p->root->children.push_back(step);
	p->root->index();
}

extern "C" void json_paths_free(struct json_paths *p) { delete p; }

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
	j->slash = bytes - 1;
	j->at = j->engine->structural_indexes.get();
	j->end = j->at + j->engine->n_structural_indexes;
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
	int32_t i = j->heads[j->paths->slot_of[path]];

	return i < 0 ? nullptr : &j->values[(size_t)i];
}

extern "C" const struct json_value *json_next(const struct json *j, const struct json_value *v)
{
	return v->next < 0 ? nullptr : &j->values[(size_t)v->next];
}

extern "C" const char *json_text(const struct json *j, size_t path)
{
	size_t slot = j->paths->slot_of[path];

	if (j->heads[slot] < 0)
		return nullptr;

	const json_value &v = j->values[(size_t)j->tails[slot]];

	return v.type == JSON_NULL || v.type == JSON_OBJECT || v.type == JSON_ARRAY ? nullptr : v.text;
}

extern "C" bool json_has(const struct json *j, size_t path)
{
	return j->heads[j->paths->slot_of[path]] >= 0;
}

extern "C" size_t json_next_path(const struct json *j, size_t path)
{
	for (size_t word = path / 64; word < j->present.size(); word++, path = 0) {
		uint64_t left = j->present[word] >> path % 64 << path % 64;

		if (left != 0)
			return word * 64 + (size_t)__builtin_ctzll(left);
	}
	return JSON_NO_PATH;
}

extern "C" size_t json_item_offset(const struct json *j, uint32_t item)
{
	return item < j->item_offsets.size() ? j->item_offsets[item] : 0;
}
