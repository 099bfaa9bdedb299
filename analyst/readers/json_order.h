/* Records of one product have their keys in the same order, nearly. What came behind a key last time is compared first, with
 * its quotes and its colon in one go; only when it is another the key is taken apart and looked up. For json.cc. */
#ifndef TSUMUGI_JSON_ORDER_H
#define TSUMUGI_JSON_ORDER_H

#include "analyst/readers/json_bytes.h"
#include "analyst/readers/json_paths.h"

class json_order {
public:
	struct key;
	using link = key *;                /* a key that was met, or nullptr */

	struct alignas(64) key {
		char text[32];                 /* "name": */
		uint32_t mask;                 /* a bit each byte of it */
		link then;                     /* what came behind it last */
		link other;                    /* another key of this step */
		const json_tree::node *next;   /* of the tree; nullptr for a key nobody asked for */

		/* Whether it begins at s, quotes, colon and all. */
		bool is_at(const char *s) const { return json_bytes::equal32(text, s, mask); }
	};

	/* Where it is kept what an object of this step began with last; nullptr for a step nobody asked for. */
	link *beginning(const json_tree::node *step) { return step != nullptr ? &begun[step->number_of_all] : nullptr; }

	/* Keeps that the key came where *at says, and gives where it is kept what comes behind it; nullptr when that is not worth it. */
	link *learn(const json_tree::node *step, link *at, const char *key, size_t n, const json_tree::node *next);

	/* Forgets what belongs to other paths. */
	void begin(const json_paths *paths);

private:
	static constexpr size_t most = 1024;
	std::vector<key> met;
	std::vector<link> begun, keys;     /* of a step: what comes first; all that were met */
	uint64_t serial = 0;
};

#endif
