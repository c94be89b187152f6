"""`make plugin`: builds the JetBrains plugin without running its tests."""

from __future__ import annotations

import sys

from setup.maven import run_maven
from setup.places import places_of_this_checkout
from setup.prepare import announce


def main() -> int:
    """Build; 1 where this machine cannot."""
    repository = places_of_this_checkout().repository
    goals = ["install", "-DskipTests"]
    status = run_maven(repository, goals, python=sys.executable, announce=announce)
    return 1 if status is None else status


if __name__ == "__main__":
    sys.exit(main())
