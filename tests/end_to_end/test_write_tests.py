"""`limpet write-tests` with a real engine, a real sandbox and real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome
from tests.engine.sandbox.needs_sandbox import needs_sandbox

SHOP = (
    'def price(cents: int) -> int:\n    """Say it.\n\n    >>> price(1)\n    2\n    """\n'
    '    if cents < 0:\n        raise ValueError("cents")\n    return cents * 2\n'
)
SECONDS = 110.0


@pytest.fixture
def home(make_home: HomeMaker) -> LimpetHome:
    """A home with a small project and no model."""
    home = make_home()
    home.write("pyproject.toml", "")
    home.write("shop.py", SHOP)
    return home


def files(home: LimpetHome) -> list[str]:
    return sorted(
        path.relative_to(home.work).as_posix() for path in home.work.rglob("*") if path.is_file()
    )


@needs_sandbox
def test_tests_are_written_into_the_project_and_only_once(home: LimpetHome) -> None:
    words = ("write-tests", "shop.py::price", "--allow-running", "--json")
    first = home.run(*words, seconds=SECONDS)
    assert first.code == 0, first
    assert files(home) == ["pyproject.toml", "shop.py", "tests/test_shop.py"]
    place = home.work / "tests" / "test_shop.py"
    text = place.read_text("utf-8")
    assert "assert price(1) == 2" in text
    assert first.object["text"] == text
    assert Path(first.object["written"]) == place.resolve()
    assert {test["basis"] for test in first.object["kept"]} >= {"example", "exception"}
    second = home.run(*words, seconds=SECONDS)
    assert (second.code, second.object["tests"], second.object["written"]) == (0, 0, "")
    assert place.read_text("utf-8") == text


@needs_sandbox
def test_a_contradiction_is_exit_code_1_and_standard_output_is_no_file(home: LimpetHome) -> None:
    home.write("shop.py", SHOP.replace("* 2", "* 3"))
    words = ("write-tests", "shop.py", "--allow-running", "--output", "-")
    result = home.run(*words, seconds=SECONDS)
    assert result.code == 1, result
    assert "expected 2, got 3" in result.stdout
    assert "pytest.raises(ValueError)" in result.stdout
    assert files(home) == ["pyproject.toml", "shop.py"]


def test_without_consent_nothing_runs(home: LimpetHome) -> None:
    result = home.run("write-tests", "shop.py")
    assert result.code == 2, result
    assert "--allow-running" in result.stderr
    assert files(home) == ["pyproject.toml", "shop.py"]


@pytest.mark.parametrize("place", ["nothing.py", "shop.py::nothing", "pyproject.toml"])
def test_what_is_not_there_is_told(home: LimpetHome, place: str) -> None:
    result = home.run("write-tests", place, "--allow-running")
    assert result.code == 2, result
    assert files(home) == ["pyproject.toml", "shop.py"]


def test_without_a_sandbox_the_way_out_is_told(make_home: HomeMaker) -> None:
    home = make_home(lambda folder: {"PATH": str(folder)})
    home.write("shop.py", SHOP)
    result = home.run("write-tests", "shop.py", "--allow-running")
    assert result.code == 3, result
    assert "--no-sandbox" in result.stderr
