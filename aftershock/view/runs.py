"""The runs in a folder, as run.json tells them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from ruamel.yaml.error import YAMLError

from aftershock.errors import AftershockError, DataUnavailable
from aftershock.results.files import read_table
from aftershock.tables import (
    best_setting,
    p_equals,
    probability,
    verdict_words,
    words,
)

VERDICTS = ("moved", "undecided", "not_tested")
HERE = "this-run"
"""The key of a run whose own folder is shown."""
DEPTH = 2
"""How far below the folder runs are looked for."""
SWEEP = "tables/sweep.csv"
"""The table that a sweep alone leaves."""
UNREADABLE = (OSError, ValueError, KeyError, YAMLError, AftershockError)
"""What reading a file of a broken run can end in: it counts as empty."""


@dataclass(frozen=True)
class Run:
    """One finished run, with what a list says of it.

    Attributes
    ----------
    key : str
        Its path below the folder that is shown, with forward slashes.
    """

    key: str
    folder: Path
    written: datetime

    @cached_property
    def manifest(self) -> Mapping[str, Any]:
        """What run.json holds; empty where it cannot be read."""
        try:
            found = json.loads((self.folder / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def title(self) -> str:
        """What the run is called."""
        return words(self.manifest.get("title")) or self.folder.name

    @property
    def name(self) -> str:
        """Its folder."""
        return self.folder.resolve().name

    def part(self, name: str) -> Mapping[str, Any]:
        """Return a part of run.json; empty where it is absent or no mapping."""
        found = self.manifest.get(name)
        return found if isinstance(found, Mapping) else {}

    @property
    def headline(self) -> Mapping[str, Any]:
        """What the run says first."""
        return self.part("headline")

    @property
    def swept(self) -> bool:
        """Whether it is a sweep: its study is that of the run with the same config."""
        return self.has(SWEEP)

    @cached_property
    def settings(self) -> list[str]:
        """The headline of each strategy of a sweep; none of a run."""
        if not self.swept:
            return []
        try:
            parts = read_table(self.folder / SWEEP).groupby("strategy", sort=False)
            return [best_setting(str(label), part) for label, part in parts]
        except UNREADABLE:
            return []

    @property
    def finding(self) -> str:
        """The headline in words; of a sweep that of its first strategy."""
        if self.swept:
            return (self.settings or [f"{SWEEP} of this sweep is not whole"])[0]
        return words(self.headline.get("text")) or "run.json of this run is not whole"

    @property
    def verdict(self) -> str:
        """Moved, undecided, exploratory or not tested, with p; a sweep is named so."""
        if self.swept:
            return "sweep"
        said = self.decided
        pvalue = self.headline.get("pvalue")
        known = isinstance(pvalue, int | float) and said not in ("", "not tested")
        return f"{said}, {p_equals(probability(pvalue))}" if known else said

    @property
    def decided(self) -> str:
        """The verdict in a word or two; exploratory where too few sessions decide."""
        if words(self.headline.get("verdict")) not in VERDICTS:
            return ""
        sessions = self.headline.get("n_sessions")
        known = sessions if isinstance(sessions, int) else None
        told = verdict_words({"headline": {**self.headline, "n_sessions": known}})
        return told.partition(",")[0]

    @property
    def simulated(self) -> str:
        """The statement that its prices are not real, or nothing."""
        return words(self.manifest.get("simulated"))

    @property
    def prices(self) -> Mapping[str, Any]:
        """Which prices were used."""
        return self.part("prices")

    @property
    def data(self) -> str:
        """Until when its prices go, and where they came from."""
        last, source = (words(self.prices.get(k)) for k in ("last_session", "source"))
        return f"prices to {last}{f', {source}' if source else ''}" if last else ""

    @property
    def when(self) -> str:
        """When it was written."""
        return f"{self.written:%Y-%m-%d %H:%M}"

    def has(self, name: str) -> bool:
        """Tell whether the run has a file."""
        return (self.folder / name).is_file()


def maps(found: Any) -> Iterator[Mapping[str, Any]]:
    """Return the mappings of a list."""
    rows = found if isinstance(found, list) else []
    return (row for row in rows if isinstance(row, Mapping))


def find_runs(folder: Path) -> list[Run]:
    """Return the runs in a folder, the latest first; a run's own folder holds one.

    A run that is broken is listed all the same; one behind a link that leads out of
    the folder is not.

    Raises
    ------
    DataUnavailable
        Where there is no folder, or no run in it.
    """
    if (folder / "run.json").is_file():
        return [_found(folder, HERE)]
    found = [
        _found(path.parent, path.parent.relative_to(folder).as_posix())
        for depth in range(1, DEPTH + 1)
        for path in folder.glob("*/" * depth + "run.json")
        if _is_ours(path, folder)
    ]
    if not found:
        absent = "this is a file" if folder.is_file() else "no such folder"
        raise DataUnavailable(
            "there is no finished run" if folder.is_dir() else absent,
            where=str(folder),
            allowed="a folder of runs, as reports, or the folder of one run",
            do="run a config first: aftershock run CONFIG, or aftershock demo",
        )
    return sorted(found, key=lambda run: (run.written, run.key), reverse=True)


def _is_ours(path: Path, folder: Path) -> bool:
    """Tell whether a run lies in the folder, and is not being written."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and path.resolve().is_relative_to(folder.resolve())


def _found(folder: Path, key: str) -> Run:
    seconds = (folder / "run.json").stat().st_mtime
    return Run(key, folder, datetime.fromtimestamp(seconds).astimezone())
