"""The set-up finds the same folders as the product, though it can't import what that uses."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rpc import places as product
from setup.places import cache_directory, data_directory


@pytest.mark.parametrize("configured", [None, "", "/elsewhere"])
def test_the_rule_is_that_of_the_product(
    configured: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = {"HOME": str(tmp_path)}
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
        if configured is not None:
            monkeypatch.setenv(name, configured)
            environment[name] = configured
    cache = cache_directory(environment, sys.platform, tmp_path)
    data = data_directory(environment, sys.platform, tmp_path)
    assert (cache, data) == (product.cache_directory(), product.data_directory())


def test_a_mac_has_folders_of_its_own() -> None:
    home = Path("/Users/u")
    assert cache_directory({}, "darwin", home) == home / "Library/Caches/limpet"
    assert data_directory({}, "darwin", home) == home / "Library/Application Support/limpet"
