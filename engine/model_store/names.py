"""Finds the model that a user means by a name."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from engine.errors import ModelNotFound

DEFAULT_ALIAS = "default"


def resolve(name: str, known: Sequence[str], default: str) -> str:
    """The id in `known` that `name` means: itself, `default` or empty, or a unique beginning.

    Raises ModelNotFound with the ids that were near.
    """
    wanted = name.strip().lower()
    if wanted in ("", DEFAULT_ALIAS):
        wanted = default.lower()
    for each in known:
        if each.lower() == wanted:
            return each
    matching = [each for each in known if each.lower().startswith(wanted)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise ModelNotFound(f"{name!r} could be {_either(matching)}.", advice="Write more of it.")
    near = difflib.get_close_matches(wanted, known, n=3)
    hint = f" Did you mean {_either(near)}?" if near else ""
    raise ModelNotFound(f"There is no model called {name[:100]!r}.{hint}")


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
