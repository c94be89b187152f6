"""Turns a message's Markdown into the part of HTML that Qt draws, with nothing to fetch in it."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from desktop.appearance.theme import Theme
from rpc.visible_text import visible

_LONGEST_LANGUAGE = 12
_LINKED = ("http://", "https://", "mailto:")


def make_markdown() -> MarkdownIt:
    """Return a parser: CommonMark with tables and strikethrough; HTML is text like any other."""
    markdown = MarkdownIt("commonmark", {"html": False}, renderer_cls=ProseRenderer)
    return markdown.enable(["table", "strikethrough"])


def prose_html(markdown: MarkdownIt, text: str) -> str:
    """Return HTML of a message's prose; control and hidden characters are written out."""
    html: str = markdown.render(visible(text))
    return html


def prose_style(theme: Theme, code_family: str) -> str:
    """Return the style sheet of the HTML."""
    colours, sizes = theme.colours, theme.sizes
    gap = theme.units(2)
    return f"""
    p, li {{ line-height: {sizes.line}%; }}
    p {{ margin-top: 0; margin-bottom: {gap}px; }}
    ul, ol {{ margin-top: 0; margin-bottom: {gap}px; }}
    li {{ margin-bottom: {theme.units(0.75)}px; }}
    h1, h2, h3, h4, h5, h6 {{ font-weight: 600; margin-top: {theme.units(3)}px;
        margin-bottom: {theme.units(1.5)}px; }}
    h1 {{ font-size: {round(sizes.title * 1.25)}px; }}
    h2 {{ font-size: {round(sizes.title * 1.12)}px; }}
    h3 {{ font-size: {sizes.title}px; }}
    h4, h5, h6 {{ font-size: {sizes.text}px; }}
    code {{ font-family: {code_family}; font-size: {sizes.code}px;
        background-color: {colours.sunken}; }}
    pre {{ font-family: {code_family}; font-size: {sizes.code}px; }}
    a {{ color: {colours.accent}; text-decoration: underline; }}
    blockquote {{ color: {colours.muted}; margin-left: {theme.units(4)}px;
        margin-right: 0; margin-top: 0; margin-bottom: {gap}px; }}
    table {{ border-collapse: collapse; margin-bottom: {gap}px; }}
    td, th {{ border: 1px solid {colours.line_strong}; }}
    th {{ background-color: {colours.sunken}; font-weight: 600; }}
    """


class ProseRenderer(RendererHTML):
    """Writes images as words, and links only where a browser can open them."""

    def image(
        self,
        tokens: Sequence[Token],
        index: int,
        options: Any,
        environment: MutableMapping[str, Any],
    ) -> str:
        """Return an image's text and address: nothing is fetched to show a message."""
        token = tokens[index]
        words = self.renderInlineAsText(token.children or [], options, environment)
        return f"<i>[{escape(words or 'image')}: {escape(str(token.attrs.get('src', '')))}]</i>"

    def link_open(
        self, tokens: Sequence[Token], index: int, _options: Any, _environment: Any
    ) -> str:
        """Return the beginning of a link, or of plain text where the address is another kind."""
        address = str(tokens[index].attrs.get("href", ""))
        if address.lower().startswith(_LINKED):
            return f'<a href="{escape(address)}">'
        return "<span>"

    def link_close(
        self, tokens: Sequence[Token], index: int, _options: Any, _environment: Any
    ) -> str:
        """Return the end of what `link_open` began; an address that is no link is written out."""
        depth = 0
        for token in reversed(tokens[: index + 1]):
            depth += {"link_close": 1, "link_open": -1}.get(token.type, 0)
            if depth == 0:
                address = str(token.attrs.get("href", ""))
                if address.lower().startswith(_LINKED):
                    return "</a>"
                return f"</span> ({escape(address)})"
        return "</a>"

    def fence(
        self,
        tokens: Sequence[Token],
        index: int,
        _options: Any,
        _environment: MutableMapping[str, Any],
    ) -> str:
        """Return code that stands inside a list or quote; an odd info line is written out."""
        token = tokens[index]
        info = token.info.strip()
        heading = "" if len(info) <= _LONGEST_LANGUAGE else f"<p>{escape(info)}</p>"
        return f"{heading}<pre>{escape(token.content)}</pre>"

    def table_open(
        self, _tokens: Sequence[Token], _index: int, _options: Any, _environment: Any
    ) -> str:
        """Return the beginning of a table with the borders that Qt can draw."""
        return '<table cellspacing="0" cellpadding="6">'
