"""Measures whole editing sessions on every side, one after the other, script by script."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from tests.bench.completion.faults import find_faults
from tests.bench.completion.field import Field
from tests.bench.completion.keystrokes import (
    Keystroke,
    first_token_times,
    line_times,
    plain_percentile,
    share,
    tokens_read,
)
from tests.bench.completion.rows import LIMPET, Row, Target
from tests.bench.completion.script import Script
from tests.bench.completion.side import Side
from tests.bench.completion.typist import Noted, Typist
from tests.bench.engine.figures import BenchFailure

_MILLISECONDS = 1000.0
# A target of none in 500 means little below that.
_WORTH_JUDGING = 500


def measure_typing(field: Field) -> list[Row]:
    """Let a typist work through every script on every side; who begins takes turns."""
    terms = field.terms()
    found: dict[str, list[Keystroke]] = {name: [] for name in field.names}
    for number, script in enumerate(field.scripts):
        turn = number % len(field.names)
        for name in (*field.names[turn:], *field.names[:turn]):
            with field.side(name, terms) as side:
                found[name] += typed(side, script)
                if side.failures:
                    raise BenchFailure(f"{side.title}: {side.failures[0]}")
    _keep(found, field)
    return [*_time_rows(found), *_worth_rows(found)]


def typed(side: Side, script: Script) -> list[Keystroke]:
    """Return the keystrokes of a script on a side, judged."""
    return judged(Typist(side, script).work())


def judged(noted: Sequence[Noted]) -> list[Keystroke]:
    """Look for faults, after the typing: it takes time that a typist does not have."""
    keystrokes: list[Keystroke] = []
    for each in noted:
        keystroke = each.keystroke
        if keystroke.answer.is_final and keystroke.has_suggestion:
            is_checked, faults = find_faults(each.view, keystroke.answer, each.expected)
            keystroke = msgspec.structs.replace(
                keystroke, is_checked_for_parsing=is_checked, faults=tuple(faults)
            )
        keystrokes.append(keystroke)
    return keystrokes


def _time_rows(found: dict[str, list[Keystroke]]) -> list[Row]:
    in_line = {name: [key for key in keys if key.is_in_line] for name, keys in found.items()}
    note = f"{len(found[LIMPET])} keys of ours"

    def first(percent: float) -> Callable[[list[Keystroke]], float | None]:
        return lambda keys: _milliseconds(first_token_times(keys).percentile(percent))

    def line(percent: float) -> Callable[[list[Keystroke]], float | None]:
        return lambda keys: _milliseconds(line_times(keys).percentile(percent))

    def read(percent: float) -> Callable[[list[Keystroke]], float | None]:
        return lambda keys: plain_percentile(tokens_read(keys), percent)

    return [
        _row("tokens-p50", "prompt tokens read a key in a line, median", "tokens", in_line,
             read(50), target=Target(2)),
        _row("tokens-p95", "the same of the whole session, p95", "tokens", found, read(95),
             target=Target(0.3, "best peer")),
        _row("first-p50", "key → first token, median", "ms", found, first(50),
             target=Target(0.05, "best peer"), note=note),
        _row("first-p95", "key → first token, p95", "ms", found, first(95)),
        _row("line-p50", "key → whole line, median", "ms", found, line(50),
             target=Target(0.2, "best peer")),
        _row("line-p95", "key → whole line, p95", "ms", found, line(95),
             target=Target(0.5, "best peer")),
    ]  # fmt: skip


def _worth_rows(found: dict[str, list[Keystroke]]) -> list[Row]:
    def of_all(test: Callable[[Keystroke], bool]) -> Callable[[list[Keystroke]], float]:
        return lambda keys: share(sum(map(test, keys)), len(keys))

    suggestions = sum(key.answer.is_final and key.has_suggestion for key in found[LIMPET])
    checked = sum(key.is_checked_for_parsing for key in found[LIMPET])
    note = f"of {suggestions} suggestions, {checked} where the file around the line parses"
    if suggestions < _WORTH_JUDGING:
        note += "; too few to judge by"
    return [
        _row("answered", "keys answered before the next one", "%", found,
             of_all(lambda key: key.is_answered), is_more_better=True),
        _row("without-model", "keys answered without the model", "%", found,
             of_all(lambda key: key.is_answered and key.answer.origin in ("earlier", "ahead")),
             target=Target(40, is_least=True), is_more_better=True),
        _row("answered-without-model", "the same, of the answered keys", "%", found,
             _share_without_model, is_more_better=True),
        _row("right", "keys shown what is written next", "%", found,
             of_all(lambda key: key.is_answered and key.is_right), is_more_better=True),
        _row("taken", "times that a suggestion was taken", "", found,
             lambda keys: float(sum(key.kind == "accept" for key in keys)), is_more_better=True),
        _row("failures", "wishes that failed", "", found,
             lambda keys: float(sum(bool(key.answer.failure) for key in keys)),
             target=Target(0), note=_first_failure(found[LIMPET])),
        _row("duplicates", "suggestions that repeat what follows", "", found,
             lambda keys: _faults(keys, "duplicate"), target=Target(0), note=note),
        _row("broken", "suggestions that do not parse", "", found,
             lambda keys: _faults(keys, "does not parse"), target=Target(0)),
    ]  # fmt: skip


def _share_without_model(keys: list[Keystroke]) -> float:
    answered = [key for key in keys if key.is_answered]
    return share(sum(key.answer.origin in ("earlier", "ahead") for key in answered), len(answered))


def _first_failure(keys: list[Keystroke]) -> str:
    return next((key.answer.failure for key in keys if key.answer.failure), "")


def _faults(keys: list[Keystroke], kind: str) -> float:
    return float(sum(fault.kind == kind for key in keys for fault in key.faults))


def _longest_wait(keys: list[Keystroke]) -> float:
    return max(key.waited_seconds for key in keys)


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * _MILLISECONDS


def _row(
    key: str,
    title: str,
    unit: str,
    found: dict[str, list[Keystroke]],
    figure: Callable[[list[Keystroke]], float | None],
    *,
    target: Target | None = None,
    note: str = "",
    is_more_better: bool = False,
) -> Row:
    values = {name: figure(keys) for name, keys in found.items()}
    if unit == "ms":
        # Of a peer that is slower than it was waited for, that much is known: in its favour.
        late = [name for name, value in values.items() if value is None and name != LIMPET]
        values |= {name: _milliseconds(_longest_wait(found[name])) for name in late}
        note = "; ".join([*([note] if note else []), *(f"{name}: more than that" for name in late)])
    return Row(key, title, unit, values, target, note, is_more_better)


def _keep(found: dict[str, list[Keystroke]], field: Field) -> None:
    """Keep every keystroke, for who wants to know what is behind a figure."""
    field.results_folder.mkdir(parents=True, exist_ok=True)
    for name, keys in found.items():
        lines = b"\n".join(msgspec.json.encode(key) for key in keys)
        (field.results_folder / f"keystrokes-{name}.jsonl").write_bytes(lines + b"\n")
