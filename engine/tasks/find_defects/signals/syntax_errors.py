"""Static signal: what does not parse, in the languages that have a grammar here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from engine.retrieval.parsed_text import parse
from engine.retrieval.syntax import flaws_of
from engine.tasks.find_defects.finding import Confidence, Finding, Severity
from engine.tasks.find_defects.source_text import SourceText

_RULE = "syntax-error"
_MOST_SHOWN_BYTES = 40
# Their macros, or what their grammars do not know yet, look like errors.
_UNSURE = frozenset({"c", "cpp", "kotlin"})
_BY_ITS_OWN_TOOL = "python"


class SyntaxErrors:
    """Finds the first place that does not parse; what follows it is often its consequence."""

    version = "1"

    def applies_to(self, source: SourceText) -> bool:
        """Whether its language is not one that a better tool parses."""
        return source.language.name != _BY_ITS_OWN_TOOL

    async def findings(self, source: SourceText) -> AsyncGenerator[Finding, None]:
        """Yield at most one finding."""
        finding = await asyncio.to_thread(_first_in, source)
        if finding is not None:
            yield finding


def _first_in(source: SourceText) -> Finding | None:
    parsed = parse(source.path, source.text)
    flaws = () if parsed is None else flaws_of(parsed)
    if parsed is None or not flaws:
        return None
    first = flaws[0]
    is_unsure = parsed.grammar.name in _UNSURE
    shown = source.text[first.start : first.end].splitlines()[:1] or [b""]
    text = shown[0][:_MOST_SHOWN_BYTES].decode("utf-8", "replace")
    what = f"`{first.missing}` is missing" if first.missing else f"`{text}`"
    return Finding(
        start=first.start,
        end=min(first.end, _line_end(source.text, first.start)),
        severity=Severity.ERROR,
        confidence=Confidence.SUSPECTED if is_unsure else Confidence.SETTLED,
        rule=_RULE,
        message=f"This does not parse: {what}.",
        signal="static",
        evidence=f"the grammar of {source.language.title}",
    )


def _line_end(text: bytes, offset: int) -> int:
    end = text.find(b"\n", offset)
    return end if end >= 0 else len(text)
