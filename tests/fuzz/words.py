#!/usr/bin/env python3
"""Writes a dictionary for libFuzzer: the words of files, those of most files first.

    words.py FILE... >DICTIONARY

Which keys a reader of JSON or columns asks for stands in tables that are hashed, where libFuzzer does not see them compared:
they are taken from its seeds, and from files that hold every field there is. A word is a name, or a value of the
kinds that decide something: numbers, times, short sentences are found by themselves.
"""
import collections, os, re, sys

MOST = 1500
SYNTAX = ('{"', '":"', '":[', '"},{"', "null", "true", "1e309", "-0", "\\u0000", "\\ud800", "\x1e", "\ufeff",
          "<![CDATA[", "]]>", "<!--", "-->", "<?xml version=\"1.0\" encoding=\"", "&#x0;", "&lt;", "/>", "xmlns=\"",
          "CEF:0|", "LEEF:2.0|", "\\|", "\\=", "\t", ",,", '"""', "sep=;", "1970-01-01T00:00:00Z", "2026-13-32T25:61:61")


def quoted(word):
    return '"' + "".join(c if " " <= c <= "~" and c not in '"\\' else "".join(f"\\x{b:02x}" for b in c.encode()) for c in word) + '"'


words = collections.Counter()
for name in filter(os.path.isfile, sys.argv[1:]):
    with open(name, "rb") as f:
        text = f.read(1 << 18).decode("utf-8", "replace")
    words.update(set(re.findall(r"[A-Za-z_#@$%][A-Za-z0-9_.@:#%-]{1,39}", text)))
for word in [*SYNTAX, *sorted(words, key=lambda w: (-words[w], w))[:MOST]]:
    print(quoted(word))
