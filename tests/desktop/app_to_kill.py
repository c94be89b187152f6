"""A window that asks one question and tells how much of the answer it has; its parent kills it."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

from desktop.app import App


def main() -> None:
    """Ask, and write a line with the answer's length at each growth."""
    application = QApplication(["limpet"])
    app = App(application)
    app.show()
    length = 0

    def tell(text: str) -> None:
        nonlocal length
        length += len(text)
        sys.stdout.write(f"{length}\n")
        sys.stdout.flush()

    app.conversation_desk.answer_grew.connect(tell)
    composer = app.parts.chat.view.composer
    composer.text.insertPlainText("must not be lost")
    composer.sent.emit()
    application.exec()


if __name__ == "__main__":
    main()
