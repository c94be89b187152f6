"""The engine's settings: read from the settings file and the environment, checked by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from engine.errors import InvalidInput
from rpc.places import config_directory

ENVIRONMENT_PREFIX = "LIMPET_"
_WORDS_FOR_YES_NO = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}

Value = str | int | bool


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings in force; `settings.toml` in this package says what each one means."""

    default_model: str
    chat_model: str
    completion_model: str
    idle_exit_seconds: int
    context_tokens: int
    parallel_requests: int
    threads: int
    gpu_layers: int
    offline: bool
    log_level: str
    stop_grace_seconds: int
    parked_megabytes: int
    kept_megabytes: int


class SettingDescription(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one setting means and which values it takes."""

    key: str
    type: Literal["text", "number", "yes_no"]
    default: Value
    meaning: str
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[str, ...] = ()


class _Described(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    setting: tuple[SettingDescription, ...]


def describe_settings() -> tuple[SettingDescription, ...]:
    """Return every setting with its meaning, in the order in which to show them."""
    text = resources.files("engine").joinpath("settings.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Described).setting


def settings_path() -> Path:
    """Return the path of the settings file, which need not exist."""
    return config_directory() / "settings.toml"


def load_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """Return the defaults, changed by the file, changed by `LIMPET_<KEY>` variables.

    Raises InvalidInput, which names the file, the line and the key, or the variable.
    """
    descriptions = describe_settings()
    values: dict[str, Value] = {each.key: each.default for each in descriptions}
    values.update(_read_file(path, descriptions))
    values.update(_read_environment(environment, descriptions))
    return msgspec.convert(values, Settings)


def _read_file(path: Path, descriptions: tuple[SettingDescription, ...]) -> dict[str, Value]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as trouble:
        raise InvalidInput(f"The settings file {path} cannot be read: {trouble}.") from trouble
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        raise InvalidInput(
            f"The settings file {path} is not valid TOML: {trouble}.",
            advice='Write one `key = value` a line, text in "quotes".',
        ) from trouble
    known = {each.key: each for each in descriptions}
    values: dict[str, Value] = {}
    for key, value in written.items():
        place = f"{path}, line {_line_of(key, text)}"
        if key not in known:
            raise InvalidInput(
                f"{place}: there is no setting `{key}`.",
                advice=f"The settings are {', '.join(known)}.",
            )
        values[key] = _checked(value, known[key], f"{place}: `{key}`")
    return values


def _read_environment(
    environment: Mapping[str, str], descriptions: tuple[SettingDescription, ...]
) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for description in descriptions:
        name = ENVIRONMENT_PREFIX + description.key.upper()
        text = environment.get(name, "")
        if text:
            value = _parsed(text, description)
            values[description.key] = _checked(value, description, f"The variable {name}")
    return values


def _parsed(text: str, description: SettingDescription) -> Value:
    """Return the text as the setting's type where it can be read so, else as it is."""
    if description.type == "yes_no":
        return _WORDS_FOR_YES_NO.get(text.strip().lower(), text)
    if description.type == "number" and re.fullmatch(r"\s*-?[0-9]{1,18}\s*", text):
        return int(text)
    return text


def _checked(value: object, description: SettingDescription, subject: str) -> Value:
    """Return the value, or raise InvalidInput that says what `subject` should be."""
    match description.type, value:
        case "yes_no", bool():
            return value
        case "number", int() if not isinstance(value, bool):
            low, high = description.minimum, description.maximum
            if (low is None or value >= low) and (high is None or value <= high):
                return value
            raise InvalidInput(f"{subject} is {value}, but it must be from {low} to {high}.")
        case "text", str():
            if not description.choices or value in description.choices:
                return value
            choices = ", ".join(description.choices)
            raise InvalidInput(f"{subject} is `{value}`, but it must be one of {choices}.")
        case _:
            wanted = {"yes_no": "true or false", "number": "a whole number", "text": "a text"}
            raise InvalidInput(f"{subject} must be {wanted[description.type]}, not `{value}`.")


def _line_of(key: str, text: str) -> int:
    """Return the number of the line that sets `key`, from 1."""
    pattern = re.compile(rf"^\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*(=|\.|\])")
    for number, line in enumerate(text.splitlines(), start=1):
        if pattern.match(line):
            return number
    return 1
