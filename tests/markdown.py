#!/usr/bin/env python3
"""What a wiki or a ticket makes of our Markdown: markdown.py PROGRAM

All reports of the sample week in both languages, rendered by GitHub's own library (Debian: cmark-gfm): every mark of ours is
understood, headings go down a level at a time, tables are tables, nothing becomes a link, and the label stands at both ends.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXTENSIONS = [word for name in ("table", "autolink", "strikethrough", "tasklist") for word in ("-e", name)]
LONGEST_TABLE = 60                    # rows: evidence, of which a report has up to 48 and their files
FOUND = []


def want(ok, what):
    if not ok:
        FOUND.append(what)


def shown(text):
    front, _, body = text.removeprefix("---\n").partition("\n---\n")
    want(re.search(r'^title: ".+"$', front, re.M) and re.search(r'^tlp: "TLP:', front, re.M), "the head has no title or label")
    done = subprocess.run(["cmark-gfm", *EXTENSIONS], input=body, capture_output=True, text=True, check=True)
    return done.stdout


def check(name, text):
    page = shown(text)
    words = re.sub(r"<code>.*?</code>", "", page)
    # The sample week holds neither stars nor underscores that would be said aloud.
    for mark in ("**", "| ---", "](", "&lt;", "\\[", "\\|"):
        want(mark not in words, f"{name}: '{mark}' is shown: {words[max(0, words.find(mark) - 60):][:120]!r}")
    want("<a " not in page, f"{name}: holds a link")
    labels = re.findall(r"^<p><strong>(TLP:[A-Z+]+)</strong></p>$", page, re.M)
    want(len(labels) == 2 and page.startswith(f"<p><strong>{labels[0]}") and page.rstrip().endswith(f"{labels[1]}</strong></p>"),
         f"{name}: the label stands at {len(labels)} places")
    levels = [int(n) for n in re.findall(r"<h(\d)>", page)]
    want(levels[:1] == [1] and levels.count(1) == 1, f"{name}: {levels.count(1)} titles")
    want(all(b <= a + 1 for a, b in zip(levels, levels[1:])), f"{name}: headings leave out a level: {levels}")
    tables = re.findall(r"<table>.*?</table>", page, re.S)
    want(len(tables) == len(re.findall(r"^\| :?-", text, re.M)), f"{name}: {len(tables)} tables are understood")
    for table in tables:
        head = re.search(r"<th[ >].*?</tr>", table, re.S)[0].count("</th>")
        rows = table.split("<tbody>")[-1].split("</tr>")[:-1]
        want(all(row.count("</td>") == head for row in rows) and len(rows) <= LONGEST_TABLE, f"{name}: a table of {len(rows)} rows")
        for column in range(head):
            cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)[column] for row in rows]
            want(any(cells), f"{name}: an empty column")
    return page


def main():
    program = os.path.realpath(sys.argv[1])
    if not shutil.which("cmark-gfm"):
        print("markdown: skipped, no cmark-gfm")
        return 0
    with tempfile.TemporaryDirectory(prefix="tsumugi-markdown.") as work:
        case, out = os.path.join(work, "a.db"), os.path.join(work, "out")
        subprocess.run([program, "--case", case, "import", os.path.join(ROOT, "samples", "proxylogon-week")], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run([program, "--case", case, "report", "all", "--to", "md", "-o", out], check=True)
        names = sorted(os.listdir(out))
        want(len(names) == 6, f"{len(names)} reports instead of 6")
        pages = {}
        for name in names:
            with open(os.path.join(out, name), encoding="utf-8") as file:
                pages[name] = check(name, file.read())
        for lang, word, terms in (("en", "Summary", "Terms"), ("ja", "\u6982\u8981", "\u7528\u8a9e")):
            want(re.search(rf"<h2>1\s+{word}</h2>\n<p><strong>", pages[f"customer.{lang}.md"]), f"customer.{lang}.md: no byline")
            told = re.search(rf"<h3>{terms}</h3>\n<ul>(.*?)</ul>", pages[f"customer.{lang}.md"], re.S)
            want(told and 8 < told[1].count("<li>") < 16 and "<strong>Web" in told[1] and "DNS" not in told[1],
                 f"customer.{lang}.md: other terms than those of its story")
            page = pages[f"executive.{lang}.md"]
            want(len(re.findall(r"<li><strong>[^<]+</strong>: <strong>", page)) == 8,
                 f"executive.{lang}.md: four figures and four impacts are not told")
            want(re.search(r"<ol>\n(<li>.+\(.+\)</li>\n){3}</ol>", page), f"executive.{lang}.md: the decisions are no list")
    for line in FOUND[:40]:
        print("markdown: " + line)
    print(f"markdown: {len(names)} reports, {len(FOUND)} findings")
    return 1 if FOUND else 0


if __name__ == "__main__":
    sys.exit(main())
