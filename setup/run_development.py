"""`make test`, `bench`, `gates`, `stubs`: sets up the development tools and becomes one of them."""

from __future__ import annotations

import os
import sys

from setup import environment, system_packages
from setup.environment import Goal
from setup.places import places_of_this_checkout
from setup.prepare import announce, model_file
from setup.run_product import prepare_or_exit


def main() -> None:
    """Set up with the development tools, then run Python with this program's arguments."""
    arguments = sys.argv[1:]
    needs_no_model = arguments[:1] == ["--without-model"]
    places = places_of_this_checkout()
    # Tests of the sandbox and of the window are skipped where these are missing, so this is no
    # reason to end.
    for needs in (
        system_packages.needs_of_sandbox(),
        system_packages.needs_of_window(places.repository),
        system_packages.needs_of_window_tests(),
    ):
        missing = system_packages.provide(needs, announce)
        if missing is not None:
            announce(missing)
    programs = prepare_or_exit(Goal(groups=("dev",), has_model=not needs_no_model))
    model = model_file(places, environment.read_stamp(places.stamp))
    if model is not None:
        # Tests have a home of their own, so they are told where the real model is.
        os.environ["LIMPET_TEST_MODEL"] = str(model)
    os.chdir(places.repository)
    os.execv(f"{programs}/python", [f"{programs}/python", "-m", *arguments[needs_no_model:]])


if __name__ == "__main__":
    main()
