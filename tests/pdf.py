#!/usr/bin/env python3
"""What other people's programs say of our PDFs: pdf.py PROGRAM

All reports of the sample week in both languages: valid for qpdf, mutool and PDFBox Preflight (PDF/A-1b), fonts embedded, pages
labelled and numbered, words within the margins and not over each other, nothing that acts or leads out, what is told found in
the text again, the same bytes each time. Much of that of weeks at their limits (STATES) and of one that attacks, with the memory
they take; and each chart as PDF beside the same chart as PNG. Needs poppler and qpdf; mutool (mupdf-tools), Preflight (Debian:
libpdfbox2-java and its like, see JARS) and ImageMagick are used where they are.
"""
import csv
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JARS = [f"/usr/share/java/{name}.jar" for name in
        ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")]
KIND_LIMITS = {"executive": (1, 100_000), "weekly": (5, 180_000), "customer": (10, 210_000)}    # pages, bytes
STATE_LIMITS = {"executive": (1, 120_000), "weekly": (12, 300_000), "customer": (25, 400_000)}
BODY = 9.2                            # points, at the least; a Japanese report sets it so
MEMORY = 64 * 1024                    # kB, of writing one report
INDICATORS_SHOWN = 500
MARGINS = (47, 22, 558, 829)          # left, top, right, bottom: hanging marks are within
NOISE_OF_PARITY = 0.015               # RMSE of blurred pictures: cairo snaps glyphs to pixels, the PDF reader does not
PDF_MARGIN = 32                       # 12 points, see SCENE_MARGIN
PNG_DPI = 192                         # of chart -o FILE.png
FOUND = []


def want(ok, what):
    if not ok:
        FOUND.append(what)


def ask(*command):
    """Standard output; errors and what was said of them count as findings."""
    done = subprocess.run(command, capture_output=True, check=False)
    said = done.stderr.decode(errors="replace").strip()
    want(done.returncode == 0 and not said, f"{' '.join(command)}: {said or done.returncode}")
    return done.stdout.decode(errors="replace")


def squeeze(text):
    return re.sub(r"\s+", "", text)


def text_of(path):
    return squeeze(ask("pdftotext", "-raw", path, "-"))


def check_file(path):
    ask("qpdf", "--check", path)
    if shutil.which("mutool"):
        ask("mutool", "info", path)


def check_fonts(name, path):
    rows = ask("pdffonts", path).splitlines()[2:]
    want(1 <= len(rows) <= 7, f"{name}: {len(rows)} fonts")
    for row in rows:
        want(re.search(r" yes yes yes ", row), f"{name}: a font is not embedded, subset and mapped: {row}")
        want(re.match(r"[A-Z]{6}\+(Lato|BIZUDGothic|JetBrainsMono)", row), f"{name}: another font: {row}")


def check_words(name, path, pages):
    page, words = 0, []
    for line in ask("pdftotext", "-bbox", path, "-").splitlines():
        if "<page " in line:
            page, words = page + 1, []
            continue
        found = re.search(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*)</word>', line)
        if not found:
            continue
        x0, y0, x1, y1 = (float(v) for v in found.groups()[:4])
        want(x0 >= MARGINS[0] and x1 <= MARGINS[2] and y0 >= MARGINS[1] and y1 <= MARGINS[3],
             f"{name} page {page}: '{found[5]}' is outside the margins")
        # Boxes are as high as the line: letters of two lines may not share more than a third of it.
        for a0, b0, a1, b1, other in words:
            if min(x1, a1) - max(x0, a0) > 1 and min(y1, b1) - max(y0, b0) > min(y1 - y0, b1 - b0) * 0.6:
                want(False, f"{name} page {page}: '{found[5]}' lies on '{other}'")
        words.append((x0, y0, x1, y1, found[5]))
    want(page == pages, f"{name}: {page} of {pages} pages hold words")


def check_pages(name, path, limits):
    info = ask("pdfinfo", path)
    pages = int(re.search(r"^Pages: *(\d+)", info, re.M)[1])
    most, size = limits
    want(pages <= most, f"{name}: {pages} pages")
    want(os.path.getsize(path) <= size, f"{name}: {os.path.getsize(path)} bytes")
    for n in range(1, pages + 1):
        words = ask("pdftotext", "-raw", "-f", str(n), "-l", str(n), path, "-")
        want(words.count("TLP:") == 2, f"{name} page {n}: the label stands {words.count('TLP:')} times")
        want(re.search(rf"(?<!\d){n} / {pages}$", words, re.M), f"{name} page {n}: has no '{n} / {pages}'")
        want(not re.search(r"https?://", words), f"{name} page {n}: a live address")
    check_words(name, path, pages)


def check_inside(name, path, lang, pictures=0):
    plain = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", path, "-"], capture_output=True, check=False)
    body = plain.stdout.decode("latin-1")
    for forbidden in ("/SMask", "/Encrypt", "/URI", "/JavaScript", "/JS ", "/Launch", "/EmbeddedFile", "/Interpolate"):
        want(forbidden not in body, f"{name}: holds {forbidden}")
    want(body.count("/Subtype /Image") == pictures, f"{name}: {body.count('/Subtype /Image')} pictures instead of {pictures}")
    want(not re.search(r"/ca [0.]", body, re.I), f"{name}: holds what is half transparent")
    want(f"/Lang ({'ja-JP' if lang == 'ja' else 'en-GB'})" in body, f"{name}: no or another language")
    want("/Outlines" in body and "/Title <" in body, f"{name}: no bookmarks")
    sizes = [float(s) for s in re.findall(r"/F\d+ ([\d.]+) Tf", body)]
    # Escapes are set at 0.82 of the text around.
    want(sizes and min(sizes) >= 5.8 * 0.82 - 0.01, f"{name}: letters of {min(sizes or [0])} points")
    want("executive" in name or any(BODY <= s <= 9.7 for s in sizes), f"{name}: no text of {BODY} points")


def check_leads(name, path, headings, work):
    """Bookmarks and links lead to pages of this file, and each heading has one; what the file says of itself it says the
    same way twice."""
    marks = json.loads(ask("qpdf", "--json", "--json-key=outlines", path))["outlines"]
    flat = list(marks)
    for mark in flat:
        flat.extend(mark.get("kids", []))
    want(flat, f"{name}: no bookmark")
    for mark in flat:
        want(mark["destpageposfrom1"], f"{name}: the bookmark '{mark['title']}' leads nowhere")
    lost = headings - {squeeze(mark["title"]) for mark in flat}
    want(headings and not lost, f"{name}: no bookmark for {lost}")
    plain = os.path.join(work, "plain.pdf")
    ask("qpdf", "--qdf", "--object-streams=disable", path, plain)
    pages = set(re.findall(r"page \d+: (\d+) 0 R", ask("qpdf", "--show-pages", plain)))
    with open(plain, encoding="latin-1") as file:
        leads = re.findall(r"/Dest \[\s*(\d+) 0 R\s+/XYZ", file.read())
    want(leads or "executive" in name, f"{name}: no link")
    want(set(leads) <= pages, f"{name}: a link leads nowhere")
    info = re.search(r"^Title: *(.*)$", ask("pdfinfo", path), re.M)
    meta = re.search(r"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", ask("pdfinfo", "-meta", path), re.S)
    want(info and meta and info[1] == html.unescape(meta[1]), f"{name}: two titles: {info and info[1]}, {meta and meta[1]}")


def raw_indicators():
    """As programs would follow them; words of a list that hold no dot are no addresses."""
    with open(os.path.join(ROOT, "samples", "proxylogon-week", "indicators.csv"), encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["type"] in ("ip", "domain", "url")]
    return {row["value"].replace("[.]", ".").lower() for row in rows}


def check_told(name, path, told, lang):
    """What the report says as JSON can be read out of the pages; no indicator can be followed."""
    text, incident = text_of(path), told["incidents"][0]
    whole = ask("pdftotext", "-raw", path, "-").lower().replace("\n", "")
    title = incident["title"] if lang == "en" else ""
    want(squeeze(title) in text, f"{name}: the title is not found: {title}")
    for raw in raw_indicators():
        want(raw not in whole, f"{name}: holds {raw} as it is")
    if not name.startswith("customer"):
        return
    # A sentence that follows another one may name its subject anew on the page.
    missed = [s[lang] for s in incident["sentences"] if squeeze(s[lang]) not in text]
    want(len(missed) * 10 <= len(incident["sentences"]), f"{name}: not found: {missed}")
    for chart in [incident["timeline"]] + incident["charts"]:
        if lang == "en" and chart["chart"] not in ("evidence-cards", "priority-factors"):     # these are set as text
            want(squeeze(chart["claim"]) in text and squeeze(chart["caption"]) in text, f"{name}: {chart['chart']} has no words")
    for value in incident["indicators"]:
        last = value.rfind(".") if " " not in value else -1
        want(squeeze(value if last < 0 else value[:last] + "[.]" + value[last + 1:]) in text or "/" in value,
             f"{name}: the indicator {value} is not found")


def check_same(program, case, work):
    """The same bytes again; with another date only what is dated differs."""
    def weekly(name, epoch=None):
        path = os.path.join(work, name)
        env = dict(os.environ, SOURCE_DATE_EPOCH=epoch) if epoch else None
        subprocess.run([program, "--case", case, "report", "weekly", "-o", path], check=True, env=env)
        with open(path, "rb") as file:
            return file.read(), re.sub(r"\d{1,2}(Mar|Apr)2021\d\d:\d\d:\d\dUTC", "", text_of(path))

    want(weekly("a.pdf") == weekly("b.pdf"), "two runs give two weeklies")
    first, second = weekly("c.pdf", "1615800000"), weekly("d.pdf", "1617300000")
    want(first[0] != second[0] and first[1] == second[1], "a date changes more than dates")


def check_archive(reports, work):
    if not shutil.which("java") or not all(os.path.exists(jar) for jar in JARS):
        print("pdf: PDF/A is not checked, no PDFBox Preflight (apt install libpdfbox2-java libjaxb-api-java)")
        return
    folder = os.path.join(work, "archive")
    os.mkdir(folder)
    for path in reports:
        os.link(path, os.path.join(folder, os.path.relpath(path, work).replace(os.sep, "-")))
    said = subprocess.run(["java", "-cp", ":".join(JARS), "org.apache.pdfbox.preflight.Validator_A1b", "batch", folder],
                          capture_output=True, check=False, text=True).stdout
    for name in os.listdir(folder):
        want(f"The file {name} is a valid PDF/A-1b file" in said, f"{name}: {said[max(0, said.find(name) - 20):][:500]}")


def check_charts(program, case, work):
    if not shutil.which("compare"):
        print("pdf: charts are not compared, no ImageMagick")
        return
    listed = [line.split()[0] for line in ask(program, "--case", case, "chart", "--list").splitlines() if line[:1].strip()]
    for chart in listed:
        for lang in ("en", "ja"):
            base = os.path.join(work, f"{chart}.{lang}")
            for ending in (".png", ".pdf"):
                subprocess.run([program, "--case", case, "chart", chart, "--lang", lang, "-o", base + ending], check=False,
                               capture_output=True)
            if not os.path.exists(base + ".pdf"):
                continue                            # nothing to show of this incident
            ask("pdftocairo", "-png", "-singlefile", "-r", str(PNG_DPI), base + ".pdf", base + ".pages")
            # The page has a margin on all sides, the picture none. A little blur leaves glyphs that were snapped to
            # pixels alike, and what is missing or elsewhere different.
            subprocess.run(["mogrify", "-shave", f"{PDF_MARGIN}x{PDF_MARGIN}", "+repage", base + ".pages.png"], check=True)
            subprocess.run(["mogrify", "-blur", "0x2", base + ".png", base + ".pages.png"], check=True)
            said = subprocess.run(["compare", "-metric", "RMSE", base + ".png", base + ".pages.png", "null:"],
                                  capture_output=True, check=False, text=True).stderr
            found = re.search(r"\(([\d.e-]+)\)", said)
            want(found and float(found[1]) <= NOISE_OF_PARITY, f"{chart} in {lang}: PNG and PDF differ: {said.strip()[:100]}")


def rows_none():
    return []


def rows_one():
    return [(0, "web shell found", "exch01", "")]


def rows_incidents():
    """10,000 machines, each with a break-in of its own."""
    return [(60 * host + 30 * step, rule, f"host{host:05}", f"c2-{host}.example") for host in range(10000)
            for step, rule in enumerate(("web shell found", "mimikatz credential dump", "ransomware detected"))]


def rows_table():
    """One break-in that names 10,000 machines of others, and 300 of ours with names of 90 letters."""
    return [(n // 4, "web shell found", f"exch{n % 300:03}" + "-x" * 41, f"c2-{n}.example") for n in range(10000)]


# REPORTS 9.17: weeks at the limits of what a report can be about.
STATES = [("none", rows_none, ("weekly",), ("en", "ja")), ("one", rows_one, tuple(KIND_LIMITS), ("en", "ja")),
          ("incidents", rows_incidents, tuple(KIND_LIMITS), ("en",)), ("table", rows_table, tuple(KIND_LIMITS), ("en",))]


def write_report(program, case, kind, lang, path):
    """How it ended, and the most memory it took."""
    asked = [program, "--case", case, "report", kind, "--lang", lang, "--since", "2021-03-08", "--until", "2021-03-15", "-o", path]
    with open(os.devnull, "wb") as nothing:
        done = subprocess.Popen(asked, stderr=nothing)
        _, status, used = os.wait4(done.pid, 0)
        done.returncode = os.waitstatus_to_exitcode(status)
    return done.returncode, used.ru_maxrss


def check_state(program, state, rows, kinds, langs, work):
    case, reports = os.path.join(work, state + ".db"), []
    with open(program, "rb") as file:
        watched = b"__asan_init" in file.read()
    with open(os.path.join(work, state + ".csv"), "w", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(("timestamp", "product", "rule", "severity", "host", "domain"))
        out.writerows((1615161600 + at % 604800, "EDR", rule, "critical", host, domain) for at, rule, host, domain in rows)
    subprocess.run([program, "--case", case, "import", file.name], check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for kind in KIND_LIMITS:
        for lang in langs:
            name = f"{state}-{kind}.{lang}.pdf"
            path = os.path.join(work, name)
            code, memory = write_report(program, case, kind, lang, path)
            if kind not in kinds:
                want(code == 3 and not os.path.exists(path), f"{name}: was written of nothing")
                continue
            want(code in (0, 3), f"{name}: ended with {code}")
            want(memory <= MEMORY or watched, f"{name}: took {memory} kB")
            check_file(path)
            check_fonts(name, path)
            check_pages(name, path, STATE_LIMITS[kind])
            reports.append(path)
    return reports


def check_limits(work):
    """What is left out at the limits is counted."""
    text = text_of(os.path.join(work, "table-customer.en.pdf"))
    named = len(set(re.findall(r"c2-\d+\[\.\]example", text)))
    more = re.search(r"([\d,]+)moreindicators|and([\d,]+)more", text)
    want(named <= INDICATORS_SHOWN + 50 and more, f"a table of {named} indicators, and {more} more")
    want("0incidents" not in text_of(os.path.join(work, "one-weekly.en.pdf")) and
         not re.search(r"\d%", text_of(os.path.join(work, "one-weekly.en.pdf"))), "one alert has a share in per cent")


def check_hostile(program, work):
    """Strings that attack, in every field: valid, and shown as what they are."""
    folder, case, reports = os.path.join(work, "hostile"), os.path.join(work, "hostile.db"), []
    os.mkdir(folder)
    subprocess.run([sys.executable, "-B", os.path.join(ROOT, "tests", "browser", "hostile.py"), folder, "-"], check=True)
    subprocess.run([program, "--case", case, "import", os.path.join(folder, "hostile.csv")], check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for kind in KIND_LIMITS:
        name = f"hostile-{kind}.en.pdf"
        path = os.path.join(folder, name)
        subprocess.run([program, "--case", case, "report", kind, "-o", path], check=True)
        check_file(path)
        check_fonts(name, path)
        text = ask("pdftotext", "-raw", path, "-")
        want(not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\x1b]", text), f"{name}: holds what hides or turns words")
        want(kind != "customer" or "\u2039U+202E\u203a" in text, f"{name}: does not show U+202E")
        reports.append(path)
    return reports


def headings_of(program, case, kind, lang, work):
    path = os.path.join(work, "headings.html")
    subprocess.run([program, "--case", case, "report", kind, "--lang", lang, "-o", path], check=True)
    with open(path, encoding="utf-8") as file:
        return {squeeze(html.unescape(text)) for text in re.findall(r"<h[23] id=[^>]*><span>(.*?)</span>", file.read())}


def check_sample(program, case, work):
    out, told = os.path.join(work, "out"), os.path.join(work, "told.json")
    subprocess.run([program, "--case", case, "report", "all", "--to", "pdf", "-o", out], check=True)
    subprocess.run([program, "--case", case, "report", "customer", "-o", told], check=True)
    reports = [os.path.join(out, name) for name in sorted(os.listdir(out))]
    want(len(reports) == 6, f"{len(reports)} reports instead of 6")
    with open(told, encoding="utf-8") as file:
        told = json.load(file)
    for path in reports:
        name = os.path.basename(path)
        kind, lang, _ = name.split(".")
        check_file(path)
        check_fonts(name, path)
        check_pages(name, path, KIND_LIMITS[kind])
        check_inside(name, path, lang)
        check_leads(name, path, headings_of(program, case, kind, lang, work), work)
        check_told(name, path, told, lang if kind == "customer" else "-")
    return reports


def check_logo(program, case, work):
    """A template's logo is one picture, and all of it on the first page."""
    reports = []
    for lang in ("en", "ja"):
        name = f"logo.{lang}.pdf"
        path = os.path.join(work, name)
        subprocess.run([program, "--case", case, "report", "customer", "--lang", lang, "-o", path, "--template",
                        os.path.join(ROOT, "templates", "example", "customer.xml")], check=True)
        check_file(path)
        check_fonts(name, path)
        check_pages(name, path, KIND_LIMITS["customer"])
        check_inside(name, path, lang, 1)
        rows = [row.split() for row in ask("pdfimages", "-list", path).splitlines()[2:]]
        want([row[0] for row in rows] == ["1"], f"{name}: pictures on pages {[row[0] for row in rows]}")
        want(all(row[12] == row[13] for row in rows), f"{name}: the logo is stretched")
        reports.append(path)
    return reports


def main():
    program = os.path.realpath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="tsumugi-pdf.") as work:
        case = os.path.join(work, "a.db")
        subprocess.run([program, "--case", case, "import", os.path.join(ROOT, "samples", "proxylogon-week")], check=True,
                       stdout=subprocess.DEVNULL)
        reports = check_sample(program, case, work)
        reports += check_logo(program, case, work)
        check_same(program, case, work)
        for state, rows, kinds, langs in STATES:
            reports += check_state(program, state, rows(), kinds, langs, work)
        check_limits(work)
        reports += check_hostile(program, work)
        check_archive(reports, work)
        check_charts(program, case, work)
    for line in FOUND[:40]:
        print("pdf: " + line)
    print(f"pdf: {len(reports)} reports, {len(FOUND)} findings")
    return 1 if FOUND else 0


if __name__ == "__main__":
    sys.exit(main())
