"""Limpet as an editor's plugin drives it: one session on the wire for each open file."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Iterator, Sequence

import grpc

from rpc.client import Limpet
from rpc.stubs.limpet.v1 import completion_pb2 as wire
from rpc.stubs.limpet.v1.completion_pb2_grpc import CompletionServiceStub
from tests.bench.completion.editor_text import Edit, EditorText
from tests.bench.completion.keystrokes import Answer, Origin
from tests.bench.completion.side import Wish
from tests.bench.engine.figures import BenchFailure

_ORIGINS: dict[int, Origin] = {
    wire.SUGGESTION_SOURCE_UNSPECIFIED: "model",
    wire.SUGGESTION_SOURCE_MODEL: "model",
    wire.SUGGESTION_SOURCE_EARLIER: "earlier",
    wire.SUGGESTION_SOURCE_AHEAD: "ahead",
}


class LimpetWish:
    """A wish on a session; filled by the thread that reads the session."""

    def __init__(self, number: int, session: _Session) -> None:
        self.number = number
        self._session = session
        self._begun = time.perf_counter()
        self._whole = threading.Event()
        self._answer = Answer()

    def wait_for_line(self, seconds: float) -> bool:
        """Wait until the line is whole."""
        return self._whole.wait(seconds)

    def cancel(self) -> None:
        """Say that it is no longer wanted; the next wish says so as well."""
        self.tell(wire.SessionRequest(cancel_suggest=wire.CancelSuggest(id=self.number)))

    def tell(self, request: wire.SessionRequest) -> None:
        """Send a message to the session that was asked."""
        self._session.send(request)

    def answer(self) -> Answer:
        """Return what has come so far."""
        return self._answer

    def take_in(self, message: wire.Suggestions) -> None:
        """Note what the engine has said."""
        now = time.perf_counter() - self._begun
        earlier = self._answer
        best = message.suggestions[0] if message.suggestions else None
        text = best.text.decode("utf-8", "replace") if best else ""
        # A first line with an end stays as it is; what follows are further lines.
        is_whole = message.is_final or "\n" in text
        figures = message.figures
        self._answer = Answer(
            text=text,
            replaces=best.replaces if best else 0,
            first_seconds=earlier.first_seconds or now,
            line_seconds=earlier.line_seconds or (now if is_whole else None),
            origin=_ORIGINS[message.source] if best or message.is_final else "none",
            tokens_read=figures.prompt_tokens - figures.cached_tokens if message.is_final else None,
            prompt_tokens=figures.prompt_tokens if message.is_final else None,
            is_final=message.is_final,
        )
        if is_whole:
            self._whole.set()

    def fail(self, reason: str) -> None:
        """Note that the engine could not answer."""
        now = time.perf_counter() - self._begun
        self._answer = Answer(first_seconds=now, line_seconds=now, is_final=True, failure=reason)
        self._whole.set()


class _Session:
    """One file's stream."""

    def __init__(self, client: Limpet, view: EditorText, model: str) -> None:
        self.version = 1
        self.failures: list[str] = []
        self._outbox: queue.SimpleQueue[wire.SessionRequest | None] = queue.SimpleQueue()
        self._wishes: dict[int, LimpetWish] = {}
        self._numbers = itertools.count(1)
        link = client.connection.link
        stub = CompletionServiceStub(link.channel)
        self._call = stub.Session(self._requests(), metadata=link.metadata)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.open(view, model)

    def open(self, view: EditorText, model: str) -> None:
        """Send the whole text."""
        opened = wire.OpenDocument(
            path=view.path,
            text=view.text.encode(),
            version=self.version,
            offset_unit=wire.OFFSET_UNIT_CODE_POINTS,
            model=model,
        )
        self.send(wire.SessionRequest(open_document=opened))

    def change(self, edits: Sequence[Edit]) -> None:
        """Send edits."""
        if edits:
            changes = [
                wire.TextChange(start=each.start, end=each.end, text=each.text.encode())
                for each in edits
            ]
            changed = wire.ChangeDocument(
                base_version=self.version, version=self.version + 1, changes=changes
            )
            self.version += 1
            self.send(wire.SessionRequest(change_document=changed))

    def ask(self, view: EditorText, edits: Sequence[Edit]) -> LimpetWish:
        """Send edits and a wish."""
        if self.failures:
            raise BenchFailure(f"the session of {view.path} broke: {self.failures[0]}")
        wish = LimpetWish(next(self._numbers), self)
        self._wishes[wish.number] = wish
        self.change(edits)
        suggest = wire.Suggest(
            id=wish.number,
            version=self.version,
            caret=view.caret,
            trigger=wire.TRIGGER_TYPING,
        )
        self.send(wire.SessionRequest(suggest=suggest))
        return wish

    def send(self, request: wire.SessionRequest) -> None:
        """Send a message."""
        self._outbox.put(request)

    def close(self) -> None:
        """Leave."""
        self._outbox.put(None)
        self._reader.join(5.0)
        self._call.cancel()

    def _requests(self) -> Iterator[wire.SessionRequest]:
        while (request := self._outbox.get()) is not None:
            yield request

    def _read(self) -> None:
        try:
            for response in self._call:
                self._take_in(response)
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.CANCELLED:
                self._break(f"{error.code().name}: {error.details()}")

    def _take_in(self, response: wire.SessionResponse) -> None:
        match response.WhichOneof("event"):
            case "suggestions":
                self._wishes[response.suggestions.id].take_in(response.suggestions)
            case "suggest_failed":
                failed = response.suggest_failed
                self._wishes[failed.id].fail(f"{failed.reason}: {failed.message}")
            case _:
                self._break("the engine asked for the whole text, though no change was lost")

    def _break(self, reason: str) -> None:
        self.failures.append(reason)
        for wish in list(self._wishes.values()):
            if wish.answer().line_seconds is None:
                wish.fail(reason)


