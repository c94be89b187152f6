"""Puts written tests into the project, unless the file there has changed meanwhile."""

from __future__ import annotations

from rpc.test_placing import put_in_place
from rpc.test_writing import WritingFinished


def save_tests(end: WritingFinished) -> str:
    """Write the file of tests; return its path. Raises DocumentProblem."""
    return str(put_in_place(end))
