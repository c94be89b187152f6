"""The card of an installed model says what its prompt family is and lacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.model_store.catalogue import load_catalogue
from engine.prompts.catalog import Catalog
from engine.tasks.prepare_model.described_store import DescribedStore
from tests.models.tiny_gguf import write_codeshell, write_llama, write_qwen2


@pytest.mark.parametrize(
    ("write", "family", "has_notes"),
    [
        (write_qwen2, "qwen2.5-coder", False),
        (write_codeshell, "codeshell", True),
        (write_llama, "plain", True),
    ],
)
def test_card(tmp_path: Path, write: Callable[[Path], Path], family: str, has_notes: bool) -> None:
    file = tmp_path / "mine.gguf"
    write(file)
    store = DescribedStore(
        tmp_path / "models",
        catalogue=load_catalogue(),
        sources=(),
        families=Catalog.load(),
        offline=True,
    )
    before = store.import_file(file, model_id="mine")
    card = store.card("mine")
    assert card.family == family
    assert (len(card.notes) > len(before.notes)) is has_notes
    assert store.card("default").state == "absent"
