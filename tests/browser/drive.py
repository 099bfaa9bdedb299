#!/usr/bin/env python3
"""drive.py CHROMIUM DIR: filters, sorting, keys and looks of DIR/weekly.html; of no page a word on the console, a dialog or
a request. With a third argument pictures of light, dark and print are left there."""
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


def try_looks(page, folder):
    back = "getComputedStyle(document.body).backgroundColor"
    page.look(os.path.join(folder, "light.png"))
    light = page.run(back)
    page.look(os.path.join(folder, "dark.png"), scheme="dark")
    want(page.run(back) != light, "dark mode is as light as day")
    page.look(os.path.join(folder, "print.png"), media="print", scheme="dark")
    want(page.run("getComputedStyle(document.getElementById('filters')).display") == "none", "the filters are printed")
    want(page.run(back) in (light, "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"), "paper is not white")
    page.look(os.path.join(folder, "narrow.png"), width=390, height=800)
    want(page.run("document.documentElement.scrollWidth <= innerWidth"), "a telephone must scroll sideways")


def main():
    program, folder = sys.argv[1], os.path.realpath(sys.argv[2])
    with Browser(program, folder) as browser:
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".html"):
                continue
            page = browser.open(f"file://{folder}/{name}")
            want(page.run("!document.getElementById('filters').hidden"), f"the script of {name} did not run")
            want(page.run("document.documentElement.scrollWidth <= innerWidth"), f"{name} is too wide")
            if name == "weekly.html":
                try_filters(page)
                try_sorting(page)
                try_links(page)
                try_looks(page, sys.argv[3] if len(sys.argv) > 3 else folder)
            for told in page.told:
                want(False, f"{name} {told}")
    return bad


if __name__ == "__main__":
    sys.exit(main())
