"""The files that `limpet complete --jsonl` has open, as an editor has its tabs."""

from __future__ import annotations

from collections import OrderedDict

from command_line.completing import CompletionOptions
from rpc.client import Limpet
from rpc.completion_session import Suggestions, SuggestOptions
from rpc.documents import Document
from rpc.edited_file import EditedFile

MOST_OPEN_FILES = 16


class EditingFiles:
    """One completion session for each path; the one not used for longest is closed."""

    def __init__(self, engine: Limpet, options: CompletionOptions) -> None:
        self._engine = engine
        self._options = options
        self._files: OrderedDict[str, EditedFile] = OrderedDict()

    def suggestions(self, document: Document, offset: int) -> Suggestions:
        """Return the suggestions at a byte offset. Raises a Failure."""
        wanted = SuggestOptions(extent=self._options.extent, max_tokens=self._options.max_tokens)
        return self._file(document.path).suggestions(document.text, offset, wanted)

    def close(self) -> None:
        """Close all files."""
        while self._files:
            self._files.popitem()[1].close()

    def _file(self, path: str) -> EditedFile:
        file = self._files.pop(path, None)
        if file is None:
            file = self._engine.completion.edited_file(
                path, model=self._options.model, project_folder=self._options.project_folder
            )
        self._files[path] = file
        if len(self._files) > MOST_OPEN_FILES:
            self._files.popitem(last=False)[1].close()
        return file
