"""The models view: what is installed, what can be fetched, and how far a transfer is."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.appearance.banner import Banner
from desktop.appearance.buttons import text_button
from desktop.appearance.look import Look
from desktop.models.licence import ask_for_licence
from desktop.models.model_desk import ModelDesk, ModelOverview
from desktop.models.model_row import ModelRow
from desktop.models.quantities import size
from rpc.failures import Failure
from rpc.models import ModelCard, ModelState, TransferProgress
from rpc.visible_text import visible

translate = QCoreApplication.translate


class ModelsPage(QScrollArea):
    """A list of rows under two headings."""

    def __init__(self, look: Look, desk: ModelDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setWidgetResizable(True)
        self._look = look
        self._desk = desk
        self._rows: dict[str, ModelRow] = {}
        self.banner = Banner(look)
        self._status = QLabel()
        self._status.setObjectName("muted")
        self._list = QVBoxLayout()
        self._lay_out()
        desk.listed.connect(self._show)
        desk.progressed.connect(self._show_progress)
        desk.transfer_failed.connect(self._fail_transfer)
        desk.failed.connect(self._fail)
        look.changed.connect(self._redraw)

    @property
    def rows(self) -> dict[str, ModelRow]:
        """The rows by their models' ids."""
        return dict(self._rows)

    def _lay_out(self) -> None:
        unit = self._look.theme.units
        content = QWidget()
        content.setObjectName("page")
        content.setMaximumWidth(self._look.theme.sizes.column + unit(20))
        column = QVBoxLayout(content)
        column.setContentsMargins(unit(6), unit(6), unit(6), unit(6))
        column.setSpacing(unit(3))
        above = QHBoxLayout()
        heading = QLabel(translate("models", "Models"))
        heading.setObjectName("heading")
        above.addWidget(heading)
        above.addStretch(1)
        above.addWidget(
            text_button(translate("models", "Import a GGUF file…"), self._choose_import)
        )
        column.addLayout(above)
        column.addWidget(self._status)
        column.addWidget(self.banner)
        self._list.setSpacing(unit(2))
        column.addLayout(self._list)
        column.addStretch(1)
        holder = QWidget()
        holder.setObjectName("page")
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(content, 100)
        row.addStretch(1)
        self.setWidget(holder)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's own name
        """Ask for no width of its own."""
        return QSize(0, 0)

    def _redraw(self) -> None:
        if self._desk.overview is not None:
            self._show(self._desk.overview)

    def _show(self, overview: ModelOverview) -> None:
        self._clear()
        status = overview.status
        self._status.setText(
            translate("models", "Engine {0}, {1} of memory. Models stay on this machine.").format(
                status.engine_version, size(status.resident_bytes)
            )
        )
        here = [card for card in overview.cards if card.state is not ModelState.ABSENT]
        absent = [card for card in overview.cards if card.state is ModelState.ABSENT]
        for title, cards in (
            (translate("models", "On this machine"), here),
            (translate("models", "To download"), absent),
        ):
            if cards:
                self._add_heading(title)
            for card in cards:
                self._add(card, overview)

    def _clear(self) -> None:
        self._rows = {}
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _add_heading(self, title: str) -> None:
        label = QLabel(title)
        label.setObjectName("muted")
        label.setContentsMargins(0, self._look.theme.units(2), 0, 0)
        self._list.addWidget(label)

    def _add(self, card: ModelCard, overview: ModelOverview) -> None:
        row = ModelRow(
            self._look, card, overview.loaded(card.id), is_moving=self._desk.is_moving(card.id)
        )
        row.download_wanted.connect(self._download)
        row.pause_wanted.connect(self._desk.pause)
        row.remove_wanted.connect(self._ask_to_remove)
        self._rows[card.id] = row
        self._list.addWidget(row)

    def _download(self, card: ModelCard) -> None:
        def begin() -> None:
            self._desk.download(card.id, licence_accepted=card.licence_needs_consent)
            self._desk.refresh()

        if card.licence_needs_consent:
            ask_for_licence(self, card, begin)
        else:
            begin()

    def _show_progress(self, model: str, progress: TransferProgress) -> None:
        row = self._rows.get(model)
        if row is not None:
            row.show_progress(progress)
            return
        self.banner.tell(
            translate("models", "Importing {0}").format(visible(model)),
            size(progress.done_bytes),
            kind="info",
        )

    def _fail_transfer(self, _model: str, failure: Failure) -> None:
        self._fail(failure)

    def _fail(self, failure: Failure) -> None:
        self.banner.tell(visible(failure.message), visible(failure.advice))

    def _choose_import(self) -> None:
        dialog = QFileDialog(self, translate("models", "Import a model"))
        dialog.setNameFilters(["GGUF (*.gguf)", translate("models", "All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._desk.import_file)
        dialog.open()

    def _ask_to_remove(self, card: ModelCard) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(translate("models", "Remove a model"))
        box.setText(translate("models", "Delete the file of {0}?").format(visible(card.title)))
        box.setInformativeText(
            translate("models", "{0} become free. It can be downloaded again.").format(
                size(card.present_bytes or card.size_bytes)
            )
        )
        remove = box.addButton(
            translate("models", "Delete"), QMessageBox.ButtonRole.DestructiveRole
        )
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.buttonClicked.connect(
            lambda button: self._desk.remove(card.id) if button is remove else None
        )
        box.open()
