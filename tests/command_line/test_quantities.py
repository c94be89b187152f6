"""Cases of sizes, parameters and times as people read them."""

from __future__ import annotations

import pytest

from command_line import quantities


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (9_960, "10 kB"),
        (491_400_064, "491 MB"),
        (999_600_000, "1.0 GB"),
        (1_117_320_768, "1.1 GB"),
        (25_000_000_000, "25 GB"),
        (3 * 10**15, "3000 TB"),
    ],
)
def test_size(count: int, text: str) -> None:
    assert quantities.size(count) == text


@pytest.mark.parametrize(
    ("count", "text"), [(0, "unknown"), (494_000_000, "494M"), (1_540_000_000, "1.5B")]
)
def test_parameters(count: int, text: str) -> None:
    assert quantities.parameters(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (1800, "30 min"),
        (7_260, "2 h 1 min"),
        (90_000, "1 d 1 h"),
    ],
)
def test_duration(seconds: float, text: str) -> None:
    assert quantities.duration(seconds) == text
