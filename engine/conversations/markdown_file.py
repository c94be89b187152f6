"""Reads conversations from Markdown: exports, and files of others whose headings name speakers.

Ids are made of the text, so that a file that is imported again is known.
"""

from __future__ import annotations

import functools
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import files

import msgspec

from engine.conversations.library_file import (
    AttachmentEntry,
    ConversationEntry,
    MessageEntry,
    text_of,
)
from engine.conversations.markdown_lines import attachments_in, is_outside_code, stripped
from engine.conversations.records import Author, MessageState
from engine.conversations.shelves import LONGEST_TITLE, title_from

_EXPORTED = re.compile(rb"## (You|Limpet), (\d{4}-\d\d-\d\d \d\d:\d\d) UTC(?: \((.+)\))?")
_TITLE = re.compile(rb"# +(.*\S)")
_LONGEST_HEADING = 200
_STOPPED = b"*(stopped in the middle)*"
_FAILED = re.compile(rb"\*\(failed: (.*)\)\*")


class _Speakers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    user: tuple[str, ...]
    assistant: tuple[str, ...]


class _Mark(msgspec.Struct, frozen=True):
    """A line that says who speaks from there on. `form` is how it says so."""

    line: int
    author: Author
    form: str
    when_ms: int | None = None
    model: str = ""
    text: bytes = b""


def conversations_of(content: bytes, now_ms: int) -> tuple[ConversationEntry, ...]:
    """Return the conversations of a file, none where nothing says who speaks.

    A file of another program is one conversation; its messages are as old as `now_ms`.
    """
    lines = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").split(b"\n")
    marks = _marks(lines, is_outside_code(lines, _EXPORTED), _exported_mark)
    if marks:
        return tuple(_exported(lines, marks, now_ms))
    marks = _marks(lines, is_outside_code(lines), _foreign_mark)
    if not marks:
        return ()
    marks = [mark for mark in marks if mark.form == marks[0].form]
    return (_entry(lines, marks, len(lines), _first_title(lines[: marks[0].line]), now_ms),)


def _exported(
    lines: Sequence[bytes], marks: Sequence[_Mark], now_ms: int
) -> Iterator[ConversationEntry]:
    """Yield the conversations of an export: each begins with a title and a user's message."""
    titles = {mark.line: _line_above(lines, mark.line) for mark in marks[:1]}
    for mark in marks[1:]:
        above = _line_above(lines, mark.line)
        if mark.author is Author.USER and _TITLE.fullmatch(lines[above]):
            titles[mark.line] = above
    ends = [*list(titles.values())[1:], len(lines)]
    for (first, above), end in zip(titles.items(), ends, strict=True):
        own = [mark for mark in marks if first <= mark.line < end]
        yield _entry(lines, own, end, _first_title(lines[above : above + 1]), now_ms)


def _marks(
    lines: Sequence[bytes],
    outside: Sequence[bool],
    mark_of: Callable[[int, bytes], _Mark | None],
) -> list[_Mark]:
    found = [
        mark_of(number, line)
        for number, (line, is_outside) in enumerate(zip(lines, outside, strict=True))
        if is_outside
    ]
    return [mark for mark in found if mark is not None]


def _exported_mark(number: int, line: bytes) -> _Mark | None:
    match = _EXPORTED.fullmatch(line.rstrip())
    if match is None:
        return None
    name, when, model = match.groups()
    try:
        moment = datetime.strptime(when.decode(), "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    except ValueError:
        return None
    author = Author.USER if name == b"You" else Author.ASSISTANT
    milliseconds = max(int(moment.timestamp() * 1000), 0)
    return _Mark(number, author, "export", milliseconds, (model or b"").decode("utf-8", "replace"))


def _foreign_mark(number: int, line: bytes) -> _Mark | None:
    """Return who speaks by `## User`, `### Assistant:`, `**User:** text` and the like."""
    heading, bold, authors = _foreign_patterns()
    text = line.decode("utf-8", "surrogateescape").strip()
    # The pattern takes its time over endless blanks.
    if len(text) <= _LONGEST_HEADING and (match := heading.fullmatch(text)):
        return _Mark(number, authors[match["name"].lower()], match["level"])
    if match := bold.fullmatch(text):
        rest = match["rest"].encode("utf-8", "surrogateescape")
        return _Mark(number, authors[match["name"].lower()], "bold", text=rest)
    return None


def _entry(
    lines: Sequence[bytes], marks: Sequence[_Mark], end: int, title: bytes, now_ms: int
) -> ConversationEntry:
    ends = [*(mark.line for mark in marks[1:]), end]
    bodies = [
        stripped([mark.text, *lines[mark.line + 1 : stop]])
        for mark, stop in zip(marks, ends, strict=True)
    ]
    told = msgspec.msgpack.encode((title, [mark.author for mark in marks], bodies))
    name = "md-" + hashlib.sha256(told).hexdigest()[:40]
    messages: list[MessageEntry] = []
    for mark, body in zip(marks, bodies, strict=True):
        above = messages[-1].id if messages else ""
        messages.append(_message(f"{name}-{len(messages)}", above, mark, body, now_ms))
    derived = title.decode("utf-8", "replace")[:LONGEST_TITLE] or title_from(bodies[0])
    return ConversationEntry(
        id=name,
        title=derived,
        created_ms=messages[0].created_ms,
        updated_ms=max(each.updated_ms for each in messages),
        messages=tuple(messages),
    )


def _message(name: str, above: str, mark: _Mark, body: bytes, now_ms: int) -> MessageEntry:
    attached: tuple[AttachmentEntry, ...] = ()
    state, failure = MessageState.COMPLETE, ""
    if mark.form == "export":
        attached, body = attachments_in(body) if mark.author is Author.USER else ((), body)
        before, _, last = body.rpartition(b"\n")
        if last == _STOPPED:
            state, body = MessageState.PARTIAL, before.rstrip(b"\r\n")
        elif match := _FAILED.fullmatch(last):
            state, body = MessageState.FAILED, before.rstrip(b"\r\n")
            failure = match[1].decode("utf-8", "replace")
    when = now_ms if mark.when_ms is None else mark.when_ms
    return MessageEntry(
        id=name,
        author=mark.author,
        state=state,
        content=text_of(body),
        created_ms=when,
        updated_ms=when,
        parent=above,
        is_chosen=True,
        model=mark.model,
        failure=failure,
        attachments=attached,
    )


def _line_above(lines: Sequence[bytes], number: int) -> int:
    """Return the number of the last line with words above a line; 0 where there is none."""
    return next((above for above in range(number - 1, -1, -1) if lines[above].strip()), 0)


def _first_title(lines: Sequence[bytes]) -> bytes:
    """Return the first heading of the first level."""
    return next((match[1] for each in lines if (match := _TITLE.fullmatch(each.rstrip()))), b"")


@functools.cache
def _foreign_patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, Author]]:
    text = (files(__package__) / "speakers.toml").read_text(encoding="utf-8")
    speakers = msgspec.convert(tomllib.loads(text), _Speakers)
    authors = dict.fromkeys(speakers.user, Author.USER)
    authors |= dict.fromkeys(speakers.assistant, Author.ASSISTANT)
    names = "|".join(re.escape(each) for each in authors)
    heading = rf"(?P<level>#{{1,6}})\s+\W*(?P<name>{names})\W*(?:\([^()]*\)\W*)?"
    bold = rf"\*\*\s*(?P<name>{names})\s*(?:[:：]\s*\*\*|\*\*\s*[:：])\s*(?P<rest>.*)"
    flags = re.IGNORECASE
    return re.compile(heading, flags), re.compile(bold, flags), authors
