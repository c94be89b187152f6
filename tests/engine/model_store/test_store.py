"""A model's way into the store: offered, fetched, cancelled, refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import (
    DownloadCancelled,
    DownloadFailed,
    LicenceNotAccepted,
    ModelNotFound,
    ModelNotInstalled,
    NetworkUnavailable,
)
from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.store import ModelStore
from tests.engine.model_store.fakes import FakeSource, Listener, entry_of, store_with

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
