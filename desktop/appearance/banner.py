"""A strip that says what happened and offers what can be done; it stays until it is answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.appearance.buttons import IconButton, text_button
from desktop.appearance.look import Look

translate = QCoreApplication.translate
Choice = tuple[str, Callable[[], object]]


class Banner(QFrame):
    """A message with choices. `kind` is `danger`, `warning` or `info`."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._look = look
        self._text = _label("bannerText")
        self._advice = _label("bannerAdvice")
        self._choices = QHBoxLayout()
        unit = look.theme.units
        row = QHBoxLayout(self)
        row.setContentsMargins(unit(3), unit(2), unit(2), unit(2))
        words = QVBoxLayout()
        words.setSpacing(unit(0.5))
        words.addWidget(self._text)
        words.addWidget(self._advice)
        row.addLayout(words, 1)
        row.addLayout(self._choices)
        close = translate("window", "Close this message")
        row.addWidget(IconButton(look, "close", close, self.hide, pixels=14))
        self.hide()

    @property
    def text(self) -> str:
        """What the banner says."""
        return self._text.text()

    def tell(
        self, text: str, advice: str = "", choices: Sequence[Choice] = (), kind: str = "danger"
    ) -> None:
        """Say this, in place of what was said before."""
        self._text.setText(text)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.setProperty("kind", kind)
        self.setAccessibleName(f"{text} {advice}".strip())
        while (item := self._choices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for words, action in choices:
            self._choices.addWidget(text_button(words, self._closing(action)))
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()

    def _closing(self, action: Callable[[], object]) -> Callable[[], object]:
        def act() -> None:
            self.hide()
            action()

        return act


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
