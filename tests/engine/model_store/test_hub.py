"""Downloads from a hub that breaks, stalls, lies, refuses and is not there."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import DownloadCancelled, DownloadFailed, NetworkUnavailable
from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.sources.choice import is_offline, sources_from
from engine.model_store.sources.hub import HubSource
from engine.model_store.store import ModelStore
from tests.engine.model_store.fake_hub import FakeHub, running
from tests.engine.model_store.fakes import HUB_PATH, Listener, catalogue_of, entry_of


@pytest.fixture
def hub(tiny_content: bytes) -> Iterator[FakeHub]:
    with running(FakeHub(tiny_content, HUB_PATH)) as hub:
        yield hub


@pytest.fixture
def entry(tiny_content: bytes) -> CatalogueEntry:
    return entry_of(tiny_content)


def store_of(tmp_path: Path, entry: CatalogueEntry, hub: FakeHub, **options: float) -> ModelStore:
    source = HubSource(hub.endpoint, **options)  # type: ignore[arg-type]
    return ModelStore(tmp_path / "models", catalogue=catalogue_of(entry), sources=[source])


def test_fetches_through_the_redirect(tmp_path: Path, entry: CatalogueEntry, hub: FakeHub) -> None:
    listener = Listener()
    card = store_of(tmp_path, entry, hub).download(report=listener.report)
    assert card.state == "installed"
    assert hub.ranges == [None]
    assert hub.endpoint in listener.notes[0]  # the mirror is named before it is used


def test_the_environment_names_the_mirror(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub
) -> None:
    sources = sources_from({"HF_ENDPOINT": hub.endpoint, "HF_HOME": str(tmp_path)})
    assert [each.name for each in sources] == ["local file", "hub", "wheels"]
    store = ModelStore(tmp_path / "models", catalogue=catalogue_of(entry), sources=sources)
    assert store.download().state == "installed"


def test_a_token_is_sent_to_the_hub(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub.redirects = False
    store_of(tmp_path, entry, hub).download()
    assert hub.authorizations == ["Bearer hf_secret"]


@pytest.mark.parametrize("position", [0, 1, 1199, 5000, -1])
def test_a_break_at_any_byte_is_resumed(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub, tiny_content: bytes, position: int
) -> None:
    position %= len(tiny_content)
    hub.break_at = [position]
    assert store_of(tmp_path, entry, hub).download().state == "installed"
    assert hub.ranges[1] == (f"bytes={position}-" if position else None)


def test_breaks_without_progress_end_it_and_keep_the_partial_file(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub
) -> None:
    hub.break_at = [3000, 3000, 3000]
    store = store_of(tmp_path, entry, hub)
    with pytest.raises(DownloadFailed, match="the connection broke"):
        store.download()
    assert (store.card().state, store.card().present_bytes) == ("partial", 3000)
    assert store.download().state == "installed"
    assert hub.ranges == [None, *["bytes=3000-"] * 3]


def test_a_hub_without_ranges_sends_all_again(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub
) -> None:
    hub.knows_ranges = False
    hub.break_at = [3000]
    assert store_of(tmp_path, entry, hub).download().state == "installed"
    assert hub.ranges == [None, "bytes=3000-"]


def test_a_partial_file_of_another_file_is_replaced(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub
) -> None:
    store = store_of(tmp_path, entry, hub)
    partial = store.directory / "tiny" / "tiny.gguf.part"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(b"x" * 2000)
    assert store.download().state == "installed"
    assert hub.ranges == ["bytes=2000-", None]


@pytest.mark.parametrize("surplus", [0, 10])
def test_without_known_length_a_complete_or_longer_partial_file_is_dealt_with(
    tmp_path: Path, hub: FakeHub, tiny_content: bytes, surplus: int
) -> None:
    store = store_of(tmp_path, entry_of(tiny_content, known=False), hub)
    partial = store.directory / "tiny" / "tiny.gguf.part"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(tiny_content + b"x" * surplus)
    card = store.download()
    assert (card.state, card.digest_origin) == ("installed", "hub")
    assert hub.ranges[1:] == ([None] if surplus else [])


def test_the_declared_digest_binds_where_ours_is_unknown(
    tmp_path: Path, hub: FakeHub, tiny_content: bytes
) -> None:
    hub.declared_digest = "0" * 64
    store = store_of(tmp_path, entry_of(tiny_content, known=False), hub)
    with pytest.raises(DownloadFailed, match="other bytes"):
        store.download()
    hub.declares_digest = False
    with pytest.raises(DownloadFailed, match="declares no SHA-256"):
        store.download()


def test_a_wrong_digest_is_refused(tmp_path: Path, entry: CatalogueEntry, hub: FakeHub) -> None:
    hub.content = hub.content[:-1] + b"?"
    with pytest.raises(DownloadFailed, match="other bytes"):
        store_of(tmp_path, entry, hub).download()


def test_another_length_is_refused_before_it_is_fetched(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub
) -> None:
    hub.content += b"more"
    store = store_of(tmp_path, entry, hub)
    with pytest.raises(DownloadFailed, match="bytes where"):
        store.download()
    assert store.card().present_bytes == 0


@pytest.mark.parametrize(
    ("status", "sentence"), [(404, "no such file"), (401, "token"), (500, "status 500")]
)
def test_refusals_are_said(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub, status: int, sentence: str
) -> None:
    hub.status = status
    with pytest.raises(DownloadFailed, match=sentence) as failure:
        store_of(tmp_path, entry, hub).download()
    assert not isinstance(failure.value, NetworkUnavailable)


def test_a_stalled_connection_is_given_up(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub
) -> None:
    hub.silent_after = 2000
    store = store_of(tmp_path, entry, hub, stalled_after_seconds=0.3)
    with pytest.raises(DownloadFailed, match="the connection broke"):
        store.download()
    assert store.card().present_bytes == 2000


def test_cancelling_does_not_wait_for_a_stalled_hub(
    tmp_path: Path, entry: CatalogueEntry, hub: FakeHub
) -> None:
    hub.silent_after = 2000
    listener = Listener(cancel_at_bytes=2000)
    begin = time.perf_counter()
    with pytest.raises(DownloadCancelled):
        store_of(tmp_path, entry, hub).download(
            report=listener.report, cancelled=listener.cancelled
        )
    assert time.perf_counter() - begin < 3


def test_nothing_listening_is_no_network(tmp_path: Path, entry: CatalogueEntry) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
    store = ModelStore(
        tmp_path / "models", catalogue=catalogue_of(entry), sources=[HubSource(endpoint)]
    )
    begin = time.perf_counter()
    with pytest.raises(NetworkUnavailable, match="hub: no network"):
        store.download()
    assert time.perf_counter() - begin < 5


def test_a_host_that_never_answers_is_no_network(tmp_path: Path, entry: CatalogueEntry) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        source = HubSource(
            f"http://127.0.0.1:{mute.getsockname()[1]}",
            answer_within_seconds=0.3,
            stalled_after_seconds=1,
        )
        store = ModelStore(tmp_path / "m", catalogue=catalogue_of(entry), sources=[source])
        begin = time.perf_counter()
        with pytest.raises(NetworkUnavailable, match="no answer in"):
            store.download()
        assert time.perf_counter() - begin < 3
        for thread in threading.enumerate():
            if thread.name == "model-download":
                thread.join(10)  # ends by its own timeout
                assert not thread.is_alive()


def test_switches_in_the_environment(tmp_path: Path, entry: CatalogueEntry, hub: FakeHub) -> None:
    environment = {"HF_ENDPOINT": hub.endpoint, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    store = ModelStore(
        tmp_path / "models", catalogue=catalogue_of(entry), sources=sources_from(environment)
    )
    with pytest.raises(NetworkUnavailable, match="HF_HUB_OFFLINE"):
        store.download()
    assert hub.ranges == []
    assert is_offline({"LIMPET_OFFLINE": "1"})
    assert not is_offline({"LIMPET_OFFLINE": "0"})


def test_a_file_in_the_hubs_own_cache_needs_no_network(
    tmp_path: Path, entry: CatalogueEntry, tiny_content: bytes
) -> None:
    snapshot = tmp_path / "hub/models--maker--tiny/snapshots/abc"
    snapshot.mkdir(parents=True)
    (snapshot / "tiny.gguf").write_bytes(tiny_content)
    store = ModelStore(
        tmp_path / "models",
        catalogue=catalogue_of(entry),
        sources=sources_from({"HF_HOME": str(tmp_path)}),
        offline=True,
    )
    assert store.card().sources[0].endswith("abc/tiny.gguf")
    assert store.download().state == "installed"
