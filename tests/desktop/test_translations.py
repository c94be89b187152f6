"""Every text of the window is translated, and what is compiled is what is written."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from setup.translations import LANGUAGES, collect, compile_to
from tests.end_to_end.limpet_home import ROOT

FOLDER = ROOT / "desktop" / "translations"
PLACES = re.compile(r"\{\d*\}")


@pytest.mark.parametrize("short", LANGUAGES)
def test_texts_are_collected_translated_and_compiled(short: str, tmp_path: Path) -> None:
    kept = FOLDER / f"limpet_{short}.ts"
    fresh = tmp_path / kept.name
    shutil.copy(kept, fresh)
    collect(ROOT, fresh, LANGUAGES[short])
    assert _texts(fresh) == _texts(kept), "run `make translations`"
    compiled = tmp_path / "fresh.qm"
    compile_to(kept, compiled)
    assert compiled.read_bytes() == kept.with_suffix(".qm").read_bytes(), "run `make translations`"


@pytest.mark.parametrize("short", LANGUAGES)
def test_translations_are_finished_and_keep_their_places(short: str) -> None:
    texts = _texts(FOLDER / f"limpet_{short}.ts")
    assert texts
    for (_, source), translation in texts.items():
        assert translation, source
        assert sorted(PLACES.findall(source)) == sorted(PLACES.findall(translation)), source


def _texts(path: Path) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314 - our own file
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            translation = message.find("translation")
            assert translation is not None
            is_finished = translation.get("type") is None
            found[name, message.findtext("source") or ""] = (
                (translation.text or "") if is_finished else ""
            )
    return found
