"""What is missing is named with the packages of this system, or installed where that is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup import system_packages
from setup.system_packages import Need, advice, provide


def need(name: str, *, present: bool = False) -> Need:
    packages = {"apt-get": f"{name}-deb", "dnf": f"{name}-rpm", "pacman": f"{name}-arch"}
    return Need(name, lambda: present, packages)


def no_announcement(sentence: str) -> None:
    raise AssertionError(sentence)


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "apt-get install one-deb two-deb"),
        ("dnf", "dnf install one-rpm two-rpm"),
        ("pacman", "pacman -S one-arch two-arch"),
    ],
)
def test_advice_is_a_command_to_type(manager: str, command: str) -> None:
    text = advice([need("one"), need("two")], manager)
    assert "one and two" in text
    assert text.endswith(command)


def test_an_unknown_system_gets_the_names_of_all_packages() -> None:
    text = advice([need("one")], None)
    assert all(name in text for name in ("one-deb", "one-rpm", "one-arch"))


def test_every_need_has_a_package_on_every_known_system() -> None:
    needs = [*system_packages.needs_of_environment(), *system_packages.needs_of_compiling()]
    for known in ("apt-get", "dnf", "pacman", "zypper", "apk", "brew"):
        assert all(entry.packages[known] for entry in needs)


def test_a_mac_is_told_of_the_command_line_tools() -> None:
    assert "\n  the command line tools" in advice(system_packages.needs_of_compiling(), "brew")


def test_nothing_happens_when_nothing_is_missing() -> None:
    assert provide([need("one", present=True)], no_announcement) is None


def test_nothing_is_installed_against_the_users_will(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIMPET_NO_SYSTEM_PACKAGES", "1")
    complaint = provide([need("one"), need("two", present=True)], no_announcement)
    assert complaint is not None
    assert "needs one." in complaint


def fake_program(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing but what the test puts there, for a user who is root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    fake_program(folder, "env", 'shift; exec "$@"')
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("LIMPET_NO_SYSTEM_PACKAGES", raising=False)
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return folder


def test_what_is_missing_is_installed_where_that_is_allowed(programs: Path) -> None:
    installed = programs / "installed"
    fake_program(programs, "apt-get", f'[ "$1" = install ] && echo "$@" > {installed}; exit 0')
    one = Need("one", installed.exists, {"apt-get": "one-deb"})
    announced: list[str] = []
    assert provide([one], announced.append) is None
    assert announced == ["installing the system packages one-deb"]
    assert installed.read_text().split()[-1] == "one-deb"


def test_a_failed_installation_says_what_the_package_manager_said(programs: Path) -> None:
    fake_program(programs, "apt-get", 'echo "no such package" >&2; exit 100')
    complaint = provide([need("one")], lambda _: None)
    assert complaint is not None
    assert "apt-get install one-deb" in complaint
    assert "no such package" in complaint


COMPILERS = {
    "none": (None, False),
    "without its headers": ("echo 'fatal error: vector' >&2; exit 1", False),
    "complete": ("exit 0", True),
}


@pytest.mark.parametrize("kind", COMPILERS)
def test_a_compiler_counts_only_when_it_compiles(programs: Path, kind: str) -> None:
    script, works = COMPILERS[kind]
    if script is not None:
        fake_program(programs, "c++", script)
        fake_program(programs, "cc", "exit 0")
    assert system_packages.compiler_works() is works
