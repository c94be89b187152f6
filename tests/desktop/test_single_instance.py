"""A second start hands its file to the window that is open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from desktop.single_instance import SingleInstance, Start
from rpc.places import runtime_directory
from tests.desktop.driver import Driver
from tests.end_to_end.limpet_home import ROOT

OpenWindow = Callable[..., Driver]


def test_a_second_start_attaches_its_file(open_window: OpenWindow, home: Path) -> None:
    window = open_window({"text": "an answer"})
    instance = SingleInstance()
    assert instance.listen()
    instance.started_again.connect(window.app.start_again)
    source = home / "a.py"
    source.write_text("one\ntwo\nthree\n")
    second = subprocess.Popen([sys.executable, "-m", "desktop", "a.py:2-3"], cwd=home)
    try:
        composer = window.app.parts.chat.view.composer
        window.until(lambda: bool(composer.attachments), "the file is attached")
        window.until(lambda: second.poll() is not None, "the second program ends")
    finally:
        second.kill()
        second.wait()
        instance.close()
    assert second.returncode == 0
    (attachment,) = composer.attachments
    assert attachment.content == b"two\nthree\n"
    assert (attachment.first_line, attachment.last_line) == (2, 3)


def test_nobody_is_there(home: Path, application: object) -> None:
    assert not SingleInstance().tell_first(Start())


def test_a_socket_that_a_killed_program_left(home: Path, application: object) -> None:
    runtime_directory().mkdir(mode=0o700, parents=True, exist_ok=True)
    program = (
        "import os, sys\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from desktop.single_instance import SingleInstance\n"
        "application = QCoreApplication([])\n"
        "instance = SingleInstance()\n"
        "assert instance.listen()\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
    left = runtime_directory() / "desktop.socket"
    assert left.exists()
    instance = SingleInstance()
    assert not instance.tell_first(Start())
    assert instance.listen()
    instance.close()
