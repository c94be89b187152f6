"""Applies the chosen look to the whole program, and tells the views that draw by themselves."""

from __future__ import annotations

from importlib.resources import files
from string import Template

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from desktop.appearance.icons import Icons
from desktop.appearance.theme import Scheme, Theme, make_theme, read_themes

_SCHEMES = {
    Scheme.SYSTEM: Qt.ColorScheme.Unknown,
    Scheme.LIGHT: Qt.ColorScheme.Light,
    Scheme.DARK: Qt.ColorScheme.Dark,
}
CODE_FONTS = ("JetBrains Mono", "Cascadia Code", "SF Mono", "Menlo", "Noto Sans Mono")


class Look(QObject):
    """The theme in use. Views take colours, sizes and icons from here."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._themes = read_themes()
        self._scheme = Scheme.SYSTEM
        self._zoom = 1.0
        self._is_drawn = False
        self._text_font = application.font()
        self.theme = make_theme(self._themes, is_dark=False, zoom=1.0)
        self.icons = Icons(self.theme)
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    def apply(self, scheme: Scheme, zoom: float) -> None:
        """Draw everything in this scheme and at this zoom from now on."""
        self._scheme, self._zoom = scheme, zoom
        self._application.styleHints().setColorScheme(_SCHEMES[scheme])
        self._draw_anew()

    def code_font(self) -> QFont:
        """Return the font of code."""
        font = QFont()
        font.setFamilies([*CODE_FONTS, "monospace"])
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(self.theme.sizes.code)
        return font

    def text_font(self, pixels: int = 0) -> QFont:
        """Return the font of text, at the body's size where none is given."""
        font = QFont(self._text_font)
        font.setPixelSize(pixels or self.theme.sizes.text)
        return font

    def _follow_system(self) -> None:
        if self._scheme is Scheme.SYSTEM:
            self._draw_anew()

    def _is_dark(self) -> bool:
        if self._scheme is Scheme.SYSTEM:
            return self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._scheme is Scheme.DARK

    def _draw_anew(self) -> None:
        theme = make_theme(self._themes, is_dark=self._is_dark(), zoom=self._zoom)
        if theme == self.theme and self._is_drawn:
            return
        self._is_drawn = True
        self.theme = theme
        self.icons = Icons(theme)
        self._application.setFont(self.text_font())
        self._application.setPalette(palette_of(theme))
        self._application.setStyleSheet(style_sheet(theme))
        self.changed.emit()


def style_sheet(theme: Theme) -> str:
    """Return the style sheet with the theme's colours and sizes put in."""
    template = files("desktop.appearance").joinpath("style.qss").read_text("utf-8")
    values: dict[str, object] = dict(msgspec.structs.asdict(theme.colours))
    values |= {f"size_{name}": value for name, value in msgspec.structs.asdict(theme.sizes).items()}
    values |= {f"u{count}": theme.units(count) for count in (1, 2, 3, 4, 5, 6, 8, 10, 12)}
    values["arrow"] = files("desktop.appearance").joinpath("icons", "arrow.svg")
    values["half"] = theme.units(0.5)
    return Template(template).substitute(values)


def palette_of(theme: Theme) -> QPalette:
    """Return the palette, for what Fusion draws without the style sheet."""
    colours, roles = theme.colours, QPalette.ColorRole
    palette = QPalette()
    pairs = {
        roles.Window: colours.ground,
        roles.WindowText: colours.text,
        roles.Base: colours.raised,
        roles.AlternateBase: colours.side,
        roles.Text: colours.text,
        roles.Button: colours.raised,
        roles.ButtonText: colours.text,
        roles.ToolTipBase: colours.raised,
        roles.ToolTipText: colours.text,
        roles.PlaceholderText: colours.faint,
        roles.Highlight: colours.selection,
        roles.HighlightedText: colours.text,
        roles.Link: colours.accent,
        roles.LinkVisited: colours.accent,
        roles.Mid: colours.line,
        roles.Dark: colours.line_strong,
        roles.Light: colours.raised,
        roles.Accent: colours.accent,
    }
    for role, colour in pairs.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.Text, roles.WindowText, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.faint))
    return palette
