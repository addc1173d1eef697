"""RunConfig: what one run is asked to do, checked before any work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from aftershock.config.kinds import FilePath, Loc, Section, Text, Whole, forward
from aftershock.config.sections import (
    AccountSection,
    Calibration,
    Events,
    Luck,
    Prices,
    Report,
    StrategyEntry,
    SweepSection,
)
from aftershock.config.study import Study
from aftershock.registry import shipped
from aftershock.registry.reading import settled, shown


class RunConfig(Section):
    """One backtest config, as checked; `load_config` makes it from a file.

    Attributes
    ----------
    title, events, prices, study, strategies, claims, account, luck, sweep,
    report, calibration, seed
        The sections of the file, each key with its default.

    Notes
    -----
    Paths stay as written in the fields and in `resolved()`; `event_files`,
    `claim_files` and `absolute` give them from the root, relative to the
    config's own folder.
    """

    title: Text
    events: Events
    prices: Prices = Prices()
    study: Study = Study()
    strategies: tuple[StrategyEntry, ...] = ()
    claims: tuple[FilePath, ...] = ()
    account: AccountSection = AccountSection()
    luck: Luck = Luck()
    sweep: SweepSection | None = None
    report: Report = Report()
    calibration: Calibration = Calibration()
    seed: Whole = 0

    _path: Path = PrivateAttr(default=Path("run.yaml"))
    _places: Mapping[Loc, str] = PrivateAttr(default_factory=dict)

    @property
    def path(self) -> Path:
        """The config file."""
        return self._path

    @property
    def shown(self) -> str:
        """The config file as messages name it."""
        return shown(self._path)

    def where(self, loc: Loc) -> str:
        """Return ``file:line:column`` of a value, or the ``--set`` that brought it."""
        return self._places.get(loc, self.shown)

    @property
    def name(self) -> str:
        """The file's name without suffix: the first part of the run's folder."""
        return self._path.stem

    @property
    def workspace(self) -> Path:
        """The folder whose data/, strategies/ and reports/ belong to this config."""
        return workspace_of(self._path)

    @property
    def headline_window(self) -> tuple[int, int]:
        """The one window that may enter titles: `study.headline`, or the first."""
        return self.study.headline or self.study.windows[0]

    @property
    def event_files(self) -> tuple[Path, ...]:
        """The catalogue files, globs expanded, each once."""
        return self._files(self.events.files)

    @property
    def claim_files(self) -> tuple[Path, ...]:
        """The files of claims, globs expanded, each once."""
        return self._files(self.claims)

    @property
    def labels(self) -> tuple[str, ...]:
        """One label per strategy entry, unique: the class name, then ``_2``."""
        return unique_labels([e.label or e.name for e in self.strategies])

    def _files(self, written: tuple[str, ...]) -> tuple[Path, ...]:
        """Return the files of several paths or globs, each once."""
        found = [file for text in written for file in expand(self, text)]
        return tuple(dict.fromkeys(found))

    def absolute(self, written: str | Path) -> Path:
        """Return a path of the config from the root, relative to the config file."""
        return from_config(self._path, written)

    def resolved(self) -> dict[str, Any]:
        """Return every key with its value, plain; paths as written, slashes forward."""
        plain = self.model_dump(mode="json")
        plain["study"]["headline"] = list(self.headline_window)
        for entry, label in zip(plain["strategies"], self.labels, strict=True):
            entry["label"] = label
        source = plain["prices"]["source"]
        if isinstance(source.get("path"), str):
            source["path"] = forward(source["path"])
        return plain


def workspace_of(path: Path) -> Path:
    """Return the workspace of a config file.

    The parent of the `backtests/` folder that holds it; a config elsewhere has its
    own folder.
    """
    folder = settled(path).parent
    return folder.parent if folder.name == "backtests" else folder


def from_config(config: Path, written: str | Path) -> Path:
    """Return a path of a config file from the root; it counts from that file."""
    plain = Path(forward(str(written)))
    try:
        home = plain.expanduser()
    except RuntimeError:  # ~nobody
        home = plain
    return settled(settled(config).parent / home)


def expand(config: RunConfig, written: str) -> list[Path]:
    """Return the files that a path or glob of the config names, in order of name.

    What the workspace's `data/` does not have is looked up in the shipped one.
    """
    return matches(config.absolute(written), config.workspace)


def matches(target: Path, workspace: Path) -> list[Path]:
    """Return the files at an absolute path or glob; the shipped ones as fallback."""
    found = _glob(target)
    data = workspace / "data"
    if not found and target.is_relative_to(data):
        found = _glob(shipped("data") / target.relative_to(data))
    return found


def unique_labels(wanted: list[str]) -> tuple[str, ...]:
    """Return the labels, a repeated one with ``_2``, ``_3`` behind it."""
    labels: list[str] = []
    for label in wanted:
        number, candidate = 1, label
        while candidate in labels:
            number += 1
            candidate = f"{label}_{number}"
        labels.append(candidate)
    return tuple(labels)


def _glob(target: Path) -> list[Path]:
    """Return the files that match; a plain path matches itself.

    A folder that is there is meant as written: brackets in its name are no pattern.
    """
    try:
        if target.is_file():
            return [target]
        there = next(p for p in (*target.parents, target) if p.is_dir())
        every = there.glob(str(target.relative_to(there)))
        return sorted(p for p in every if p.is_file())
    except (OSError, ValueError, StopIteration):  # no path: a NUL, a name too long
        return []
