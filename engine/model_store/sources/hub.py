"""Fetches a model file from the model hub over HTTP, going on at any byte."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import msgspec

from engine.errors import DownloadFailed, NetworkUnavailable
from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.partial_file import PartialFile
from engine.model_store.sources.background_reader import BackgroundReader

_LOOK_SECONDS = 0.2
_MAXIMUM_CONNECTIONS = 50
# One that brings nothing may be a connection kept from earlier that the hub has closed since.
_FRUITLESS_CONNECTIONS = 2


class _Answer(msgspec.Struct, frozen=True):
    """The head of the hub's answer: where the body begins, the file's length and digest."""

    begins_at: int
    total_bytes: int
    sha256: str | None


class _Broken(Exception):
    """The connection ended before the body did."""


class _NothingThere(Exception):
    """The hub's file has nothing where the partial file ends."""


class HubSource:
    """The hub at `endpoint`, which may be a mirror.

    Without an answer after `answer_within_seconds` there is no network; a connection over which
    nothing came for `stalled_after_seconds` is given up and made anew.
    """

    name = "hub"
    needs_network = True

    def __init__(
        self,
        endpoint: str,
        *,
        answer_within_seconds: float = 5.0,
        stalled_after_seconds: float = 20.0,
        is_switched_off: bool = False,
    ) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._answer_within_seconds = answer_within_seconds
        self._stalled_after_seconds = stalled_after_seconds
        self._is_switched_off = is_switched_off

    def describe(self, entry: CatalogueEntry) -> str | None:
        """The endpoint and the repository."""
        return f"the model hub {self._endpoint}, repository {entry.hub.repository}"

    def fetch(self, entry: CatalogueEntry, partial: PartialFile) -> str | None:
        """Streams the rest of the file; a broken connection is made anew as long as it helps."""
        if self._is_switched_off:
            raise NetworkUnavailable("switched off by HF_HUB_OFFLINE")
        fruitless = 0
        for _ in range(_MAXIMUM_CONNECTIONS):
            before = partial.size_bytes
            try:
                return self._stream(entry, partial)
            except _Broken as broken:
                fruitless = fruitless + 1 if partial.size_bytes == before else 0
                if fruitless == _FRUITLESS_CONNECTIONS:
                    raise DownloadFailed(f"the connection broke: {broken}") from broken
            except _NothingThere as nothing:
                if before == 0:
                    raise DownloadFailed("it does not send the file") from nothing
                partial.start_again()
        raise DownloadFailed(f"the connection broke {_MAXIMUM_CONNECTIONS} times")

    def _stream(self, entry: CatalogueEntry, partial: PartialFile) -> str | None:
        offset = partial.size_bytes
        reader = BackgroundReader(lambda: self._request(entry, offset))
        try:
            answer = self._first_answer(reader, partial)
            partial.expect(answer.total_bytes)
            # A server that does not know ranges sends everything: pass over what is here.
            surplus = partial.size_bytes - answer.begins_at
            if surplus < 0:
                raise _NothingThere
            while (piece := self._next_piece(reader, partial)) is not None:
                passed_over = min(surplus, len(piece))
                surplus -= passed_over
                if piece[passed_over:]:
                    partial.append(piece[passed_over:])
            if not partial.is_complete:
                raise _Broken("it ended early")
            return answer.sha256
        finally:
            reader.stop()

    def _first_answer(
        self, reader: BackgroundReader[_Answer | bytes], partial: PartialFile
    ) -> _Answer:
        seconds = self._answer_within_seconds
        try:
            answer = _wait(reader, partial, seconds)
        except TimeoutError as error:
            raise NetworkUnavailable(f"no network: no answer in {seconds:g} seconds") from error
        if not isinstance(answer, _Answer):
            raise _Broken("there was no answer")
        return answer

    def _next_piece(
        self, reader: BackgroundReader[_Answer | bytes], partial: PartialFile
    ) -> bytes | None:
        seconds = self._stalled_after_seconds
        try:
            piece = _wait(reader, partial, seconds)
        except TimeoutError as error:
            raise _Broken(f"nothing came for {seconds:g} seconds") from error
        if isinstance(piece, _Answer):
            raise _Broken("there were two answers")
        return piece

    def _request(self, entry: CatalogueEntry, offset: int) -> Iterator[_Answer | bytes]:
        """Runs in the reader's thread: one request, its head, then its body in pieces."""
        # Imported here because it takes a fifth of a second that only downloads should pay.
        from huggingface_hub import get_session, get_token, hf_hub_url  # noqa: PLC0415

        client = get_session()
        # huggingface_hub speaks httpx or its successor; both call their root error this.
        library: Any = import_module(type(client).__module__.partition(".")[0])
        headers = {"user-agent": "limpet", "accept-encoding": "identity"}
        if offset:
            headers["range"] = f"bytes={offset}-"
        if (token := get_token()) is not None:
            headers["authorization"] = f"Bearer {token}"
        file = entry.hub
        url = hf_hub_url(
            file.repository, file.file, revision=file.revision, endpoint=self._endpoint
        )
        connect, read = self._answer_within_seconds, self._stalled_after_seconds
        try:
            with client.stream(
                "GET", url, headers=headers, timeout=(connect, read, read, connect)
            ) as response:
                head = _read_head(response, offset)
                yield head
                if head.total_bytes > offset:
                    # As the pieces come: collecting them would lose some when the line breaks.
                    yield from response.iter_raw()
        except (library.ConnectError, library.ConnectTimeout, library.ProxyError) as error:
            raise NetworkUnavailable(f"no network: {_shortly(error)}") from error
        except library.HTTPError as error:
            raise _Broken(_shortly(error)) from error
        except OSError as error:
            # huggingface_hub's own refusal under HF_HUB_OFFLINE is a ConnectionError.
            raise NetworkUnavailable(f"no network: {_shortly(error)}") from error


