"""A model file is checked before its use, after every change, and on demand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.errors import ModelAltered
from engine.model_store.store import ModelStore
from tests.engine.model_store.fakes import Listener, altered
from tests.engine.model_store.tiny_model import write_tiny_model


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
