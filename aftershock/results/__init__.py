"""What a run found: frozen frames with fixed columns, saved as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from aftershock.errors import AftershockError
from aftershock.results.columns import COLUMNS, columns, empty
from aftershock.results.files import (
    check_whole,
    plain,
    read_manifest,
    read_table,
    read_yaml,
    require_run,
    table_files,
    write_table,
    write_text,
    write_yaml,
)

if TYPE_CHECKING:
    from aftershock.prices import PricePanel

__all__ = [
    "COLUMNS", "BacktestResult", "EventStudyResult", "RunResult", "columns", "empty",
]  # fmt: skip

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


@dataclass(frozen=True, eq=False)
class BacktestResult:
    """What trading the events would have brought.

    Attributes
    ----------
    trades : DataFrame
        One row for each trade and each refused plan; keeps the event's id.
    equity : DataFrame
        session, one column for each strategy, benchmark; in money.
    metrics : DataFrame
        strategy, metric, value.
    warnings : tuple of str
        What a reader must be told.
    more : mapping of DataFrame
        Tables that a run adds: ladder, chance, attribution.
    """

    trades: pd.DataFrame
    equity: pd.DataFrame
    metrics: pd.DataFrame
    warnings: tuple[str, ...] = ()
    more: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {
            "trades": self.trades,
            "equity": self.equity,
            "metrics": self.metrics,
            **self.more,
        }

    def to_quantstats(self, strategy: str | None = None) -> pd.Series[float]:
        """Return simple daily returns of one account; see `daily_returns`."""
        from aftershock.results.handing_over import daily_returns

        return daily_returns(self.equity, strategy)


@dataclass(frozen=True, eq=False)
class RunResult:
    """A finished run: its tables, what is said about them, and where they lie.

    Attributes
    ----------
    tables : mapping of DataFrame
        Every table of `COLUMNS`, empty ones included.
    manifest : dict
        What run.json holds.
    config : dict
        The config as resolved.
    folder : Path or None
        Where the run was saved.
    study, backtests
        The results themselves; None when the run was loaded from its folder.
    claims : DataFrame
        The verdicts of claims, empty without any.
    """

    tables: Mapping[str, pd.DataFrame]
    manifest: dict[str, Any]
    config: dict[str, Any]
    folder: Path | None = None
    study: EventStudyResult | None = None
    backtests: BacktestResult | None = None

    def __repr__(self) -> str:
        name, place = self.manifest.get("name"), self.folder or "not saved"
        return f"RunResult({name!r}, {place}: {self.headline.get('text')!r})"

    @property
    def claims(self) -> pd.DataFrame:
        """The table `claims`."""
        return self.tables["claims"]

    @property
    def headline(self) -> dict[str, Any]:
        """What the run says first."""
        headline: dict[str, Any] = self.manifest["headline"]
        return headline

    def to_quantstats(self, strategy: str | None = None) -> pd.Series[float]:
        """Return simple daily returns of one account; see `daily_returns`."""
        from aftershock.results.handing_over import daily_returns

        return daily_returns(self.tables["equity"], strategy)

    def save(self, folder: str | Path) -> Path:
        """Write run.json, config.yaml and tables/*.csv; the folder is made.

        Notes
        -----
        Dates are ISO, floats have twelve significant digits, line ends are LF, so
        that the same numbers are the same bytes.
        """
        folder = Path(folder)
        (folder / "tables").mkdir(parents=True, exist_ok=True)
        for name in COLUMNS:
            write_table(self.tables.get(name, empty(name)), folder, name)
        for name, table in self.tables.items():
            if name not in COLUMNS:
                write_table(table, folder, name)
        write_text(folder / "run.json", json.dumps(plain(self.manifest), indent=2))
        write_yaml(self.config, folder / "config.yaml")
        return folder

    @classmethod
    def load(cls, folder: str | Path) -> RunResult:
        """Read a run back from its folder.

        Raises
        ------
        DataUnavailable
            When there is no run in the folder.
        AftershockError
            When a file in it cannot be read.
        """
        folder = Path(folder)
        require_run(folder)
        try:
            manifest = read_manifest(folder / "run.json")
            config = read_yaml(folder / "config.yaml")
            tables = {p.stem: read_table(p) for p in table_files(folder)}
        except (OSError, ValueError, RecursionError) as error:
            raise AftershockError(
                f"a file of the run cannot be read: {error}",
                where=str(folder),
                do="run the config again",
            ) from error
        check_whole(folder, manifest, tables)
        return cls(tables, manifest, config, folder)
