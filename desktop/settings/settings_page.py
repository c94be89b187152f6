"""The settings view: each with a sentence on what it does; a change is applied at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec
from PySide6.QtCore import QCoreApplication, QSize, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.appearance.theme import Scheme
from desktop.settings.preferences import Preferences

translate = QCoreApplication.translate
Value = TypeVar("Value")
ZOOMS = (100, 110, 125, 150, 175, 200)


class SettingsPage(QScrollArea):
    """Emits the preferences as the user wants them now."""

    changed = Signal(object)
    report_wanted = Signal()
    shortcuts_wanted = Signal()
    export_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, look: Look, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setWidgetResizable(True)
        self._look = look
        self._preferences = preferences
        self.scheme, self.zoom, self.language = QComboBox(), QComboBox(), QComboBox()
        self._column = QVBoxLayout()
        self._lay_out()
        self._add_choices()
        self._add_actions()
        self._column.addStretch(1)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show preferences that were changed elsewhere."""
        self._preferences = preferences
        for box, value in (
            (self.scheme, preferences.scheme),
            (self.zoom, preferences.zoom_percent),
            (self.language, preferences.language),
        ):
            box.blockSignals(True)
            box.setCurrentIndex(max(0, box.findData(value)))
            box.blockSignals(False)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's own name
        """Ask for no width of its own."""
        return QSize(0, 0)

    def _lay_out(self) -> None:
        unit = self._look.theme.units
        content = QWidget()
        content.setObjectName("page")
        content.setMaximumWidth(self._look.theme.sizes.column + unit(20))
        content.setLayout(self._column)
        self._column.setContentsMargins(unit(6), unit(6), unit(6), unit(6))
        self._column.setSpacing(unit(3))
        heading = QLabel(translate("settings", "Settings"))
        heading.setObjectName("heading")
        self._column.addWidget(heading)
        holder = QWidget()
        holder.setObjectName("page")
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(content, 100)
        row.addStretch(1)
        self.setWidget(holder)

    def _add_choices(self) -> None:
        schemes = {
            Scheme.SYSTEM: translate("settings", "as the system"),
            Scheme.LIGHT: translate("settings", "light"),
            Scheme.DARK: translate("settings", "dark"),
        }
        self._add_choice(
            self.scheme,
            translate("settings", "Colours"),
            translate("settings", "Light, dark, or whatever the system uses at the moment."),
            schemes,
            lambda value: msgspec.structs.replace(self._preferences, scheme=value),
        )
        self._add_choice(
            self.zoom,
            translate("settings", "Size"),
            translate("settings", "Text, icons and distances grow together. Keys: Ctrl and ±."),
            {zoom: f"{zoom} %" for zoom in ZOOMS},
            lambda value: msgspec.structs.replace(self._preferences, zoom_percent=value),
        )
        self._add_choice(
            self.language,
            translate("settings", "Language"),
            translate("settings", "Of the window, and of the instructions to the model."),
            {"": translate("settings", "as the system"), "en": "English", "zh": "中文"},
            lambda value: msgspec.structs.replace(self._preferences, language=value),
        )
        self.show_preferences(self._preferences)

    def _add_choice(
        self,
        box: QComboBox,
        title: str,
        meaning: str,
        choices: dict[Value, str],
        changed: Callable[[Value], Preferences],
    ) -> None:
        for value, name in choices.items():
            box.addItem(name, value)
        box.setMinimumWidth(self._look.theme.units(40))
        box.setAccessibleName(title)
        box.setAccessibleDescription(meaning)

        def apply(_number: int) -> None:
            self._preferences = changed(box.currentData())
            self.changed.emit(self._preferences)

        box.currentIndexChanged.connect(apply)
        self._add_row(title, meaning, box)

    def _add_actions(self) -> None:
        for title, meaning, words, wanted in (
            (
                translate("settings", "Conversations"),
                translate("settings", "All of them in one file, with every branch."),
                translate("settings", "Export…"),
                self.export_wanted.emit,
            ),
            (
                translate("settings", "Import"),
                translate("settings", "An exported file. What is here already is kept once."),
                translate("settings", "Import…"),
                self.import_wanted.emit,
            ),
            (
                translate("settings", "Keys"),
                translate("settings", "Everything can be done without a mouse."),
                translate("settings", "Show"),
                self.shortcuts_wanted.emit,
            ),
            (
                translate("settings", "Something is wrong"),
                translate("settings", "Checks this machine and shows the log, to be copied."),
                translate("settings", "Show the report"),
                self.report_wanted.emit,
            ),
        ):
            self._add_row(title, meaning, text_button(words, wanted))

    def _add_row(self, title: str, meaning: str, widget: QWidget) -> None:
        unit = self._look.theme.units
        card = QFrame()
        card.setObjectName("card")
        row = QHBoxLayout(card)
        row.setContentsMargins(unit(4), unit(3), unit(4), unit(3))
        row.setSpacing(unit(4))
        words = QVBoxLayout()
        words.setSpacing(unit(0.5))
        name = QLabel(title)
        name.setObjectName("subheading")
        name.setBuddy(widget)
        text = QLabel(meaning)
        text.setObjectName("muted")
        text.setWordWrap(True)
        words.addWidget(name)
        words.addWidget(text)
        row.addLayout(words, 1)
        row.addWidget(widget)
        self._column.addWidget(card)
