"""What differs between two runs: config, data and numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aftershock.results import columns, empty
from aftershock.results.files import read_table, read_yaml
from aftershock.tables import (
    MINUS,
    NONE,
    is_missing,
    number,
    percent,
    probability,
    window_name,
    words,
)
from aftershock.view.runs import UNREADABLE, Run

MOST = 60
"""Rows that are shown of one table."""
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
    """

    title: str
    heads: tuple[str, ...]
    rows: list[tuple[str, ...]]
    same: int

    @property
    def shown(self) -> list[tuple[str, ...]]:
        """The rows that a page has room for."""
        return self.rows[:MOST]


def differences(one: Run, two: Run) -> list[Difference]:
    """Return every subject in order: config, data, then numbers."""
    pair = (one, two)
    found = [
        _compared("Config", ("key",), [flat(_config(run)) for run in pair]),
        _compared("Data", ("what",), [_data(run) for run in pair]),
        _compared("Headline", ("what",), [_headline(run) for run in pair]),
    ]
    for title, table, keys, shown in TABLES:
        cells = [cells_of(run, table, keys, shown) for run in pair]
        found.append(_compared(title, (*keys, "what"), cells))
    return found


def _compared(title: str, heads: tuple[str, ...], pair: list[Cells]) -> Difference:
    """Return the rows of two mappings that differ, in the order of the first."""
    one, two = pair
    keys = list(dict.fromkeys([*one, *two]))
    differ = [key for key in keys if not _alike(one.get(key), two.get(key))]
    rows = [(*_parts(key), *_both(key, one.get(key), two.get(key))) for key in differ]
    return Difference(title, heads, rows, len(keys) - len(differ))


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


def _both(key: Any, one: Any, two: Any) -> tuple[str, str]:
    """Return two values as text, with more digits where they would look the same."""
    name = _parts(key)[-1]
    told = said(name, one), said(name, two)
    return told if told[0] != told[1] else (_in_full(one), _in_full(two))


def said(name: str, value: Any) -> str:
    """Return a value as a reader wants it."""
    if is_missing(value):
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        told = ", ".join(map(str, value)) or "none"
        plain = not value or isinstance(value[0], str | list)
        return told if plain else f"[{told}]"
    if not isinstance(value, int | float):
        return str(value)
    form = FORMS.get(name)
    if form:
        return form(value)
    large = abs(value) >= 100 and not float(value).is_integer()
    return number(value, 2) if large else f"{value:.4g}".replace("-", MINUS)


def _in_full(value: Any) -> str:
    """Return a number with all its digits."""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:.12g}".replace("-", MINUS) if known else said("", value)


def flat(value: Any, key: str = "") -> Cells:
    """Return nested settings as one level: ``study.windows``, lists as tuples."""
    if isinstance(value, Mapping) and value:
        inner = [flat(item, f"{key}.{name}" if key else str(name))
                 for name, item in value.items()]  # fmt: skip
        return {name: cell for part in inner for name, cell in part.items()}
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return flat({str(i + 1): item for i, item in enumerate(value)}, key)
    return {key: tuple(value) if isinstance(value, list | Mapping) else value}


def _config(run: Run) -> dict[str, Any]:
    """Return the config; of a strategy all parameters, those left at defaults too."""
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
    asked = [
        dict(entry) | whole.get(words(entry.get("label") or entry.get("name")), {})
        for entry in maps(found.get("strategies"))
    ]
    return found | ({"strategies": asked} if asked else {})


def _data(run: Run) -> Cells:
    """Return prices, events and versions as run.json tells them."""
    cells: Cells = {
        f"prices: {k}": v for k, v in flat(dict(run.prices)).items() if k != "sha256"
    }
    for entry in maps(run.manifest.get("sources")):
        span = f"{entry.get('first')} to {entry.get('last')}"
        sha = words(entry.get("sha256"))[:8]
        cells[f"prices of {entry.get('symbol')}"] = (
            f"{entry.get('source')}, {span}, {entry.get('rows')} rows, {sha}"
        )
    for event in maps(run.manifest.get("events")):
        cells[f"event {event.get('id')}"] = words(event.get("headline"))
    cells["engine"] = run.manifest.get("engine")
    versions = run.manifest.get("versions")
    return cells | (flat(versions, "version of") if versions else {})


def maps(found: Any) -> Iterator[Mapping[str, Any]]:
    """Return the mappings of a list."""
    rows = found if isinstance(found, list) else []
    return (row for row in rows if isinstance(row, Mapping))


def _headline(run: Run) -> Cells:
    counts = run.manifest.get("counts")
    kept = {k: v for k, v in run.headline.items() if not isinstance(v, list | dict)}
    return kept | (flat(counts, "count") if counts else {})


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

SHARES = (
    "total_return", "max_drawdown", "cagr", "mean_trade", "median_trade", "best_trade",
    "worst_trade", "car",
)  # fmt: skip
FORMS: dict[str, Callable[[float], str]] = {
    **dict.fromkeys(SHARES, percent),
    **dict.fromkeys(("pvalue", "placebo_pvalue"), probability),
    "volatility": lambda value: percent(value, signed=False),
    "estimate": lambda value: number(value, 4, signed=True),
    "n_trades": lambda value: number(value, 0),
}
"""How a column's numbers are written; others with four digits."""
