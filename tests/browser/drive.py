#!/usr/bin/env python3
"""drive.py CHROMIUM DIR: filters, sorting and keys of DIR/weekly.html and customer.*.html, how they and executive.*.html look
wide, narrow, dark and on paper; of no page a word on the console, a dialog or a request. With a third argument pictures are
left there."""
import os
import sys

from devtools import Browser

bad = 0


def want(ok, what):
    global bad
    if not ok:
        print("browser: " + what)
        bad = 1


SHOWN = "[...document.querySelectorAll('section.incident')].filter(e => e.offsetParent !== null).length"
RANKS = ("[...document.querySelector('table.sort tr[data-incident]').closest('table').tBodies[0].rows]"
         ".map(r => parseInt(r.cells[0].textContent, 10))")
HEAD = "document.querySelector('table.sort tr[data-incident]').closest('table').querySelector('th button')"


def choose(page, name, value):
    page.run(f"(() => {{ const e = document.querySelector('[name={name}]'); e.value = {value};"
             "e.dispatchEvent(new Event('input', { bubbles: true })); })()")
    return page.run(SHOWN)


def try_filters(page):
    every = page.run(SHOWN)
    want(every > 1, f"only {every} incidents are shown")
    left = choose(page, "incident", "e.options[1].value")
    want(left == 1, f"the incident filter leaves {left}")
    page.key("Escape")
    want(page.run(SHOWN) == every, "Escape does not show all")
    left = choose(page, "severity", "'critical'")
    want(1 <= left < every, f"the severity filter leaves {left}")
    page.run("document.querySelector('button[type=reset]').click()")
    page.run("new Promise(done => setTimeout(done, 50))")
    want(page.run(SHOWN) == every, "the reset button does not show all")
    left = choose(page, "host", "e.options[1].value")
    want(1 <= left < every, f"the host filter leaves {left}")
    page.key("Escape")
    page.key("/", "/")
    want(page.run("document.activeElement.name") == "find", "'/' does not lead to the search")
    want(choose(page, "find", "'no such words anywhere'") == 0, "a search for nothing shows something")
    page.key("Escape")


def try_sorting(page):
    page.run(HEAD + ".focus()")
    page.key("Enter", "\r")
    want(page.run(HEAD + ".closest('th').getAttribute('aria-sort')") == "ascending", "Enter does not sort")
    page.key("Enter", "\r")
    ranks = page.run(RANKS)
    want(len(ranks) > 1 and ranks == sorted(ranks, reverse=True), f"sorting down gives {ranks}")


def try_links(page):
    page.run("document.querySelector('a.ev').click()")
    want(page.run("!!document.querySelector(':target')"), "an evidence mark leads nowhere")


def try_logo(page, folder):
    logo = "document.querySelector('img.logo')"
    want(page.run(f"{logo}.decode().then(() => {logo}.naturalWidth)") == 630, "the logo is not shown")
    want(page.run(f"{logo}.alt") == "Sample SOC", "the logo has no name")
    stretched = page.run(f"{logo}.clientWidth / {logo}.clientHeight / ({logo}.naturalWidth / {logo}.naturalHeight)")
    want(0.97 < stretched < 1.03, f"the logo is stretched by {stretched}")
    page.look(os.path.join(folder, "logo.png"))
    page.look(os.path.join(folder, "logo-dark.png"), scheme="dark")


# Words of drawings whose ink can hardly be told from what they stand on (WCAG: 4.5 to 1): the shape below, else the page.
FAINT = """(() => {
const parts = s => (s.match(/[\\d.]+/g) || []).map(Number), page = getComputedStyle(document.body).backgroundColor;
const light = s => { const c = parts(s).slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * c[0] + .7152 * c[1] + .0722 * c[2]; };
const below = e => { const b = e.getBoundingClientRect();
    for (const x of document.elementsFromPoint(b.x + b.width / 2, b.y + b.height / 2)) {
        const s = getComputedStyle(x);
        if (x.tagName === 'path' && s.fill !== 'none') return s.fill;
        if (!(x instanceof SVGElement) && parts(s.backgroundColor)[3] !== 0) return s.backgroundColor; }
    return page; };
return [...document.querySelectorAll('svg text, .pill, .tag, .when')].filter(e => e.getClientRects().length > 0).flatMap(e => {
    const s = getComputedStyle(e), ink = light(e instanceof SVGElement ? s.fill : s.color);
    const ground = light(e.className === 'pill' ? s.backgroundColor : below(e));
    const ratio = (Math.max(ink, ground) + .05) / (Math.min(ink, ground) + .05);
    return ratio < 4.5 ? [e.textContent + ' ' + ratio.toFixed(1)] : []; }); })()"""
# The smallest letters of what a telephone shows and need not scroll for, in pixels.
SMALLEST = """Math.min(...[...document.querySelectorAll('.drawing svg text')].filter(e => e.getClientRects().length > 0)
.map(e => e.getAttribute('font-size') * e.getScreenCTM().a), 99)"""
HEIGHT = "document.documentElement.scrollHeight"


