"""Tables in the documentation that repeat data of the program agree with it."""

from __future__ import annotations

import json
import re

import pytest

from engine.model_store.catalogue import load_catalogue
from engine.prompts.catalog import Catalog
from engine.settings import SettingDescription, describe_settings
from tests.architecture.tracked_files import read, tracked_files
from tests.docs.documents import document, documents

README = document("README.md")
MODELS = document("docs/models.md")
SOURCES = "\n".join(read(name) for name in tracked_files("*.py", "*.sh", "Makefile", ".ci/*"))


@pytest.mark.parametrize("setting", describe_settings(), ids=lambda setting: setting.key)
def test_the_readme_tells_every_setting(setting: SettingDescription) -> None:
    (row,) = (row for row in README.rows() if row[0] == f"`{setting.key}`")
    assert row[1] == f"`{json.dumps(setting.default)}`"


def test_the_readme_tells_no_other_setting() -> None:
    keys = {each.key for each in describe_settings()}
    told = {span for span in README.first_cells() if re.fullmatch(r"[a-z]+(_[a-z]+)+", span)}
    assert told <= keys


def test_every_model_of_the_catalogue_is_told() -> None:
    rows = {row[0]: " ".join(row) for row in MODELS.rows()}
    for entry in load_catalogue().models:
        name = f"`{entry.id}`"
        (row,) = (row for cell, row in rows.items() if cell.startswith(name))
        assert entry.quantization in row
        assert set(re.findall(r"completion|chat", row.rpartition("|")[2])) >= set(entry.roles)


def test_every_family_is_told() -> None:
    rows = {row[0].split()[0].strip("`"): row for row in MODELS.rows() if len(row) == 4}
    families = Catalog.load().families
    assert set(families) <= set(rows)
    for name, family in families.items():
        row = rows[name]
        assert row[1].startswith("yes") == (family.fim is not None), name
        has_form = family.fim is not None and family.fim.repository is not None
        assert row[2].startswith("yes") == has_form, name
        assert row[3].startswith("declared") == (family.chat.source == "declared"), name


@pytest.mark.parametrize("source", documents(), ids=lambda source: source.path)
def test_variables_are_read_somewhere(source: object) -> None:
    keys = {f"LIMPET_{each.key.upper()}" for each in describe_settings()}
    named = set(re.findall(r"LIMPET_[A-Z_]*[A-Z]", getattr(source, "text", "")))
    assert {name for name in named - keys if name not in SOURCES} == set()


def test_every_target_of_the_makefile_is_told_and_no_other() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", read("Makefile"), re.MULTILINE))
    told = document("CONTRIBUTING.md").first_cells()
    assert {f"make {target}" for target in targets} <= told
    named = {
        match
        for each in documents()
        for span in [*each.spans(), *each.blocks("console")]
        for match in re.findall(r"\bmake ([a-z]+)", span)
    }
    assert named <= targets
