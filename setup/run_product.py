"""`make run`: sets up what is missing and becomes the main job."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from setup import system_packages
from setup.environment import Goal
from setup.places import places_of_this_checkout
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
    """Set up, then open the window, or chat on a terminal, or show the demonstration."""
    program = f"{prepare_or_exit(Goal())}/limpet"
    os.execv(program, [program, *main_job(sys.stdin.isatty() and sys.stdout.isatty())])


def main_job(has_terminal: bool) -> list[str]:
    """Return the words of the main job: the window where there is a screen that can show one."""
    if has_screen(os.environ) and can_show_windows():
        return ["desktop"]
    return [] if has_terminal else ["demo"]


def has_screen(environment: Mapping[str, str], system: str = sys.platform) -> bool:
    """Whether somebody sits in front of a screen; a shell from afar on macOS has none."""
    if system == "darwin":
        return "SSH_CONNECTION" not in environment
    return bool(environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY"))


def can_show_windows() -> bool:
    """Whether the libraries that a window needs are there, now at the latest."""
    repository = places_of_this_checkout().repository
    missing = system_packages.provide(system_packages.needs_of_window(repository), announce)
    if missing is not None:
        announce(missing)
    return missing is None


if __name__ == "__main__":
    main()
