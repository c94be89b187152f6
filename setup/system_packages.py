"""System packages: which are missing, how they are called here, and their installation."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

_MANAGERS = ("apt-get", "dnf", "pacman", "zypper", "apk", "brew")
_TRIAL_PROGRAM = "#include <thread>\n#include <vector>\nint main() { return 0; }\n"


@dataclass(frozen=True)
class Need:
    """Something that the system has to provide, and the packages that provide it."""

    name: str
    is_present: Callable[[], bool]
    packages: Mapping[str, str]


def python_can_make_environments() -> bool:
    """Whether venv and ensurepip are there; Debian and Ubuntu ship them apart from Python."""
    command = [sys.executable, "-c", "import venv, ensurepip"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def compiler_works() -> bool:
    """Whether a C++ program can be built: a compiler alone, without its headers, is no use."""
    compiler = os.environ.get("CXX") or next(
        (name for name in ("c++", "g++", "clang++") if shutil.which(name)), None
    )
    if compiler is None or not any(shutil.which(name) for name in ("cc", "gcc", "clang")):
        return False
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "trial.cpp"
        source.write_text(_TRIAL_PROGRAM, encoding="utf-8")
        command = [*compiler.split(), str(source), "-o", str(Path(folder) / "trial")]
        try:
            return subprocess.run(command, capture_output=True, check=False).returncode == 0
        except OSError:
            return False


def needs_of_environment() -> list[Need]:
    """Return what making a virtual environment needs."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    packages = {
        "apt-get": f"python{version}-venv",
        "dnf": "python3",
        "pacman": "python",
        "zypper": "python3",
        "apk": "python3",
        "brew": f"python@{version}",
    }
    return [Need("the venv module of Python", python_can_make_environments, packages)]


def needs_of_compiling() -> list[Need]:
    """Return what compiling llama.cpp needs; cmake and ninja come as Python packages."""
    packages = {
        "apt-get": "g++",
        "dnf": "gcc-c++",
        "pacman": "gcc",
        "zypper": "gcc-c++",
        "apk": "g++ linux-headers",
        "brew": "the command line tools: xcode-select --install",
    }
    return [Need("a C++ compiler", compiler_works, packages)]


def needs_of_sandbox() -> list[Need]:
    """Return what running programs in a sandbox needs; nothing where there can be none."""
    if sys.platform != "linux":
        return []
    packages = dict.fromkeys(_MANAGERS, "bubblewrap")
    return [Need("bubblewrap", lambda: shutil.which("bwrap") is not None, packages)]


def needs_of_window(repository: Path) -> list[Need]:
    """Return the libraries that a window needs; the desktop app's own list says which."""
    if sys.platform != "linux":
        return []
    content = (repository / "desktop" / "starting.toml").read_text(encoding="utf-8")
    missing = [each for each in tomllib.loads(content)["library"] if not _loads(each["name"])]
    names = ", ".join(each["name"] for each in missing)
    packages = dict.fromkeys(_MANAGERS, f"the packages that hold {names}")
    packages["apt-get"] = " ".join(each["package"] for each in missing)
    names_loaded = [each["name"] for each in missing]
    return [
        Need(f"libraries of Qt ({names})", lambda: all(map(_loads, names_loaded)), packages)
    ] * bool(missing)


def needs_of_window_tests() -> list[Need]:
    """Return what the tests of the window need beyond the window: a screen in memory, a font."""
    if sys.platform != "linux":
        return []
    screen = dict.fromkeys(_MANAGERS, "the package that holds Xvfb") | {"apt-get": "xvfb"}
    font = dict.fromkeys(_MANAGERS, "the package that holds Noto Sans CJK")
    font["apt-get"] = "fonts-noto-cjk"
    return [
        Need("Xvfb", lambda: shutil.which("Xvfb") is not None, screen),
        Need("a font with Chinese", _has_chinese_font, font),
    ]


def package_manager() -> str | None:
    """Return the package manager of this system, if it is one that we know."""
    return next((name for name in _MANAGERS if shutil.which(name)), None)


def root_prefix() -> list[str] | None:
    """Return what to put before a command that needs root, or None where that is not allowed."""
    if os.environ.get("LIMPET_NO_SYSTEM_PACKAGES"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        trial = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
        if trial.returncode == 0:
            return ["sudo", "-n"]
    return None


def advice(missing: list[Need], manager: str | None) -> str:
    """Return the sentences that name what is missing and the packages that bring it."""
    names = " and ".join(need.name for need in missing)
    if manager is None:
        listed = "; ".join(
            f"{tool}: {name}" for need in missing for tool, name in need.packages.items()
        )
        return f"Limpet needs {names}. The packages are: {listed}"
    packages = " ".join(need.packages[manager] for need in missing)
    verb = {"pacman": "-S", "apk": "add"}.get(manager, "install")
    command = packages if packages.startswith("the ") else f"{manager} {verb} {packages}"
    return f"Limpet needs {names}. Install this, then run the same command again:\n  {command}"


def provide(needs: list[Need], announce: Callable[[str], None]) -> str | None:
    """Install what is missing where that is allowed; return advice when something still is."""
    missing = [need for need in needs if not need.is_present()]
    if not missing:
        return None
    manager = package_manager()
    prefix = root_prefix()
    # Only apt-get: the others stay untested, so they get the exact command instead.
    if manager != "apt-get" or prefix is None:
        return advice(missing, manager)
    packages = [name for need in missing for name in need.packages[manager].split()]
    announce(f"installing the system packages {' '.join(packages)}")
    install = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install"]
    install += ["-y", "-q", "--no-install-recommends", *packages]
    # The lists of a fresh machine are empty or old, so they are read first.
    subprocess.run([*prefix, "apt-get", "update", "-q"], capture_output=True, check=False)
    outcome = subprocess.run(install, capture_output=True, text=True, check=False)
    missing = [need for need in missing if not need.is_present()]
    if not missing:
        return None
    return f"{advice(missing, manager)}\napt-get said:\n{outcome.stderr.strip()}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_chinese_font() -> bool:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
    return any(found for folder in folders for found in folder.rglob("*CJK*"))
