"""Draws the icons, SVG files of this package, in a colour of the theme."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.appearance.theme import Theme

# Sharp on screens that have twice or three times the pixels.
_DENSITIES = (1, 2, 3)


class Icons:
    """The icons of one theme; each is drawn once."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._drawn: dict[tuple[str, str, int], QIcon] = {}

    def icon(self, name: str, colour: str = "", pixels: int = 0) -> QIcon:
        """Return an icon; `colour` is a role of the theme or a colour, `muted` where none is given.

        `pixels` is its size at 100 %, 18 where none is given.
        """
        shade = getattr(self._theme.colours, colour or "muted", colour)
        size = round((pixels or 18) * self._theme.zoom)
        key = (name, shade, size)
        if key not in self._drawn:
            self._drawn[key] = _draw(name, shade, size)
        return self._drawn[key]


def _draw(name: str, colour: str, size: int) -> QIcon:
    source = _source(name).replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    icon = QIcon()
    for density in _DENSITIES:
        image = QImage(size * density, size * density, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter, QRectF(0, 0, size * density, size * density))
        painter.end()
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(density)
        icon.addPixmap(pixmap)
    return icon


@cache
def _source(name: str) -> str:
    return files("desktop.appearance").joinpath("icons", f"{name}.svg").read_text("utf-8")