class LimpetSide:
    """The engine through the sessions of one editor."""

    title = "Limpet"

    def __init__(self, client: Limpet, model: str = "") -> None:
        self._client = client
        self._model = model
        self._sessions: dict[str, _Session] = {}

    @property
    def failures(self) -> list[str]:
        """What broke sessions."""
        return [reason for each in self._sessions.values() for reason in each.failures]

    def open(self, view: EditorText) -> None:
        """Open a session for a new file; one that is known is still there."""
        if view.path not in self._sessions:
            self._sessions[view.path] = _Session(self._client, view, self._model)

    def edit(self, view: EditorText, edits: Sequence[Edit]) -> None:
        """Tell of a change."""
        self._sessions[view.path].change(edits)

    def ask(self, view: EditorText, edits: Sequence[Edit]) -> LimpetWish:
        """Tell of a change and ask."""
        return self._sessions[view.path].ask(view, edits)

    def move(self, view: EditorText) -> None:
        """Tell where the caret is."""
        session = self._sessions[view.path]
        moved = wire.MoveCaret(version=session.version, caret=view.caret)
        session.send(wire.SessionRequest(move_caret=moved))

    def accept(self, wish: Wish, characters: int) -> None:
        """Tell what was taken."""
        if isinstance(wish, LimpetWish):
            taken = len(wish.answer().text[:characters].encode())
            accepted = wire.AcceptSuggestion(id=wish.number, accepted_bytes=taken)
            wish.tell(wire.SessionRequest(accept_suggestion=accepted))

    def save(self, view: EditorText) -> None:
        """Tell that a file was saved."""
        saved = wire.SessionRequest(save_document=wire.SaveDocument())
        self._sessions[view.path].send(saved)

    def rest(self, seconds: float) -> None:
        """Do nothing."""
        time.sleep(seconds)

    def close(self) -> None:
        """End all sessions."""
        for session in self._sessions.values():
            session.close()
        self._sessions.clear()
