#!/usr/bin/env python3
"""What other people's programs say of our PDFs: pdf.py PROGRAM

All reports of the sample week in both languages: valid for qpdf and for PDFBox Preflight (PDF/A-1b), fonts embedded, pages
labelled and numbered, words within the margins and not over each other, nothing that acts or leads out; and each chart as
PDF beside the same chart as PNG. Needs poppler and qpdf; Preflight (Debian: libpdfbox2-java and its like, see JARS) and
ImageMagick are used where they are.
"""
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
KIND_LIMITS = {"executive": (1, 100_000), "weekly": (5, 180_000), "customer": (9, 210_000)}    # pages, bytes
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


def check_pages(name, path, kind):
    info = ask("pdfinfo", path)
    pages = int(re.search(r"^Pages: *(\d+)", info, re.M)[1])
    most, size = KIND_LIMITS[kind]
    want(pages <= most, f"{name}: {pages} pages")
    want(os.path.getsize(path) <= size, f"{name}: {os.path.getsize(path)} bytes")
    for n in range(1, pages + 1):
        words = ask("pdftotext", "-raw", "-f", str(n), "-l", str(n), path, "-")
        want(words.count("TLP:") == 2, f"{name} page {n}: the label stands {words.count('TLP:')} times")
        want(re.search(rf"(?<!\d){n} / {pages}$", words, re.M), f"{name} page {n}: has no '{n} / {pages}'")
        want(not re.search(r"https?://", words), f"{name} page {n}: a live address")
    check_words(name, path, pages)


def check_inside(name, path, lang):
    plain = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", path, "-"], capture_output=True, check=False)
    body = plain.stdout.decode("latin-1")
    for forbidden in ("/SMask", "/Encrypt", "/URI", "/JavaScript", "/JS ", "/Launch", "/EmbeddedFile", "/Subtype /Image"):
        want(forbidden not in body, f"{name}: holds {forbidden}")
    want(not re.search(r"/ca [0.]", body, re.I), f"{name}: holds what is half transparent")
    want(f"/Lang ({'ja-JP' if lang == 'ja' else 'en-GB'})" in body, f"{name}: no or another language")
    want("/Outlines" in body and "/Title <" in body, f"{name}: no bookmarks")
    sizes = [float(s) for s in re.findall(r"/F\d+ ([\d.]+) Tf", body)]
    # Escapes are set at 0.82 of the text around.
    want(sizes and min(sizes) >= 5.8 * 0.82 - 0.01, f"{name}: letters of {min(sizes or [0])} points")


def check_leads(name, path, work):
    """Bookmarks and links lead to pages of this file; what the file says of itself it says the same way twice."""
    marks = json.loads(ask("qpdf", "--json", "--json-key=outlines", path))["outlines"]
    flat = list(marks)
    for mark in flat:
        flat.extend(mark.get("kids", []))
    want(flat, f"{name}: no bookmark")
    for mark in flat:
        want(mark["destpageposfrom1"], f"{name}: the bookmark '{mark['title']}' leads nowhere")
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


def check_archive(reports):
    if not shutil.which("java") or not all(os.path.exists(jar) for jar in JARS):
        print("pdf: PDF/A is not checked, no PDFBox Preflight (apt install libpdfbox2-java libjaxb-api-java)")
        return
    for path in reports:
        said = subprocess.run(["java", "-cp", ":".join(JARS), "org.apache.pdfbox.preflight.Validator_A1b", path],
                              capture_output=True, check=False, text=True).stdout
        want("is a valid PDF/A-1b file" in said, f"{os.path.basename(path)}: {said.strip()[:500]}")


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


def main():
    program = os.path.realpath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="tsumugi-pdf.") as work:
        case, out = os.path.join(work, "a.db"), os.path.join(work, "out")
        subprocess.run([program, "--case", case, "import", os.path.join(ROOT, "samples", "proxylogon-week")], check=True,
                       stdout=subprocess.DEVNULL)
        subprocess.run([program, "--case", case, "report", "all", "--to", "pdf", "-o", out], check=True)
        reports = [os.path.join(out, name) for name in sorted(os.listdir(out))]
        want(len(reports) == 6, f"{len(reports)} reports instead of 6")
        for path in reports:
            name = os.path.basename(path)
            kind, lang, _ = name.split(".")
            ask("qpdf", "--check", path)
            check_fonts(name, path)
            check_pages(name, path, kind)
            check_inside(name, path, lang)
            check_leads(name, path, work)
        check_archive(reports)
        check_charts(program, case, work)
    for line in FOUND[:40]:
        print("pdf: " + line)
    print(f"pdf: {len(reports)} reports, {len(FOUND)} findings")
    return 1 if FOUND else 0


if __name__ == "__main__":
    sys.exit(main())
