"""Settings: defaults, then the file, then the environment; mistakes are named exactly."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from engine.errors import InvalidInput
from engine.settings import Settings, describe_settings, load_settings


def test_each_setting_is_described() -> None:
    described = [each.key for each in describe_settings()]
    assert described == [field.name for field in msgspec.structs.fields(Settings)]
    assert all(each.meaning.endswith(".") for each in describe_settings())


def test_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "missing.toml", {})
    assert (settings.idle_exit_seconds, settings.context_tokens) == (1800, 16384)
    assert (settings.parallel_requests, settings.offline) == (8, False)


@pytest.mark.parametrize(
    ("text", "environment", "seconds", "offline"),
    [
        ("idle_exit_seconds = 5", {}, 5, False),
        ("idle_exit_seconds = 5", {"LIMPET_IDLE_EXIT_SECONDS": "7"}, 7, False),
        ("offline = true", {"LIMPET_OFFLINE": "0"}, 1800, False),
        ("", {"LIMPET_OFFLINE": "Yes"}, 1800, True),
        ("offline = true", {"LIMPET_OFFLINE": ""}, 1800, True),
        ("", {"LIMPET_UNKNOWN": "1", "LIMPET_PYTHON": "x"}, 1800, False),
    ],
)
def test_file_and_environment(
    tmp_path: Path, text: str, environment: dict[str, str], seconds: int, offline: bool
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    settings = load_settings(path, environment)
    assert (settings.idle_exit_seconds, settings.offline) == (seconds, offline)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\n# x\nofline = true", "line 3: there is no setting `ofline`"),
        ("[offline]\nx = 1", "line 1: `offline` must be true or false"),
        ("[engine]\nx = 1", "line 1: there is no setting `engine`"),
        ('threads = 1\noffline = "yes"', "line 2: `offline` must be true or false, not `yes`"),
        ("threads = true", "line 1: `threads` must be a whole number"),
        ("threads = 1.5", "line 1: `threads` must be a whole number"),
        ("threads = -1", "`threads` is -1, but it must be from 0 to 1024"),
        ("chat_model = 1", "`chat_model` must be a text"),
        ('log_level = "loud"', "`log_level` is `loud`, but it must be one of debug, info"),
        ("threads =\nx = 1", "is not valid TOML: Invalid value (at line 1"),
        (
            "threads = 1\nthreads = 2\nx = 1",
            "is not valid TOML: Cannot overwrite a value (at line 2",
        ),
    ],
)
def test_mistakes_in_the_file(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(InvalidInput) as mistake:
        load_settings(path, {})
    assert sentence in mistake.value.message
    assert str(path) in mistake.value.message


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LIMPET_THREADS", "many", "LIMPET_THREADS must be a whole number, not `many`"),
        ("LIMPET_THREADS", "9999", "LIMPET_THREADS is 9999, but it must be from 0 to 1024"),
        ("LIMPET_THREADS", "9" * 40, "LIMPET_THREADS must be a whole number"),
        ("LIMPET_OFFLINE", "perhaps", "LIMPET_OFFLINE must be true or false"),
        ("LIMPET_LOG_LEVEL", "loud", "LIMPET_LOG_LEVEL is `loud`"),
    ],
)
def test_mistakes_in_the_environment(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as mistake:
        load_settings(tmp_path / "missing.toml", {name: value})
    assert sentence in mistake.value.message


def test_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_settings(tmp_path / "settings.toml", {})
    (tmp_path / "latin.toml").write_bytes(b"\xe9 = 1")
    with pytest.raises(InvalidInput, match="cannot be read"):
        load_settings(tmp_path / "latin.toml", {})
