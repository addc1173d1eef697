"""A panel made ready for samples to be cut from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from aftershock.abnormal import BoolArray, Drivers, FloatArray, Tape

FEW = 0.25
"""Share of a panel's cells below which a first sample does not lay it out."""


@dataclass(frozen=True, eq=False)
class Tapes:
    """The tapes of one panel, kept for whoever asks next.

    Attributes
    ----------
    returns : (T, K)
    drivers : Drivers
        Of (T,) or (T, K) values.
    excluded : (T, K) bool, optional
    """

    returns: FloatArray
    drivers: Drivers
    excluded: BoolArray | None
    _kept: dict[int, Tape] = field(default_factory=dict, init=False)
    _asked: list[int] = field(default_factory=list, init=False)

    def ready(self, margin: int, cells: int) -> Tape:
        """Return a tape with at least a margin, for a sample of so many cells.

        The first who asks for little gets the panel as it is: laying it out would be
        most of the work of a small study. Who asks again gets it laid out.
        """
        self._asked.append(cells)
        if len(self._asked) == 1 and 0 < cells <= FEW * self.returns.size:
            return Tape.of(self.returns, self.drivers, None, self.excluded)
        wide = next((m for m in sorted(self._kept) if m >= margin), None)
        return self._kept[wide] if wide is not None else self.laid_out(margin)

    def laid_out(self, margin: int) -> Tape:
        """Lay out the panel with a margin, and keep it."""
        tape = Tape.of(self.returns, self.drivers, margin, self.excluded)
        self._kept[margin] = tape
        return tape
