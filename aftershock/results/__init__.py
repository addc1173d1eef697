"""What a run found: frozen frames with fixed columns, saved as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
from aftershock.results.studies import EventStudyResult

__all__ = [
    "COLUMNS", "BacktestResult", "EventStudyResult", "RunResult", "columns", "empty",
]  # fmt: skip


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
    simulated : str
        What must be said of prices that are not real; empty for others.
    """

    trades: pd.DataFrame
    equity: pd.DataFrame
    metrics: pd.DataFrame
    warnings: tuple[str, ...] = ()
    more: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    simulated: str = ""

    def _repr_html_(self) -> str:
        from aftershock.results.notebook import backtest_html

        return backtest_html(self.tables, self.warnings, self.simulated)

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
        A run has every table of `COLUMNS`, empty ones included; a sweep and a
        calibration have those of the study and their own.
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

    def _repr_html_(self) -> str:
        from aftershock.results.notebook import run_html

        return run_html(self.manifest, self.tables, self.folder)

    @property
    def claims(self) -> pd.DataFrame:
        """The table `claims`, empty where nothing was claimed."""
        return self.tables.get("claims", empty("claims"))

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
