"""The sections of a config: every key, its kind and its default."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from aftershock.errors import PriceError
from aftershock.prices.bars import bar_size


def _no_number(value: object) -> object:
    """Refuse 20260601 as a date: pydantic would read seconds since 1970."""
    if isinstance(value, (int, float)):
        raise PydanticCustomError("date_type", "a date such as 2026-06-01")
    return value


def _in_order(span: tuple[int, int]) -> tuple[int, int]:
    """Refuse a window that ends before it starts."""
    if span[0] > span[1]:
        raise PydanticCustomError(
            "window", "{allowed}", {"allowed": "[start, end] with start <= end"}
        )
    return span


def _span_of_time(text: str) -> str:
    """Refuse what is no span such as 30s, 5min or 1h."""
    if not re.fullmatch(r"\d+(\.\d+)?\s*(ms|s|min|h)", text):
        raise PydanticCustomError(
            "span", "{allowed}", {"allowed": "seconds, or a span such as 5min"}
        )
    return text


def _size_of_bars(text: str) -> str:
    """Refuse what is neither a day nor a size of bars such as 5min."""
    try:
        if text != "1d":
            bar_size(text)
    except PriceError:
        raise PydanticCustomError(
            "frequency", "{allowed}", {"allowed": "1d, 5min, 60min or another size"}
        ) from None
    return text


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]
Day = Annotated[dt.date, BeforeValidator(_no_number)]
Moment = Annotated[dt.datetime | dt.date, BeforeValidator(_no_number)]
Window = Annotated[tuple[Whole, Whole], AfterValidator(_in_order)]
Frequency = Annotated[str, AfterValidator(_size_of_bars)]
Span = Annotated[str, AfterValidator(_span_of_time)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Section(BaseModel):
    """What all sections share: frozen, and no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(BaseModel):
    """Something found by name; further keys are its parameters.

    Attributes
    ----------
    name : str
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    name: Text

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters, as written."""
        return dict(self.__pydantic_extra__ or {})


class Where(Section):
    """Which events of the files are studied: keys are AND, values OR."""

    ids: tuple[Text, ...] = ()
    tags: tuple[Text, ...] = ()
    symbols: tuple[Text, ...] = ()
    since: Day | None = None
    until: Day | None = None

    @model_validator(mode="after")
    def _span(self) -> Where:
        if self.since and self.until and self.since > self.until:
            _refuse("until", f"a date on or after since ({self.since})")
        return self


class Events(Section):
    """The catalogue files and the choice of events."""

    files: Annotated[tuple[Text, ...], Field(min_length=1)]
    where: Where = Where()
    overlap: Literal["keep", "drop", "merge"] = "keep"
    policy: Literal["next", "previous", "drop", "error"] = "next"


class Prices(Section):
    """Where prices come from."""

    source: Named = Named(name="yahoo")
    adjust: Literal["total_return", "split"] = "total_return"
    as_of: Moment | None = None
    bars: Text | None = None
    accept: tuple[Text, ...] = ()


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
            _refuse("start", f"an offset before end ({self.end})")
        rows = self.end - self.start + 1
        if self.min_obs > rows:
            _refuse("min_obs", f"at most the window's {rows} sessions")
        return self


class Factors(Section):
    """Where the factors of ff3, ff5 and carhart are read from."""

    path: Text | Annotated[tuple[Text, ...], Field(min_length=1)]


class Placebo(Section):
    """Non-event sessions at which the statistics are computed again."""

    draws: Annotated[int, Strict(), Field(ge=1)] | None = None
    shifts: Annotated[tuple[Whole, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Placebo:
        if (self.draws is None) == (self.shifts is None):
            _refuse("", "either draws or shifts")
        return self


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

    @property
    def hull(self) -> tuple[int, int]:
        """The event window: `event` when given, else the hull of the windows."""
        starts, ends = zip(*self.windows, strict=True)
        return self.event or (min(starts), max(ends))

    @model_validator(mode="after")
    def _consistent(self) -> Study:
        if self.headline is not None and self.headline not in self.windows:
            _refuse("headline", f"one of the windows {_listed(self.windows)}")
        outside = [w for w in self.windows if not _inside(w, self.hull)]
        if outside:
            _refuse("event", f"a window that holds {_listed(tuple(outside))}")
        if self.estimation.end >= self.hull[0]:
            _refuse("estimation.end", f"an offset before {self.hull[0]}")
        if isinstance(self.contrast, dict) and not any(self.contrast.values()):
            _refuse("contrast", "weights that are not all zero")
        return self


class StrategyEntry(Named):
    """One strategy: its class by name, its label, its parameters."""

    label: Text | None = None


class AccountSection(Section):
    """The account every strategy entry trades on, each its own.

    Rates are fractions a year, weights fractions of equity, costs basis points.
    """

    cash: Positive = 1_000_000.0
    max_gross: Positive = 1.0
    max_weight: Positive | None = None
    max_positions: Annotated[int, Strict(), Field(ge=1)] | None = None
    fees_bps: NotNegative = 1.0
    fees_per_share: NotNegative = 0.0
    fees_min: NotNegative = 0.0
    slippage_bps: NotNegative | None = None
    slippage_by_symbol: dict[Text, NotNegative] = {}
    slippage_volume_share: NotNegative | None = None
    borrow_rate: NotNegative = 0.03
    borrow_by_symbol: dict[Text, NotNegative] = {}
    cash_rate: Number = 0.0
    fill: Literal["next_open", "next_close"] = "next_open"
    latency: NotNegative | Span = 0.0
    open_cutoff: Clock = "09:28"
    close_cutoff: Clock = "15:50"


class Luck(Section):
    """How often each strategy is played on dates without its news."""

    draws: Annotated[int, Strict(), Field(ge=0)] = 200


class SweepSection(Section):
    """A grid over rules of a trade, fields of the strategies, keys of the account."""

    grid: Annotated[
        dict[Text, Annotated[tuple[Any, ...], Field(min_length=1)]], Field(min_length=1)
    ]
    folds: Annotated[int, Strict(), Field(ge=2)] = 4


class Calibration(Section):
    """On what the tests are calibrated: ``own`` panel, or designs by name."""

    designs: Annotated[tuple[Text, ...], Field(min_length=1)] = ("own",)
    replications: Annotated[int, Strict(), Field(ge=1)] = 1000


class Report(Section):
    """What is drawn, and on which paper."""

    pages: Literal["default"] | tuple[Text, ...] = "default"
    formats: tuple[Literal["pdf", "png", "svg"], ...] = ("pdf", "png")
    paper: Literal["a4", "letter"] = "a4"
    focus: Text | None = None


def _refuse(key: str, allowed: str) -> None:
    """Raise the error of one key of a section, from the section's own check."""
    raise PydanticCustomError("section", "{allowed}", {"allowed": allowed, "key": key})


def _inside(window: tuple[int, int], hull: tuple[int, int]) -> bool:
    return hull[0] <= window[0] and window[1] <= hull[1]


def _listed(windows: tuple[tuple[int, int], ...]) -> str:
    return ", ".join(f"[{start}, {end}]" for start, end in windows)
