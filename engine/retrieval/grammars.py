"""Finds the tree-sitter grammar for a file."""

from __future__ import annotations

import functools
import importlib
import logging
import re
from dataclasses import dataclass

from tree_sitter import Language, Query

from engine.languages.grammars.grammar_facts import GrammarFacts, grammar_facts
from engine.languages.languages import language_of

_logger = logging.getLogger(__name__)
# Headers of C++ are called .h as well; what only C++ has tells them apart.
_CPLUSPLUS = re.compile(
    rb"^\s*(?:namespace\b|template\s*<|class\s+\w|using\s|(?:public|private|protected)\s*:)",
    re.MULTILINE,
)
_LOOKED_AT_BYTES = 16 * 1024


@dataclass(frozen=True)
class Grammar:
    """A grammar that is loaded, and what its trees mean."""

    name: str
    facts: GrammarFacts
    language: Language
    definitions: Query


def grammar_for(path: str, text: bytes = b"") -> Grammar | None:
    """Return the grammar for a file, or None for languages without one."""
    language = language_of(path, text.partition(b"\n")[0][:256]).name
    if language == "typescript" and path.lower().endswith(".tsx"):
        return grammar_named("tsx")
    if language == "c" and path.lower().endswith(".h"):
        start = text[:_LOOKED_AT_BYTES]
        return grammar_named("cpp" if _CPLUSPLUS.search(start) else "c")
    return grammar_named(language)


@functools.cache
def grammar_named(name: str) -> Grammar | None:
    """Return a grammar by name, or None where there is none or its package cannot be loaded."""
    facts = grammar_facts().get(name)
    if facts is None:
        return None
    try:
        module = importlib.import_module(facts.module)
    except ImportError as problem:
        _logger.warning("No syntax trees of %s: %s", name, problem)
        return None
    language = Language(getattr(module, facts.entry)())
    return Grammar(name, facts, language, Query(language, facts.definitions))
