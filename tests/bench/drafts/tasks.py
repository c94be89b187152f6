"""The tasks of the bench, from `tasks.toml`, with the code that they are about."""

from __future__ import annotations

import importlib
import inspect
import tomllib
from functools import reduce
from pathlib import Path

import msgspec

_FILE = Path(__file__).with_name("tasks.toml")


class Task(msgspec.Struct, frozen=True):
    """A question about some code, or a plain one."""

    name: str
    question: str
    module: str = ""
    code: str = ""
    replace: dict[str, str] = {}

    def whole_question(self) -> str:
        """Return the question with the code that it is about."""
        if not self.module:
            return self.question
        subject = importlib.import_module(self.module)
        named = reduce(getattr, self.code.split("."), subject) if self.code else subject
        text = inspect.getsource(named)
        for old, new in self.replace.items():
            if old not in text:
                raise ValueError(f"{self.module}.{self.code} no longer has {old!r}")
            text = text.replace(old, new)
        return f"```python\n{text}```\n\n{self.question.strip()}"


class Tasks(msgspec.Struct, frozen=True):
    """All tasks, and the form that makes a prompt of a question."""

    form: str
    edits: tuple[Task, ...]
    chats: tuple[Task, ...]

    def prompt(self, task: Task) -> bytes:
        """Return a task's whole prompt."""
        return self.form.format(question=task.whole_question()).encode()


def read_tasks() -> Tasks:
    """Read the tasks. Raises ValueError when the file does not fit."""
    return msgspec.convert(tomllib.loads(_FILE.read_text("utf-8")), Tasks)
