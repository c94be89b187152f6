"""One model in the list: what it is, whether it fits this machine, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from desktop.appearance.buttons import IconButton, text_button
from desktop.appearance.look import Look
from desktop.models.quantities import parameters, size
from rpc.engine import LoadedModel
from rpc.models import MemoryFit, ModelCard, ModelState, TransferProgress
from rpc.visible_text import visible

translate = QCoreApplication.translate


class ModelRow(QFrame):
    """Emits what the user wants done; the desk does it."""

    download_wanted = Signal(object)
    pause_wanted = Signal(str)
    remove_wanted = Signal(object)

    def __init__(
        self,
        look: Look,
        card: ModelCard,
        loaded: LoadedModel | None,
        *,
        is_moving: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.card = card
        self._look = look
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 1000)
        self._note = _words("", "muted")
        unit = look.theme.units
        column = QVBoxLayout(self)
        column.setContentsMargins(unit(4), unit(3), unit(3), unit(3))
        column.setSpacing(unit(1.5))
        above = QHBoxLayout()
        above.setSpacing(unit(1.5))
        above.addWidget(_words(visible(card.title), "subheading"))
        for text, kind in self._tags(loaded):
            above.addWidget(_tag(text, kind), 0, Qt.AlignmentFlag.AlignVCenter)
        above.addStretch(1)
        self._add_buttons(above, is_moving=is_moving)
        column.addLayout(above)
        summary = _words(visible(card.summary), "")
        summary.setWordWrap(True)
        column.addWidget(summary)
        facts = _words(self._facts(loaded), "muted")
        facts.setWordWrap(True)
        column.addWidget(facts)
        for note in card.notes:
            words = _words(visible(note), "muted")
            words.setWordWrap(True)
            column.addWidget(words)
        column.addWidget(self._progress)
        column.addWidget(self._note)
        self._progress.setVisible(is_moving or card.state is ModelState.PARTIAL)
        self._note.setVisible(False)
        if card.state is ModelState.PARTIAL:
            self.show_progress(TransferProgress(card.present_bytes, card.size_bytes, ""))
        self.setAccessibleName(f"{card.title}. {card.summary}")

    def show_progress(self, progress: TransferProgress) -> None:
        """Show how far the transfer is."""
        total = progress.total_bytes or self.card.size_bytes
        self._progress.show()
        if total:
            self._progress.setRange(0, 1000)
            self._progress.setValue(round(1000 * progress.done_bytes / total))
            done = translate("models", "{0} of {1}").format(size(progress.done_bytes), size(total))
        else:
            self._progress.setRange(0, 0)
            done = size(progress.done_bytes)
        self._note.setText(" · ".join(part for part in (done, visible(progress.note)) if part))
        self._note.show()

    def _add_buttons(self, row: QHBoxLayout, *, is_moving: bool) -> None:
        card = self.card
        if is_moving:
            row.addWidget(
                text_button(translate("models", "Pause"), lambda: self.pause_wanted.emit(card.id))
            )
            return
        words = {
            ModelState.ABSENT: translate("models", "Download"),
            ModelState.PARTIAL: translate("models", "Resume"),
            ModelState.ALTERED: translate("models", "Download again"),
        }.get(card.state)
        if words is not None and card.sources:
            row.addWidget(text_button(words, lambda: self.download_wanted.emit(card)))
        if card.state is not ModelState.ABSENT:
            name = translate("models", "Remove {0}…").format(card.title)
            row.addWidget(
                IconButton(self._look, "delete", name, lambda: self.remove_wanted.emit(card))
            )

    def _tags(self, loaded: LoadedModel | None) -> list[tuple[str, str]]:
        card = self.card
        tags: list[tuple[str, str]] = []
        if card.is_default:
            tags.append((translate("models", "default"), ""))
        states = {
            ModelState.INSTALLED: (translate("models", "installed"), "good"),
            ModelState.PARTIAL: (translate("models", "paused"), "care"),
            ModelState.ALTERED: (translate("models", "file was changed"), "bad"),
        }
        if card.state in states:
            tags.append(states[card.state])
        if loaded is not None:
            tags.append((translate("models", "loaded"), "good"))
        fits = {
            MemoryFit.TIGHT: (translate("models", "tight in memory"), "care"),
            MemoryFit.TOO_LARGE: (translate("models", "too large for the free memory"), "bad"),
        }
        if card.memory_fit in fits:
            tags.append(fits[card.memory_fit])
        return tags

    def _facts(self, loaded: LoadedModel | None) -> str:
        card = self.card
        facts = []
        if card.parameters:
            facts.append(translate("models", "{0} parameters").format(parameters(card.parameters)))
        if card.size_bytes:
            facts.append(size(card.size_bytes))
        if card.memory_needed_bytes:
            need = size(card.memory_needed_bytes)
            facts.append(translate("models", "needs {0} of memory").format(need))
        if card.licence:
            facts.append(card.licence)
        if loaded is not None and loaded.decode_tokens_per_second:
            speed = f"{loaded.decode_tokens_per_second:.0f}"
            facts.append(translate("models", "{0} tokens/s measured here").format(speed))
        return visible("  ·  ".join(facts))


def _words(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _tag(text: str, kind: str) -> QLabel:
    label = _words(text, "tag")
    label.setProperty("kind", kind)
    return label
