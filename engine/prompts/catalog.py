"""Reads the packaged families and tasks, and finds the family that a model belongs to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

import msgspec

from engine.inference.language_model import ModelFacts
from engine.prompts.chat_task import ChatTask, ChatTaskFile
from engine.prompts.family import (
    PLACEHOLDERS,
    ChatSource,
    Family,
    FamilyFile,
    Fim,
    Layout,
    Recognition,
)

UNKNOWN_FAMILY = "plain"

Shape = TypeVar("Shape")


class Notes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sentences of `notes.toml`."""

    no_fim: str
    no_chat_template: str
    own_template: str
    no_other_files: str


class Catalog(msgspec.Struct, frozen=True):
    """Every family and task that the package brings."""

    families: Mapping[str, FamilyFile]
    notes: Notes
    chat: ChatTaskFile

    @classmethod
    def load(cls) -> Catalog:
        """Read the package's data. Raises ValueError when a data file is not sound."""
        package = files(__package__)
        families = {
            folder.name: _read(folder / "family.toml", FamilyFile)
            for folder in sorted((package / "families").iterdir(), key=lambda entry: entry.name)
            if (folder / "family.toml").is_file()
        }
        for name, family in families.items():
            _check(name, family)
        return cls(
            families=families,
            notes=_read(package / "families" / "notes.toml", Notes),
            chat=_read(package / "tasks" / "chat" / "task.toml", ChatTaskFile),
        )

    def chat_task(self, language: str = "") -> ChatTask:
        """Return the chat task's words in a language, or in the default one where it is missing."""
        return self.chat.in_language(language)

    def recognise(self, facts: ModelFacts) -> Family:
        """Return the family of a model, as it applies to it.

        Of the families that fit, the one that asks for most wins: a name before an architecture,
        and more control tokens before fewer.
        """
        fitting = [name for name, file in self.families.items() if _fits(file.recognition, facts)]
        name = max(fitting, key=lambda name: _demands(self.families[name].recognition))
        return self._apply(name, facts)

    def _apply(self, name: str, facts: ModelFacts) -> Family:
        """Return the family with what the model's file adds to it or lacks."""
        file = self.families[name]
        chat = file.chat
        template = facts.chat_template if chat.source is ChatSource.FILE else ""
        headings_only = not chat.user
        if headings_only:
            chat = self.families[UNKNOWN_FAMILY].chat
        fim = _without_missing_repository(file.fim, facts)
        return Family(
            name=name,
            title=file.title,
            fim=fim,
            chat=chat,
            chat_template=template,
            stop_tokens=tuple(token for token in file.stop_tokens if token in facts.control_tokens),
            stop_texts=() if template else tuple(text.encode() for text in chat.stop_texts),
            end_token=file.end_token or _first_known(file.stop_tokens, facts),
            sampling=file.chat.sampling,
            notes=tuple(self._notes(name, fim, template, headings_only)),
        )

    def _notes(self, name: str, fim: Fim | None, template: str, plain: bool) -> Iterable[str]:
        """Yield what the model's card should say."""
        if fim is None:
            yield self.notes.no_fim
        elif fim.repository is None:
            yield self.notes.no_other_files
        if template:
            yield self.notes.own_template
        elif plain or name == UNKNOWN_FAMILY:
            yield self.notes.no_chat_template


def _read(place: Traversable, shape: type[Shape]) -> Shape:
    try:
        return msgspec.convert(tomllib.loads(place.read_text(encoding="utf-8")), shape)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{place}: {error}") from error


def _check(name: str, family: FamilyFile) -> None:
    """Raise ValueError when a layout lacks a text or names one that it cannot have."""
    if family.fim is not None:
        edited = {"{prefix}", "{suffix}", "{middle}"}
        _check_layout(name, family.fim.layout, edited)
        repository = family.fim.repository
        if repository is not None:
            _check_layout(name, repository.layout, edited | {"{path}"})
            _check_layout(name, repository.file, {"{path}", "{content}"})
            _check_layout(name, repository.header, {"{repository}"} if repository.header else set())
    chat = family.chat
    if chat.source is ChatSource.DECLARED and not (chat.user and chat.assistant and chat.answer):
        raise ValueError(f"{name}: the declared turns are not complete")
    for layout in (chat.system, chat.user, chat.assistant):
        _check_layout(name, layout, {"{content}"} if layout else set())
    _check_layout(name, chat.answer, set())


def _check_layout(name: str, layout: Layout, texts: set[str]) -> None:
    places = [piece for piece in layout if piece in PLACEHOLDERS]
    if sorted(places) != sorted(texts):
        raise ValueError(f"{name}: {layout} should hold each of {sorted(texts)} once")


def _fits(recognition: Recognition, facts: ModelFacts) -> bool:
    names = f"{facts.name}\n{facts.description}".lower()
    return (
        (not recognition.architectures or facts.architecture in recognition.architectures)
        and all(token in facts.control_tokens for token in recognition.control_tokens)
        and recognition.name_contains in names
    )


def _demands(recognition: Recognition) -> tuple[bool, bool, int]:
    return (
        bool(recognition.name_contains),
        bool(recognition.architectures),
        len(recognition.control_tokens),
    )


def _without_missing_repository(fim: Fim | None, facts: ModelFacts) -> Fim | None:
    """Drop the repository form when the model's vocabulary lacks one of its tokens."""
    if fim is None or fim.repository is None:
        return fim
    form = fim.repository
    own = [piece for piece in form.header + form.file if piece not in PLACEHOLDERS]
    if all(piece in facts.control_tokens for piece in own if piece.strip()):
        return fim
    return msgspec.structs.replace(fim, repository=None)


def _first_known(tokens: Iterable[str], facts: ModelFacts) -> str:
    return next((token for token in tokens if token in facts.control_tokens), "")
