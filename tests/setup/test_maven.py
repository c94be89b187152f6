"""The JDK that the Kotlin side is built with."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup import maven


@pytest.mark.parametrize(
    ("version", "has_compiler", "is_found"),
    [("17.0.15", True, True), ("17.0.15", False, False), ("21.0.1", True, False)],
)
def test_only_a_jdk_17_with_a_compiler_is_used(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    version: str,
    has_compiler: bool,
    is_found: bool,
) -> None:
    (tmp_path / "bin").mkdir()
    if has_compiler:
        (tmp_path / "bin" / "javac").touch()
    (tmp_path / "release").write_text(f'JAVA_VERSION="{version}"\n', "utf-8")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert (maven.java_home() == tmp_path) is is_found


def test_without_a_jdk_it_is_said_what_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(maven, "java_home", lambda: None)
    monkeypatch.setenv("LIMPET_NO_SYSTEM_PACKAGES", "1")
    assert maven.run_maven(tmp_path, ["install"], python="python", announce=said.append) is None
    assert "jetbrains-plugin" in said[-1]
    assert "JDK 17" in said[-1]
