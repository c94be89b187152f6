"""A typist who works through a script, looks at suggestions, and takes those that are right."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Iterator, Sequence

import msgspec

from tests.bench.completion.editor_text import Edit, EditorText, first_word, next_key
from tests.bench.completion.faults import is_right
from tests.bench.completion.keystrokes import Answer, Keystroke, Kind
from tests.bench.completion.script import (
    Caret,
    Delete,
    Look,
    Open,
    Pause,
    Rename,
    Save,
    Script,
    Taking,
    Type,
)
from tests.bench.completion.side import Side, Wish
from tests.bench.engine.figures import BenchFailure

# The hand varies its pace by this share, and is slower at a new line.
_VARIATION = 0.4
_ENTER_FACTOR = 2.0
# How long it takes to read a suggestion and to press the key that takes it.
_READING_SECONDS = 0.35


class Noted(msgspec.Struct, frozen=True):
    """A keystroke, the editor as it was then, and what the typist was about to write."""

    keystroke: Keystroke
    view: EditorText
    expected: str


class _Pending:
    """The wish of the last key."""

    def __init__(self, wish: Wish, view: EditorText, kind: Kind, *, is_in_line: bool) -> None:
        self.wish = wish
        self.view = view
        self.kind = kind
        self.is_in_line = is_in_line
        self.asked = time.perf_counter()
        self.looks = False


class Typist:
    """One script on one side."""

    def __init__(self, side: Side, script: Script) -> None:
        self._side = side
        self._script = script
        self._hand = random.Random(script.head.seed)  # noqa: S311 - not secret
        self._views: dict[str, EditorText] = {}
        self._view: EditorText | None = None
        self._step = 0
        self._at = 0
        self._expected = ""
        self._is_line_begun = False
        self._pending: _Pending | None = None
        self._noted: list[Noted] = []

    @property
    def texts(self) -> dict[str, str]:
        """The files as they are now."""
        return {path: view.text for path, view in self._views.items()}

    def work(self) -> list[Noted]:
        """Work through the script and return what was noted."""
        for number, step in enumerate(self._script.steps):
            self._step, self._at, self._expected = number, 0, ""
            match step:
                case Open(file):
                    self._open(file)
                case Caret(line, column):
                    self._settle()
                    self._front.go_to(line, column)
                    self._is_line_begun = False
                    self._side.move(self._front)
                case Type():
                    self._type(step)
                case Delete(count):
                    for _ in range(count):
                        self._erase()
                case Rename(old, new, first, last):
                    self._settle()
                    self._side.edit(self._front, self._front.rename(old, new, first, last))
                    self._is_line_begun = False
                case Pause(milliseconds):
                    self._rest(milliseconds / 1000)
                case Save():
                    self._side.save(self._front)
        self._settle()
        return self._noted

    @property
    def _front(self) -> EditorText:
        if self._view is None:
            raise BenchFailure(f"{self._script.head.name} types before a file is open")
        return self._view

    def _open(self, file: str) -> None:
        self._settle()
        if file not in self._views:
            self._views[file] = EditorText(file, self._script.text_of(file))
        self._view = self._views[file]
        self._is_line_begun = False
        self._side.open(self._view)

    def _type(self, step: Type) -> None:
        looks = {each.at: each for each in step.looks}
        slips = {each.at: each.text for each in step.slips}
        while self._at < len(step.text):
            for sign in slips.get(self._at, ""):
                self._press(sign)
            for _ in slips.pop(self._at, ""):
                self._erase()
            look = looks.pop(self._at, None)
            if look is not None and self._take(look, step.text):
                continue
            key = next_key(step.text, self._at)
            self._at += len(key)
            self._expected = step.text[self._at :]
            self._press(key)

    def _press(self, key: str) -> None:
        self._settle()
        edit = self._front.press(key)
        is_enter = key.startswith("\n")
        self._ask([edit] if edit else [], "enter" if is_enter else "letter")
        self._pass_time(self._gap(_ENTER_FACTOR if is_enter else 1.0))

    def _erase(self) -> None:
        self._settle()
        self._ask([self._front.erase()], "delete")
        self._pass_time(self._gap())

    def _take(self, look: Look, text: str) -> bool:
        """Look for a suggestion and take it, or part of it, where that is right."""
        pending = self._pending
        if pending is None:
            return False
        pending.looks = True
        pending.wish.wait_for_line(self._script.head.patience_ms / 1000)
        self._pass_time(_READING_SECONDS)
        answer = pending.wish.answer()
        remaining, rest = text[self._at :], self._front.line_after
        for part in _parts_to_take(answer, look.takes):
            if is_right(part, remaining, rest):
                self._settle()
                self._side.accept(pending.wish, len(part.text))
                self._at += len(part.text)
                self._expected = text[self._at :]
                self._ask([self._front.take(part.text, part.replaces)], "accept")
                self._pass_time(self._gap())
                return True
        return False

    def _ask(self, edits: Sequence[Edit], kind: Kind) -> None:
        is_in_line = self._is_line_begun and kind in ("letter", "delete")
        wish = self._side.ask(self._front, edits)
        self._pending = _Pending(wish, copy.copy(self._front), kind, is_in_line=is_in_line)
        self._is_line_begun = True
        if kind == "enter":
            self._is_line_begun = False

    def _settle(self) -> None:
        """End the wish of the last key and note what came of it."""
        pending, self._pending = self._pending, None
        if pending is None:
            return
        answer = pending.wish.answer()
        waited = time.perf_counter() - pending.asked
        if answer.line_seconds is None:
            pending.wish.cancel()
        keystroke = Keystroke(
            script=self._script.head.name,
            step=self._step,
            at=self._at,
            kind=pending.kind,
            is_in_line=pending.is_in_line,
            looks=pending.looks,
            waited_seconds=waited,
            answer=answer,
            is_right=is_right(answer, self._expected, pending.view.line_after),
        )
        self._noted.append(Noted(keystroke, pending.view, self._expected))

    def _rest(self, seconds: float) -> None:
        begun = time.perf_counter()
        if self._pending is not None:
            self._pending.looks = True
            self._pending.wish.wait_for_line(seconds)
        self._settle()
        self._side.rest(max(0.0, seconds - (time.perf_counter() - begun)))

    def _pass_time(self, seconds: float) -> None:
        time.sleep(seconds)

    def _gap(self, factor: float = 1.0) -> float:
        usual = self._script.head.milliseconds_a_key / 1000
        return usual * factor * (1 + self._hand.uniform(-_VARIATION, _VARIATION))


def _parts_to_take(answer: Answer, takes: Taking) -> Iterator[Answer]:
    """Yield what may be taken of a suggestion: most first."""
    if not answer.text or takes == "nothing":
        return
    if takes == "all":
        yield answer
        first, end, _ = answer.text.partition("\n")
        if end and first.strip():
            yield msgspec.structs.replace(answer, text=first, replaces=0)
    else:
        yield msgspec.structs.replace(answer, text=first_word(answer.text), replaces=0)
