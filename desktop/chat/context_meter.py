"""Shows how much of the model's context a question takes, and what each part of it costs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop.chat.attachment_chips import chip_text
from rpc.prompt_measure import MeasuredKind, MeasuredPart, PromptMeasure
from rpc.visible_text import visible

translate = QCoreApplication.translate


class ContextMeter(QToolButton):
    """Hidden as long as nothing is known. Its menu lists the parts; an attachment is taken off."""

    take_off_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("meter")
        self.setAccessibleName(translate("chat", "What the question costs"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.hide()

    def show_measure(self, measure: PromptMeasure | None) -> None:
        """Show what a question would cost."""
        self.setVisible(measure is not None)
        if measure is None:
            return
        words = translate("chat", "{0} of {1} tokens")
        room = measure.context_length - measure.answer_tokens
        self.setText(words.format(short(measure.needed_tokens), short(room)))
        self.setProperty("kind", "" if measure.fits else "bad")
        self.style().unpolish(self)
        self.style().polish(self)
        told = translate("chat", "What the question takes of the context, with {0} for the answer")
        self.setToolTip(told.format(short(measure.answer_tokens)))
        self.setAccessibleName(f"{self.text()}. {self.toolTip()}")
        self._menu.clear()
        for part in sorted(measure.parts, key=lambda part: -part.tokens):
            action = self._menu.addAction(f"{part.tokens}\t{_name_of(part)}")
            if part.kind is MeasuredKind.ATTACHMENT:
                action.setText(
                    translate("chat", "{0}  {1} – take off").format(part.tokens, _name_of(part))
                )
                action.triggered.connect(
                    lambda _checked=False, at=part.attachment: self.take_off_wanted.emit(at)
                )
            else:
                action.setText(f"{part.tokens}  {_name_of(part)}")
                action.setEnabled(False)


def short(tokens: int) -> str:
    """Return a number of tokens, such as `1.2k`."""
    return str(tokens) if tokens < 1000 else f"{tokens / 1000:.1f}k"


def _name_of(part: MeasuredPart) -> str:
    if part.kind in {MeasuredKind.ATTACHMENT, MeasuredKind.KEPT_ATTACHMENT}:
        return visible(chip_text(part.place))
    names = {
        MeasuredKind.INSTRUCTIONS: translate("chat", "instructions to the model"),
        MeasuredKind.MESSAGE: translate("chat", "an earlier message"),
        MeasuredKind.SUMMARY: translate("chat", "a summary of earlier messages"),
        MeasuredKind.DRAFT: translate("chat", "what you typed"),
        MeasuredKind.FORM: translate("chat", "signs between the turns"),
    }
    name = names.get(part.kind, translate("chat", "something else"))
    return translate("chat", "{0} (left out)").format(name) if part.left_out else name
