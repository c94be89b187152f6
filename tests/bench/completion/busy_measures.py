"""Measures typing while a chat streams, and while many people type at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from rpc.chat import AnswerText
from rpc.client import Limpet
from rpc.failures import AnswerInterrupted, Cancelled, Failure
from tests.bench.completion.field import Field
from tests.bench.completion.generator import default_scripts
from tests.bench.completion.keystrokes import Keystroke, first_token_times, line_times
from tests.bench.completion.limpet_side import LimpetSide
from tests.bench.completion.rows import LIMPET, Row, Target
from tests.bench.completion.script import Script
from tests.bench.completion.typing_measure import typed
from tests.bench.engine.answers import LONG_QUESTION, ask
from tests.bench.engine.figures import BenchFailure

_CHAT_TOKENS = 1000


def measure_beside_chat(field: Field) -> list[Row]:
    """Let the same script be typed on a fresh engine without and with a chat beside it."""
    script = field.scripts[0]
    with field.limpet() as (_, side):
        alone = typed(side, script)
    with field.limpet() as (engine, side), _chat(engine.client) as pieces:
        beside = typed(side, script)
    if not pieces:
        raise BenchFailure("the chat beside the typing wrote nothing")
    rows = []
    for key, title, times, target in (
        ("chat-first", "first token beside a chat ÷ alone, median", first_token_times, None),
        ("chat-line", "whole line beside a chat ÷ alone, median", line_times, Target(1.3)),
    ):
        without, with_chat = times(alone).percentile(50), times(beside).percentile(50)
        note = f"{_ms(without)} alone, {_ms(with_chat)} beside; the chat wrote {len(pieces)} pieces"
        rows.append(Row(key, title, "×", {LIMPET: _ratio(with_chat, without)}, target, note))
    return rows


def measure_many_clients(field: Field) -> list[Row]:
    """Let one typist work alone, then many at once, each on files of their own."""
    scripts = default_scripts(seed=2, count=field.clients, is_short=True)
    with field.limpet() as (_, side):
        alone = typed(side, scripts[0])
    with field.limpet() as (engine, _), ThreadPoolExecutor(field.clients) as pool:
        together = list(pool.map(lambda script: _typed_alone(engine.client, script), scripts))
    everything = [key for keys in together for key in keys]
    rows = []
    for percent, target in ((50, None), (95, Target(2.5))):
        one, many = (line_times(keys).percentile(percent) for keys in (alone, everything))
        title = f"whole line, {field.clients} clients ÷ one, {_name(percent)}"
        note = f"{_ms(one)} one, {_ms(many)} together"
        rows.append(
            Row(f"clients-p{percent}", title, "×", {LIMPET: _ratio(many, one)}, target, note)
        )
    return rows


def _typed_alone(client: Limpet, script: Script) -> list[Keystroke]:
    side = LimpetSide(client)
    try:
        keys = typed(side, script)
    finally:
        side.close()
    if side.failures:
        raise BenchFailure(f"a client: {side.failures[0]}")
    return keys


@contextmanager
def _chat(client: Limpet) -> Iterator[list[int]]:
    """Stream one answer after the other until the block ends; yields the sizes of the pieces."""
    is_over = threading.Event()
    has_begun = threading.Event()
    pieces: list[int] = []
    failures: list[Failure] = []

    def talk() -> None:
        try:
            while not is_over.is_set():
                with ask(client, LONG_QUESTION, _CHAT_TOKENS) as answer:
                    for event in answer:
                        if isinstance(event, AnswerText):
                            pieces.append(len(event.content))
                            has_begun.set()
                        if is_over.is_set():
                            answer.cancel()
                            break
        except Failure as failure:
            if not (isinstance(failure, AnswerInterrupted | Cancelled) and is_over.is_set()):
                failures.append(failure)
        finally:
            has_begun.set()

    talking = threading.Thread(target=talk)
    talking.start()
    try:
        has_begun.wait(60.0)
        yield pieces
    finally:
        is_over.set()
        talking.join(60.0)
    if failures:
        raise BenchFailure(f"the chat beside the typing: {failures[0]}")


def _ratio(part: float | None, whole: float | None) -> float | None:
    return part / whole if part is not None and whole else None


def _ms(seconds: float | None) -> str:
    return "not seen" if seconds is None else f"{1000 * seconds:.0f} ms"


def _name(percent: int) -> str:
    return "median" if percent == 50 else f"p{percent}"
