"""hostile.py DIR BLNS writes hostile.csv with naughty strings in every field; --check DIR looks at the reports."""
import csv, glob, html.parser, json, os, re, sys

OWN = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'-alert(1)-'", 'javascript:alert(1)', '=1+1',
       '](javascript:alert(1))', '`a`|b|', '# head', '![x](http://evil.example/x.png)', '</style><script>alert(2)</script>',
       '(a) Tj ET Q BT \\) /JS', '\x1b[31mred', 'a\u202egpj.exe', 'paypa\u0440.com', 'Z\u0351\u0343\u0341a', '\u0627\u0644\u0639',
       'www.evil.example', 'http://evil.example/a', 'a@evil.example', '<!--', ']]>', '&lt;b&gt;', '{{7*7}}', '%n%s', ':skull:']

# Columns of templates/maps/generic.map, so that every string lands in a field.
HOSTILE = ['rule', 'message', 'category', 'host', 'user', 'source ip', 'domain', 'url', 'user agent', 'file name', 'path',
           'process', 'command line', 'alert id']


def write(folder, blns):
    lines = list(OWN)
    if os.path.exists(blns):
        lines += [s for s in open(blns, encoding='utf-8', errors='replace').read().split('\n') if s and not s.startswith('#')]
    with open(os.path.join(folder, 'hostile.csv'), 'w', newline='', encoding='utf-8') as f:
        out = csv.writer(f)
        out.writerow(['timestamp', 'product'] + HOSTILE)
        for i, line in enumerate(lines):
            row = {c: lines[(i * 7 + k * 3) % len(lines)].replace('\r', ' ').replace('\0', '') for k, c in enumerate(HOSTILE)}
            row['rule'] = 'web shell ' + line
            row['host'] = line if i % 3 == 0 else 'exch01'
            row['command line'] = line + row['user']
            row['source ip'] = '198.51.100.%d' % (i % 7)
            out.writerow([1615420800 + i * 60, 'Suricata'] + [row[c] for c in HOSTILE])


class Page(html.parser.HTMLParser):
    allowed = set('html head meta title style body a header span nav details summary ol ul li form label select option input '
                  'button output main p h1 h2 h3 h4 div section figure figcaption strong code svg path text desc table col colgroup thead '
                  'tbody tr th td dl dt dd hr footer script'.split())
    bad, scripts, logos = (), 0, 0

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == 'script'
        if tag == 'img' and dict(attrs).get('class') == 'logo' and dict(attrs)['src'].startswith('data:image/png;base64,'):
            self.logos += 1
            return
        if tag not in self.allowed:
            self.bad += (tag,)
        for key, value in attrs:
            if key.startswith('on') or key in ('src', 'style', 'action') or (key == 'href' and not value.startswith('#')):
                self.bad += (tag + ' ' + key,)


def check(folder):
    bad = 0
    with open(folder + '/hostile-show.json', encoding='utf-8') as f:
        kinds = {e['kind'] for e in json.load(f)['entities']}
    for kind in ('host', 'user', 'domain', 'url', 'user-agent', 'file', 'path', 'process', 'command'):
        if kind not in kinds:
            bad = 1
            print('browser: no hostile string was read as', kind)
    for name in sorted(glob.glob(folder + '/*.html')):
        page = Page()
        text = open(name, encoding='utf-8').read()
        page.feed(text)
        if page.bad or page.scripts != 1 or page.logos != name.endswith('/logo.html') or re.search('[\u202a-\u202e\u2066-\u2069\u200b\u0600-\u06ff\x1b]', text):
            bad = 1
            print('browser:', os.path.basename(name), 'holds', page.bad[:5], page.scripts, 'scripts')
    for name in sorted(glob.glob(folder + '/*.md')):
        text = open(name, encoding='utf-8').read()
        for what in ('<script', '<img', '](java', 'http://', 'www.', 'a@evil', '\u202e', '\x1b'):
            if re.search(r'(?<!\\)' + re.escape(what), text) and what not in re.sub(r'`[^`]*`', '', text):
                continue
            if re.search(r'(?<!\\)' + re.escape(what), re.sub(r'`[^`]*`', '', text)):
                bad = 1
                print('browser:', os.path.basename(name), 'holds', repr(what))
    return bad


if sys.argv[1] == '--check':
    sys.exit(check(sys.argv[2]))
write(sys.argv[1], sys.argv[2])
