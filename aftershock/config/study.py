"""The section `study` of a config: what is measured and tested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, Strict

from aftershock.config.kinds import (
    Day,
    FilePath,
    Flag,
    Frequency,
    Named,
    Number,
    Refusal,
    Section,
    Text,
    Whole,
    Window,
)


def _order(estimation: Estimation) -> Iterator[Refusal]:
    if estimation.start > estimation.end:
        yield "start", f"an offset before end ({estimation.end})"


def _room(estimation: Estimation) -> Iterator[Refusal]:
    rows = estimation.end - estimation.start + 1
    if 0 < rows < estimation.min_obs:
        yield "min_obs", f"at most the window's {rows} sessions"


class Estimation(Section):
    """The sessions on which a model is fitted, as offsets from the event session."""

    start: Whole = -250
    end: Whole = -11
    min_obs: Annotated[int, Strict(), Field(ge=3)] = 60
    before: Day | None = None
    exclude_events: Flag = False

    checks = (_order, _room)


class Factors(Section):
    """Where the factors of ff3, ff5 and carhart are read from."""

    path: FilePath | Annotated[tuple[FilePath, ...], Field(min_length=1)]


def _one(placebo: Placebo) -> Iterator[Refusal]:
    if (placebo.draws is None) == (placebo.shifts is None):
        yield "", "either draws or shifts"


class Placebo(Section):
    """Non-event sessions at which the statistics are computed again."""

    draws: Annotated[int, Strict(), Field(ge=1)] | None = None
    shifts: Annotated[tuple[Whole, ...], Field(min_length=1)] | None = None

    checks = (_one,)


class Robustness(Section):
    """The other defensible ways of measuring the same news.

    An empty list means what the study itself has. With and without the sessions of
    other events, and with and without `estimation.before`, are tried besides.
    """

    models: tuple[Text, ...] = ("market", "market_adjusted", "mean")
    markets: tuple[Text, ...] = ()
    estimations: tuple[Window, ...] = ()


def _headline(study: Study) -> Iterator[Refusal]:
    if study.headline is not None and study.headline not in study.windows:
        yield "headline", f"one of the windows {_listed(study.windows)}"


def _event(study: Study) -> Iterator[Refusal]:
    event = study.event
    outside = tuple(w for w in study.windows if event and not _inside(w, event))
    if outside:
        yield "event", f"a window that holds {_listed(outside)}"


def _estimation(study: Study) -> Iterator[Refusal]:
    first = _first(study)
    if study.estimation.end >= first:
        yield "estimation.end", f"an offset before {first}"


def _estimations(study: Study) -> Iterator[Refusal]:
    first = _first(study)
    tried = study.robustness.estimations if study.robustness else ()
    if any(end >= first for _, end in tried):
        yield "robustness.estimations", f"windows that end before {first}"


def _weights(study: Study) -> Iterator[Refusal]:
    if isinstance(study.contrast, dict) and not any(study.contrast.values()):
        yield "contrast", "weights that are not all zero"


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

    checks = (_headline, _event, _estimation, _estimations, _weights)

    @property
    def hull(self) -> tuple[int, int]:
        """The event window: `event` when given, else the hull of the windows."""
        starts, ends = zip(*self.windows, strict=True)
        return self.event or (min(starts), max(ends))


def _first(study: Study) -> int:
    """Return where the event window begins: never after one of the windows."""
    return min(start for start, _ in (*study.windows, study.event or study.windows[0]))


def _inside(window: tuple[int, int], hull: tuple[int, int]) -> bool:
    return hull[0] <= window[0] and window[1] <= hull[1]


def _listed(windows: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"[{start}, {end}]" for start, end in windows)
