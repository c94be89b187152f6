"""Chooses the model that answers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop.appearance.look import Look
from rpc.models import ModelCard, ModelState

translate = QCoreApplication.translate


class ModelPicker(QToolButton):
    """A quiet button with the model's name and a menu of those that are installed."""

    picked = Signal(str)
    manage_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._chosen = ""
        self._menu = QMenu(self)
        self.setObjectName("modelPicker")
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_models((), "")

    @property
    def chosen(self) -> str:
        """The id of the chosen model; empty means the engine's default."""
        return self._chosen

    def show_models(self, cards: Sequence[ModelCard], chosen: str) -> None:
        """Offer the installed models; one that is gone is the default again."""
        installed = [card for card in cards if card.state is ModelState.INSTALLED]
        self._chosen = chosen if any(card.id == chosen for card in installed) else ""
        self._menu.clear()
        group = QActionGroup(self._menu)
        for card in installed:
            action = QAction(card.title, self._menu, checkable=True)
            is_chosen = card.id == self._chosen or (not self._chosen and card.is_default)
            action.setChecked(is_chosen)
            action.setToolTip(card.summary)
            action.triggered.connect(lambda _checked=False, name=card.id: self._pick(name))
            group.addAction(action)
            self._menu.addAction(action)
        if installed:
            self._menu.addSeparator()
        self._menu.addAction(translate("chat", "Manage models…"), self.manage_wanted.emit)
        self._titles = {card.id: card.title for card in installed}
        self._default = next((card.title for card in installed if card.is_default), "")
        self._show_name()

    def _pick(self, name: str) -> None:
        self._chosen = name
        self._show_name()
        self.picked.emit(name)

    def _show_name(self) -> None:
        name = self._titles.get(self._chosen) or self._default or translate("chat", "Model")
        self.setText(name)
        self.setAccessibleName(translate("chat", "Model: {0}").format(name))
        self.setToolTip(translate("chat", "The model that answers"))
