"""Whatever a model writes is shown, quickly, with nothing fetched and nothing hidden."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop.appearance.look import Look
from desktop.appearance.theme import Scheme
from desktop.chat.code_block import CodeBlock
from desktop.chat.message_body import MessageBody
from desktop.chat.prose_html import make_markdown

# What is hostile, where `{here}` is the address of a listener that nobody may call; and what must
# be readable.
_HOSTILE: dict[str, tuple[str, str]] = {
    "remote image": ("![alt words]({here}/a.png)", "alt words"),
    "reference image": ("![alt words][r]\n\n[r]: {here}/a.png", "alt words"),
    "linked image": ("[![alt words]({here}/a.png)](https://example.org)", "alt words"),
    "image in HTML": ('<img src="{here}/a.png" alt="alt words">', "alt words"),
    "style sheet": ('<link rel="stylesheet" href="{here}/a.css">', "stylesheet"),
    "script": ("<script>fetch('{here}')</script>", "fetch"),
    "frame": ('<iframe src="{here}"></iframe>', "iframe"),
    "background": ('<table background="{here}/a.png"><tr><td>cell</td></tr></table>', "cell"),
    "file link": ("[words](file:///etc/passwd)", "words"),
    "file image": ("![words](file:///etc/passwd)", "words"),
    "script link": ("[words](javascript:alert(1))", "words"),
    "data image": ("![words](data:image/png;base64,AAAA)", "words"),
    "resource image": ("![words](qrc:/a.png)", "words"),
    "escape": ("before \x1b[31mred\x1b[0m after", "\\x1b[31mred"),
    "window title": ("\x1b]0;owned\x07 after", "\\x1b]0;owned\\x07"),
    "right to left": ("safe\u202etxt.exe after", "\\u202etxt.exe"),
    "isolates": ("a\u2066b\u2069 after", "\\u2066b\\u2069"),
    "zero width": ("pass\u200bword after", "pass\\u200bword"),
    "tag letters": ("a\U000e0041b after", "\\U000e0041"),
    "nul": ("a\0b after", "\\x00"),
    "unfinished fence": ("```python\nprint(1)", "print(1)"),
    "fence in a fence": ("````\n```\nx\n```\n````\nafter", "after"),
    "line of a megabyte": ("x" * 1_000_000 + "\n\nafter", "after"),
    "line of a megabyte in code": ("```\n" + "x" * 1_000_000 + "\n```\nafter", "after"),
    "table of ten thousand rows": ("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 10_000, "| 1 | 2 |"),
    "deep quotes": (">" * 300 + " after", "after"),
    "deep lists": ("".join(" " * 2 * at + "- x\n" for at in range(100)) + "after", "after"),
    "brackets": ("[" * 20_000 + "after", "after"),
    "emphasis": ("*a_" * 5_000 + "after", "after"),
    "backticks": ("`" * 3_000 + "after and more", "after"),
    "entities": ("&lt;b&gt; &#x202e; &amp; after", "<b>"),
    "many fences": ("```\nx\n```\n" * 300 + "after", "after"),
    "only marks": ("# \n## \n- \n> \n", ""),
    "lone surrogate": ("a\ud800b after", "after"),
}
_AROUND = {
    "alone": "{0}",
    "in a list": "- {0}",
    "in a quote": "> {0}",
    "behind words": "Some words.\n\n{0}",
    "after code": "```\ncode\n```\n{0}",
    "in a heading": "# {0}",
}
CASES = [(name, around) for name in _HOSTILE for around in _AROUND]
_SECONDS = 30.0


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server on this machine that accepts and waits."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def look(application: QApplication) -> Look:
    look = Look(application)
    look.apply(Scheme.LIGHT, 1.0)
    return look


def test_there_are_two_hundred() -> None:
    assert len(CASES) >= 200


@pytest.mark.parametrize(("name", "around"), CASES)
def test_hostile(
    application: QApplication, look: Look, listener: socket.socket, name: str, around: str
) -> None:
    template, readable = _HOSTILE[name]
    address = "http://{}:{}".format(*listener.getsockname())
    source = _AROUND[around].replace("{0}", template.replace("{here}", address))
    started = time.monotonic()
    body = MessageBody(look, make_markdown())
    body.resize(700, 600)
    body.show()
    half = len(source) // 2
    for piece in (source[:half], source[half:]):
        body.add(piece)
        application.processEvents()
    body.end()
    application.processEvents()
    body.grab()
    assert time.monotonic() - started < _SECONDS
    assert readable in _shown(body)
    with pytest.raises(BlockingIOError):
        listener.accept()
    body.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _shown(body: MessageBody) -> str:
    texts = []
    for block in body.blocks:
        view = block.view if isinstance(block, CodeBlock) else block
        texts.append(block.heading if isinstance(block, CodeBlock) else "")
        text = view.toPlainText()
        texts.append(text.replace("\n", "") if isinstance(view, QPlainTextEdit) else text)
    return "\n".join(texts)