def try_looks(page, name, folder):
    back = "getComputedStyle(document.body).backgroundColor"
    picture = os.path.join(folder, name.removesuffix("html"))
    page.look(picture + "light.png")
    page.look(picture + "light.png", height=page.run(HEIGHT))
    light, faint = page.run(back), page.run(FAINT)
    want(not faint, f"{name}: hardly seen by day: {faint}")
    page.look(picture + "dark.png", scheme="dark", height=page.run(HEIGHT))
    want(page.run(back) != light, f"{name}: dark mode is as light as day")
    faint = page.run(FAINT)
    want(not faint, f"{name}: hardly seen in the dark: {faint}")
    page.look(picture + "print.png", media="print", scheme="dark")
    want(page.run("getComputedStyle(document.getElementById('filters')).display") == "none", f"{name}: the filters are printed")
    want(page.run(back) in (light, "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), f"{name}: paper is not white")
    page.look(picture + "narrow.png", width=390, height=800)
    want(page.run("document.documentElement.scrollWidth <= innerWidth"), f"{name}: a telephone must scroll sideways")
    want(page.run(SMALLEST) >= 9 or name == "weekly.html", f"{name}: letters of {page.run(SMALLEST)} pixels on a telephone")
    page.wide()


def try_customer(page, name):
    """One incident: rows can be searched, tables sorted, and what is told has a place in the contents."""
    rows = "[...document.querySelectorAll('tbody.rows > tr')].filter(e => e.offsetParent !== null).length"
    every = page.run(rows)
    choose(page, "find", "'telegra'")
    want(0 < page.run(rows) < every, f"{name}: the search leaves {page.run(rows)} of {every} rows")
    page.key("Escape")
    want(page.run(rows) == every, f"{name}: Escape does not show all")
    page.run("document.querySelector('.scroll th button').focus()")
    page.key("Enter", "\r")
    want(page.run("!!document.querySelector('th[aria-sort=ascending]')"), f"{name}: Enter does not sort")
    page.key("Tab", "\t")
    want(page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid", f"{name}: the focus is not seen")
    lost = page.run("[...document.querySelectorAll('nav a')].filter(a => !document.querySelector(a.getAttribute('href'))).length")
    want(lost == 0 and page.run("document.querySelectorAll('nav a').length") > 8, f"{name}: {lost} of the contents lead nowhere")
    levels = page.run("[...document.querySelectorAll('h1,h2,h3,h4')].map(e => +e.tagName[1])")
    want(all(b <= a + 1 for a, b in zip(levels, levels[1:])), f"{name}: headings leave out a level: {levels}")
    want(page.run("document.querySelector('h2').textContent[0]") == "1", f"{name}: the summary has no heading")
    split = page.run("[...document.querySelectorAll('td.r')].filter(e => e.getClientRects().length > 0 && e.clientHeight > 60).length")
    want(split == 0, f"{name}: {split} numbers are broken")
    try_links(page)


def try_many(page, name):
    """An incident with several machines can be filtered by them."""
    every = page.run("document.getElementById('said').textContent")
    choose(page, "host", "e.options[1].value")
    want(page.run("document.getElementById('said').textContent") != every, f"{name}: the filter by machine does nothing")
    page.key("Escape")


def try_executive(page, name):
    want(page.pages() == 1, f"{name}: {page.pages()} sheets of paper for one page")
    want(page.run("document.querySelector('nav') === null"), f"{name}: one page has a list of contents")
    page.look(os.devnull, width=390)
    told = page.run("[...document.querySelectorAll('.narrow')].every(e => e.offsetParent !== null)")
    want(told and page.run("document.querySelectorAll('.narrow').length") == 4, f"{name}: a telephone is not told what is drawn")
    page.wide()
    want(page.run("[...document.querySelectorAll('.narrow')].every(e => e.offsetParent === null)"), f"{name}: told twice")


def main():
    program, folder = sys.argv[1], os.path.realpath(sys.argv[2])
    with Browser(program, folder) as browser:
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".html"):
                continue
            page = browser.open(f"file://{folder}/{name}")
            rows = not name.startswith("executive")
            want(page.run("document.getElementById('said').textContent !== ''"), f"the script of {name} did not run")
            want(page.run("document.getElementById('filters').hidden") != rows, f"{name}: filters without rows, or rows without filters")
            want(page.run("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide")
            if name == "weekly.html":
                try_filters(page)
                try_sorting(page)
                try_links(page)
            if name.startswith("customer."):
                try_customer(page, name)
            if name.startswith("executive."):
                try_executive(page, name)
            if name == "many.html":
                try_many(page, name)
            if name.split(".")[0] in ("weekly", "customer", "executive"):
                try_looks(page, name, sys.argv[3] if len(sys.argv) > 3 else folder)
            if name == "logo.html":
                try_logo(page, sys.argv[3] if len(sys.argv) > 3 else folder)
            for told in page.told:
                # The logo lies in the page; the browser tells of it all the same.
                if name == "logo.html" and told.startswith("request: data:image/png;"):
                    continue
                want(False, f"{name} {told}")
    return bad


if __name__ == "__main__":
    sys.exit(main())
