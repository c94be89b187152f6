"""Cases of characters that must be seen and of those that are left alone."""

from __future__ import annotations

import pytest

from rpc.visible_text import VisibleStream, decoded, visible

SHOWN = {
    "plain\n\ttext": "plain\n\ttext",
    "naïve 代码 🐚 Ünï": "naïve 代码 🐚 Ünï",
    "no\u00a0break": "no\u00a0break",
    "a\r\nb": "a\nb",
    "a\rb": "a\\x0db",
    "\x1b[31mred": "\\x1b[31mred",
    "\x1b]0;title\x07": "\\x1b]0;title\\x07",
    "\x1b]8;;http://x\x1b\\link": "\\x1b]8;;http://x\\x1b\\link",
    "\x9b31m": "\\x9b31m",
    "\x00\x08\x7f": "\\x00\\x08\\x7f",
    "if a\u202e;b": "if a\\u202e;b",
    "\u2066\u2067\u2069\u061c": "\\u2066\\u2067\\u2069\\u061c",
    "pass\u200bword": "pass\\u200bword",
    "\ufeff\u200d\u2060\u00ad": "\\ufeff\\u200d\\u2060\\xad",
    "\u2028\u2029": "\\u2028\\u2029",
    "\u3164 \u2800": "\\u3164 \\u2800",
    "\U000e0041\U000e0100": "\\U000e0041\\U000e0100",
    "\ud800": "\\ud800",
}


@pytest.mark.parametrize("text", SHOWN, ids=ascii)
def test_visible(text: str) -> None:
    assert visible(text) == SHOWN[text]


def test_bytes_that_are_no_text_are_written_out() -> None:
    assert decoded(b"a\xffb") == "a\\xffb"


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([b"a\r", b"\nb"], "a\nb"),
        ([b"a\r", b"b"], "a\\x0db"),
        ([b"a\r"], "a\\x0d"),
        ([b"\r\n", b"\r", b"\r\n"], "\n\\x0d\n"),
    ],
)
def test_line_ends_cut_in_two(pieces: list[bytes], shown: str) -> None:
    stream = VisibleStream()
    assert "".join(map(stream.add, pieces)) + stream.end() == shown
