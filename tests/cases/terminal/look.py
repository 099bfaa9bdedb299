"""look.py PROGRAM runs commands on terminals of three widths and says what is wrong with what they print."""
import fcntl, json, os, pty, re, struct, subprocess, sys, termios, unicodedata

program = sys.argv[1]
COLOUR = re.compile('\x1b\\[[0-9;]*m')
REDRAWN = re.compile('[^\n]*\r\x1b\\[K')          # progress, which is wiped
HARM = re.compile('[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]')


def width(line):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in line)


def on_terminal(columns, arguments, **more):
    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
        environ = {k: v for k, v in os.environ.items() if k not in ('COLUMNS', 'NO_COLOR')}
        os.execve(program, [program] + arguments, dict(environ, TERM='xterm-256color', **more))
    out = b''
    try:
        while block := os.read(terminal, 65536):
            out += block
    except OSError:         # the end, on Linux
        pass
    os.waitpid(child, 0)
    os.close(terminal)
    return REDRAWN.sub('', out.decode().replace('\r\n', '\n'))


def asked(*arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True).stdout


alerts = [row.split(',')[2] for row in asked('export', 'assignments').splitlines()[1:]]
commands = [['incidents', '--all'], ['show', '1'], ['respond', '1', '--replay']]
commands += [c + ['--lang', 'ja'] for c in commands]
commands += [['explain', alerts[0], alerts[1]], ['explain', alerts[0], alerts[-1]], ['formats'], ['export', '--list'],
             ['chart', '--list'], ['help']]
commands += [['help', row.split()[0]] for row in re.findall(r'^  [a-z]+ .*', asked('help').split('Options')[0], re.M)
             if row.split()[0] != 'tsumugi']
lines = coloured = 0
for command in commands:
    name = ' '.join(command)
    for columns in 60, 80, 200:
        out = on_terminal(columns, command)
        coloured += bool(COLOUR.search(out))
        for line in COLOUR.sub('', out).split('\n'):
            lines += 1
            if width(line) > columns:
                print(f'{name}: {width(line)} of {columns} columns: {line}')
            if HARM.search(line):
                print(f'{name}: {line!r}')
    if '\x1b[' in on_terminal(80, command, NO_COLOR='1'):
        print(f'{name}: colours, though NO_COLOR is set')
print('lines enough' if lines > 500 else f'only {lines} lines')
print('coloured' if coloured else 'never a colour')
print('spelled out' if '<U+202E>' in on_terminal(200, ['incidents', '--all']) + on_terminal(200, ['show', '1']) else
      'nothing hostile was shown')
for command in ['import', '-'], ['sniff', '-']:
    print(on_terminal(80, command), end='')         # nobody waits for what nobody types
