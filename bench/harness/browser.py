"""What a real browser fetches for the demo's dashboard: it goes through a proxy here that writes everything down."""

import http.client
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DEMO_SITE = "demo.candor.example"
# The network is idle when nothing new was asked for during this time.
IDLE_S = 4
COMPLETE_WITHIN_S = 90
HOP_BY_HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


class Fetched:
    """Everything that was fetched, as the server sent it to a browser that understands gzip."""

    def __init__(self):
        self.bodies = {}
        self.changed_at = time.monotonic()
        self.answered = False

    def note(self, path, kind, length):
        self.bodies[path] = (kind, length)
        self.answered |= path.startswith("/api/v2/quer")
        self.changed_at = time.monotonic()

    def is_complete(self):
        return self.answered and time.monotonic() - self.changed_at > IDLE_S

    def scripts(self):
        """{path: gzip bytes} of all JavaScript; the map's shapes are data, whatever they are wrapped in."""
        return {
            path: length
            for path, (kind, length) in sorted(self.bodies.items())
            if "javascript" in kind and "shapes" not in path
        }


def fetch_dashboard(server, profile):
    """Opens the demo's dashboard of `server` in Chromium, signed in, and waits until all is there."""
    fetched = Fetched()
    proxy = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server, fetched))
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    browser = subprocess.Popen(
        ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
         "--no-first-run", "--remote-debugging-port=0", f"--user-data-dir={profile}", "--window-size=1280,900",
         f"http://127.0.0.1:{proxy.server_port}/{DEMO_SITE}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + COMPLETE_WITHIN_S
        while not fetched.is_complete():
            if time.monotonic() > deadline:
                raise RuntimeError(f"the dashboard was not complete in time; fetched: {sorted(fetched.bodies)}")
            time.sleep(0.2)
    finally:
        browser.terminate()
        browser.wait()
        proxy.shutdown()
    return fetched


def _handler(server, fetched):
    port = server.port

    class Handler(BaseHTTPRequestHandler):
        """Passes one request on and notes the bytes of its answer."""

        def _pass_on(self):
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
            headers |= {"Accept-Encoding": "gzip", "Host": f"127.0.0.1:{port}", "Cookie": server.owner.cookie}
            if "origin" in self.headers:
                headers["Origin"] = f"http://127.0.0.1:{port}"
            upstream = http.client.HTTPConnection("127.0.0.1", port)
            upstream.request(self.command, self.path, body or None, headers)
            answer = upstream.getresponse()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.end_headers()
            self._copy(answer)
            upstream.close()

        def _copy(self, answer):
            """A stream that never ends is passed on as it comes, and is no reason to wait."""
            kind, length = answer.headers["content-type"] or "", 0
            while piece := answer.read1(65536):
                self.wfile.write(piece)
                length += len(piece)
            fetched.note(self.path, kind, length)

        do_GET = do_POST = _pass_on

        def log_message(self, *_):
            """The proxy is silent."""

    return Handler
