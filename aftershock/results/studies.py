"""What a study found: tables with fixed columns, and the words for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from aftershock.results.columns import empty

if TYPE_CHECKING:
    from aftershock.prices import PricePanel

STUDY_TABLES = (
    "pairs", "abnormal_returns", "cars", "aar", "tests", "paths", "placebo",
    "dropped", "pending",
)  # fmt: skip
"""The tables of a study, in the order in which they are written."""


@dataclass(frozen=True, eq=False)
class EventStudyResult:
    """What a study found; each table has the columns of `COLUMNS`.

    Attributes
    ----------
    made : mapping
        Tables by name: a frame, or a function that makes it when it is asked for.
    weights : mapping
        Weight of each symbol in the contrast; empty without one.
    settings : mapping
        The design in words.
    """

    made: Mapping[str, pd.DataFrame | Callable[[], pd.DataFrame]]
    weights: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    _done: dict[str, pd.DataFrame] = field(default_factory=dict, init=False)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table; it is made at the first look and kept."""
        if name not in self._done:
            found = self.made.get(name)
            if found is None:
                found = empty(name)
            self._done[name] = found if isinstance(found, pd.DataFrame) else found()
        return self._done[name]

    def with_tables(self, **tables: pd.DataFrame) -> EventStudyResult:
        """Return the result with some tables exchanged or added."""
        return replace(self, made={**self.made, **self._done, **tables})

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {name: self.table(name) for name in STUDY_TABLES}

    @property
    def pairs(self) -> pd.DataFrame:
        """One row for each event and symbol given: used, flagged or dropped."""
        return self.table("pairs")

    @property
    def abnormal_returns(self) -> pd.DataFrame:
        """One row for each pair and offset of the event window."""
        return self.table("abnormal_returns")

    @property
    def cars(self) -> pd.DataFrame:
        """One row for each pair and tested window."""
        return self.table("cars")

    @property
    def aar(self) -> pd.DataFrame:
        """Mean abnormal returns by group and offset."""
        return self.table("aar")

    @property
    def tests(self) -> pd.DataFrame:
        """Every test of every group in every window."""
        return self.table("tests")

    @property
    def placebo(self) -> pd.DataFrame:
        """The draws behind the placebo tests."""
        return self.table("placebo")

    @property
    def dropped(self) -> pd.DataFrame:
        """Pairs that could not be studied, with reasons."""
        return self.table("dropped")

    @property
    def paths(self) -> pd.DataFrame:
        """Cumulative abnormal returns around the news; filled by a run."""
        return self.table("paths")

    @property
    def pending(self) -> pd.DataFrame:
        """Pairs whose window has not happened yet; filled by a run."""
        return self.table("pending")

    def __repr__(self) -> str:
        return f"EventStudyResult({len(self.pairs)} pairs; print it for its tests)"

    def summary(self) -> str:
        """Return the study in words and numbers, hypotheses included."""
        from aftershock.results.summary import study_summary

        return study_summary(self.tables, self.settings)

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        from aftershock.results.summary import study_html

        return study_html(self.tables, self.settings)

    def to_alphalens(
        self,
        prices: PricePanel,
        window: tuple[int, int] = (0, 0),
        factor: str = "car",
        entry: str = "next_open",
    ) -> tuple[pd.Series[float], pd.DataFrame]:
        """Return factor and prices for alphalens-reloaded; see `factor_and_prices`."""
        from aftershock.results.handing_over import factor_and_prices

        return factor_and_prices(self.tables, prices, window, factor, entry)

    def plot(self) -> Any:
        """Draw the abnormal returns of the first window, by symbol, with intervals.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from aftershock.plots import figure_of_study

        return figure_of_study(self.tables)
