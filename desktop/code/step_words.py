"""What each step of writing tests says, in the user's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from rpc.test_writing import (
    Basis,
    CallsDrafted,
    CallsRan,
    DroppedTest,
    KeptTest,
    SuspectedDefect,
    TargetLooked,
    TargetSkipped,
    WritingBegan,
    WritingEvent,
)

translate = QCoreApplication.translate


def step_lines(event: WritingEvent) -> list[str]:
    """Return what a step says; the end says nothing."""
    speak = _SPEAKERS.get(type(event))
    return speak(event) if speak is not None else []


def basis_word(basis: Basis) -> str:
    """Return what a test stands on."""
    return {
        Basis.EXAMPLE: translate("code", "documented example"),
        Basis.EXCEPTION: translate("code", "documented exception"),
        Basis.PROPERTY: translate("code", "property"),
        Basis.CONFIRMED: translate("code", "confirmed"),
        Basis.OBSERVED: translate("code", "pins what it does today"),
        Basis.UNSPECIFIED: "",
    }[basis]


def _looked(event: TargetLooked) -> list[str]:
    return [f"{event.target}{event.signature}"]


def _skipped(event: TargetSkipped) -> list[str]:
    return [translate("code", "{0}: left out, {1}").format(event.target, event.reason)]


def _drafted(event: CallsDrafted) -> list[str]:
    words = translate("code", "{0} calls proposed by the model, {1} found in the code")
    return [words.format(event.from_model, event.from_code)]


def _ran(event: CallsRan) -> list[str]:
    words = translate("code", "{0} calls run: {1} valid, {2} repaired")
    return [words.format(event.calls, event.valid, event.repaired)]


def _kept(event: KeptTest) -> list[str]:
    words = translate("code", "kept {0} ({1}): {2}")
    return [words.format(event.name, basis_word(event.basis), event.reason)]


def _dropped(event: DroppedTest) -> list[str]:
    return [translate("code", "dropped: {0}").format(event.reason)]


def _suspected(event: SuspectedDefect) -> list[str]:
    return [translate("code", "possible defect: {0}").format(event.message)]


def _began(event: WritingBegan) -> list[str]:
    return list(event.notes)


_SPEAKERS: Mapping[type, Callable[[Any], list[str]]] = {
    WritingBegan: _began,
    TargetLooked: _looked,
    TargetSkipped: _skipped,
    CallsDrafted: _drafted,
    CallsRan: _ran,
    KeptTest: _kept,
    DroppedTest: _dropped,
    SuspectedDefect: _suspected,
}
