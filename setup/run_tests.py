"""`make test` inside the environment: pytest, then the tests of the Kotlin side by Maven."""

from __future__ import annotations

import subprocess
import sys

from setup.maven import run_maven
from setup.places import places_of_this_checkout
from setup.prepare import announce


def main() -> int:
    """Run both, whatever the first says; with arguments for pytest, only pytest."""
    arguments = sys.argv[1:]
    repository = places_of_this_checkout().repository
    python = subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode
    if arguments:
        return python
    kotlin = run_maven(repository, ["install"], python=sys.executable, announce=announce)
    return python or kotlin or 0


if __name__ == "__main__":
    sys.exit(main())
