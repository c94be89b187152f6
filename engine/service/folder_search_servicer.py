"""The folder search's edge: checks what is asked, and puts passages on the wire."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from engine.errors import InvalidInput
from engine.retrieval.folder_index import Hit
from engine.service.conversation_messages import size_of
from engine.service.seams import FolderSearching
from rpc.stubs.limpet.v1 import folder_search_pb2 as wire
from rpc.stubs.limpet.v1.folder_search_pb2_grpc import FolderSearchServiceServicer

_USUAL_PASSAGES = 8
_MOST_PASSAGES = 50
_USUAL_BYTES = 12_000
_MOST_BYTES = 1 << 20
_MOST_QUESTION_BYTES = 8 << 10


class FolderSearchServicer(FolderSearchServiceServicer):
    """The service `limpet.v1.FolderSearchService`."""

    def __init__(self, search: FolderSearching) -> None:
        self._search = search

    async def SearchFolder(
        self, request: wire.SearchFolderRequest, context: Any
    ) -> wire.SearchFolderResponse:
        """Find passages."""
        if b"\0" in request.folder:
            raise InvalidInput("The folder's path has a zero byte.")
        found = await self._search.search(
            Path(os.fsdecode(request.folder)),
            request.question[:_MOST_QUESTION_BYTES].decode("utf-8", "ignore"),
            size=size_of(request.size, _USUAL_PASSAGES, _MOST_PASSAGES),
            most_bytes=size_of(request.most_bytes, _USUAL_BYTES, _MOST_BYTES),
        )
        return wire.SearchFolderResponse(
            passages=[_passage(hit) for hit in found.hits],
            files=found.files,
            is_cut=found.is_cut,
        )


def _passage(hit: Hit) -> wire.Passage:
    passage = hit.passage
    return wire.Passage(
        path=passage.path.encode("utf-8", "replace").decode(),
        first_line=passage.first_line,
        last_line=passage.last_line,
        content=hit.content,
        symbol=passage.symbols[0] if passage.symbols else "",
        score=hit.score,
    )
