"""Writes alerts.csv: every secret, in every way it may be written, in every field an alert has for words."""
import base64, csv, unicodedata

SECRETS = ["fsrv-tokyo7", "fsrv-tokyo7.corp.example", "k.yamada", "CORP\\k.yamada", "k.yamada@corp.example", "10.44.5.6",
           "fd12:3456::77", "C:\\Users\\k.yamada\\plan.xlsx", "Himawari Bank", "Project Kestrel", "Hanako Sato", "j.müßig", "BÜRO-ÖST9", "経理サーバー", "ヤマモト株式会社"]


def wide(s):
    """As Japanese input methods write Latin letters."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in s)


def narrow(s):
    """Katakana as old systems write them."""
    halves = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF66, 0xFFA0)}
    return "".join(halves.get(c, c) for c in unicodedata.normalize("NFD", s).replace("\u3099", "\uff9e").replace("\u309a", "\uff9f"))


def forms(s):
    b, utf16 = s.encode(), s.encode("utf-16-le")
    yield from (s, s.upper(), s.lower(), s.replace(".", "[.]"), "".join("%%%02X" % x for x in b), "".join("\\u%04x" % ord(c) for c in s),
                s.replace("\\", "\\\\"), b.hex(), b.hex().upper(), base64.b64encode(b).decode(), base64.b64encode(utf16).decode(),
                base64.b64encode(b"see " + b).decode(), base64.b64encode(b"for " + utf16).decode())
    yield from (s.title(), s.casefold(), unicodedata.normalize("NFD", s), unicodedata.normalize("NFD", s.upper()), narrow(s))
    yield "".join("%%%02x" % x for x in s.upper().encode())
    if not s.isascii() and all(ord(c) < 256 for c in s.lower()):
        yield "".join("%%%02X" % x for x in s.lower().encode("latin-1"))
    if not s.startswith("C:"):
        yield from (wide(s), wide(s.upper()))


AROUND = ["{}", "see {} now", "cmd.exe /c type \"{}\" >x", "http://evil.example/a?x={}&y=1", "backup_{}_old.zip", "{}.evtx", "({})",
          "\\\\{}\\share\\a b\\c.txt", "/home/{}/x.sh", "net use /user:{}", "%20{}", "x=\\n{}", "powershell -enc {}"]
ALSO = ["fd12:3456:0:0:0:0:0:77", "FD12:3456:0000::0077", "[fd12:3456::77]:443", "::ffff:10.44.5.6", "//DC/c$", "\\\\DC\\c$", "CORP\\a",
        "a@corp.example", "runas /user:a", "ping DC", "C:/Users/k.yamada/plan.xlsx", "file:///C:/Users/k.yamada/plan.xlsx",
        "fsrv-tokyo7.local"]

COLUMNS = ["time", "rule", "product", "rule id", "message", "category", "severity", "technique", "host", "ip", "user", "dst ip", "domain", "url",
           "user agent", "file", "path", "process", "command"]

if __name__ == "__main__":
    with open("alerts.csv", "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(COLUMNS)
        words = list(ALSO)
        for s in SECRETS:
            for form in forms(s):
                words += [a.format(form) for a in AROUND]
        for i, w in enumerate(words):
            row = dict.fromkeys(COLUMNS, "")
            row.update({"time": 1615420800 + i * 20, "rule": "Web shell", "severity": "high", "technique": "T1505.003",
                        "host": ["fsrv-tokyo7", "fsrv-tokyo7.corp.example", "DC", "büro-öst9", "経理サーバー"][i % 5], "ip": ["10.44.5.6", "fd12:3456::77"][i % 2],
                        "user": ["CORP\\k.yamada", "k.yamada@corp.example", "CORP\\a", "kept-svc", "CORP\\j.müßig"][i % 5], "dst ip": "198.51.100.7"})
            for k, name in enumerate(["rule", "message", "category", "url", "user agent", "file", "path", "process", "command", "product"]):
                if i % 10 == k or i % 7 == k:
                    row[name] += " " + w if name == "rule" else w
            out.writerow(row.values())
