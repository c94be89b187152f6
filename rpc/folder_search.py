"""Searches a folder for the passages that a question is about."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from rpc.chat import Attachment
from rpc.connection import Connection
from rpc.stubs.limpet.v1 import folder_search_pb2 as wire
from rpc.stubs.limpet.v1.folder_search_pb2_grpc import FolderSearchServiceStub

# The first search of a large folder reads it whole.
SEARCH_TIMEOUT_SECONDS = 120.0


class Passage(msgspec.Struct, frozen=True):
    """Lines of a file; the fields are those of folder_search.proto."""

    path: str
    first_line: int
    last_line: int
    content: bytes
    symbol: str
    score: float

    @property
    def attachment(self) -> Attachment:
        """The passage as something that comes with a message."""
        return Attachment(self.path, self.content, self.first_line, self.last_line)


class FoundPassages(msgspec.Struct, frozen=True):
    """The passages, the best one first; `is_cut` where not all files could be searched."""

    passages: tuple[Passage, ...]
    files: int
    is_cut: bool


class FolderSearchClient:
    """Asks the engine's folder search."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def search(
        self, folder: Path, question: bytes, *, size: int = 0, most_bytes: int = 0
    ) -> FoundPassages:
        """Return the passages of a folder that fit a question. The first time may take long."""
        response = self._connection.unary(
            lambda channel: FolderSearchServiceStub(channel).SearchFolder,
            wire.SearchFolderRequest(
                folder=os.fsencode(folder.absolute()),
                question=question,
                size=size,
                most_bytes=most_bytes,
            ),
            timeout_seconds=SEARCH_TIMEOUT_SECONDS,
        )
        passages = tuple(_passage(each) for each in response.passages)
        return FoundPassages(passages, response.files, response.is_cut)


def _passage(message: wire.Passage) -> Passage:
    return Passage(
        message.path,
        message.first_line,
        message.last_line,
        message.content,
        message.symbol,
        message.score,
    )
