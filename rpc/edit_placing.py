"""Writes an edit into its file, unless the file has changed meanwhile."""

from __future__ import annotations

from pathlib import Path

from rpc.actions import EditFinished
from rpc.documents import Document, read_document
from rpc.failures import InvalidRequest
from rpc.whole_file import write_whole


def put_edit_in_place(document: Document, end: EditFinished) -> Path:
    """Write the file with the edit, in its own encoding and with its own mode: all or nothing.

    `document` is the file as it was read for the edit. Raises InvalidRequest where it has changed
    since, TextNotEncodable, DocumentProblem, OSError.
    """
    path = Path(document.path).resolve()  # a link stays one: the file behind it is written
    content = document.encode_back(end.applied_to(document.text))
    if read_document(document.path) != document:
        raise InvalidRequest(
            f"{document.path} has changed while the edit was made; it was left as it is.",
            advice="Run the command again.",
            reason="FILE_CHANGED",
        )
    write_whole(path, content, mode=path.stat().st_mode & 0o7777)
    return path
