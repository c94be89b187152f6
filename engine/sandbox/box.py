"""The folder that is shown to a program in the sandbox: the project's copy and a little system."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path, PurePosixPath

from engine.errors import InvalidInput

# Enough of /etc for programs that ask who they are and what `localhost` means.
_SYSTEM_FILES = {
    "passwd": "nobody:x:65534:65534:nobody:/tmp:/bin/sh\n",
    "group": "nogroup:x:65534:\n",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
_MOST_BYTES = 256 << 20


class Box:
    """Where the parts of the folder lie on this machine."""

    def __init__(self, folder: Path) -> None:
        self.project = folder / "project"
        self.system = folder / "etc"
        self.launcher = folder / "launcher.py"


@contextmanager
def packed(project: Mapping[str, bytes]) -> Iterator[Box]:
    """Give a folder with a copy of the files, and remove it behind the block.

    Paths are relative, with `/`. Raises InvalidInput for others and for too much content.
    """
    _check(project)
    with tempfile.TemporaryDirectory(prefix="limpet-box-", ignore_cleanup_errors=True) as name:
        box = Box(Path(name))
        for folder in (box.project, box.system):
            folder.mkdir()
        for path, content in project.items():
            place = box.project / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        for path, text in _SYSTEM_FILES.items():
            (box.system / path).write_text(text, "ascii")
        source = files(__package__) / "launcher.py"
        box.launcher.write_bytes(source.read_bytes())
        # The folder itself is closed to others on this machine, but in the sandbox another user
        # reads what is in it.
        for place in Path(name).rglob("*"):
            place.chmod(0o755 if place.is_dir() else 0o644)
        yield box


def _check(project: Mapping[str, bytes]) -> None:
    for path in project:
        parts = PurePosixPath(path).parts
        if not parts or path.startswith("/") or ".." in parts or "\0" in path:
            raise InvalidInput(f"`{path}` is no path inside a project.")
    size = sum(map(len, project.values()))
    if size > _MOST_BYTES:
        raise InvalidInput(
            f"The files for the sandbox have {size >> 20} MiB; at most {_MOST_BYTES >> 20} fit.",
            advice="Choose a smaller part of the project.",
        )
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if size > free:
        raise InvalidInput(
            "The temporary folder has no room for a copy of the project.",
            advice=f"Free some room at {tempfile.gettempdir()}.",
        )
