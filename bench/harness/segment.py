"""What an event costs that comes by the Segment HTTP API: in a batch of 100, against calls of one event each."""

import asyncio
import json
import statistics

from .data import DOMAINS
from .ingest import CONNECTIONS, PAIRS
from .intervals import at_most, median_with_interval

BATCH = 100
SINGLES_PER_TURN = 6_400
BATCHES_PER_TURN = 320
IN_DEVELOPMENT = 4
# By which clients send: all of them, and so many of a batch's.
BATCH_CONNECTIONS = 16


def measure(server, scale, say):
    """The same events of other numbers, alone and in batches, in turns: what `edge` needs for one of them."""
    headers = {"Authorization": f"Bearer {server.owner.key}"}
    key = json.loads(server.request("GET", f"/api/sites/{DOMAINS[0]}", headers=headers)[2])["write_key"]
    singles, batches = SINGLES_PER_TURN, BATCHES_PER_TURN
    if scale != 1:
        singles, batches = singles // IN_DEVELOPMENT, batches // IN_DEVELOPMENT
    seen, number = {"alone, µs": [], "in a batch, µs": []}, 0
    for turn in range(-1, PAIRS):
        alone = [_request("/v1/track", server.port, _call(number + n, key)) for n in range(singles)]
        number += singles
        together = []
        for _ in range(batches):
            items = [{"type": "track"} | _call(number + n) for n in range(BATCH)]
            together.append(_request("/v1/batch", server.port, {"batch": items, "writeKey": key}))
            number += BATCH
        used = {"alone, µs": _used(server, alone, CONNECTIONS) / singles,
                "in a batch, µs": _used(server, together, BATCH_CONNECTIONS) / (batches * BATCH)}
        if turn < 0:
            continue
        for how, seconds in used.items():
            seen[how].append(seconds * 1e6)
        say(f"segment {turn + 1} of {PAIRS}: " + ", ".join(f"{how} {times[-1]:.2f}" for how, times in seen.items()))
    ratios = [batch / alone for alone, batch in zip(*seen.values())]
    beside = {how: statistics.median(times) for how, times in seen.items()}
    return at_most("segment-batch", 0.25, "× an event alone", median_with_interval(ratios), **beside)


def _call(number, key=None):
    """An event as a server sends it with its client; each of another number, visitor and page."""
    call = {
        "messageId": f"node-next-1795348800000-{number:08x}-0000-4000-8000-{number:012x}",
        "userId": f"user-{number % 20_000}", "event": ("Viewed", "Added", "Paid", "Left")[number % 4],
        "properties": {"plan": ("free", "team", "pro")[number % 3], "seats": number % 50, "revenue": 9.5, "currency": "EUR"},
        "context": {"library": {"name": "@segment/analytics-node", "version": "3.1.0"}, "locale": "de-AT",
                    "page": {"url": f"https://{DOMAINS[0]}/orders/{number % 5_000}?step=2", "title": "Orders"}},
        "integrations": {}, "_metadata": {"nodeVersion": "20.19.0", "jsRuntime": "node"},
    }
    return call | {"writeKey": key} if key else call


def _request(path, port, body):
    body = json.dumps(body, separators=(",", ":")).encode()
    head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: analytics-node-next/latest\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


def _used(server, requests, connections):
    """Seconds of CPU that `edge` needs for these requests, each of which must be taken whole."""
    before = server.cpu_s("edge")
    asyncio.run(_send(server.port, requests, connections))
    return server.cpu_s("edge") - before


async def _send(port, requests, connections):
    async def converse(mine):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in mine:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.startswith("content-length"))
            body = await reader.readexactly(length)
            if not head.startswith("http/1.1 200") or "\nx-candor-refused:" in head:
                raise AssertionError(f"a call is not taken: {head} {body.decode()[:200]}")
        writer.close()

    await asyncio.gather(*(converse(requests[first::connections]) for first in range(connections)))
