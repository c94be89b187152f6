"""`make pictures`: draws each view to a PNG file, so that a change can be looked at.

With `--scripted` answers come from a script; else from the real model, which takes a minute.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from pathlib import Path

import msgspec
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.app import App
from desktop.appearance.theme import Scheme
from desktop.settings.preferences import Preferences
from tests.bench.desktop.window_home import ask, close_app, live, open_app, own_home, until

_ANSWERS = Path(__file__).with_name("pictures.toml")
_SHAPES = [
    Preferences(scheme, language, zoom)
    for scheme in (Scheme.LIGHT, Scheme.DARK)
    for language in ("en", "zh")
    for zoom in (100, 200)
]


class Story(msgspec.Struct, frozen=True):
    """What is asked, and what a scripted model answers."""

    question: dict[str, str]
    earlier: dict[str, tuple[str, ...]]
    answer: str
    file_name: str
    file: str
    code_name: str
    code: str
    typed: str


def main() -> int:
    """Draw all views in all shapes into a folder."""
    parser = argparse.ArgumentParser(prog="make pictures")
    parser.add_argument("--scripted", action="store_true", help="answer from a script")
    parser.add_argument("--folder", default="build/pictures", help="where the files go")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(arguments.folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    story = msgspec.convert(tomllib.loads(_ANSWERS.read_text("utf-8")), Story)
    application = QApplication(["limpet"])
    application.setQuitOnLastWindowClosed(False)
    for language in ("en", "zh"):
        with own_home({"text": story.answer}, real=not arguments.scripted) as home:
            _draw_language(application, story, language, home, folder)
    sys.stdout.write(f"{folder}\n")
    return 0


def _draw_language(
    application: QApplication, story: Story, language: str, home: Path, folder: Path
) -> None:
    source = home / story.file_name
    source.write_text(story.file, "utf-8")
    shapes = [shape for shape in _SHAPES if shape.language == language]
    app = open_app(application, shapes[0])
    until(lambda: app.model_desk.overview, "the models are listed")
    live(500)
    _draw(app, shapes[0], folder, "empty")
    for question in story.earlier[language]:
        ask(app, question)
        app.parts.chat.start_new()
    app.parts.chat.attaching.attach([str(source)])
    until(lambda: app.parts.chat.view.composer.attachments, "the file is attached")
    ask(app, story.question[language])
    _edit_code(app, story, home)
    for shape in shapes:
        app.prefer(msgspec.structs.replace(shape, window=""))
        live(400)
        _draw_views(app, shape, folder)
    app.parts.code.text.document().setModified(False)  # nobody is there to be asked about saving
    close_app(app)


def _edit_code(app: App, story: Story, home: Path) -> None:
    """Leave the code view with defects in it and grey text at its end."""
    file = home / story.code_name
    file.write_text(story.code, "utf-8")
    code = app.parts.code
    app.parts.window.show_page("code")
    code.open(str(file))
    until(lambda: code.path == str(file), "the code is open")
    code.review()
    until(lambda: not code.findings.is_running, "the review ends")
    code.text.go_to(len(code.text.text))
    QTest.keyClicks(code.text, story.typed)
    until(lambda: code.text.ghost is not None, "grey text")
    live(3000)  # the rest of it comes after its first words


def _draw_views(app: App, shape: Preferences, folder: Path) -> None:
    parts = app.parts
    parts.window.show_page("chat")
    parts.chat.view.column.follow()
    live(300)
    _draw(app, shape, folder, "chat")
    parts.chat.view.composer.start("")
    for name in ("code", "models", "settings"):
        parts.window.show_page(name)
        live(400)
        _draw(app, shape, folder, name)
    parts.window.show_page("chat")
    for name, open_widget in (("palette", parts.open_palette), ("keys", parts.open_shortcuts)):
        widget = open_widget()
        live(200)
        _draw(app, shape, folder, name, widget)
        widget.close()


def _draw(
    app: App, shape: Preferences, folder: Path, view: str, widget: QWidget | None = None
) -> None:
    name = f"{view}-{shape.scheme}-{shape.language}-{shape.zoom_percent}.png"
    if not (widget or app.parts.window).grab().save(str(folder / name)):
        raise OSError(f"{folder / name} cannot be written")


if __name__ == "__main__":
    sys.exit(main())
