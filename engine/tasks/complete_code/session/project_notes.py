"""What a session tells of its file to the project it belongs to, and hears of other files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.inference.language_model import Keeping, LanguageModel, Segment, count_tokens
from engine.prompts.turns import OtherFile
from engine.retrieval.context import FAR_LINES, ProjectContext

# One turn of indexing while the user rests.
_SLICE_MILLISECONDS = 20.0


class Projects:
    """The projects that are being edited, shared by the sessions of one engine."""

    def __init__(self, *, most: int = 8) -> None:
        self._contexts: dict[str, ProjectContext] = {}
        self._most = most

    def context_of(self, folder: str) -> ProjectContext | None:
        """Return a folder's context; None for a file that belongs to no project."""
        if not folder:
            return None
        context = self._contexts.pop(folder, None) or ProjectContext(Path(folder))
        self._contexts[folder] = context
        if len(self._contexts) > self._most:
            self._contexts.pop(next(iter(self._contexts))).close()
        return context

    def close(self) -> None:
        """End what reads the projects."""
        while self._contexts:
            self._contexts.popitem()[1].close()


class ProjectNotes:
    """One file's notes in its project's context. Taking a note costs microseconds.

    A file that belongs to no project takes none, and is shown beside no other.
    """

    def __init__(self, context: ProjectContext | None, path: str) -> None:
        self._context = context
        self._path = path
        self._caret = 0
        self._line = 0

    def opened(self, text: bytes) -> None:
        """The file is shown."""
        if self._context is not None:
            self._context.opened(self._path, text)

    def edited(self, text: bytes, changed: tuple[int, int]) -> None:
        """The file changed."""
        if self._context is not None:
            self._context.edited(self._path, text, changed)

    def saved(self, text: bytes) -> None:
        """The file was saved."""
        if self._context is not None:
            self._context.saved(self._path, text, self._caret)

    def moved(self, text: bytes, caret: int) -> None:
        """The caret moved; what it left is remembered when it went far."""
        if self._context is None:
            return
        line = text.count(b"\n", 0, caret)
        if abs(line - self._line) > FAR_LINES:
            self._context.jumped(self._path, text, self._caret)
        self._caret, self._line = caret, line

    def keeping(self, text: bytes) -> Keeping | None:
        """Return under which name a model may keep what it reads; None for what stays unkept."""
        if self._context is None or self._context.root is None:
            return None
        inside = self._context.kept_name(self._path, text)
        return Keeping(str(self._context.root), inside) if inside is not None else None

    async def settle(self, is_resting: Callable[[], bool]) -> None:
        """Index and refresh while the user rests."""
        context = self._context
        if context is None:
            return
        while is_resting() and await asyncio.to_thread(context.idle, _SLICE_MILLISECONDS):
            pass

    async def other_files(
        self, model: LanguageModel, text: bytes, caret: int, budget_tokens: int
    ) -> tuple[OtherFile, ...]:
        """Return what the prompt shows beside the file, in an order that stays."""
        context = self._context
        if context is None:
            return ()

        async def count(texts: Sequence[bytes]) -> Sequence[int]:
            return await count_tokens(model, [Segment(each) for each in texts])

        found = await context.other_files_counted_later(
            self._path, text, caret, budget_tokens, count
        )
        return tuple(OtherFile(each.path, each.content) for each in found)
