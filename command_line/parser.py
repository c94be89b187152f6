"""The parser of arguments: it raises where the standard library's would end the process."""

from __future__ import annotations

import argparse
from typing import NoReturn


class UsageProblem(Exception):
    """The arguments make no sense; `usage` shows what would."""

    def __init__(self, message: str, usage: str) -> None:
        super().__init__(message)
        self.message = message
        self.usage = usage


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of ending the process."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageProblem."""
        raise UsageProblem(message, self.format_usage().strip())
