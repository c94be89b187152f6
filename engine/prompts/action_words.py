"""The words of the code actions, and the turns made of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from engine.prompts.chat_task import fence_around
from engine.prompts.turns import Speaker, Turn

_NO_ACTIONS = frozenset({"frame.toml", "documentation.toml"})
_PLACE = re.compile(rb"\{(\w+)\}")
_CHINESE = re.compile("[\u3400-\u9fff]")

Shape = TypeVar("Shape")


class ActionKind(StrEnum):
    """What an action gives: an edit, or Markdown."""

    EDIT = "edit"
    TALK = "talk"


class Action(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An action as its data file holds it; `name` is the file's.

    With `must_change` an edit that changes nothing is worth another try; with `keeps_code` one
    may change comments and documentation alone.
    """

    kind: ActionKind
    order: int
    titles: Mapping[str, str]
    requests: Mapping[str, str]
    name: str = ""
    needs_instruction: bool = False
    takes_problem: bool = False
    must_change: bool = False
    keeps_code: bool = False


class Reasons(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why an answer cannot be used."""

    broken: str
    unchanged: str
    empty: str
    cut: str
    damaged: str
    code_changed: str


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the prompts of all actions share, in one language."""

    edit_system: str
    talk_system: str
    question: str
    instruction: str
    error: str
    test: str
    retry: str
    reasons: Reasons


class FrameFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The frames as their data file holds them."""

    default_language: str
    languages: Mapping[str, Frame]


class ActionTexts(msgspec.Struct, frozen=True):
    """What an action is about; `fence` is the word behind a code fence."""

    code: bytes
    fence: str = ""
    language: str = ""
    instruction: str = ""
    error_text: str = ""
    failing_test: bytes = b""


class ActionWords(msgspec.Struct, frozen=True):
    """Every action that the package brings."""

    actions: Mapping[str, Action]
    frames: FrameFile
    documentation: Mapping[str, str]

    @classmethod
    def load(cls, folder: Traversable | None = None) -> ActionWords:
        """Read the package's data, or a folder's. Raises ValueError for data that is not sound."""
        folder = folder or files(__package__) / "tasks" / "actions"
        actions = {}
        for entry in folder.iterdir():
            if entry.name.endswith(".toml") and entry.name not in _NO_ACTIONS:
                name = entry.name.removesuffix(".toml")
                actions[name] = msgspec.structs.replace(_read(entry, Action), name=name)
        return cls(
            dict(sorted(actions.items(), key=lambda item: item[1].order)),
            _read(folder / "frame.toml", FrameFile),
            _read(folder / "documentation.toml", dict[str, str]),
        )

    def frame(self, language: str) -> Frame:
        """Return the frame in `zh`, `zh-CN`, …, or in the default language."""
        short = re.split(r"[-_]", language.lower())[0]
        known = self.frames.languages
        return known.get(short) or known[self.frames.default_language]

    def turns(self, action: Action, language: str, texts: ActionTexts) -> tuple[Turn, ...]:
        """Return the turns that ask for an action."""
        frame = self.frame(language)
        is_edit = action.kind is ActionKind.EDIT
        problem = b""
        if texts.error_text.strip():
            said = fenced(_bytes(texts.error_text.strip()), "")
            problem += _filled(frame.error.lstrip(), fenced=said)
        if texts.failing_test.strip():
            problem += _filled(frame.test.lstrip(), fenced=fenced(texts.failing_test, texts.fence))
        question = _filled(
            frame.question.strip(),
            fenced=fenced(texts.code, texts.fence),
            problem=problem,
            request=self.request(action, language, texts),
        )
        system = frame.edit_system if is_edit else frame.talk_system
        return (Turn(Speaker.SYSTEM, system.encode()), Turn(Speaker.USER, question))

    def request(self, action: Action, language: str, texts: ActionTexts) -> bytes:
        """Return what the model is asked to do."""
        frame = self.frame(language)
        words = action.requests.get("zh" if frame is self.frames.languages["zh"] else "en")
        wanted = _bytes(texts.instruction.strip())
        documentation = self.documentation.get(texts.language, self.documentation["other"])
        request = _filled(
            (words or action.requests["en"]).strip(),
            instruction=wanted,
            documentation=documentation.encode(),
        )
        if wanted and not action.needs_instruction:
            request += b"\n" + _filled(frame.instruction, instruction=wanted)
        return request

    def retry_turns(
        self, turns: tuple[Turn, ...], answer: bytes, reason: str, language: str, request: bytes
    ) -> tuple[Turn, ...]:
        """Return the turns that ask once more after an answer that cannot be used."""
        retry = _filled(self.frame(language).retry, reason=reason.encode(), request=request)
        return (*turns, Turn(Speaker.ASSISTANT, answer), Turn(Speaker.USER, retry))


def fenced(code: bytes, word: str) -> bytes:
    """Return text in a code fence that it cannot end."""
    fence = fence_around(code)
    ending = b"" if code.endswith(b"\n") else b"\n"
    return fence + word.encode() + b"\n" + code + ending + fence


def language_of_words(text: str) -> str:
    """Return `zh` for a text with Chinese characters, else `en`."""
    return "zh" if _CHINESE.search(text) else "en"


def _filled(words: str, **texts: bytes) -> bytes:
    """Fill places in once: what is put in is never looked at again."""
    return _PLACE.sub(lambda place: texts.get(place[1].decode(), place[0]), words.encode())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _read(place: Traversable, shape: type[Shape]) -> Shape:
    try:
        return msgspec.convert(tomllib.loads(place.read_text(encoding="utf-8")), shape)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{place}: {error}") from error
