"""Attachments are wrapped so that their text cannot end its own block."""

from __future__ import annotations

import pytest

from engine.prompts.catalog import Catalog
from engine.prompts.turns import Attachment

CASES = [
    (
        "en",
        Attachment("src/app.py", b"x = 1\n"),
        "File `src/app.py`:\n```python\nx = 1\n```",
    ),
    (
        "en",
        Attachment("src/app.py", b"x = 1", 3, 7),
        "Lines `src/app.py:3-7`:\n```python\nx = 1\n```",
    ),
    ("en", Attachment("a.c", b"x", 5), "Lines `a.c:5-5`:\n```c\nx\n```"),
    (
        "zh",
        Attachment("主.go", "// 你好\n".encode()),
        "文件 `主.go`：\n```go\n// 你好\n```",
    ),
    ("en", Attachment("-", b"error: no\n"), "Input:\n```\nerror: no\n```"),
    ("en", Attachment("", b"#!/bin/sh\n"), "Input:\n```bash\n#!/bin/sh\n```"),
    (
        "en",
        Attachment("README.md", b"```\ncode\n````\n"),
        "File `README.md`:\n`````markdown\n```\ncode\n````\n`````",
    ),
    ("en", Attachment("empty.txt", b""), "File `empty.txt`:\n```\n```"),
]


@pytest.mark.parametrize(("language", "attachment", "expected"), CASES)
def test_wraps_an_attachment(language: str, attachment: Attachment, expected: str) -> None:
    task = Catalog.load().chat_task(language)
    assert task.render_attachment(attachment).decode() == expected


def test_bytes_that_are_no_text_are_kept() -> None:
    content = b"\xff\xfe\x00\r\n"
    task = Catalog.load().chat_task()
    assert content in task.render_attachment(Attachment("x.bin", content))


def test_attachments_stand_before_the_question() -> None:
    task = Catalog.load().chat_task()
    files = [Attachment("a.py", b"1\n"), Attachment("b.py", b"2\n")]
    expected = "File `a.py`:\n```python\n1\n```\n\nFile `b.py`:\n```python\n2\n```\n\nWhy?"
    assert task.question_with(files, b"Why?").decode() == expected
    assert task.question_with([], b"Why?") == b"Why?"
