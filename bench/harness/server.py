"""A running Candor, seen from outside: over HTTP and through /proc."""

import http.client
import json
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path

from .owner import JSON, Owner

HEALTHY_WITHIN_S = 60
KNOWN_WITHIN_S = 10
CPUCLOCK_SCHED = 2


class Server:
    """`candor serve` over a data directory, in its own process group."""

    def __init__(self, binary, data, log, arguments=(), owner=None):
        self.binary, self.data, self.arguments = binary, data, arguments
        self.port = _free_ports()
        self.log = open(log, "ab")
        self.process = None
        self.owner = owner

    def start(self):
        """Starts it and returns as soon as every process serves."""
        self.process = subprocess.Popen(
            [self.binary, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}",
             "--behind-proxy", "127.0.0.1/32", *self.arguments],
            stdout=self.log, stderr=self.log, start_new_session=True,
        )
        deadline = time.monotonic() + HEALTHY_WITHIN_S
        while not self.is_healthy():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"candor serve does not become healthy; see {self.log.name}")
            time.sleep(0.005)
        # A sign-in outlives a restart: what is asked after one is asked by the same.
        self.owner = self.owner or Owner.of(self)
        return self

    def stop(self):
        """Asks it to end and waits until it has."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
        self.log.close()

    def is_healthy(self):
        try:
            return self.request("GET", "/api/health")[0] == 200
        except OSError:
            return False

    def request(self, method, path, body=None, headers=None, port=None):
        """(status, headers, body) of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=120)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def add_site(self, domain):
        """Adds a site and waits until events of it are taken."""
        headers = JSON | {"Authorization": f"Bearer {self.owner.key}"}
        status, _, body = self.request("POST", "/api/sites", json.dumps({"domain": domain, "timezone": "UTC"}), headers)
        if status != 201:
            raise RuntimeError(f"{domain} is not added: {status} {body.decode()[:300]}")
        probe, deadline = json.dumps({"n": "probe", "u": "data:,", "d": domain}), time.monotonic() + KNOWN_WITHIN_S
        while self.request("POST", "/api/event", probe, JSON)[1]["x-candor-refused"] != "scheme":
            if time.monotonic() > deadline:
                raise RuntimeError(f"the edge does not hear of {domain}")
            time.sleep(0.01)

    def queries(self, site, start, last_day, queries):
        """Seconds and answers of one `POST /api/v2/queries`, asked as a browser does in which somebody signed in."""
        bounds = {"site_id": site, "date_range": [str(start), str(last_day)]}
        body = json.dumps([bounds | query for query in queries])
        headers = JSON | {"Cookie": self.owner.cookie}
        begun = time.perf_counter()
        status, _, answer = self.request("POST", "/api/v2/queries", body, headers)
        seconds = time.perf_counter() - begun
        if status != 200:
            raise RuntimeError(f"{status}: {answer.decode()[:500]}")
        return seconds, [_rows(each) for each in json.loads(answer)]

    def current_visitors(self, site):
        """Seconds until the live stream has told how many visitors are there, and how many."""
        begun = time.perf_counter()
        with socket.create_connection(("127.0.0.1", self.port)) as stream:
            # Gone at once when closed, with nothing left half open.
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            stream.sendall(
                f"GET /api/sites/{site}/live HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Accept: text/event-stream\r\nCookie: {self.owner.cookie}\r\n\r\n".encode()
            )
            heard = b""
            while b'"current":' not in heard or b"}" not in heard.split(b'"current":')[1]:
                piece = stream.recv(4096)
                if not piece:
                    raise RuntimeError(f"the live stream ended: {heard.decode()[:300]}")
                heard += piece
            seconds = time.perf_counter() - begun
        return seconds, int(heard.split(b'"current":')[1].split(b"}")[0])

    def post_event(self, event, agent):
        """Posts one event and insists that it counts."""
        headers = JSON | {"User-Agent": agent}
        status, answer, body = self.request("POST", "/api/event", json.dumps(event), headers)
        if status != 202 or answer["x-candor-refused"]:
            raise RuntimeError(f"{status} {answer['x-candor-refused']}: {body.decode()[:300]}")

    def metric(self, name):
        """The sum of a metric over its labels."""
        _, _, text = self.request("GET", "/metrics", port=self.port + 1)
        lines = [line.rsplit(" ", 1) for line in text.decode().splitlines() if not line.startswith("#")]
        values = [float(value) for key, value in lines if key.split("{")[0] == name]
        if not values:
            raise RuntimeError(f"no metric {name}")
        return sum(values)

    def processes(self):
        """{role: pid} of the supervisor and its children."""
        found = {"supervisor": self.process.pid}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                if parent == self.process.pid:
                    found[(entry / "cmdline").read_text().split("\0")[2]] = int(entry.name)
            except (OSError, IndexError):
                continue
        return found

    def pss_by_role_mb(self):
        """{role: proportional set size in MB}."""
        return {role: _pss_kb(pid) * 1024 / 1e6 for role, pid in self.processes().items()}

    def memory_mb(self, role):
        """What a process has resident, shared pages whole and in proportion, in MB."""
        pid = self.processes()[role]
        status = Path(f"/proc/{pid}/status").read_text().splitlines()
        resident = next(int(line.split()[1]) for line in status if line.startswith("VmRSS:"))
        return {"resident": resident * 1024 / 1e6, "proportional": _pss_kb(pid) * 1024 / 1e6}

    def cpu_s(self, role):
        """CPU time that a process has used so far, in the kernel and out of it."""
        return cpu_s(self.processes()[role])


def cpu_s(pid):
    """CPU time that a process has used so far, its ended threads included.

    /proc tells it in ticks of 10 ms, which is too coarse for a turn. This is the same sum from the process's own clock,
    as clock_getcpuclockid(3) names it.
    """
    return time.clock_gettime(~pid << 3 | CPUCLOCK_SCHED)


def _pss_kb(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _rows(answer):
    return [tuple(row["dimensions"] + row["metrics"]) for row in answer["results"]]


def _free_ports():
    """A port whose next one is free as well, for the metrics."""
    for port in range(17400, 17900, 4):
        try:
            for offset in range(4):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port + offset))
            return port
        except OSError:
            continue
    raise RuntimeError("no free port")
