"""Importing a model file of this machine, and removing models again."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import (
    DownloadCancelled,
    DownloadFailed,
    InvalidInput,
    ModelFileInvalid,
    ModelNotFound,
    ModelNotInstalled,
)
from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.store import ModelStore
from tests.engine.model_store.fakes import FakeSource, Listener, store_with
from tests.engine.model_store.tiny_model import write_tiny_model


def test_import_copies_and_leaves_the_original(store: ModelStore, tmp_path: Path) -> None:
    original = tmp_path / "My Model (v2).gguf"
    content = write_tiny_model(original, seed=1, name="Hers")
    listener = Listener()

    card = store.import_file(original, report=listener.report)

    assert (card.id, card.title, card.family) == ("my-model-v2", "Hers", "qwen2")
    assert (card.state, card.digest_origin, card.is_imported) == ("installed", "import", True)
    assert card.licence.name == "mit"
    assert card.path is not None
    assert card.path.read_bytes() == original.read_bytes() == content
    assert not card.path.samefile(original)
    assert listener.heard[-1].stage == "done"
    assert [each.id for each in store.cards()] == ["my-model-v2", "tiny"]
    assert store.download("my-model-v2").state == "installed"
    assert store.remove("my-model-v2") > len(content)
    assert [each.id for each in store.cards()] == ["tiny"]
    assert not (store.directory / "my-model-v2").exists()


def test_importing_the_catalogues_file_installs_that_model(
    store: ModelStore, tmp_path: Path, tiny_content: bytes
) -> None:
    original = tmp_path / "renamed.gguf"
    original.write_bytes(tiny_content)
    card = store.import_file(original)
    assert (card.id, card.digest_origin) == ("tiny", "catalogue")
    assert store.import_file(original).id == "tiny"


def test_names_of_imports_do_not_collide(store: ModelStore, tmp_path: Path) -> None:
    one, two, three = (tmp_path / each / "tiny.gguf" for each in "abc")
    for seed, path in enumerate((one, two, three), start=1):
        path.parent.mkdir()
        write_tiny_model(path, seed=seed)
    assert store.import_file(one).id == "tiny-2"  # `tiny` is the catalogue's
    assert store.import_file(two).id == "tiny-3"
    assert store.import_file(one).id == "tiny-2"
    assert store.import_file(three, model_id="mine").id == "mine"
    with pytest.raises(InvalidInput, match="another model called mine"):
        store.import_file(two, model_id="mine")
    with pytest.raises(InvalidInput, match="catalogue"):
        store.import_file(two, model_id="tiny")


@pytest.mark.parametrize("name", ["../up", ".hidden", "Big", "a b", "", "default", "x" * 65])
def test_unusable_names_are_refused(store: ModelStore, tmp_path: Path, name: str) -> None:
    path = tmp_path / "model.gguf"
    write_tiny_model(path, seed=1)
    if not name:
        assert store.import_file(path, model_id=name).id == "model"
        return
    with pytest.raises(InvalidInput):
        store.import_file(path, model_id=name)


@pytest.mark.parametrize("damage", ["truncated", "text", "missing"])
def test_a_bad_file_is_not_imported(store: ModelStore, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "model.gguf"
    content = write_tiny_model(path)
    if damage == "truncated":
        path.write_bytes(content[:-100])
    elif damage == "text":
        path.write_text("hello")
    else:
        path.unlink()
    with pytest.raises(ModelFileInvalid):
        store.import_file(path)
    assert not store.directory.exists()


def test_a_cancelled_import_leaves_nothing(store: ModelStore, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    write_tiny_model(path, seed=1)
    with pytest.raises(DownloadCancelled):
        store.import_file(path, cancelled=lambda: True)
    assert list((store.directory / ".incoming").iterdir()) == []
    assert [each.id for each in store.cards()] == ["tiny"]


def test_removing_a_partial_file_frees_it(
    tmp_path: Path, entry: CatalogueEntry, tiny_content: bytes
) -> None:
    store = store_with(tmp_path, entry, sources=[FakeSource(tiny_content, stop_at=3000)])
    with pytest.raises(DownloadFailed, match="kept for the next attempt"):
        store.download()
    assert store.remove("tiny") == 3000
    assert store.card().state == "absent"


def test_removal_takes_the_id_in_full(store: ModelStore) -> None:
    store.download()
    with pytest.raises(ModelNotFound):
        store.remove("ti")
    store.remove("tiny")
    with pytest.raises(ModelNotInstalled):
        store.path_of("tiny")
