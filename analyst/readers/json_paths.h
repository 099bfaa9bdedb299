/* The paths asked for, as a tree of keys. For json.cc; json.h says what a path is. */
#ifndef TSUMUGI_JSON_PATHS_H
#define TSUMUGI_JSON_PATHS_H

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

namespace json_tree {

constexpr uint32_t no_slot = UINT32_MAX;

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
 * no two of them collide, which makes a miss one comparison. What a walk looks at comes first. */
struct node {
	words ends;
	const char *bytes = nullptr;       /* of its key */
	uint32_t length = 0;
	uint32_t slot = no_slot;           /* where its values go: the first path that leads here */
	uint32_t number = 0;               /* among its parent's children */
	uint32_t number_of_all = 0;
	uint32_t multiplier = 1;
	uint32_t mask = 0;                 /* of places in the table */
	bool is_list = false;              /* only its elements are asked for */
	node *const *places = nullptr;     /* the table; none for a step without children */
	node *elements = nullptr;

	std::string key;
	std::vector<node *> children, table;

	void call(const std::string &name);
	void index();

	bool is(const char *s, size_t n) const
	{
		return length == n && ends == words(s, n) && (n <= 16 || memcmp(bytes, s, n) == 0);
	}
	static uint32_t mix(const char *s, size_t n)
	{
		return (uint32_t)n + ((uint32_t)(unsigned char)s[0] << 8) + ((uint32_t)(unsigned char)s[n - 1] << 16) +
		       ((uint32_t)(unsigned char)s[n / 2] << 24);
	}
	const node *child(const char *s, size_t n) const
	{
		if (places == nullptr || n == 0)
			return among_children(s, n);

		const node *at = places[(mix(s, n) * multiplier >> 16) & mask];

		return at != nullptr && at->is(s, n) ? at : nullptr;
	}

private:
	bool settle();
	const node *among_children(const char *s, size_t n) const;
};

}  // namespace json_tree

struct json_paths {
	uint64_t serial;                   /* no other paths had it */
	std::vector<std::unique_ptr<json_tree::node>> nodes;
	json_tree::node *root;
	std::vector<uint32_t> slot_of;     /* path -> slot: equal paths have that of the first */
	std::vector<uint32_t> twins;       /* paths that are equal to an earlier one */
	size_t words = 0;                  /* of 64 paths */

	json_tree::node *make();
};

#endif
