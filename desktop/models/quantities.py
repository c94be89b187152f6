"""Sizes and counts as people read them."""

from __future__ import annotations

_STEPS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def size(size_bytes: int) -> str:
    """Return a size, such as `491 MB`: decimal units, as disks are sold."""
    for step, name in _STEPS:
        if size_bytes >= step:
            value = size_bytes / step
            return f"{value:.1f} {name}" if value < 10 else f"{value:.0f} {name}"
    return f"{size_bytes} B"


def parameters(count: int) -> str:
    """Return a number of parameters, such as `0.5 B`."""
    return f"{count / 1e9:.1f} B" if count >= 1e8 else f"{count / 1e6:.0f} M"
