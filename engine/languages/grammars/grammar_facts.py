"""Reads what the syntax trees of the languages mean."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files

import msgspec


class GrammarFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the kinds of nodes in a language's syntax trees mean.

    `module` is the package with the grammar and `entry` its function; `language` is the language's
    name here. `definitions` is a tree-sitter query: it captures a definition as `function`,
    `class`, `type`, `constant` or `field`, or as a `container` that only holds others; `name` is
    its name, `body` what its signature goes without, `parent` the type it belongs to where it
    stands outside of it. `wrappers` are kinds around a definition that belong to it.
    `docs_in_body` says that a definition's documentation is the first string of its body, else the
    comment above, with nothing but `attributes` in between. `open_strings` begin a string that goes
    on over lines. `scopes` are blocks.
    """

    module: str
    language: str
    strings: frozenset[str]
    comments: frozenset[str]
    imports: frozenset[str]
    functions: frozenset[str]
    types: frozenset[str]
    scopes: frozenset[str]
    definitions: str
    entry: str = "language"
    interpolations: frozenset[str] = frozenset()
    open_strings: tuple[str, ...] = ()
    wrappers: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    docs_in_body: bool = False


@functools.cache
def grammar_facts() -> dict[str, GrammarFacts]:
    """Return the facts by the grammar's name, read once from the package's data."""
    found: dict[str, GrammarFacts] = {}
    for entry in files(__package__).iterdir():
        if entry.name.endswith(".toml"):
            facts = tomllib.loads(entry.read_text(encoding="utf-8"))
            found[entry.name.removesuffix(".toml")] = msgspec.convert(facts, GrammarFacts)
    return found
