"""The peer as its editor plugin drives it."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from typing import Any

from tests.bench.completion.editor_text import Edit, EditorText
from tests.bench.completion.keystrokes import Answer
from tests.bench.completion.side import Wish
from tests.bench.peer.infill import Event, Request
from tests.bench.peer.plugin import (
    Around,
    Cache,
    Ring,
    around_caret,
    plugin_settings,
    suggestion_of,
)
from tests.bench.peer.server_process import PeerServer

_PATIENCE_SECONDS = 120.0


class PeerWish:
    """A wish that a request to the peer fulfils, or the plugin's memory."""

    def __init__(self, around: Around, view: EditorText) -> None:
        self.around = around
        self.view = view
        self.content = ""
        self.request: Request | None = None
        self._begun = time.perf_counter()
        self._whole = threading.Event()
        self._answer = Answer()

    def wait_for_line(self, seconds: float) -> bool:
        """Wait until the line is whole."""
        return self._whole.wait(seconds)

    def cancel(self) -> None:
        """Close the connection."""
        if self.request is not None:
            self.request.cancel()

    def answer(self) -> Answer:
        """Return what has come so far."""
        return self._answer

    def take_in(self, event: Event) -> None:
        """Note a piece of the answer."""
        now = time.perf_counter() - self._begun
        self.content += event.content
        earlier = self._answer
        # A line that began with its end is whole with the next one.
        is_whole = event.stop or "\n" in self.content.lstrip("\n")
        self._answer = Answer(
            text=suggestion_of(self.content, self.around, self.view),
            first_seconds=earlier.first_seconds or (now if self.content or event.stop else None),
            line_seconds=earlier.line_seconds or (now if is_whole else None),
            origin="model",
            tokens_read=event.timings.prompt_n if event.stop else None,
            prompt_tokens=event.timings.prompt_n + event.timings.cache_n if event.stop else None,
            is_final=event.stop,
        )
        if is_whole:
            self._whole.set()

    def settle(self, text: str) -> None:
        """Answer without the peer: from memory, or with nothing."""
        now = time.perf_counter() - self._begun
        self._answer = Answer(
            text=text,
            first_seconds=now,
            line_seconds=now,
            origin="earlier" if text else "none",
            tokens_read=0,
            is_final=True,
        )
        self._whole.set()

    def end(self, failure: str) -> None:
        """The request is over."""
        if failure and failure != "cancelled":
            now = time.perf_counter() - self._begun
            self._answer = Answer(
                first_seconds=now, line_seconds=now, is_final=True, failure=failure
            )
            self._whole.set()


class PeerSide:
    """One configuration of the peer behind the plugin's rules."""

    def __init__(self, server: PeerServer, *, seed: int = 1) -> None:
        self.title = server.configuration.title
        self.failures: list[str] = []
        self._address = server.host, server.port
        self._settings = plugin_settings()
        self._cache = Cache(self._settings.most_cached)
        self._ring = Ring(self._settings, random.Random(seed))  # noqa: S311 - repeatable
        # What is computed as if a suggestion were taken; the next key ends it.
        self._ahead: Request | None = None
        self._newest: PeerWish | None = None
        self._lock = threading.Lock()
        self._asked = time.perf_counter()

    def open(self, view: EditorText) -> None:
        """Gather a chunk of the file that comes to the front."""
        self._ring.gather_around(view)

    def edit(self, view: EditorText, edits: Sequence[Edit]) -> None:
        """Nothing: every request carries its text."""

    def ask(self, view: EditorText, edits: Sequence[Edit]) -> PeerWish:
        """Answer from memory, or send a request."""
        self._asked = time.perf_counter()
        around = around_caret(view, self._settings)
        snapshot = EditorText(view.path, view.text)
        snapshot.caret = view.caret
        wish = PeerWish(around, snapshot)
        self._stop_ahead(wish)
        known = self._cache.find(around)
        if len(view.line_after) > self._settings.most_characters_behind:
            wish.settle("")
        elif known is not None:
            wish.settle(known)
        else:
            wish.request = self._send(
                self._body(around), wish.take_in, lambda failure: self._finished(wish, failure)
            )
        return wish

    def move(self, view: EditorText) -> None:
        """Nothing: the plugin waits for a key."""

    def accept(self, wish: Wish, characters: int) -> None:
        """Nothing: the peer is not told."""

    def save(self, view: EditorText) -> None:
        """Gather a chunk around the caret."""
        self._ring.gather_around(view)

    def rest(self, seconds: float) -> None:
        """Hand chunks over, one a period, once the typist has rested long enough."""
        end = time.perf_counter() + seconds
        due = self._asked + self._settings.ring_rest_seconds
        while self._ring.is_waiting and due < end:
            time.sleep(max(0.0, due - time.perf_counter()))
            self._ring.hand_over()
            body = {
                "input_prefix": "",
                "input_suffix": "",
                "prompt": "",
                "input_extra": self._extra,
            }
            warming = self._send({**body, **self._settings.warming}, lambda _: None, lambda _: None)
            warming.join(_PATIENCE_SECONDS)
            due = time.perf_counter() + self._settings.ring_period_seconds
        time.sleep(max(0.0, end - time.perf_counter()))

    def close(self) -> None:
        """Stop what is under way."""
        self._stop_ahead()

    @property
    def _extra(self) -> list[dict[str, str]]:
        return self._ring.chunks

    def _send(self, body: dict[str, Any], on_event: Any, on_end: Any) -> Request:
        return Request(self._address, body, on_event, on_end)

    def _body(self, around: Around) -> dict[str, Any]:
        indented = {"n_indent": around.indentation} if around.indentation else {}
        return {
            "input_prefix": around.prefix,
            "input_suffix": around.suffix,
            "input_extra": self._extra,
            "prompt": around.prompt,
            **self._settings.request,
            **indented,
        }

    def _finished(self, wish: PeerWish, failure: str) -> None:
        """Remember the answer and compute the next one, as if it were taken."""
        wish.end(failure)
        if failure:
            if failure != "cancelled":
                self.failures.append(failure)
            return
        text = wish.answer().text
        if not text:
            return
        around = wish.around
        self._cache.put(around, wish.content.rstrip("\n"))
        self._ring.gather_far(wish.view)
        with self._lock:
            # A newer wish is under way: that comes first.
            if wish is self._newest and not wish.view.line_after.strip():
                self._compute_ahead(around.after_taking(text))

    def _compute_ahead(self, around: Around) -> None:
        if self._cache.find(around) is not None:
            return
        content: list[str] = []

        def keep(failure: str) -> None:
            if not failure and "".join(content).strip():
                self._cache.put(around, "".join(content).rstrip("\n"))

        self._ahead = self._send(
            self._body(around), lambda event: content.append(event.content), keep
        )

    def _stop_ahead(self, newest: PeerWish | None = None) -> None:
        with self._lock:
            ahead, self._ahead, self._newest = self._ahead, None, newest
        if ahead is not None:
            ahead.cancel()
