"""Turns Ctrl+C, SIGTERM and a closed terminal into exceptions that unwind the command."""

from __future__ import annotations

import signal
from types import FrameType

from command_line.exit_codes import ExitCode


class Terminated(SystemExit):
    """The process was asked to end; whatever runs in the engine is cancelled on the way out.

    A SystemExit, because event loops let only that and KeyboardInterrupt through.
    """


def raise_on_signals() -> None:
    """Let SIGINT, SIGTERM and SIGHUP unwind the stack, so that running calls are cancelled.

    SIGINT is set too, because a shell script starts its background jobs with it ignored, and a
    model that nobody can stop is worse than one stopped along with its script. SIGHUP stays
    ignored where `nohup` said so.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _terminate)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _terminate)


def ignore_signals() -> None:
    """Let nothing interrupt the last words of a command that is ending already."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _terminate(_number: int, _frame: FrameType | None) -> None:
    raise Terminated(ExitCode.INTERRUPTED)
