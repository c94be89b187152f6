"""How many tokens at a prompt's end are chosen anew, from cases in `healing.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from engine.inference.worker.healing import healed_length

_CASES = tomllib.loads(Path(__file__).with_name("healing.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in _CASES])
def test_healed_length(case: dict[str, Any]) -> None:
    assert healed_length([token.encode() for token in case["tokens"]]) == case["count"]
