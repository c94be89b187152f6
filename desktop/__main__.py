"""`python -m desktop`: looks whether a window can be opened here, and opens it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from desktop.starting import find_obstacle

_UNAVAILABLE = 3


def main(words: Sequence[str] | None = None) -> int:
    """Open the window, or show the one that is open; return the exit code."""
    arguments = _parser().parse_args(words)
    if arguments.install_shortcut:
        return _install_shortcut()
    obstacle = find_obstacle()
    if obstacle is not None:
        sys.stderr.write(f"{obstacle.message}\n{obstacle.advice}\n")
        return _UNAVAILABLE
    # Only now: importing Qt already needs the libraries that were looked for.
    from desktop.running import run  # noqa: PLC0415

    place = os.path.abspath(arguments.place) if arguments.place else ""  # noqa: PTH100 - :LINE
    return run(place)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="limpet desktop", description="Open the window of Limpet.", allow_abbrev=False
    )
    parser.add_argument(
        "place", nargs="?", default="", metavar="FILE[:LINE]", help="a file to ask about"
    )
    parser.add_argument(
        "--install-shortcut",
        action="store_true",
        help="put Limpet into the menu of programs and exit",
    )
    return parser


def _install_shortcut() -> int:
    from desktop.shortcut import install_shortcut  # noqa: PLC0415 - not needed for a window

    try:
        for path in install_shortcut():
            sys.stdout.write(f"{path}\n")
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}.\n")
        return _UNAVAILABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
