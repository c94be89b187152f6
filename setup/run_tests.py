"""`make test` and `make bench`: sets up what tests need and becomes pytest or the benchmark."""

from __future__ import annotations

import os
import sys

from setup import environment
from setup.places import places_of_this_checkout
from setup.prepare import model_file
from setup.run_product import prepare_or_exit


def main() -> None:
    """Set up with the development tools, then run Python with this program's arguments."""
    programs = prepare_or_exit(("dev",))
    places = places_of_this_checkout()
    model = model_file(places, environment.read_stamp(places.stamp))
    # Tests have a home of their own, so they are told where the real model is.
    os.environ["LIMPET_TEST_MODEL"] = str(model)
    os.chdir(places.repository)
    os.execv(f"{programs}/python", [f"{programs}/python", "-m", *sys.argv[1:]])


if __name__ == "__main__":
    main()
