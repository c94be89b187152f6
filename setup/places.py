"""Where the set-up keeps and finds things, without any package installed."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    """The folders of one checkout and one user."""

    repository: Path
    user_cache: Path
    user_data: Path

    @property
    def environment(self) -> Path:
        """The virtual environment."""
        return self.repository / ".venv"

    @property
    def python(self) -> Path:
        """The Python of the virtual environment."""
        return self.environment / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """The note about what the virtual environment holds; gone when that is removed."""
        return self.environment / "limpet-setup.json"

    @property
    def lock(self) -> Path:
        """The file that keeps two set-ups of one user apart: they share the wheels."""
        return self.user_cache / "setup.lock"

    @property
    def log(self) -> Path:
        """What the commands of the last set-up said."""
        return self.user_cache / "setup.log"

    def wheel_folder(self, key: str) -> Path:
        """The folder of the llama-cpp-python wheel for one CPU and one set of flags."""
        return self.user_cache / "wheels" / key


def cache_directory(environment: Mapping[str, str], system: str, home: Path) -> Path:
    """Return the user's cache folder by the rule of rpc/places.py, which needs platformdirs."""
    if configured := environment.get("XDG_CACHE_HOME", "").strip():
        return Path(configured) / "limpet"
    return home / ("Library/Caches" if system == "darwin" else ".cache") / "limpet"


def data_directory(environment: Mapping[str, str], system: str, home: Path) -> Path:
    """Return the user's data folder by the same rule."""
    if configured := environment.get("XDG_DATA_HOME", "").strip():
        return Path(configured) / "limpet"
    folder = "Library/Application Support" if system == "darwin" else ".local/share"
    return home / folder / "limpet"


def places_of_this_checkout() -> Places:
    """Return the places of the checkout that this file is in."""
    return Places(
        repository=Path(__file__).resolve().parent.parent,
        user_cache=cache_directory(os.environ, sys.platform, Path.home()),
        user_data=data_directory(os.environ, sys.platform, Path.home()),
    )
