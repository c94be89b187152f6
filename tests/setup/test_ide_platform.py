"""The test platform of the IDE plugin: built by its recipe, or said to be left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from setup import ide_platform

RECIPES = {
    "built": ('echo "$1 $2" > "$2/called"\n', True, ""),
    "failed": ("exit 3\n", False, "left out: the IDE plugin"),
}


@pytest.mark.parametrize("name", RECIPES)
def test_the_recipe_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    script, is_there, words = RECIPES[name]
    recipe = tmp_path / "jetbrains-plugin" / "test-platform"
    recipe.mkdir(parents=True)
    (recipe / "install-platform.sh").write_text(script, "utf-8")
    monkeypatch.setattr(ide_platform, "_what_is_missing", lambda _announce: None)
    said: list[str] = []
    answer = ide_platform.provide_platform(tmp_path, tmp_path, tmp_path, said.append)
    assert answer is is_there
    assert words in "".join(said)
    assert (tmp_path / "called").exists() is is_there


def test_without_debians_sources_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    said: list[str] = []
    assert not ide_platform.provide_platform(tmp_path, tmp_path, tmp_path, said.append)
    assert "apt-get" in said[-1]
