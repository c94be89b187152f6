"""Where Limpet keeps its files: the XDG directories, the same for engine and clients."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

APPLICATION = "limpet"


def config_directory() -> Path:
    """Return the folder of the settings file."""
    return Path(platformdirs.user_config_dir(APPLICATION, appauthor=False))


def data_directory() -> Path:
    """Return the folder of models and conversations."""
    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False))


def state_directory() -> Path:
    """Return the folder of logs."""
    return Path(platformdirs.user_state_dir(APPLICATION, appauthor=False))


def cache_directory() -> Path:
    """Return the folder of what can be made again: built wheels, probe results."""
    return Path(platformdirs.user_cache_dir(APPLICATION, appauthor=False))


def runtime_directory() -> Path:
    """Return the folder of the socket, the endpoint file and the token; not created here.

    It is `$XDG_RUNTIME_DIR/limpet` where that is set, else a folder of this user's in the
    temporary directory: whoever creates it must check that it belongs to the user and is 0700.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime:
        return Path(runtime) / APPLICATION
    return Path(tempfile.gettempdir()) / f"{APPLICATION}-{os.getuid()}"
