"""`python -m desktop`: checks that a window can be opened here, and opens it."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

from desktop.app import App


def main() -> int:
    """Open the window and return the exit code when it is closed."""
    application = QApplication(sys.argv)
    application.setApplicationName("limpet")
    application.setDesktopFileName("limpet")
    app = App(application)
    app.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
