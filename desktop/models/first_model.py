"""Offers the default model where there is none: its size, its licence, one button."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.models.licence import ask_for_licence
from desktop.models.model_desk import ModelDesk, ModelOverview
from desktop.models.quantities import size
from rpc.failures import Failure
from rpc.models import ModelCard, ModelState, TransferProgress
from rpc.visible_text import visible

translate = QCoreApplication.translate


class FirstModel(QFrame):
    """Hidden as long as some model is installed."""

    others_wanted = Signal()

    def __init__(self, look: Look, desk: ModelDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._desk = desk
        self._card: ModelCard | None = None
        self._title, self._facts = QLabel(), QLabel()
        self._title.setObjectName("subheading")
        self._facts.setObjectName("muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self.button = text_button("", self._press, kind="primary")
        self._others = text_button(
            translate("models", "Other models…"), self.others_wanted.emit, kind="quiet"
        )
        unit = look.theme.units
        self.setMaximumWidth(unit(120))
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(5), unit(4), unit(5), unit(4))
        column.setSpacing(unit(2))
        for label in (self._title, self._facts):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            column.addWidget(label)
        column.addWidget(self._bar)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addWidget(self._others)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()
        desk.listed.connect(self._show)
        desk.progressed.connect(self._show_progress)
        desk.transfer_failed.connect(self._fail)

    def _show(self, overview: ModelOverview) -> None:
        has_model = any(card.state is ModelState.INSTALLED for card in overview.cards)
        card = next((card for card in overview.cards if card.is_default), None)
        # A model that is loaded without a file of the store can answer as well.
        if has_model or card is None or overview.status.loaded_models:
            self.hide()
            return
        self._card = card
        is_moving = self._desk.is_moving(card.id)
        self._title.setText(
            translate("models", "To answer, Limpet needs a model: {0}").format(visible(card.title))
        )
        self._say_facts(card)
        self._bar.setVisible(is_moving or card.state is ModelState.PARTIAL)
        if card.size_bytes:
            self._bar.setValue(round(1000 * card.present_bytes / card.size_bytes))
        if is_moving:
            self.button.setText(translate("models", "Pause"))
        elif card.state is ModelState.PARTIAL:
            self.button.setText(translate("models", "Resume"))
        else:
            self.button.setText(translate("models", "Download {0}").format(size(card.size_bytes)))
        self.show()

    def _say_facts(self, card: ModelCard) -> None:
        text = translate("models", "{0} Download: {1}, to this machine only. Licence: {2}.")
        self._facts.setText(visible(text.format(card.summary, size(card.size_bytes), card.licence)))

    def _press(self) -> None:
        card = self._card
        if card is None:
            return
        if self._desk.is_moving(card.id):
            self._desk.pause(card.id)
        elif card.licence_needs_consent:
            ask_for_licence(self, card, self._download)
        else:
            self._download()

    def _download(self) -> None:
        if self._card is not None:
            card = self._card
            self._desk.download(card.id, licence_accepted=card.licence_needs_consent)
            self._desk.refresh()

    def _show_progress(self, model: str, progress: TransferProgress) -> None:
        if self._card is None or model != self._card.id or self.isHidden():
            return
        total = progress.total_bytes or self._card.size_bytes
        if total:
            self._bar.setValue(round(1000 * progress.done_bytes / total))
            text = translate("models", "{0} of {1}").format(size(progress.done_bytes), size(total))
            self._facts.setText(" · ".join(filter(None, (text, visible(progress.note)))))

    def _fail(self, model: str, failure: Failure) -> None:
        if self._card is not None and model == self._card.id:
            self._facts.setText(visible(f"{failure.message} {failure.advice}"))
