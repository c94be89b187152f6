"""A model's life in the store: offered, fetched, checked, altered, imported, removed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.errors import (
    DownloadCancelled,
    DownloadFailed,
    InvalidInput,
    LicenceNotAccepted,
    ModelAltered,
    ModelFileInvalid,
    ModelNotFound,
    ModelNotInstalled,
    NetworkUnavailable,
)
from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.sources.source import Source
from engine.model_store.store import ModelStore
from tests.engine.model_store.fakes import FakeSource, Listener, catalogue_of, entry_of
from tests.engine.model_store.tiny_model import write_tiny_model


def store_with(
    directory: Path, *entries: CatalogueEntry, sources: Sequence[Source] = (), offline: bool = False
) -> ModelStore:
    return ModelStore(directory, catalogue=catalogue_of(*entries), sources=sources, offline=offline)


@pytest.fixture
def entry(tiny_content: bytes) -> CatalogueEntry:
    return entry_of(tiny_content)


@pytest.fixture
def source(tiny_content: bytes) -> FakeSource:
    return FakeSource(tiny_content)


@pytest.fixture
def store(tmp_path: Path, entry: CatalogueEntry, source: FakeSource) -> ModelStore:
    return store_with(tmp_path / "models", entry, sources=[source])


def altered(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


# --- before anything is here ------------------------------------------------------------------


def test_listing_writes_nothing(store: ModelStore) -> None:
    (card,) = store.cards()
    assert (card.id, card.state, card.is_default, card.path) == ("tiny", "absent", True, None)
    assert card.sources == ("a fake of tiny",)
    assert not store.directory.exists()


def test_a_model_that_is_not_here_has_no_path(store: ModelStore) -> None:
    with pytest.raises(ModelNotInstalled):
        store.path_of("tiny")
    with pytest.raises(ModelNotFound):
        store.path_of("unknown")
    with pytest.raises(ModelNotInstalled):
        store.remove("tiny")


# --- download ---------------------------------------------------------------------------------


def test_download_installs_and_tells_progress(
    store: ModelStore, source: FakeSource, tiny_content: bytes
) -> None:
    listener = Listener()

    card = store.download("default", report=listener.report)

    assert (card.state, card.digest_origin, card.notes) == ("installed", "catalogue", ())
    assert card.path is not None
    assert card.path.read_bytes() == tiny_content
    stages = [each.stage for each in listener.heard]
    assert list(dict.fromkeys(stages)) == ["trying", "fetching", "checking", "done"]
    fetched = [each.done_bytes for each in listener.heard if each.stage == "fetching"]
    assert fetched == sorted(fetched)
    assert fetched[-1] == len(tiny_content)
    assert store.path_of("ti") == card.path
    assert store.header("tiny").architecture == "qwen2"
    assert [each.name for each in card.path.parent.iterdir()] in (
        ["tiny.gguf", "record.json"],
        ["record.json", "tiny.gguf"],
    )

    assert store.download("tiny").state == "installed"
    assert source.fetches == 1


def test_a_download_goes_on_with_the_next_source(
    tmp_path: Path, entry: CatalogueEntry, tiny_content: bytes
) -> None:
    first = FakeSource(tiny_content, name="first", stop_at=5000)
    second = FakeSource(b"?" * 5000 + tiny_content[5000:], name="second")
    listener = Listener()

    card = store_with(tmp_path, entry, sources=[first, second]).download(report=listener.report)

    assert card.state == "installed"
    assert "first: it broke off" in listener.notes


def test_wrong_bytes_of_an_earlier_source_are_fetched_once_more(
    tmp_path: Path, entry: CatalogueEntry, tiny_content: bytes
) -> None:
    first = FakeSource(b"x" * len(tiny_content), name="first", stop_at=5000)
    second = FakeSource(tiny_content, name="second")

    card = store_with(tmp_path, entry, sources=[first, second]).download()

    assert card.state == "installed"
    assert second.fetches == 2


def test_a_wrong_digest_is_never_installed(
    tmp_path: Path, entry: CatalogueEntry, tiny_content: bytes
) -> None:
    store = store_with(tmp_path, entry, sources=[FakeSource(b"x" * len(tiny_content))])
    with pytest.raises(DownloadFailed, match="other bytes"):
        store.download()
    assert store.card().state == "absent"
    assert store.card().present_bytes == 0


def test_a_source_that_never_stops_sending_is_stopped(
    tmp_path: Path, entry: CatalogueEntry, tiny_content: bytes
) -> None:
    store = store_with(tmp_path, entry, sources=[FakeSource(tiny_content + b"more")])
    with pytest.raises(DownloadFailed, match="more than"):
        store.download()


def test_cancelling_keeps_what_is_here(
    store: ModelStore, source: FakeSource, tiny_content: bytes
) -> None:
    listener = Listener(cancel_at_bytes=4000)
    with pytest.raises(DownloadCancelled):
        store.download(report=listener.report, cancelled=listener.cancelled)
    card = store.card()
    assert card.state == "partial"
    assert 4000 <= card.present_bytes < len(tiny_content)

    again = Listener()
    assert store.download(report=again.report).state == "installed"
    fetching = [each.done_bytes for each in again.heard if each.stage == "fetching"]
    assert fetching[0] > card.present_bytes


def test_without_network_every_reason_is_said(tmp_path: Path, entry: CatalogueEntry) -> None:
    sources = [
        FakeSource(b"", name="hub", error=NetworkUnavailable("no route")),
        FakeSource(b"", name="wheels", error=NetworkUnavailable("no index")),
    ]
    with pytest.raises(NetworkUnavailable, match=r"hub: no route; wheels: no index") as failure:
        store_with(tmp_path, entry, sources=sources).download()
    assert "limpet models import" in failure.value.advice


def test_offline_no_network_source_is_tried(
    tmp_path: Path, entry: CatalogueEntry, source: FakeSource, tiny_content: bytes
) -> None:
    with pytest.raises(NetworkUnavailable, match="not tried in offline mode"):
        store_with(tmp_path, entry, sources=[source], offline=True).download()
    assert source.fetches == 0
    local = FakeSource(tiny_content, needs_network=False)
    assert store_with(tmp_path, entry, sources=[source, local], offline=True).download().path


def test_without_a_known_digest_the_declared_one_counts(
    tmp_path: Path, tiny_content: bytes
) -> None:
    right = entry_of(tiny_content).sha256
    unknown = entry_of(tiny_content, known=False)
    store = store_with(tmp_path, unknown, sources=[FakeSource(tiny_content, declared=right)])
    assert store.card().notes[0].startswith("Its digest is not in our catalogue")
    card = store.download()
    assert (card.sha256, card.digest_origin) == (right, "hub")
    assert card.notes == ("Its digest is the one that the hub declared at download.",)

    store.remove("tiny")
    silent = store_with(tmp_path, unknown, sources=[FakeSource(tiny_content)])
    with pytest.raises(DownloadFailed, match="declares no SHA-256"):
        silent.download()


def test_a_licence_that_binds_is_accepted_first(
    tmp_path: Path, tiny_content: bytes, source: FakeSource
) -> None:
    store = store_with(tmp_path, entry_of(tiny_content, show_first=True), sources=[source])
    with pytest.raises(LicenceNotAccepted, match=r"MIT.*https://example.org/licence"):
        store.download()
    assert source.fetches == 0
    assert store.download(licence_accepted=True).state == "installed"


# --- checks -----------------------------------------------------------------------------------


def test_an_altered_file_is_refused_before_it_is_parsed(store: ModelStore) -> None:
    path = store.download().path
    assert path is not None
    path.write_bytes(b"not even GGUF")
    for _ in range(2):
        with pytest.raises(ModelAltered):
            store.path_of()
    assert store.card().state == "altered"


def test_an_altered_file_of_the_same_length_is_refused(store: ModelStore) -> None:
    path = store.download().path
    assert path is not None
    altered(path)
    assert store.card().state == "installed"  # nobody looked yet
    assert "before its use" in store.card().notes[0]
    with pytest.raises(ModelAltered):
        store.verify()
    assert store.card().state == "altered"


def test_verify_sees_what_the_time_stamp_hides(store: ModelStore) -> None:
    path = store.download().path
    assert path is not None
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last[0] ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.path_of() == path
    with pytest.raises(ModelAltered):
        store.verify()
    with pytest.raises(ModelAltered):
        store.path_of()


def test_a_touched_file_is_digested_once(store: ModelStore) -> None:
    path = store.download().path
    assert path is not None
    os.utime(path, ns=(1, 1))
    first, second = Listener(), Listener()
    assert store.path_of(report=first.report) == path
    assert store.path_of(report=second.report) == path
    assert (bool(first.heard), bool(second.heard)) == (True, False)


def test_download_replaces_an_altered_file(store: ModelStore, tiny_content: bytes) -> None:
    path = store.download().path
    assert path is not None
    altered(path)
    card = store.download()
    assert card.state == "installed"
    assert path.read_bytes() == tiny_content


RECORDS = {
    "missing": None,
    "empty": b"",
    "no JSON": b"{",
    "another shape": b'{"a": 1}',
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS.keys())
def test_a_lost_record_is_made_anew(store: ModelStore, record: bytes | None) -> None:
    path = store.download().path
    assert path is not None
    place = path.parent / "record.json"
    if record is None:
        place.unlink()
    else:
        place.write_bytes(record)
    assert store.card().state == "installed"
    assert store.path_of() == path
    assert store.card().digest_origin == "catalogue"
    altered(path)
    with pytest.raises(ModelAltered):
        store.path_of()


def test_a_record_that_points_elsewhere_is_no_record(store: ModelStore) -> None:
    path = store.download().path
    assert path is not None
    place = path.parent / "record.json"
    place.write_bytes(place.read_bytes().replace(b'"tiny.gguf"', b'"../../secret"'))
    assert store.path_of() == path


def test_a_file_that_someone_put_there_is_found(store: ModelStore, tmp_path: Path) -> None:
    folder = store.directory / "mine"
    folder.mkdir(parents=True)
    write_tiny_model(folder / "mine.gguf", seed=5, name="Mine")
    assert store.path_of("mine") == folder / "mine.gguf"
    card = store.card("mine")
    assert (card.title, card.digest_origin, card.is_imported) == ("Mine", "found", True)


def test_memory_fit_counts_the_cache(store: ModelStore) -> None:
    assert store.memory_fit("tiny", 100) is None
    store.download()
    fit = store.memory_fit("tiny", 100)
    assert fit is not None
    assert fit.need.kv_cache_bytes == 100 * 128 * 2
    assert fit.verdict == "fits"


# --- import and removal -----------------------------------------------------------------------


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
