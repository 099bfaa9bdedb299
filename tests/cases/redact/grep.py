"""Looks for every name of the case in every file, as it is, defanged, escaped and in UTF-16."""
import glob, html, ipaddress, os, re, sqlite3, sys

known = {"system", "root", "administrator", "guest", "network service", "local service", "anonymous logon"}
values = set()
for kind, value, shown in sqlite3.connect(sys.argv[1]).execute("select kind, value, coalesce(shown, value) from entity"):
    for v in (value, shown):
        if kind == "ip":
            if ipaddress.ip_address(v).is_private and v.startswith(("10.", "172.", "192.168.")):
                values.add(v)
        elif kind == "host" and not v[0].isdigit():
            values.add(v)
        elif kind == "user" and v.split("\\")[-1].lower() not in known:
            values.update({v, v.split("\\")[-1]})
        elif kind == "path" and ("\\" in v or "/" in v):
            values.add(v)
values = {v for v in values if len(v) >= 3}
found = 0
# What ATT&CK calls its techniques names nobody: "SMB/Windows Admin Shares".
attack = open(os.environ["TSUMUGI_ROOT"] + "/templates/knowledge/attack.xml", encoding="utf-8").read()
attack = sorted((n.lower() for n in re.findall(r'name="([^"]+)"', attack) if " " in n), key=len, reverse=True)
files = sorted(f for f in glob.glob(sys.argv[2] + "/*") if not f.endswith(".pdf"))
for name in files:
    data = open(name, "rb").read()
    text = data.decode("utf-8", "replace")
    if name.endswith(".qdf"):       # strings of bookmarks, links and metadata; fonts and glyph numbers are no words
        hexes = "".join(chr(int(h, 16)) for s in re.findall(r"<((?:[0-9a-f]{4})+)>", text) for h in re.findall("....", s))
        text = hexes + "\n" + "\n".join(re.findall(r"\(.*?\)|<[a-z]+:.*>", text))
    text = html.unescape(text) + "\n" + text.replace("\\\\", "\\")
    text = text.replace("\\[.\\]", ".").replace("[.]", ".").lower()
    for name_of in attack:
        text = text.replace(name_of, "")
    for v in values:
        if v.lower() in text and re.search(r"(?<![\w.])" + re.escape(v.lower()) + r"(?!\w)", text):
            found += 1
            print(name, "holds", repr(v))
print("names and files enough" if len(values) > 40 and len(files) > 25 else ("few", len(values), len(files)))
print("found", found)
