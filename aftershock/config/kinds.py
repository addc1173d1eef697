"""The kinds of values that a config has, and what all its sections share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, ClassVar, Self

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

Loc = tuple[str | int, ...]
"""Where a value sits: ``("strategies", 0, "hold")``."""
BETWEEN = "section"
"""The kind of errors between keys, which `config.between` tells all at once."""


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


def forward(path: str) -> str:
    """Return a path with forward slashes: one written on Windows is read anywhere."""
    return path.replace("\\", "/")


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
FilePath = Annotated[Text, AfterValidator(forward)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Positive = Annotated[float, Strict(), Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]
# More is a slip of the unit: 3 percent written as 300, 150 percent as 150.
Rate = Annotated[float, Strict(), Field(ge=0, le=20, allow_inf_nan=False)]
Multiple = Annotated[float, Strict(), Field(gt=0, le=50, allow_inf_nan=False)]
BasisPoints = Annotated[float, Strict(), Field(ge=0, lt=10_000, allow_inf_nan=False)]
Day = Annotated[dt.date, BeforeValidator(_no_number)]
Moment = Annotated[dt.datetime | dt.date, BeforeValidator(_no_number)]
Window = Annotated[tuple[Whole, Whole], AfterValidator(_in_order)]
Frequency = Annotated[str, AfterValidator(_size_of_bars)]
Span = Annotated[str, AfterValidator(_span_of_time)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


Refusal = tuple[str, str]
"""A key of a section, dotted, and what it may hold beside the section's others."""
Check = Callable[[Any], Iterator[Refusal]]
"""Yields what is wrong between the keys of a section, or of what was read of it."""


class Checked(BaseModel):
    """A section whose keys must fit each other.

    A check asks for the keys it needs alone: where one of them is wrong by itself, it
    is silent, and the others are not.
    """

    checks: ClassVar[tuple[Check, ...]] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for check in self.checks:
            for key, allowed in check(self):
                told = f"{key}: {allowed}" if key else allowed
                raise PydanticCustomError(BETWEEN, "{told}", {"told": told})
        return self


class Section(Checked):
    """What all sections share: frozen, and no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Checked):
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
