"""Puts the window's texts into the user's language, with Qt's translations."""

from __future__ import annotations

from importlib.resources import as_file, files

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator
from PySide6.QtWidgets import QApplication

_QT_NAMES = {"zh": "qtbase_zh_CN"}


class Translating:
    """English is what the sources say; other languages are in `translations/`.

    What it has installed ends with its owner.
    """

    def __init__(self, application: QApplication, owner: QObject) -> None:
        self._application = application
        self._owner = owner
        self._translators: list[QTranslator] = []

    def use(self, language: str) -> None:
        """Translate into this language from now on; widgets that exist keep their texts."""
        for translator in self._translators:
            self._application.removeTranslator(translator)
            translator.deleteLater()
        self._translators = []
        if language == "en":
            return
        with as_file(files("desktop").joinpath("translations", f"limpet_{language}.qm")) as path:
            self._install(str(path))
        if name := _QT_NAMES.get(language):
            folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
            self._install(f"{folder}/{name}.qm")

    def _install(self, path: str) -> None:
        translator = QTranslator(self._owner)
        if translator.load(path):
            self._application.installTranslator(translator)
            self._translators.append(translator)
