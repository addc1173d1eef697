"""The sections of a config: every key, its kind and its default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from aftershock.config.kinds import (
    BasisPoints,
    Clock,
    Day,
    FilePath,
    Moment,
    Multiple,
    Named,
    NotNegative,
    Number,
    Positive,
    Rate,
    Refusal,
    Section,
    Span,
    Text,
)
from aftershock.errors import ConfigError


def _span(where: Where) -> Iterator[Refusal]:
    if where.since and where.until and where.since > where.until:
        yield "until", f"a date on or after since ({where.since})"


class Where(Section):
    """Which events of the files are studied: keys are AND, values OR."""

    ids: tuple[Text, ...] = ()
    tags: tuple[Text, ...] = ()
    symbols: tuple[Text, ...] = ()
    since: Day | None = None
    until: Day | None = None

    checks = (_span,)


class Events(Section):
    """The catalogue files and the choice of events."""

    files: Annotated[tuple[FilePath, ...], Field(min_length=1)]
    where: Where = Where()
    overlap: Literal["keep", "drop", "merge"] = "keep"
    policy: Literal["next", "previous", "drop", "error"] = "next"


class Prices(Section):
    """Where prices come from."""

    source: Named = Named(name="yahoo")
    adjust: Literal["total_return", "split"] = "total_return"
    as_of: Moment | None = None
    bars: FilePath | None = None
    accept: tuple[Text, ...] = ()


def _free_label(entry: StrategyEntry) -> Iterator[Refusal]:
    if (entry.label or entry.name) in ("session", "benchmark"):
        yield "label", "another word: the table equity has a column of that name"


class StrategyEntry(Named):
    """One strategy: its class by name, its label, its parameters."""

    label: Text | None = None

    checks = (_free_label,)


class AccountSection(Section):
    """The account every strategy entry trades on, each its own.

    Rates are fractions a year, weights fractions of equity, costs basis points.
    """

    cash: Positive = 1_000_000.0
    max_gross: Multiple = 1.0
    max_weight: Multiple | None = None
    max_positions: Annotated[int, Strict(), Field(ge=1)] | None = None
    fees_bps: BasisPoints = 1.0
    fees_per_share: NotNegative = 0.0
    fees_min: NotNegative = 0.0
    slippage_bps: BasisPoints | None = None
    slippage_by_symbol: dict[Text, BasisPoints] = Field(default={})
    slippage_volume_share: NotNegative | None = None
    borrow_rate: Rate = 0.03
    borrow_by_symbol: dict[Text, Rate] = Field(default={})
    cash_rate: Annotated[Number, Field(ge=-1, le=1)] = 0.0
    fill: Literal["next_open", "next_close"] = "next_open"
    latency: NotNegative | Span = 0.0
    open_cutoff: Clock = "09:28"
    close_cutoff: Clock = "15:50"


class Luck(Section):
    """How often each strategy is played on dates without its news."""

    draws: Annotated[int, Strict(), Field(ge=0)] = 200


def _rules(sweep: SweepSection) -> Iterator[Refusal]:
    from aftershock.fills.sheet import check_rule

    for name, values in sweep.grid.items():
        try:
            check_rule(name, values)
        except ConfigError as error:
            yield f"grid.{name}", error.allowed


class SweepSection(Section):
    """A grid over rules of a trade, fields of the strategies, keys of the account.

    Each name with its values, as ``grid: {hold: [1, 5, 10], stop_loss: [null, 0.05]}``.
    """

    grid: Annotated[
        dict[Text, Annotated[tuple[Any, ...], Field(min_length=1)]], Field(min_length=1)
    ]
    folds: Annotated[int, Strict(), Field(ge=2)] = 4

    checks = (_rules,)


class Calibration(Section):
    """On what the tests are calibrated: ``own`` panel, or designs by name."""

    designs: Annotated[tuple[Text, ...], Field(min_length=1)] = ("own",)
    replications: Annotated[int, Strict(), Field(ge=1)] = 1000


class Report(Section):
    """What is drawn, and on which paper."""

    pages: Literal["default"] | tuple[Text, ...] = "default"
    formats: tuple[Literal["pdf", "png", "svg", "html"], ...] = ("pdf", "png", "html")
    paper: Literal["a4", "letter"] = "a4"
    focus: Text | None = None
