"""The one change that makes a text of another one."""

from __future__ import annotations

import msgspec


class Difference(msgspec.Struct, frozen=True):
    """`text` stands now where the bytes from `start` to `end` were."""

    start: int
    end: int
    text: bytes


def difference(old: bytes, new: bytes) -> Difference:
    """Return the one change that makes `new` of `old`, as small as it can be."""
    shorter = min(len(old), len(new))
    start = _shared(old, new, shorter)
    end = _shared_end(old, new, shorter - start)
    return Difference(start, len(old) - end, new[start : len(new) - end])


def _shared(old: bytes, new: bytes, most: int) -> int:
    """Return how many leading bytes are equal, by halving: comparing slices is quick."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if old[least:middle] == new[least:middle]:
            least = middle
        else:
            most = middle - 1
    return least


def _shared_end(old: bytes, new: bytes, most: int) -> int:
    """Return how many of at most `most` trailing bytes are equal."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if old[len(old) - middle : len(old) - least] == new[len(new) - middle : len(new) - least]:
            least = middle
        else:
            most = middle - 1
    return least
