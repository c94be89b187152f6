"""`limpet edit` and `limpet explain` with a real engine and a scripted model."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import HomeMaker
from tests.end_to_end.limpet_home import LimpetHome, script, until

SHOP = b"def price(cents):\n    return cents\n\n\ndef tax(cents):\n    return cents\n"
ANSWERS: tuple[dict[str, object], ...] = (
    {"when": "slow please", "text": "a = 1\n", "repeat": 400},
    {"when": "broken please", "text": "def f(:\n```"},
    {"when": "same please", "text": "def price(cents):\n    return cents\n```"},
    {"when": "with café", "text": "s = 'café 2'\n```"},
    {"when": "with snail", "text": "s = '🐚'\n```"},
    {"when": "KeyError.*bug", "text": "def price(cents):\n    return 7\n```"},
    {"when": "Explain", "text": "It gives **cents** \x1b[2J."},
    {"when": "逐步解释", "text": "代码。"},
    {"when": "def price", "text": "def price(cents):\n    return cents * 2\n```"},
)


@pytest.fixture(scope="module")
def home(make_home: HomeMaker) -> LimpetHome:
    """A home whose model answers by script, slowly enough to be interrupted."""

    def slow_script(folder: Path) -> dict[str, str]:
        return script(folder, *ANSWERS, decode_tokens_per_second=400.0)

    return make_home(slow_script)


def test_an_edit_is_shown_and_not_written(home: LimpetHome) -> None:
    place = home.write("shop.py", SHOP)
    result = home.run("edit", "shop.py:2", "Double it.")
    assert (result.code, place.read_bytes()) == (0, SHOP), result
    assert "-    return cents\n+    return cents * 2\n" in result.stdout
    patched = subprocess.run(
        ["patch", "-s", "-p1"], input=result.stdout.encode(), cwd=home.work, check=False
    )
    assert patched.returncode == 0
    assert place.read_bytes() == SHOP.replace(b"cents\n\n", b"cents * 2\n\n", 1)


def test_an_edit_is_written_with_the_files_own_mode_through_a_link(home: LimpetHome) -> None:
    place = home.write("real.py", SHOP)
    place.chmod(0o750)
    link = home.work / "link.py"
    link.symlink_to("real.py")
    result = home.run("edit", "link.py:1-2", "Double it.", "--apply", "--json")
    assert result.code == 0, result
    assert (result.object["applied"], result.object["parses"]) == (True, True)
    assert place.read_bytes().startswith(b"def price(cents):\n    return cents * 2\n\n")
    assert (place.stat().st_mode & 0o777, link.is_symlink()) == (0o750, True)
    assert not list(home.work.glob(".limpet-*"))


@pytest.mark.parametrize(
    ("content", "words", "written"),
    [
        ("s = 'café'\r\nt = 1\r\n".encode("cp1252"), "café", "s = 'café 2'\r\nt = 1\r\n"),
        (b"\xef\xbb\xbfs = 'caf\xc3\xa9'\n", "café", "\ufeffs = 'café 2'\n"),
    ],
)
def test_the_files_own_encoding_is_kept(
    home: LimpetHome, content: bytes, words: str, written: str
) -> None:
    place = home.write("coded.py", content)
    result = home.run("edit", "coded.py:1", f"with {words}", "--apply")
    assert result.code == 0, result
    encoding = "utf-8" if content.startswith(b"\xef") else "cp1252"
    assert place.read_bytes() == written.encode(encoding)


def test_what_the_encoding_cannot_hold_is_refused(home: LimpetHome) -> None:
    content = "s = 'é'\n".encode("cp1252")
    place = home.write("coded.py", content)
    result = home.run("edit", "coded.py:1", "with snail", "--apply")
    assert (result.code, place.read_bytes()) == (2, content)
    assert "cp1252" in result.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("edit", "shop.py:1-2"), 2, "no instruction"),
        (("edit", "missing.py:1", "x"), 2, "no file"),
        (("edit", "shop.py:99", "x"), 2, "line 99"),
        (("edit", "shop.py:3-4", "x"), 2, "no code"),
        (("edit", "shop.py:1-2", "broken please", "--apply"), 3, "does not parse"),
        (("edit", "shop.py:1-2", "x", "--action", "explain"), 2, "invalid choice"),
    ],
)
def test_refusals_leave_the_file_alone(
    home: LimpetHome, words: tuple[str, ...], code: int, said: str
) -> None:
    place = home.write("shop.py", SHOP)
    result = home.run(*words)
    assert (result.code, place.read_bytes()) == (code, SHOP), result
    assert said in result.stderr
    assert result.stdout == ""


def test_a_selection_beyond_the_context_names_what_to_do(home: LimpetHome) -> None:
    home.write("large.py", b"a = 1  # and so on\n" * 3000)
    result = home.run("edit", "large.py:1-3000", "Change it.")
    assert result.code == 2
    assert "Select less" in result.stderr


def test_no_change_is_said(home: LimpetHome) -> None:
    home.write("shop.py", SHOP)
    result = home.run("edit", "shop.py:1-2", "same please", "--json", "--apply")
    assert result.code == 0
    assert (result.object["changes"], result.object["applied"], result.object["tries"]) == (
        False,
        False,
        2,
    )


def test_fixing_goes_by_an_error(home: LimpetHome) -> None:
    home.write("shop.py", SHOP)
    result = home.run("edit", "shop.py:1-2", "--action", "fix", "--error", "KeyError: 'tax'")
    assert "+    return 7\n" in result.stdout, result


def test_explaining_writes_safe_markdown(home: LimpetHome) -> None:
    home.write("shop.py", SHOP)
    result = home.run("explain", "shop.py:1-2")
    assert (result.code, result.stdout) == (0, "It gives **cents** \\x1b[2J.\n"), result
    chinese = home.run("explain", "shop.py", "--language", "zh", "--json")
    assert (chinese.object["answer"], chinese.object["is_cut"]) == ("代码。", False)


def test_an_interrupt_stops_the_model_and_writes_nothing(home: LimpetHome) -> None:
    place = home.write("shop.py", SHOP)
    running = home.start("edit", "shop.py:1-2", "slow please", "--apply")
    until(lambda: home.status()["running_requests"] > 0, "the edit runs")
    os.kill(running.pid, signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode == 130
    until(lambda: home.status()["running_requests"] == 0, "the model stops")
    assert place.read_bytes() == SHOP
