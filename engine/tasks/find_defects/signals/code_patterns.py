"""Static signal: patterns of syntax trees that are wrong in many places and right in few."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import tomllib
from collections.abc import AsyncGenerator
from importlib.resources import files

import msgspec

from engine.retrieval.parsed_text import parse
from engine.retrieval.syntax import parses
from engine.retrieval.tree_matches import Place, places_of
from engine.tasks.find_defects.finding import Confidence, Finding, Severity
from engine.tasks.find_defects.source_text import SourceText

_PACKAGE = "engine.tasks.find_defects.signals.patterns"
_RULES = "rules.toml"


class PatternRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What it means where a pattern is found."""

    severity: Severity
    confidence: Confidence
    category: str
    message: str


class _Queries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    grammars: tuple[str, ...]
    queries: dict[str, str]


class PatternData(msgspec.Struct, frozen=True):
    """Rules by name, and each grammar's queries by rule."""

    rules: dict[str, PatternRule]
    queries: dict[str, dict[str, str]]
    digest: str


@functools.cache
def pattern_data() -> PatternData:
    """Return the patterns, read once from the package's data."""
    rules: dict[str, PatternRule] = {}
    queries: dict[str, dict[str, str]] = {}
    digest = hashlib.sha256()
    for entry in sorted(files(_PACKAGE).iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".toml"):
            continue
        text = entry.read_text(encoding="utf-8")
        digest.update(text.encode())
        if entry.name == _RULES:
            rules = msgspec.convert(tomllib.loads(text), dict[str, PatternRule])
        else:
            language = msgspec.convert(tomllib.loads(text), _Queries)
            queries |= dict.fromkeys(language.grammars, language.queries)
    return PatternData(rules, queries, digest.hexdigest())


class CodePatterns:
    """Finds the patterns of a text's language; in a text that does not parse it finds nothing."""

    @property
    def version(self) -> str:
        """The digest of all patterns."""
        return pattern_data().digest

    def applies_to(self, source: SourceText) -> bool:
        """Whether there are patterns for its language."""
        return source.language.name in pattern_data().queries

    async def findings(self, source: SourceText) -> AsyncGenerator[Finding, None]:
        """Yield what is found, rule by rule."""
        for finding in await asyncio.to_thread(_found_in, source):
            yield finding


def _found_in(source: SourceText) -> list[Finding]:
    parsed = parse(source.path, source.text)
    if parsed is None or not parses(parsed):
        return []
    data = pattern_data()
    return [
        _finding(place, name, data.rules[name])
        for name, query in data.queries.get(parsed.grammar.name, {}).items()
        for place in places_of(parsed, query)
    ]


def _finding(place: Place, name: str, rule: PatternRule) -> Finding:
    return Finding(
        start=place.start,
        end=place.end,
        severity=rule.severity,
        confidence=rule.confidence,
        rule=name,
        message=rule.message,
        signal="static",
        category=rule.category,
        evidence="a pattern of the syntax tree",
    )
