"""The low-level bindings of llama-cpp-python, without the package that they are a part of."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from typing import Any


def _load() -> Any:
    """Import `llama_cpp.llama_cpp` past the package's own beginning.

    That imports the high-level class with all it needs (Jinja, a disk cache, chat forms), which
    nothing here uses: 11 MiB in every worker, and a tenth of its start.
    """
    specification = importlib.util.find_spec("llama_cpp")
    if specification is None:
        raise ModuleNotFoundError("llama-cpp-python is not installed", name="llama_cpp")
    if "llama_cpp" in sys.modules:
        return importlib.import_module("llama_cpp.llama_cpp")
    sys.modules["llama_cpp"] = importlib.util.module_from_spec(specification)
    try:
        return importlib.import_module("llama_cpp.llama_cpp")
    finally:
        # Whoever wants the whole package in this process still gets it.
        del sys.modules["llama_cpp"]


bindings: Any = _load()
