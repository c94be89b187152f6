"""The words of the task that proposes calls of a function, and the turns made of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files

import msgspec

from engine.prompts.turns import Speaker, Turn


class ProposalWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The task's texts in one language."""

    system: str
    question: str
    classes: str
    repair: str

    def turns(self, code: str, name: str, examples: Sequence[str] = ()) -> tuple[Turn, ...]:
        """Return the turns that ask for calls; `examples` show how objects are made."""
        shown = ", ".join(f"`{each}`" for each in examples)
        classes = self.classes.replace("{examples}", shown) if examples else ""
        texts = {"{name}": name, "{classes}": classes, "{code}": code}
        question = self.question.strip()
        for place, text in texts.items():
            question = question.replace(place, text)
        return (
            Turn(Speaker.SYSTEM, self.system.encode()),
            Turn(Speaker.USER, question.encode("utf-8", "replace")),
        )

    def repair_turns(
        self, turns: Sequence[Turn], answer: str, failures: Sequence[tuple[str, str]]
    ) -> tuple[Turn, ...]:
        """Return the turns that go on from an answer whose calls failed, each with why."""
        said = "\n".join(f"{call}  # {why}" for call, why in failures)
        repair = self.repair.strip().replace("{failures}", said)
        return (
            *turns,
            Turn(Speaker.ASSISTANT, answer.encode("utf-8", "replace")),
            Turn(Speaker.USER, repair.encode("utf-8", "replace")),
        )


class ProposalTask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The task as its data file holds it."""

    default_language: str
    languages: Mapping[str, ProposalWords]

    @classmethod
    def load(cls) -> ProposalTask:
        """Read the package's data."""
        place = files(__package__) / "tasks" / "propose_calls" / "task.toml"
        return msgspec.convert(tomllib.loads(place.read_text(encoding="utf-8")), cls)

    def in_language(self, language: str = "") -> ProposalWords:
        """Return the words in a language, or in the default one where it is missing."""
        return self.languages.get(language) or self.languages[self.default_language]
