"""leaks.py DIR: looks for every secret in every byte of every file and name there; PDFs are unpacked, and their text read."""
import base64, glob, html, ipaddress, os, re, subprocess, sys, unicodedata
import plant

SECRETS = plant.SECRETS + ["\\\\DC\\", "corp.example", "CORP\\a"]


def fold(s):
    """Letters that differ in case or in how they are encoded, alike."""
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", s).casefold()).casefold()


def forms(s):
    """(form, whether case matters)"""
    b = s.encode()
    for form in (s, s.replace("\\", "\\\\"), "".join("%%%02X" % x for x in b), b.hex(), "".join("\\u%04x" % ord(c) for c in s)):
        yield fold(form), False
    for wide in (b, s.encode("utf-16-le"), s.encode("utf-16-be")):
        for off in range(3):     # wherever in the run it begins
            x = base64.b64encode(b"\0" * off + wide)[(0, 2, 3)[off]:].rstrip(b"=").decode()
            if len(x) > 8:
                yield x[:-1], True


def readings(name):
    data = open(name, "rb").read()
    if name.endswith(".pdf"):
        data += subprocess.run(["qpdf", "--qdf", "--object-streams=disable", name, "-"], capture_output=True).stdout
        for tool in (["pdftotext", "-raw", name, "-"], ["pdfinfo", name]):
            data += subprocess.run(tool, capture_output=True).stdout
        yield "".join(chr(int(h, 16)) for s in re.findall(rb"<((?:[0-9a-fA-F]{4})+)>", data) for h in re.findall(b"....", s))
    text = data.decode("utf-8", "replace")
    yield text
    yield html.unescape(text)
    yield re.sub(r"<[^>]*>", "", html.unescape(text))
    yield data.decode("utf-16-le", "replace")
    yield data.decode("utf-16-be", "replace")
    if not name.endswith(".pdf"):        # addresses in any spelling
        for run in set(re.findall(r"(?<![0-9A-Fa-f:.])[0-9A-Fa-f:.]{4,45}(?![0-9A-Fa-f:.])", text.replace("[.]", "."))):
            try:
                yield str(ipaddress.ip_address(run.rstrip(".")))
            except ValueError:
                pass


found, looked = 0, 0
for name in sorted(glob.glob(sys.argv[1] + "/*")):
    texts = [t.replace("\\[.\\]", ".").replace("[.]", ".") for t in readings(name)] + [os.path.basename(name)]
    lower = [fold(t) for t in texts]
    looked += 1
    for s in SECRETS:
        for form, exact in forms(s):
            hit = next((t for t in (texts if exact else lower) if form in t), None)
            if hit is not None:
                found += 1
                at = hit.find(form)
                print(name, "holds", repr(s), "as", repr(hit[max(0, at - 30):at + len(form) + 30]))
print("files enough" if looked > 25 else ("few files", looked))
print("found", found)
