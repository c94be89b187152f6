"""Puts Limpet into the menu of programs: a .desktop file and an icon, for this user."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.resources import files
from pathlib import Path

_ENTRY = """\
[Desktop Entry]
Type=Application
Name=Limpet
GenericName=Code assistant
GenericName[zh_CN]=代码助手
Comment=Questions about code, answered on this machine
Comment[zh_CN]=在本机回答代码问题
Exec={command} %f
Icon=limpet
Terminal=false
StartupWMClass=limpet
Categories=Development;
MimeType=text/plain;
"""


def install_shortcut(data_home: Path | None = None) -> tuple[Path, Path]:
    """Write both files and return their paths. Raises OSError."""
    data_home = data_home or Path(
        os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    )
    entry = data_home / "applications" / "limpet.desktop"
    icon = data_home / "icons" / "hicolor" / "scalable" / "apps" / "limpet.svg"
    for path in (entry, icon):
        path.parent.mkdir(parents=True, exist_ok=True)
    icon.write_bytes(files("desktop.appearance").joinpath("icons", "app.svg").read_bytes())
    entry.write_text(_ENTRY.format(command=_command()), "utf-8")
    return entry, icon


def _command() -> str:
    """Return the command that opens the window, quoted as the format wants it."""
    beside = Path(sys.executable).parent / "limpet"
    program = str(beside) if beside.exists() else shutil.which("limpet")
    words = [program, "desktop"] if program else [sys.executable, "-m", "desktop"]
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    for sign in '\\"`$':
        word = word.replace(sign, f"\\{sign}")
    return f'"{word}"'.replace("%", "%%")
