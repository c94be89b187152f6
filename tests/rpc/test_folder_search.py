"""A folder is searched through the real daemon."""

from __future__ import annotations

from pathlib import Path

import pytest

from rpc.client import Limpet
from rpc.failures import InvalidRequest

pytestmark = pytest.mark.usefixtures("daemon")


def test_passages_can_be_attached(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("TAX = 2\n\n\n\ndef total_price(basket):\n    return 3\n")
    (tmp_path / "other.py").write_text("def unrelated():\n    return 4\n")
    with Limpet.open("test") as limpet:
        found = limpet.folders.search(tmp_path, b"How is the total of prices made?")
        with pytest.raises(InvalidRequest):
            limpet.folders.search(tmp_path / "missing", b"x")
        with pytest.raises(InvalidRequest):
            limpet.folders.search(tmp_path, b"x", size=51)

    assert (found.files, found.is_cut) == (2, False)
    passage = found.passages[0]
    assert (passage.symbol, passage.attachment.path) == ("total_price", "shop.py")
    assert passage.first_line == 5
    assert passage.content == b"def total_price(basket):\n    return 3\n"
