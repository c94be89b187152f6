"""Tells whether a text parses, by its syntax tree and, for Python, by Python itself."""

from __future__ import annotations

import ast
import warnings

import msgspec

from engine.retrieval.parsed_text import parse
from engine.retrieval.syntax import parses

_MOST_BYTES = 512 * 1024


class Soundness(msgspec.Struct, frozen=True):
    """What is known of a text: None where nothing is."""

    tree: bool | None = None
    python: bool | None = None

    def is_broken_by(self, after: Soundness) -> bool:
        """Whether something that parsed does not any more."""
        return (self.tree is True and after.tree is False) or (
            self.python is True and after.python is False
        )

    @property
    def parses(self) -> bool:
        """Whether the text is known to parse."""
        return self.tree is True and self.python is not False


def soundness_of(path: str, text: bytes, language: str) -> Soundness:
    """Look at a text; slow for long ones."""
    parsed = parse(path, text)
    tree = None if parsed is None else parses(parsed)
    return Soundness(tree, _parses_as_python(text) if language == "python" else None)


def _parses_as_python(text: bytes) -> bool | None:
    if len(text) > _MOST_BYTES:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            return False
        except (RecursionError, MemoryError):
            return None
    return True
