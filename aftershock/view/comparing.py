"""What differs between two runs: config, events, data and numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aftershock.pages.account_rows import parameter_words
from aftershock.pages.named_tests import NAMES
from aftershock.results import columns, empty
from aftershock.results.files import read_table, read_yaml
from aftershock.tables import is_missing, window_name, words
from aftershock.view.naming import both_said, named
from aftershock.view.runs import UNREADABLE, Run, maps

MOST = 60
"""Rows that are shown of one table."""
FEW = 12
"""Rows that a page shows at once; more of them are folded."""
ALIKE = 1e-9
Cells = dict[Any, Any]


@dataclass(frozen=True)
class Difference:
    """The rows of one subject that differ.

    Attributes
    ----------
    heads : tuple of str
        What stands above the columns before those of the two runs.
    rows : list of tuple
        Cells as text: names, then the first run's value, then the second's.
    same : int
        How many rows are the same in both.
    file : str
        Where a run's folder has all of it.
    alone : tuple of int
        How many things only the first run has, and only the second.
    listed : bool
        Whether they have rows: a number would be held against nothing.
    """

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    same: int
    file: str
    alone: tuple[int, int] = (0, 0)
    listed: bool = True

    @property
    def shown(self) -> list[tuple[str, ...]]:
        """The rows that a page has room for."""
        return self.rows[:MOST]

    @property
    def few(self) -> bool:
        """Whether the rows may stand there at once."""
        return len(self.rows) <= FEW

    @property
    def count(self) -> str:
        """How much differs, before anything is read."""
        differ = len(self.rows) - (sum(self.alone) if self.listed else 0)
        both = differ + self.same
        told = f"{differ} of {both} values differ"
        told = told if differ else f"all {both} values are the same"
        if not both:
            told = "none in both" if any(self.alone) else "neither has any"
        sides = zip(self.alone, ("first", "second"), strict=True)
        only = [f"{n} only in the {which}" for n, which in sides if n]
        # what has no row is not lost: the run's own table has it
        where = "" if self.listed or not only else f", see {self.file}"
        return "; ".join([told, *only]) + where


@dataclass(frozen=True)
class Group:
    """Subjects under one heading."""

    title: str
    subjects: list[Difference]


def differences(one: Run, two: Run) -> list[Group]:
    """Return every subject in order: config, events, data, then numbers."""
    pair = (one, two)
    config = compared("Config", ("setting",), _configs(pair), "config.yaml")
    told = [_events(run) for run in pair]
    events = _by_thing("Events", ("event",), told, "run.json", listed=True)
    data = compared("Data", ("what",), [_data(run) for run in pair], "run.json")
    head = compared("Headline", ("what",), _headlines(pair), "run.json")
    numbers = [head, *(_of_table(pair, *table) for table in TABLES)]
    alone = [Group(found.title, [found]) for found in (config, events, data)]
    return [*alone, Group("Numbers", numbers)]


def _of_table(
    pair: tuple[Run, Run],
    title: str,
    table: str,
    keys: tuple[str, ...],
    shown: tuple[str, ...],
) -> Difference:
    """Return what differs in one table."""
    cells = [cells_of(run, table, keys, shown) for run in pair]
    heads, file = (*map(named, keys), "what"), f"tables/{table}.csv"
    return _by_thing(title, heads, cells, file, listed=table == "dropped")


def _by_thing(
    title: str,
    heads: tuple[str, ...],
    pair: Sequence[Cells],
    file: str,
    *,
    listed: bool,
) -> Difference:
    """Return what differs of things that one run alone may have, and count those.

    A thing is a key without its last part, which is what is said of it.
    """
    first, second = ({key[:-1] for key in cells} for cells in pair)
    alone = len(first - second), len(second - first)
    whole = [
        {k: value for k, value in cells.items() if listed or k[:-1] in first & second}
        for cells in pair
    ]
    found = compared(title, heads, whole, file)
    return replace(found, alone=alone, listed=listed)


def compared(
    title: str, heads: tuple[str, ...], pair: Sequence[Cells], file: str
) -> Difference:
    """Return the rows of two mappings that differ, in the order of the first."""
    one, two = pair
    keys = list(dict.fromkeys([*one, *two]))
    differ = [key for key in keys if not _alike(one.get(key), two.get(key))]
    rows = [
        (*_names(key), *both_said(_parts(key)[-1], one.get(key), two.get(key)))
        for key in differ
    ]
    return Difference(title, heads, rows, len(keys) - len(differ), file)


def _names(key: Any) -> tuple[str, ...]:
    """Return what a row is about; of a table its test and its column in words."""
    if not isinstance(key, tuple):
        return (str(key),)
    *about, what = map(str, key)
    told = [named(part) if part in NAMES else part for part in about]
    return (*told, named(what)) if what else tuple(told)


def _parts(key: Any) -> tuple[str, ...]:
    return tuple(map(str, key)) if isinstance(key, tuple) else (str(key),)


def _alike(one: Any, two: Any) -> bool:
    """Compare numbers by value and all else as written; absent is missing."""
    gone = [is_missing(value) for value in (one, two)]
    if any(gone):
        return all(gone)
    if all(isinstance(value, int | float) for value in (one, two)):
        return bool(abs(one - two) <= ALIKE * max(1.0, abs(one), abs(two)))
    return bool(one == two)


def flat(value: Any, key: str = "") -> Cells:
    """Return nested settings as one level: ``study.windows``, lists as tuples."""
    if isinstance(value, Mapping) and value:
        inner = [flat(item, f"{key}.{name}" if key else str(name))
                 for name, item in value.items()]  # fmt: skip
        return {name: cell for part in inner for name, cell in part.items()}
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return flat({str(i + 1): item for i, item in enumerate(value)}, key)
    return {key: tuple(value) if isinstance(value, list | Mapping) else value}


def _configs(pair: tuple[Run, Run]) -> list[Cells]:
    """Return both configs; a strategy that only one of them plays is one setting."""
    found = [_config(run) for run in pair]
    played = [config.get("strategies") or {} for config in found]
    for config, mine in zip(found, played, strict=True):
        if mine:
            config["strategies"] = {
                label: given
                if all(label in strategies for strategies in played)
                else ", ".join(parameter_words(given)) or "played"
                for label, given in mine.items()
            }
    return [flat(config) for config in found]


def _config(run: Run) -> dict[str, Any]:
    """Return the config, its strategies by label with all of their parameters."""
    try:
        found = read_yaml(run.folder / "config.yaml")
    except UNREADABLE:
        return {}
    if not isinstance(found, dict):
        return {}
    whole = {
        words(entry.get("label")): entry["parameters"]
        for entry in maps(run.manifest.get("strategies"))
        if isinstance(entry.get("parameters"), Mapping)
    }
    asked: dict[str, Any] = {}
    for place, entry in enumerate(maps(found.get("strategies")), 1):
        label = words(entry.get("label") or entry.get("name"))
        given = dict(entry) | whole.get(label, {})
        # its label says which it is, wherever it stands in the list
        asked[label or str(place)] = {k: v for k, v in given.items() if k != "label"}
    return found | ({"strategies": asked} if asked else {})


def _events(run: Run) -> Cells:
    """Return the headline of each event."""
    rows = maps(run.manifest.get("events"))
    return {(words(e.get("id")), ""): words(e.get("headline")) for e in rows}


def _data(run: Run) -> Cells:
    """Return prices and versions as run.json tells them."""
    cells: Cells = {
        f"prices, {k.replace('_', ' ')}": v
        for k, v in flat(dict(run.prices)).items()
        if k not in ("sha256", "market")  # the config says which market
    }
    for entry in maps(run.manifest.get("sources")):
        span = f"{entry.get('first')} to {entry.get('last')}"
        sha = words(entry.get("sha256"))[:8]
        cells[f"prices of {entry.get('symbol')}"] = (
            f"{entry.get('source')}, {span}, {entry.get('rows')} rows, {sha}"
        )
    cells["engine"] = run.manifest.get("engine")
    versions = run.manifest.get("versions")
    return cells | (flat(versions, "version of") if versions else {})


def _headlines(pair: tuple[Run, Run]) -> list[Cells]:
    """Return both headlines; a statistic that is the estimate itself is told once."""
    found, twice = [_headline(run) for run in pair], ("statistic",)
    if all(_alike(cells.get(twice), cells.get(("estimate",))) for cells in found):
        return [{k: v for k, v in cells.items() if k != twice} for cells in found]
    return found


def _headline(run: Run) -> Cells:
    """Return the figures of the headline and the counts; its words stand above."""
    counts = run.manifest.get("counts")
    kept = {
        (k,): v
        for k, v in run.headline.items()
        if k != "text" and not isinstance(v, list | dict)
    }
    if ("verdict",) in kept:
        kept["verdict",] = run.decided
    told = flat(counts, "count") if counts else {}
    return kept | {(name,): value for name, value in told.items()}


def cells_of(run: Run, table: str, keys: Sequence[str], shown: Sequence[str]) -> Cells:
    """Return the shown columns of a table by its keys."""
    path = run.folder / "tables" / f"{table}.csv"
    try:
        frame = read_table(path) if path.is_file() else empty(table)
    except UNREADABLE:
        frame = empty(table)
    if "window" in keys and {"start", "end"} <= set(frame):
        frame["window"] = list(map(window_name, frame["start"], frame["end"]))
    dated = "event_session" if "event_session" in frame else "session"
    if "session" in keys and dated in frame:
        frame["session"] = frame[dated].astype(str).str[:10]
    if table == "metrics":
        frame = frame.rename(columns={"metric": "what"})
        pairs = zip(frame["strategy"], frame["what"], frame["value"], strict=True)
        return {(str(s), str(m)): v for s, m, v in pairs}
    known = [name for name in shown if name in frame]
    if not set(keys) <= set(frame) or not set(columns(table)) & set(frame):
        return {}
    return {
        (*(str(row[k]) for k in keys), name): row[name]
        for row in frame.to_dict("records")
        for name in known
    }


TABLES: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("Tests", "tests", ("group", "window", "test"), ("estimate", "pvalue", "valid")),
    ("Moves", "cars", ("event_id", "symbol", "session", "window"), ("car", "pvalue")),
    ("Strategies", "metrics", ("strategy",), ()),
    ("Claims", "claims", ("claim_id",), ("value", "pvalue", "verdict")),
    ("Left out", "dropped", ("event_id", "symbol"), ("reason",)),
)
"""Title, table, what names a row, and the columns that are held side by side."""
