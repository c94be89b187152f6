"""Draws the Markdown of an answer: nothing is hidden, fetched, linked or lost."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.markdown import CodeBlock, Heading, Markdown, MarkdownElement
from rich.segment import Segment
from rich.syntax import Syntax

from rpc.visible_text import visible

# Without `html` a tag in an answer is text like any other; rich would drop it.
_PARSER = (
    MarkdownIt("commonmark", {"html": False})
    .enable(["strikethrough", "table"])
    # A definition such as `[1]: address` is text too, and stays where it was written.
    .disable("reference")
)


class AnswerCode(CodeBlock):
    """Code without frame or padding, so that it can be copied from the terminal."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the code with the terminal's own colours."""
        yield Syntax(
            str(self.text).rstrip(),
            self.lexer_name,
            theme="ansi_dark",
            background_color="default",
            word_wrap=True,
        )


class AnswerHeading(Heading):
    """A heading at the left edge, as the rest of the answer."""

    LEVEL_ALIGN: ClassVar[dict[str, JustifyMethod]] = {}


class AnswerMarkdown(Markdown):
    """Markdown of a model: links and images show their address, nothing is hidden."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "fence": AnswerCode,
        "code_block": AnswerCode,
        "heading_open": AnswerHeading,
    }

    def __init__(self, text: str) -> None:
        super().__init__("", hyperlinks=False)
        self.markup = text
        self.parsed = _PARSER.parse(text)
        _make_visible(self.parsed)


class Block:
    """A block of an answer, without the empty lines that rich sets around some.

    With `tail_only` just its last lines, as many as the screen has room for: a block that is still
    being written is shown from its end, and as a whole when it is finished.
    """

    def __init__(self, text: str, *, tail_only: bool = False) -> None:
        self._text = text
        self._tail_only = tail_only

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw the lines."""
        whole = options.update(height=None)
        lines = console.render_lines(AnswerMarkdown(self._text), whole, pad=False)
        while lines and _is_blank(lines[0]):
            del lines[0]
        while lines and _is_blank(lines[-1]):
            del lines[-1]
        room = max(console.height - 2, 1) if self._tail_only else len(lines)
        for line in lines[-room:]:
            yield from line
            yield Segment.line()


def _is_blank(line: list[Segment]) -> bool:
    return not any(segment.text.strip() for segment in line)


def _make_visible(tokens: Iterable[Token]) -> None:
    """Write out what came into the parsed text by character references such as `&#x202e;`."""
    for token in tokens:
        if token.type == "image":
            # Shown as it was written: rich would show neither its place nor its address.
            token.content = f"![{token.content}]({token.attrs.get('src', '')})"
            token.type, token.tag, token.children = "text", "", None
        token.content = visible(token.content)
        token.info = visible(token.info)
        for name, value in token.attrs.items():
            if isinstance(value, str):
                token.attrs[name] = visible(value)
        _make_visible(token.children or ())
