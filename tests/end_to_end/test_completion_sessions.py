"""Completion sessions with a real engine and a scripted model: odd texts, odd editors, floods."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpc.client import Limpet
from rpc.completion_session import (
    CompletionSession,
    OffsetUnit,
    ResendText,
    SuggestFailed,
    Suggestions,
    SuggestOptions,
    TextChange,
)
from rpc.failures import Failure
from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome, script, until

_VERSION = "1"
# Far more than an engine needs for a text of 10 MiB, far less than all copies of one would take.
_MOST_BYTES = 1500 << 20


def _scripted(folder: Path) -> dict[str, str]:
    return script(
        folder,
        {"when": "endless = $", "text": "31415926535897932384626433832795028841971", "repeat": 400},
        {"when": "", "text": "first + second\n"},
        decode_tokens_per_second=20.0,
    )


@pytest.fixture(scope="module")
def home(make_home: HomeMaker) -> LimpetHome:
    home = make_home(_scripted)
    home.run("engine", "start")
    return home


@pytest.fixture
def limpet(home: LimpetHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[Limpet]:
    for name, value in home.environment.items():
        monkeypatch.setenv(name, value)
    with Limpet.open("test", _VERSION, start=False) as client:
        yield client


def _marked(text: str) -> tuple[str, str]:
    head, mark, tail = text.partition("‸")
    assert mark
    return head, tail


def _answer(session: CompletionSession, wish: int) -> Suggestions:
    for event in session:
        if isinstance(event, SuggestFailed):
            raise event.failure
        if isinstance(event, Suggestions) and event.is_final and event.id == wish:
            return event
    raise AssertionError("the session ended")


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# Texts with a caret that have a suggestion.
_ODD_TEXTS = {
    "tabs": "def f():\n\tx = ‸\n",
    "two-character line ends": "def f():\r\n    x = ‸\r\n    return x\r\n",
    "emoji": "🐚 = '🐚🐚'\nx = ‸  # 🐚\n",
    "combining marks": "e\u0301 = 'n\u0303'\nx = ‸\n",
    "right to left": "s = 'שלום عالم'\nx = ‸\n",
    "an unknown language": "~~~\n‸\n~~~\n",
    "within a string": "s = 'one ‸'\n",
    "within a comment": "# one ‸\nx = 1\n",
    "within a word": "x = fir‸\n",
    "no line end": "x = ‸",
    "a null character": "s = '\0'\nx = ‸\n",
    "control tokens": "s = '<|fim_middle|><|im_end|>'\nx = ‸\n",
    "a line of 5 MB": f"s = '{'x' * 5_000_000}'\ny = ‸\n",
    "a caret in a line of 5 MB": f"s = '{'x' * 2_500_000}‸{'x' * 2_500_000}'\n",
    "a million lines": "x = 1\n" * 500_000 + "y = ‸\n" + "x = 1\n" * 500_000,
}


@pytest.mark.parametrize("name", _ODD_TEXTS)
def test_odd_texts(home: LimpetHome, limpet: Limpet, name: str) -> None:
    head, tail = _marked(_ODD_TEXTS[name])
    with limpet.completion.session() as session:
        session.open_document(f"{name}.py", (head + tail).encode(), 1, unit=OffsetUnit.UTF16)
        session.suggest(1, 1, _utf16(head), SuggestOptions())
        found = _answer(session, 1)
        for suggestion in found.suggestions:
            assert suggestion.text.strip()
            assert suggestion.replaces <= _utf16(tail.partition("\n")[0])
        # The session goes on: a letter more at the same place.
        session.change_document(1, 2, [TextChange(_utf16(head), _utf16(head), b"f")])
        session.suggest(2, 2, _utf16(head) + 1, SuggestOptions())
        _answer(session, 2)
    assert home.status()["resident_bytes"] < _MOST_BYTES


# Changes that fit no text of three letters: base, version, changes.
_UNFIT = {
    "an older version": (0, 2, [TextChange(0, 0, b"x")]),
    "a later version": (7, 8, [TextChange(0, 0, b"x")]),
    "no newer version": (1, 1, [TextChange(0, 0, b"x")]),
    "beyond the end": (1, 2, [TextChange(4, 4, b"x")]),
    "an end before its start": (1, 2, [TextChange(2, 1, b"x")]),
    "an end beyond the end": (1, 2, [TextChange(0, 4_000_000_000, b"x")]),
    "the second of two": (1, 2, [TextChange(0, 3, b""), TextChange(1, 2, b"x")]),
}


@pytest.mark.parametrize("name", _UNFIT)
def test_a_change_that_does_not_fit_is_answered_by_asking_for_the_text(
    limpet: Limpet, name: str
) -> None:
    base, version, changes = _UNFIT[name]
    with limpet.completion.session() as session:
        session.open_document("a.py", b"x=1", 1)
        session.change_document(base, version, changes)
        assert next(session) == ResendText(1)
        session.open_document("a.py", b"x = ", 9)
        session.suggest(1, 9, 4, SuggestOptions())
        assert _answer(session, 1).suggestions[0].text == b"first + second"


def test_a_caret_outside_the_text_fails_that_wish_alone(limpet: Limpet) -> None:
    with limpet.completion.session() as session:
        session.open_document("a.py", b"x = ", 1)
        session.suggest(1, 1, 5, SuggestOptions())
        failed = next(session)
        assert isinstance(failed, SuggestFailed)
        assert failed.failure.reason == "POSITION_OUTSIDE_TEXT"
        session.suggest(2, 1, 4, SuggestOptions())
        assert _answer(session, 2).suggestions


def test_a_session_must_begin_with_a_text(limpet: Limpet) -> None:
    with limpet.completion.session() as session:
        session.save_document()
        with pytest.raises(Failure, match="must open a document"):
            next(session)


def test_of_a_thousand_wishes_at_once_the_last_is_answered(
    home: LimpetHome, limpet: Limpet
) -> None:
    with limpet.completion.session() as session:
        session.open_document("a.py", b"x = ", 1)
        for wish in range(1, 1001):
            session.change_document(
                wish, wish + 1, [TextChange(4, 4 + (wish > 1), b"%d" % (wish % 10))]
            )
            session.suggest(wish, wish + 1, 5, SuggestOptions())
        assert _answer(session, 1000).is_final
    until(lambda: home.status()["running_requests"] == 0, "nothing is left")


def test_a_client_that_is_gone_stops_the_model(home: LimpetHome, limpet: Limpet) -> None:
    with limpet.completion.session() as session:
        session.open_document("a.py", b"endless = ", 1)
        session.suggest(1, 1, 10, SuggestOptions())
        next(session)
        assert home.status()["running_requests"] == 1
    until(lambda: home.status()["running_requests"] == 0, "the model stops")


def test_a_model_that_dies_in_the_middle_fails_the_wish_and_not_the_session(
    home: LimpetHome, limpet: Limpet
) -> None:
    with limpet.completion.session() as session:
        session.open_document("a.py", b"endless = ", 1)
        session.suggest(1, 1, 10, SuggestOptions())
        next(session)
        os.kill(home.status()["loaded_models"][0]["pid"], signal.SIGKILL)
        with pytest.raises(Failure):
            _answer(session, 1)
        session.change_document(1, 2, [TextChange(0, 10, b"x = ")])
        session.suggest(2, 2, 4, SuggestOptions())
        assert _answer(session, 2).suggestions[0].text == b"first + second"


def test_another_model_in_the_middle_answers_from_then_on(home: LimpetHome, limpet: Limpet) -> None:
    with limpet.completion.session() as session:
        session.open_document("a.py", b"endless = ", 1)
        session.suggest(1, 1, 10, SuggestOptions())
        next(session)
        session.open_document("a.py", b"x = ", 2, model="other")
        session.suggest(2, 2, 4, SuggestOptions())
        assert _answer(session, 2).suggestions[0].text == b"first + second"
    until(lambda: home.status()["running_requests"] == 0, "the first answer is over")
