"""What the patterns of each language find, and what they leave alone."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path

import msgspec
import pytest

from engine.retrieval.parsed_text import parse
from engine.retrieval.syntax import parses
from engine.tasks.find_defects.finding import Finding
from engine.tasks.find_defects.signals.code_patterns import CodePatterns, pattern_data
from engine.tasks.find_defects.source_text import SourceText


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text and what is wrong in it."""

    path: str
    text: str
    found: tuple[tuple[str, str], ...]


CASES = msgspec.convert(
    tomllib.loads((Path(__file__).parent / "patterns.toml").read_text("utf-8")), dict[str, Case]
)


def findings_in(path: str, text: bytes) -> list[Finding]:
    async def collect() -> list[Finding]:
        return [one async for one in CodePatterns().findings(SourceText(path, text))]

    return sorted(asyncio.run(collect()), key=lambda one: (one.start, one.end))


@pytest.mark.parametrize("name", CASES)
def test_what_is_found(name: str) -> None:
    case = CASES[name]
    text = case.text.encode()
    parsed = parse(case.path, text)
    assert parsed is not None
    assert parses(parsed)
    found = [(one.rule, text[one.start : one.end].decode()) for one in findings_in(case.path, text)]
    assert sorted(found) == sorted(case.found)


def test_every_query_of_every_language_has_a_case() -> None:
    queries = pattern_data().queries
    assert set(queries) == set(CASES)
    shared = {"typescript", "tsx"}  # these have the queries of javascript
    for name in set(queries) - shared:
        assert {rule for rule, _ in CASES[name].found} == set(queries[name]), name


def test_every_rule_is_used() -> None:
    data = pattern_data()
    assert {rule for queries in data.queries.values() for rule in queries} == set(data.rules)


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"if (", b"x < x (((", b"\0"])
def test_what_does_not_parse_is_left_alone(text: bytes) -> None:
    assert findings_in("a.js", text) == []
