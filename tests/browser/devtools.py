"""A page in headless Chromium over its DevTools protocol, with Python's own library only.

    with Browser("/usr/bin/chromium", folder) as browser:
        page = browser.open("file:///tmp/a.html")
        page.run("document.title")            # the value of a JavaScript expression
        page.key("Escape")
        page.told                             # what it reported: console, errors, dialogs, requests
"""
import base64
import json
import os
import re
import socket
import struct
import subprocess
import time
import urllib.request


class Socket:
    """Just enough of RFC 6455: whole text messages to a server on this machine."""

    def __init__(self, url):
        host, path = url.removeprefix("ws://").split("/", 1)
        name, port = host.split(":")
        self.link = socket.create_connection((name, int(port)), timeout=30)
        self.link.sendall((f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                           f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
                           "Sec-WebSocket-Version: 13\r\n\r\n").encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.link.recv(1)
        if b" 101 " not in answer.split(b"\r\n")[0]:
            raise OSError("no web socket")

    def send(self, text):
        data, mask = text.encode(), os.urandom(4)
        size = (bytes([0x80 | len(data)]) if len(data) < 126 else b"\xFE" + struct.pack(">H", len(data))
                if len(data) < 65536 else b"\xFF" + struct.pack(">Q", len(data)))
        self.link.sendall(b"\x81" + size + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(data)))

    def take(self, n):
        data = b""
        while len(data) < n:
            part = self.link.recv(n - len(data))
            if not part:
                raise OSError("the browser closed the connection")
            data += part
        return data

    def receive(self):
        message = b""
        while True:
            first, size = self.take(2)
            if size == 126:
                size = struct.unpack(">H", self.take(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.take(8))[0]
            message += self.take(size)
            if first & 0x80:
                return message.decode()


class Page:
    def __init__(self, socket_url):
        self.socket, self.number, self.told = Socket(socket_url), 0, []
        for domain in ("Runtime", "Page", "Network", "Log"):
            self.call(domain + ".enable")

    def note(self, event):
        kind, what = event["method"], event.get("params", {})
        if kind == "Runtime.consoleAPICalled":
            self.told.append("console: " + " ".join(str(a.get("value")) for a in what["args"]))
        elif kind == "Runtime.exceptionThrown":
            self.told.append("error: " + json.dumps(what["exceptionDetails"])[:300])
        elif kind == "Log.entryAdded":
            self.told.append("log: " + what["entry"]["text"])
        elif kind == "Page.javascriptDialogOpening":
            self.told.append("dialog: " + what["message"])
        elif kind == "Network.requestWillBeSent" and not what["request"]["url"].startswith("file://"):
            self.told.append("request: " + what["request"]["url"])
        self.loaded = kind == "Page.loadEventFired" or self.loaded

    loaded = False

    def call(self, method, **options):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": options}))
        while True:
            answer = json.loads(self.socket.receive())
            if answer.get("id") == self.number:
                return answer.get("result", {})
            if "method" in answer:
                self.note(answer)

    def go(self, url):
        self.loaded = False
        self.call("Page.navigate", url=url)
        while not self.loaded:
            answer = json.loads(self.socket.receive())
            if "method" in answer:
                self.note(answer)

    def run(self, script):
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise ValueError(json.dumps(answer["exceptionDetails"])[:300])
        return answer["result"].get("value")

    def key(self, name, text=""):
        self.call("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, text=text,
                  windowsVirtualKeyCode={"Enter": 13, "Escape": 27, "Tab": 9}.get(name, 0))
        self.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=name)
        self.run("new Promise(done => setTimeout(done, 50))")

    def look(self, path, media="screen", scheme="light", width=1100, height=1400):
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        with open(path, "wb") as out:
            out.write(base64.b64decode(self.call("Page.captureScreenshot")["data"]))


    def wide(self):
        self.call("Emulation.setEmulatedMedia", media="", features=[])
        self.call("Emulation.clearDeviceMetricsOverride")

    def pages(self):
        """How many sheets of paper it takes."""
        self.wide()
        paper = base64.b64decode(self.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper))


class Browser:
    def __init__(self, program, folder):
        self.profile = os.path.join(folder, "devtools")
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0",
             "--remote-allow-origins=*", f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                with open(os.path.join(self.profile, "DevToolsActivePort"), encoding="ascii") as handle:
                    self.port = int(handle.readline())
                return
            except (OSError, ValueError):
                time.sleep(0.1)
        self.process.terminate()
        raise OSError("the browser does not answer")

    def open(self, url):
        ask = urllib.request.Request(f"http://127.0.0.1:{self.port}/json/new?about:blank", method="PUT")
        page = Page(json.load(urllib.request.urlopen(ask, timeout=30))["webSocketDebuggerUrl"])
        page.go(url)
        return page

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
