"""What a report of a problem needs: versions, what `limpet doctor` says, the logs' ends."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import PySide6
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.background.jobs import Background
from rpc.places import state_directory
from rpc.visible_text import decoded, visible

translate = QCoreApplication.translate
_LOG_BYTES = 20_000
_DOCTOR_SECONDS = 60


class ReportDialog(QDialog):
    """Shows the report as soon as it is there, and copies it."""

    def __init__(self, look: Look, background: Background, version: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("settings", "Log and report"))
        unit = look.theme.units
        self.resize(unit(190), unit(150))
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(look.code_font())
        self.text.setPlainText(translate("settings", "Looking at this machine…"))
        note = QLabel(
            translate(
                "settings",
                "Nothing is sent. Read it before you pass it on: it names your folders.",
            )
        )
        note.setObjectName("muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(4), unit(4), unit(4), unit(4))
        column.setSpacing(unit(3))
        column.addWidget(note)
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(text_button(translate("settings", "Copy"), self._copy, kind="primary"))
        row.addWidget(text_button(translate("settings", "Close"), self.accept))
        column.addLayout(row)
        job = background.run(
            lambda: make_report(version),
            self.text.setPlainText,
            lambda failure: self.text.setPlainText(failure.message),
        )
        self.finished.connect(lambda _: job.drop())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def make_report(version: str) -> str:
    """Return the report; takes as long as `limpet doctor`."""
    heading = (
        f"Limpet {version}, Python {platform.python_version()}, PySide {PySide6.__version__}\n"
        f"{platform.platform()}"
    )
    return "\n\n".join((heading, _doctor(), *_logs()))


def _doctor() -> str:
    command = [sys.executable, "-m", "command_line", "doctor"]
    try:
        outcome = subprocess.run(
            command,
            capture_output=True,
            timeout=_DOCTOR_SECONDS,
            check=False,
            env={**os.environ, "NO_COLOR": "1"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"limpet doctor: {error}"
    return visible(decoded(outcome.stdout + outcome.stderr))


def _logs() -> list[str]:
    parts: list[str] = []
    for path in sorted(state_directory().glob("*.log")):
        try:
            parts.append(f"--- {path.name}\n{visible(decoded(_end_of(path)))}")
        except OSError as error:
            parts.append(f"--- {path.name}: {error.strerror}")
    return parts


def _end_of(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LOG_BYTES))
        return file.read()
