"""A model hub on the loopback address, with the failures that a real one can have."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FakeHub:
    """Serves one file; change the fields between requests to make it fail."""

    content: bytes
    path: str
    endpoint: str = ""
    status: int = 200
    break_at: list[int] = field(default_factory=list)  # one byte position for each next answer
    knows_ranges: bool = True
    declares_digest: bool = True
    declared_digest: str = ""
    redirects: bool = True
    silent_after: int | None = None
    answers: threading.Event = field(default_factory=threading.Event)
    ranges: list[str | None] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)

    def digest(self) -> str:
        return self.declared_digest or hashlib.sha256(self.content).hexdigest()


@contextmanager
def running(hub: FakeHub) -> Iterator[FakeHub]:
    """Runs the hub and sets its `endpoint`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def end_headers(self) -> None:
            self.send_header("Connection", "close")
            super().end_headers()

        def do_GET(self) -> None:
            _answer(self, hub)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield hub
    finally:
        hub.answers.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _answer(request: BaseHTTPRequestHandler, hub: FakeHub) -> None:
    if request.path == hub.path and hub.redirects:
        request.send_response(302)
        request.send_header("Location", f"{hub.endpoint}/elsewhere")
        _describe(request, hub)
        request.send_header("Content-Length", "0")
        request.end_headers()
        return
    if request.path not in (hub.path, "/elsewhere"):
        request.send_error(404)
        return
    if hub.status != 200:
        request.send_error(hub.status)
        return
    wanted = request.headers.get("Range")
    hub.ranges.append(wanted)
    hub.authorizations.append(request.headers.get("Authorization"))
    _send_body(request, hub, wanted)


def _describe(request: BaseHTTPRequestHandler, hub: FakeHub) -> None:
    if hub.declares_digest:
        request.send_header("X-Linked-Etag", f'"{hub.digest()}"')
        request.send_header("X-Linked-Size", str(len(hub.content)))


def _send_body(request: BaseHTTPRequestHandler, hub: FakeHub, wanted: str | None) -> None:
    total = len(hub.content)
    begin = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and hub.knows_ranges else 0
    if begin >= total:
        request.send_response(416)
        request.send_header("Content-Range", f"bytes */{total}")
        request.send_header("Content-Length", "0")
        request.end_headers()
        return
    request.send_response(206 if begin else 200)
    if begin:
        request.send_header("Content-Range", f"bytes {begin}-{total - 1}/{total}")
    if not hub.redirects:
        _describe(request, hub)
    request.send_header("Content-Length", str(total - begin))
    request.end_headers()
    end = hub.break_at.pop(0) if hub.break_at else total
    try:
        if hub.silent_after is not None:
            request.wfile.write(hub.content[begin : hub.silent_after])
            request.wfile.flush()
            hub.answers.wait(30)
            return
        request.wfile.write(hub.content[begin:end])
    except (BrokenPipeError, ConnectionResetError):
        return  # the client went away, as it may
