"""What only a real window shows: focus, input methods, keys, dropping, closing while it streams."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from desktop.starting import find_obstacle
from rpc.stopping import stop_engine
from tests.end_to_end.limpet_home import ROOT, script
from tests.rpc.real_engine import IMPATIENT

_SECONDS = 100.0


@pytest.fixture
def screen() -> Iterator[str]:
    """A screen in memory."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed; `make test` installs it where it may")
    reading, writing = os.pipe()
    command = [
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1400x1000x24",
        "-nolisten",
        "tcp",
    ]
    process = subprocess.Popen(
        command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as stream:
            yield f":{stream.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


def test_the_story(home: Path, screen: str, tmp_path: Path) -> None:
    variables = {
        **{name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"},
        **script(
            home, {"when": "long", "text": "word ", "repeat": 5000}, decode_tokens_per_second=200.0
        ),
        "DISPLAY": screen,
        "QT_QPA_PLATFORM": "xcb",
    }
    obstacle = find_obstacle(variables)
    if obstacle is not None:
        pytest.skip(obstacle.message)
    picture = tmp_path / "window.png"
    try:
        outcome = subprocess.run(
            [sys.executable, "-m", "tests.desktop.screen_story", str(picture)],
            cwd=ROOT,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    finally:
        stop_engine("test", grace_seconds=0, patience=IMPATIENT)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stderr == ""
    assert QImage(str(picture)).width() > 400