def _wait(
    reader: BackgroundReader[_Answer | bytes], partial: PartialFile, seconds: float
) -> _Answer | bytes | None:
    """The next item; looks in between whether the caller wants to stop."""
    deadline = time.monotonic() + seconds
    while True:
        partial.raise_if_cancelled()
        try:
            return reader.next_item(min(_LOOK_SECONDS, max(0.0, deadline - time.monotonic())))
        except TimeoutError:
            if time.monotonic() >= deadline:
                raise


def _read_head(response: Any, offset: int) -> _Answer:
    status = response.status_code
    if status not in (200, 206, 416):
        raise DownloadFailed(_REFUSALS.get(status, f"it answered with HTTP status {status}"))
    # The hub tells about the file in its own answer and sends the bytes from another host.
    answers = [*response.history, response]
    etag = _first_header(answers, "x-linked-etag")
    digest = etag.removeprefix("W/").strip('"').lower()
    is_digest = len(digest) == 64 and all(each in "0123456789abcdef" for each in digest)
    total = _number(_first_header(answers, "x-linked-size"))
    begins_at = 0
    if status == 200:
        total = total or _number(response.headers.get("content-length", ""))
    else:  # "bytes 100-199/200", or for 416 "bytes */200"
        span, _, length = response.headers.get("content-range", "").partition("/")
        total = total or _number(length)
        begins_at = _number(span.removeprefix("bytes ").partition("-")[0])
    if status == 416:
        if total != offset:
            raise _NothingThere
        begins_at = offset
    if total <= 0:
        raise DownloadFailed("it does not say how long the file is")
    return _Answer(begins_at, total, digest if is_digest else None)


def _first_header(answers: list[Any], name: str) -> str:
    return next((str(each.headers[name]) for each in answers if name in each.headers), "")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0


_REFUSALS = {
    401: "it wants a token, or the repository does not exist (401)",
    403: "it refuses access (403)",
    404: "it has no such file (404)",
    429: "it wants fewer requests (429)",
}


def _shortly(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200].rstrip(".")
