"""What the peer's editor plugin sends, remembers and leaves out, by its settings as data."""

from __future__ import annotations

import random
import tomllib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from tests.bench.completion.editor_text import EditorText

_SETTINGS = Path(__file__).with_name("plugin.toml")


class Settings(msgspec.Struct, frozen=True):
    """The plugin's settings."""

    prefix_lines: int
    suffix_lines: int
    most_characters_behind: int
    most_cached: int
    ring_chunks: int
    ring_chunk_lines: int
    ring_scope_lines: int
    ring_distance_lines: int
    ring_rest_seconds: float
    ring_period_seconds: float
    request: dict[str, Any]
    warming: dict[str, Any]


class Around(msgspec.Struct, frozen=True):
    """The text around a caret as the plugin cuts it; `prompt` is the line up to the caret."""

    prefix: str
    prompt: str
    suffix: str
    indentation: int
    # Blanks that stand before the caret already and are taken off the answer.
    blanks: int

    def after_taking(self, text: str) -> Around:
        """Return what would be around the caret with a suggestion taken."""
        *lines, last = (self.prompt + text).split("\n")
        above = "".join(f"{line}\n" for line in lines)
        return msgspec.structs.replace(self, prefix=self.prefix + above, prompt=last, blanks=0)


def plugin_settings() -> Settings:
    """Read the settings."""
    return msgspec.convert(tomllib.loads(_SETTINGS.read_text("utf-8")), Settings)


def around_caret(view: EditorText, settings: Settings) -> Around:
    """Cut the text around the caret."""
    before = view.text[: view.caret - len(view.line_before)].splitlines(keepends=True)
    below = view.text[view.caret + len(view.line_after) :].removeprefix("\n").split("\n")
    line = view.line_before + view.line_after
    is_blank = not view.line_before.strip()
    return Around(
        prefix="".join(before[-settings.prefix_lines :]) or "\n",
        prompt="" if is_blank else view.line_before,
        suffix="\n".join([view.line_after, *below[: settings.suffix_lines], ""]),
        indentation=len(line) - len(line.lstrip()),
        blanks=len(view.line_before) if is_blank else 0,
    )


def suggestion_of(content: str, around: Around, view: EditorText) -> str:
    """Return what the plugin shows of an answer: nothing that only repeats what stands there."""
    lines = content.split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    rest = view.line_after
    if not lines or _repeats(lines, view):
        return ""
    if rest.strip():
        if lines[0].endswith(rest):
            lines = [lines[0][: -len(rest)]]
        elif len(lines) > 1:
            lines = lines[:1]
    text = "\n".join(lines)
    leading = len(text) - len(text.lstrip(" \t"))
    return text[min(leading, around.blanks) :]


def _repeats(lines: Sequence[str], view: EditorText) -> bool:
    rest = view.line_after
    below = view.text[view.caret + len(rest) :].removeprefix("\n").split("\n")
    if lines[0] == rest and len(lines) == 1:
        return True
    if len(lines) > 1 and lines[0].strip() in ("", rest.strip()):
        return list(lines[1:]) == below[: len(lines) - 1]
    filled = next((number for number, line in enumerate(below) if line.strip()), None)
    if filled is None or view.line_before + lines[0] != below[filled]:
        return False
    following = below[filled + 1 : filled + len(lines)]
    return len(lines) == 1 or list(lines[1:]) == following


class Cache:
    """Answers by what stood around the caret; found again while their beginning is typed."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[tuple[str, str, str], str] = OrderedDict()

    def put(self, around: Around, answer: str) -> None:
        """Remember an answer."""
        self._answers[around.prefix, around.suffix, around.prompt] = answer
        while len(self._answers) > self._most:
            self._answers.popitem(last=False)

    def find(self, around: Around) -> str | None:
        """Return what is left of an answer to this line, or to its beginning."""
        for length in range(len(around.prompt), -1, -1):
            key = around.prefix, around.suffix, around.prompt[:length]
            answer = self._answers.get(key)
            typed = around.prompt[length:]
            if answer and answer.startswith(typed) and answer != typed:
                return answer[len(typed) :]
        return None


class Ring:
    """Chunks of text from elsewhere, which go with every request."""

    def __init__(self, settings: Settings, chance: random.Random) -> None:
        self._settings = settings
        self._chance = chance
        self._queued: list[dict[str, str]] = []
        self._last_line = -9999
        self.chunks: list[dict[str, str]] = []

    @property
    def is_waiting(self) -> bool:
        """Whether chunks wait to be handed over."""
        return bool(self._queued)

    def gather_around(self, view: EditorText) -> None:
        """Queue what is around the caret: at a save, and when another file comes to the front."""
        half = self._settings.ring_chunk_lines // 2
        lines = view.text.split("\n")
        self._queue(view.path, lines[max(0, view.line_number - half) : view.line_number + half])

    def gather_far(self, view: EditorText) -> None:
        """Queue chunks above and below what a request shows, when the caret went far."""
        here = view.line_number
        if abs(here - self._last_line) <= self._settings.ring_distance_lines:
            return
        lines, settings = view.text.split("\n"), self._settings
        above = max(0, here - settings.ring_scope_lines), max(0, here - settings.prefix_lines)
        start = here + settings.suffix_lines
        self._queue(view.path, lines[slice(*above)])
        self._queue(view.path, lines[start : start + settings.ring_chunk_lines])
        self._last_line = here

    def hand_over(self) -> None:
        """Move one queued chunk into the ring."""
        self.chunks = [*self.chunks, self._queued.pop(0)][-self._settings.ring_chunks :]

    def _queue(self, path: str, lines: Sequence[str]) -> None:
        if len(lines) < 3:
            return
        half = self._settings.ring_chunk_lines // 2
        if len(lines) + 1 >= self._settings.ring_chunk_lines:
            start = self._chance.randrange(max(1, len(lines) - half + 1))
            lines = lines[start : start + half]
        text = "\n".join(lines) + "\n"
        known = [*self._queued, *self.chunks]
        if all(each["text"] != text for each in known):
            self._queued.append({"filename": path, "text": text})
