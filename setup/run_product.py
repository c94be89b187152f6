"""`make run`: sets up what is missing and becomes the main job."""

from __future__ import annotations

import os
import sys

from setup.environment import Goal
from setup.prepare import SetupError, announce, prepare

_UNAVAILABLE = 3
_INTERRUPTED = 130


def prepare_or_exit(goal: Goal) -> str:
    """Set up, or end the program with advice; return the folder of the installed programs."""
    try:
        return str(prepare(goal).environment / "bin")
    except SetupError as error:
        announce(str(error))
        sys.exit(_UNAVAILABLE)
    except OSError as error:
        announce(f"the set-up can't go on: {error}")
        sys.exit(_UNAVAILABLE)
    except KeyboardInterrupt:
        announce("interrupted; the same command goes on from here")
        sys.exit(_INTERRUPTED)


def main() -> None:
    """Set up, then run the chat on a terminal and the demonstration everywhere else."""
    program = f"{prepare_or_exit(Goal())}/limpet"
    has_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    arguments = [program] if has_terminal else [program, "demo"]
    os.execv(program, arguments)


if __name__ == "__main__":
    main()
