"""The peer's plugin in the bench: what it sends, remembers, leaves out, and cancels."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.bench.completion.editor_text import EditorText
from tests.bench.peer.peer_side import PeerSide
from tests.bench.peer.plugin import Cache, around_caret, plugin_settings, suggestion_of
from tests.bench.peer.server_process import Configuration, PeerServer

_PATIENCE_SECONDS = 20.0


class StandIn:
    """A llama-server that writes what it is told, slowly where it is told so."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.pieces = ["ab", "c\n", "more"]
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.was_hung_up = threading.Event()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                stand_in.bodies.append(json.loads(self.rfile.read(length)))
                self.send_response(200)
                self.end_headers()
                try:
                    for piece in stand_in.pieces:
                        self._say({"content": piece, "stop": False})
                    while not stand_in.goes_on.wait(0.01):
                        self._say({"content": "", "stop": False})
                    timings = {"prompt_n": 3, "cache_n": 7}
                    self._say({"content": "", "stop": True, "timings": timings})
                except OSError:
                    stand_in.was_hung_up.set()

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
                del format, arguments

            def _say(self, event: dict[str, Any]) -> None:
                self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
                self.wfile.flush()

        return Handler


@pytest.fixture
def peer() -> Iterator[tuple[StandIn, PeerSide]]:
    stand_in = StandIn()
    server = ThreadingHTTPServer(("127.0.0.1", 0), stand_in.handler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    port = int(server.server_address[1])
    side = PeerSide(PeerServer(Configuration("t", "stand-in", ()), "127.0.0.1", port, 0))
    try:
        yield stand_in, side
    finally:
        side.close()
        stand_in.goes_on.set()
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_wish_is_answered_with_what_the_peer_says_it_cost(
    peer: tuple[StandIn, PeerSide],
) -> None:
    stand_in, side = peer

    wish = side.ask(_view("x = 1\ny = |\n"), [])
    assert wish.wait_for_line(_PATIENCE_SECONDS)
    assert wish.request is not None
    wish.request.join(_PATIENCE_SECONDS)

    answer = wish.answer()
    assert (answer.text, answer.tokens_read, answer.prompt_tokens) == ("abc\nmore", 3, 10)
    body = stand_in.bodies[0]
    assert (body["input_prefix"], body["prompt"]) == ("x = 1\n", "y = ")
    assert body["input_suffix"].startswith("\n")
    assert body["stream"] is True


def test_what_is_typed_through_needs_no_request(peer: tuple[StandIn, PeerSide]) -> None:
    stand_in, side = peer
    wish = side.ask(_view("y = |\n"), [])
    assert wish.request is not None
    wish.request.join(_PATIENCE_SECONDS)

    again = side.ask(_view("y = a|\n"), [])

    assert again.answer().text == "bc\nmore"
    assert (again.answer().origin, again.request) == ("earlier", None)
    # The first, and the one that is computed as if its answer were taken.
    assert all(body["prompt"] in ("y = ", "more") for body in stand_in.bodies)


def test_cancelling_hangs_up(peer: tuple[StandIn, PeerSide]) -> None:
    stand_in, side = peer
    stand_in.goes_on.clear()
    wish = side.ask(_view("y = |\n"), [])
    assert wish.wait_for_line(_PATIENCE_SECONDS)

    wish.cancel()

    assert stand_in.was_hung_up.wait(_PATIENCE_SECONDS)
    assert side.failures == []
    assert not wish.answer().is_final


def test_nothing_is_asked_for_in_front_of_much_text(peer: tuple[StandIn, PeerSide]) -> None:
    stand_in, side = peer

    answer = side.ask(_view("f(|argument, other)\n"), []).answer()

    assert (answer.text, answer.is_final, stand_in.bodies) == ("", True, [])


# name: (text, what the peer writes, what is shown)
SHOWN = {
    "as it is": ("x = |\n", "1\ny = 2\n", "1\ny = 2"),
    "without the indentation that is there": ("if a:\n    |\n", "    b()\n", "b()"),
    "without the rest of the line": ("f(|)\n", "x)", "x"),
    "one line in front of a rest": ("f(|)\n", "x, y\nz", "x, y"),
    "not the next line": ("a\n|\nb = 1\n", "b = 1", ""),
    "not nothing": ("x = |\n", "\n\n", ""),
}


@pytest.mark.parametrize(("marked", "content", "shown"), SHOWN.values(), ids=SHOWN)
def test_what_is_shown(marked: str, content: str, shown: str) -> None:
    view = _view(marked)

    assert suggestion_of(content, around_caret(view, plugin_settings()), view) == shown


def test_the_cache_forgets_the_oldest() -> None:
    cache = Cache(1)
    first = around_caret(_view("a = |\n"), plugin_settings())
    second = around_caret(_view("b = |\n"), plugin_settings())

    cache.put(first, "1")
    cache.put(second, "2")

    assert (cache.find(first), cache.find(second)) == (None, "2")


def _view(marked: str) -> EditorText:
    view = EditorText("a.py", marked.replace("|", ""))
    view.caret = marked.index("|")
    return view
