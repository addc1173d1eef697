"""The section `study` of a config: what is measured and tested."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Strict, model_validator

from aftershock.config.kinds import (
    Day,
    FilePath,
    Flag,
    Frequency,
    Named,
    Number,
    Section,
    Text,
    Whole,
    Window,
    refuse,
)


class Estimation(Section):
    """The sessions on which a model is fitted, as offsets from the event session."""

    start: Whole = -250
    end: Whole = -11
    min_obs: Annotated[int, Strict(), Field(ge=3)] = 60
    before: Day | None = None
    exclude_events: Flag = False

    @model_validator(mode="after")
    def _room(self) -> Estimation:
        if self.start > self.end:
            refuse("start", f"an offset before end ({self.end})")
        rows = self.end - self.start + 1
        if self.min_obs > rows:
            refuse("min_obs", f"at most the window's {rows} sessions")
        return self


class Factors(Section):
    """Where the factors of ff3, ff5 and carhart are read from."""

    path: FilePath | Annotated[tuple[FilePath, ...], Field(min_length=1)]


class Placebo(Section):
    """Non-event sessions at which the statistics are computed again."""

    draws: Annotated[int, Strict(), Field(ge=1)] | None = None
    shifts: Annotated[tuple[Whole, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Placebo:
        if (self.draws is None) == (self.shifts is None):
            refuse("", "either draws or shifts")
        return self


class Robustness(Section):
    """The other defensible ways of measuring the same news.

    An empty list means what the study itself has. With and without the sessions of
    other events, and with and without `estimation.before`, are tried besides.
    """

    models: tuple[Text, ...] = ("market", "market_adjusted", "mean")
    markets: tuple[Text, ...] = ()
    estimations: tuple[Window, ...] = ()


class Study(Section):
    """What is measured and tested."""

    market: Text = "SPY"
    model: Named = Named(name="market")
    estimation: Estimation = Estimation()
    path: Window = (-10, 20)
    windows: Annotated[tuple[Window, ...], Field(min_length=1)] = (
        (0, 0),
        (-1, 1),
        (0, 5),
        (0, 10),
    )
    headline: Window | None = None
    event: Window | None = None
    tests: Literal["default", "all"] | tuple[Text, ...] = "default"
    by: Text | None = None
    contrast: Literal["expected_signs"] | dict[Text, Number] | None = "expected_signs"
    placebo: Placebo | None = Placebo(draws=1000)
    factors: Factors | None = None
    donors: tuple[Text, ...] = ()
    frequency: Frequency = "1d"
    robustness: Robustness | None = None

    @property
    def hull(self) -> tuple[int, int]:
        """The event window: `event` when given, else the hull of the windows."""
        starts, ends = zip(*self.windows, strict=True)
        return self.event or (min(starts), max(ends))

    @model_validator(mode="after")
    def _consistent(self) -> Study:
        if self.headline is not None and self.headline not in self.windows:
            refuse("headline", f"one of the windows {_listed(self.windows)}")
        outside = [w for w in self.windows if not _inside(w, self.hull)]
        if outside:
            refuse("event", f"a window that holds {_listed(tuple(outside))}")
        if self.estimation.end >= self.hull[0]:
            refuse("estimation.end", f"an offset before {self.hull[0]}")
        late = [
            w
            for w in (self.robustness.estimations if self.robustness else ())
            if w[1] >= self.hull[0]
        ]
        if late:
            refuse("robustness.estimations", f"windows that end before {self.hull[0]}")
        if isinstance(self.contrast, dict) and not any(self.contrast.values()):
            refuse("contrast", "weights that are not all zero")
        return self


def _inside(window: tuple[int, int], hull: tuple[int, int]) -> bool:
    return hull[0] <= window[0] and window[1] <= hull[1]


def _listed(windows: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"[{start}, {end}]" for start, end in windows)
