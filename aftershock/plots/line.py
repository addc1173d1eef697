"""One line of words on a sheet, drawn without being laid out again in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.colors import to_rgba
from matplotlib.text import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Line(Text):
    """A line on its baseline that begins or ends at its place.

    Matplotlib lays out a text each time it is drawn, as if it might turn, wrap or hold
    mathematics: half of the time that a sheet full of numbers takes. A line is told
    how wide it is, and its place is all that remains.
    """

    inches: float = 0.0

    @classmethod
    def on(
        cls,
        figure: Figure,
        at: tuple[float, float],
        text: str,
        inches: float,
        **look: Any,
    ) -> None:
        """Put a line so many inches wide on a figure, at a place in shares of it."""
        line = cls(*at, text, va="baseline", transform=figure.transFigure, **look)
        line.inches = inches
        line.set_figure(figure)
        figure.texts.append(line)

    def draw(self, renderer: Any) -> None:
        """Draw the line; what is more than a line as matplotlib does."""
        if self.get_bbox_patch() or self.get_horizontalalignment() == "center":
            super().draw(renderer)
            return
        renderer.open_group("text", self.get_gid())
        gc = renderer.new_gc()
        gc.set_foreground(to_rgba(self.get_color()), isRGBA=True)
        x, y = self._origin(renderer)
        font = self.get_fontproperties()
        renderer.draw_text(gc, x, y, self.get_text(), font, 0, ismath=False, mtext=self)
        gc.restore()
        renderer.close_group("text")
        self.stale = False

    def _origin(self, renderer: Any) -> tuple[float, float]:
        """Return where the pen is put down, in the renderer's own units."""
        x, y = self.get_transform().transform(self.get_unitless_position())
        if self.get_horizontalalignment() == "right":
            x -= renderer.points_to_pixels(72 * self.inches)
        if renderer.flipy():
            y = renderer.get_canvas_width_height()[1] - y
        return float(x), float(y)
