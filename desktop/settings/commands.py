"""The commands of the window: their names, their keys, and what they do."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files

import msgspec
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

translate = QCoreApplication.translate


class CommandKeys(msgspec.Struct, frozen=True):
    """A command as `shortcuts.toml` has it."""

    name: str
    keys: str


class Command(msgspec.Struct, frozen=True):
    """A command that can be run: its title in the user's language, its keys as they are shown."""

    name: str
    title: str
    keys: str
    action: Callable[[], object]


def read_command_keys() -> tuple[CommandKeys, ...]:
    """Return what the package's file says."""
    content = files("desktop.settings").joinpath("shortcuts.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(content)["command"], tuple[CommandKeys, ...])


def make_commands(actions: Mapping[str, Callable[[], object]]) -> tuple[Command, ...]:
    """Return the commands that there are actions for."""
    titles = command_titles()
    return tuple(
        Command(
            each.name,
            titles[each.name],
            QKeySequence(each.keys).toString(QKeySequence.SequenceFormat.NativeText),
            actions[each.name],
        )
        for each in read_command_keys()
        if each.name in actions
    )


def bind(window: QWidget, commands: tuple[Command, ...]) -> None:
    """Let the keys of the commands work anywhere in the window."""
    for command in commands:
        if command.keys:
            sequence = QKeySequence(command.keys, QKeySequence.SequenceFormat.NativeText)
            shortcut = QShortcut(sequence, window)
            shortcut.activated.connect(command.action)
        if command.name == "zoom_in":  # the plus sign needs Shift on many keyboards
            QShortcut(QKeySequence("Ctrl+="), window).activated.connect(command.action)


def command_titles() -> dict[str, str]:
    """Return every command's title."""
    return {
        "new_conversation": translate("commands", "New conversation"),
        "command_palette": translate("commands", "All commands"),
        "find_here": translate("commands", "Find in this conversation"),
        "find_everywhere": translate("commands", "Find in all conversations"),
        "focus_composer": translate("commands", "Go to the question"),
        "attach_files": translate("commands", "Attach files"),
        "attach_folder": translate("commands", "Attach a folder"),
        "stop_answer": translate("commands", "Stop the answer"),
        "toggle_list": translate("commands", "Show or hide the list"),
        "show_chat": translate("commands", "Show the chat"),
        "show_code": translate("commands", "Show the code"),
        "open_code_file": translate("commands", "Open a file to edit"),
        "save_code_file": translate("commands", "Save the file"),
        "find_defects": translate("commands", "Find defects in the file"),
        "write_tests": translate("commands", "Write tests for the file"),
        "ask_about_code": translate("commands", "Ask about the selected code"),
        "code_actions": translate("commands", "Change or explain the selected code"),
        "show_models": translate("commands", "Show the models"),
        "show_settings": translate("commands", "Show the settings"),
        "zoom_in": translate("commands", "Larger"),
        "zoom_out": translate("commands", "Smaller"),
        "zoom_reset": translate("commands", "Normal size"),
        "scheme_light": translate("commands", "Light colours"),
        "scheme_dark": translate("commands", "Dark colours"),
        "scheme_system": translate("commands", "Colours of the system"),
        "export_conversation": translate("commands", "Export this conversation"),
        "export_all": translate("commands", "Export all conversations"),
        "import_conversations": translate("commands", "Import conversations"),
        "show_report": translate("commands", "Log and report to copy"),
        "shortcut_sheet": translate("commands", "Keys"),
        "quit": translate("commands", "Quit"),
    }
