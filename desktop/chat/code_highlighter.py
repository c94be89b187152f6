"""Colours code with Pygments: line by line while it is being written, as a whole at its end."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Token
from pygments.util import ClassNotFound
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from desktop.appearance.theme import Colours
from rpc.text_units import utf16_units

# Lexing as a whole takes a millisecond for about so many hundred characters; longer code keeps the
# colours that its lines got one by one.
WHOLE_CHARACTERS = 40_000
_LONGEST_LINE = 1_000
_ROLES: tuple[tuple[Any, str], ...] = (
    (Token.Comment, "syntax_comment"),
    (Token.Keyword.Type, "syntax_type"),
    (Token.Keyword, "syntax_keyword"),
    (Token.Name.Class, "syntax_type"),
    (Token.Name.Builtin, "syntax_type"),
    (Token.Name.Function, "syntax_name"),
    (Token.Name.Decorator, "syntax_name"),
    (Token.Name.Tag, "syntax_keyword"),
    (Token.Name.Attribute, "syntax_name"),
    (Token.Literal.String, "syntax_string"),
    (Token.Literal.Number, "syntax_number"),
    (Token.Operator.Word, "syntax_keyword"),
    (Token.Operator, "syntax_operator"),
    (Token.Generic.Deleted, "syntax_error"),
    (Token.Generic.Inserted, "syntax_string"),
)
_Spans = list[tuple[int, int, str]]


@lru_cache(maxsize=64)
def lexer_of(language: str) -> Lexer | None:
    """Return the lexer of a language by the name that a fence gives it, or None."""
    try:
        return get_lexer_by_name(language, ensurenl=False, stripnl=False) if language else None
    except ClassNotFound:
        return None


@lru_cache(maxsize=512)
def role_of(kind: Any) -> str:
    """Return the colour's role of a kind of token; empty means the text's own."""
    return next((role for parent, role in _ROLES if kind in parent), "")


class CodeHighlighter(QSyntaxHighlighter):
    """Colours one document."""

    def __init__(self, document: QTextDocument, colours: Colours) -> None:
        super().__init__(document)
        self._lexer: Lexer | None = None
        self._lines: list[_Spans] | None = None
        self._colours = colours
        self._formats: dict[str, QTextCharFormat] = {}

    def set_language(self, language: str) -> None:
        """Take the lexer of this language."""
        self._lexer = lexer_of(language)
        self._lines = None

    def set_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self._colours = colours
        self._formats = {}
        self.rehighlight()

    def seal(self) -> None:
        """Colour the code as a whole, so that texts over several lines are right."""
        text = self.document().toPlainText()
        if self._lexer is None or len(text) > WHOLE_CHARACTERS:
            return
        self._lines = _spans_by_line(self._lexer, text)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:  # noqa: N802 - Qt's own name
        """Colour one line."""
        if self._lexer is None or not text or len(text) > _LONGEST_LINE:
            return
        number = self.currentBlock().blockNumber()
        if self._lines is not None:
            spans = self._lines[number] if number < len(self._lines) else []
        else:
            spans = _spans_by_line(self._lexer, text)[0]
        for start, length, role in spans:
            self.setFormat(start, length, self._format(role))

    def _format(self, role: str) -> QTextCharFormat:
        if role not in self._formats:
            written = QTextCharFormat()
            written.setForeground(QColor(getattr(self._colours, role)))
            self._formats[role] = written
        return self._formats[role]


def _spans_by_line(lexer: Lexer, text: str) -> list[_Spans]:
    lines: list[_Spans] = [[]]
    column = 0
    for kind, value in lexer.get_tokens(text):
        role = role_of(kind)
        for number, part in enumerate(value.split("\n")):
            if number:
                lines.append([])
                column = 0
            length = utf16_units(part)
            if role and length:
                lines[-1].append((column, length, role))
            column += length
    return lines
