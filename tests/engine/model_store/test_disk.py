"""A full disk, a store that cannot be written, and two processes at once."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import DiskFull, DownloadCancelled, StoreBusy
from engine.model_store import disk
from engine.model_store.lock import held, held_at_once
from engine.model_store.progress import never_cancelled, report_nothing
from engine.model_store.store import ModelStore
from tests.engine.model_store import child
from tests.engine.model_store.fakes import FakeSource, Listener, catalogue_of, entry_of


@pytest.fixture
def content_file(tmp_path: Path, tiny_content: bytes) -> Path:
    path = tmp_path / "content.gguf"
    path.write_bytes(tiny_content)
    return path


def test_a_disk_that_fills_up_keeps_what_was_fetched(tmp_path: Path, content_file: Path) -> None:
    """The limit on file sizes makes writes fail in the middle, as a full disk does."""
    body = """
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, hard))
results["full"] = outcome(new_store().download)
results["present"] = new_store().card().present_bytes
resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
results["then"] = outcome(lambda: new_store().download().state)
"""
    results = child.run(body, tmp_path / "models", content_file)
    assert results["full"].startswith("DiskFull")
    assert results["present"] == 5000
    assert results["then"] == "installed"


def test_an_import_onto_a_full_disk_leaves_nothing(tmp_path: Path, content_file: Path) -> None:
    body = """
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
results["full"] = outcome(lambda: new_store().import_file(Path(sys.argv[2])))
results["left"] = [each.name for each in (folder / ".incoming").iterdir()]
"""
    results = child.run(body, tmp_path / "models", content_file)
    assert results["full"].startswith("DiskFull")
    assert results["left"] == []


def test_too_little_room_is_said_before_anything_is_fetched(
    tmp_path: Path, tiny_content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(DiskFull, match="more are needed"):
        disk.require_room(tmp_path, 10)
    source = FakeSource(tiny_content)
    store = ModelStore(
        tmp_path / "m", catalogue=catalogue_of(entry_of(tiny_content)), sources=[source]
    )
    with pytest.raises(DiskFull):
        store.download()
    assert source.fetches == 0


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may look into; those of pytest are private."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


AS_NOBODY = """
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
"""


def test_a_store_that_cannot_be_written_says_so(open_folder: Path, content_file: Path) -> None:
    models = open_folder / "models"
    models.mkdir()
    models.chmod(0o555)
    body = f"""{AS_NOBODY}
results["list"] = new_store().card().state
results["download"] = outcome(new_store().download)
copy = Path("/proc/self/cwd") / "copy.gguf"
"""
    results = child.run(body, models, content_file)
    assert results["list"] == "absent"
    assert results["download"].startswith("StoreReadOnly")


def test_a_store_filled_by_an_administrator_is_of_use(
    open_folder: Path, content_file: Path
) -> None:
    models = open_folder / "models"
    child.run("new_store().download()", models, content_file)
    os.utime(models / "tiny/tiny.gguf", ns=(1, 1))  # so that it must be digested again
    for path in (models / "tiny/record.json", models / "tiny", models):
        path.chmod(path.stat().st_mode & ~0o222)
    body = f"""{AS_NOBODY}
store = new_store()
results["path"] = outcome(store.path_of)
heard = []
results["again"] = outcome(lambda: store.path_of(report=heard.append))
results["digested twice"] = bool(heard)
results["remove"] = outcome(lambda: store.remove("tiny"))
"""
    results = child.run(body, models, content_file)
    assert results["path"] == results["again"] == str(models / "tiny/tiny.gguf")
    assert not results["digested twice"]
    assert results["remove"].startswith("StoreReadOnly")
    for path in (models, models / "tiny"):
        path.chmod(0o755)


# --- two at once ------------------------------------------------------------------------------


def test_the_second_download_waits_for_the_first(tmp_path: Path, tiny_content: bytes) -> None:
    """Two stores stand for two processes: the kernel's lock tells open files apart."""
    reached, may_go_on = threading.Event(), threading.Event()

    class SlowSource(FakeSource):
        def fetch(self, entry, partial):  # type: ignore[no-untyped-def]
            reached.set()
            assert may_go_on.wait(20)
            return super().fetch(entry, partial)

    slow, unused = SlowSource(tiny_content), FakeSource(tiny_content)
    catalogue = catalogue_of(entry_of(tiny_content))
    first = ModelStore(tmp_path, catalogue=catalogue, sources=[slow])
    second = ModelStore(tmp_path, catalogue=catalogue, sources=[unused])
    downloading = threading.Thread(target=first.download)
    downloading.start()
    assert reached.wait(20)
    with pytest.raises(StoreBusy):
        second.remove("tiny")

    class GoOnOnceWaiting(Listener):
        def report(self, progress) -> None:  # type: ignore[no-untyped-def]
            super().report(progress)
            if progress.stage == "waiting":
                may_go_on.set()

    listener = GoOnOnceWaiting()
    assert second.download(report=listener.report).state == "installed"
    downloading.join(20)
    assert listener.heard[0].stage == "waiting"
    assert (slow.fetches, unused.fetches) == (1, 0)


def test_waiting_can_be_cancelled(tmp_path: Path) -> None:
    path = tmp_path / ".locks" / "a.lock"
    with (
        held(path, report_nothing, never_cancelled),
        pytest.raises(DownloadCancelled),
        held(path, report_nothing, lambda: True),
    ):
        pass
    with held_at_once(path):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path, content_file: Path) -> None:
    body = """
from engine.model_store.lock import held
context = held(folder / "a.lock", print, lambda: False)
context.__enter__()
print(json.dumps({}), flush=True)
os._exit(0)
"""
    child.run(body, tmp_path, content_file)
    with held_at_once(tmp_path / "a.lock"):
        pass
