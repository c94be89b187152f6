"""Turns `-f PATH[:FROM-TO]` and piped text into attachments of a question."""

from __future__ import annotations

from rpc.chat import Attachment
from rpc.documents import document_of_bytes, read_document
from rpc.failures import DocumentProblem
from rpc.locations import parse_lines


def attach_file(place: str) -> Attachment:
    """Return the file, or the lines of it, that `place` names. Raises DocumentProblem."""
    location = parse_lines(place)
    document = read_document(location.path)
    if not document.text.strip():
        raise DocumentProblem(
            f"{location.path} is empty.", advice="Choose a file with text.", reason="DOCUMENT_EMPTY"
        )
    if not location.first_line:
        return Attachment(location.path, document.text)
    return Attachment(
        location.path,
        document.lines(location.first_line, location.last_line),
        location.first_line,
        location.last_line,
    )


def attach_bytes(name: str, content: bytes) -> Attachment:
    """Return text that has no file, such as a pipe's, as an attachment. Raises DocumentProblem."""
    return Attachment(name, document_of_bytes(name, content).text)


def describe(attachment: Attachment) -> str:
    """Return the attachment's name for people."""
    if not attachment.first_line:
        return attachment.path
    return f"{attachment.path}:{attachment.first_line}-{attachment.last_line}"
