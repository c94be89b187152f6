"""`limpet desktop`: opens the window, a program of its own that stands beside the command line."""

from __future__ import annotations

import argparse
import os
import sys
from typing import NoReturn

from command_line.output import Output


def run(arguments: argparse.Namespace, _output: Output) -> NoReturn:
    """Become the desktop app; it checks its own arguments and whether there is a screen."""
    words = [sys.executable, "-m", "desktop"]
    if arguments.install_shortcut:
        words.append("--install-shortcut")
    if arguments.place:
        words.append(arguments.place)
    sys.stdout.flush()
    os.execv(sys.executable, words)
