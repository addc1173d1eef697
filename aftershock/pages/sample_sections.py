"""What the page on sample and data tells: its tables, and what is left out of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from aftershock.pages.account_rows import parameter_words
from aftershock.pages.cautions import estimation_words
from aftershock.pages.listing import Column
from aftershock.tables import (
    number,
    percent,
    reason_and_detail,
    records,
    role_name,
    words,
)
from aftershock.tables.warned import run_warnings

if TYPE_CHECKING:
    from aftershock.results import RunResult

MOST = 30
"""Rows of a table of which a run's folder has the whole: about a sheet."""
SPARE = 6
"""Rows beyond these for which no reader is sent elsewhere."""


@dataclass(frozen=True)
class Section:
    """A table of this page.

    Attributes
    ----------
    told : str
        What it tells, as a part of its sheet's title.
    file : str
        Where the run's folder has every row; a table without one is never cut.
    least : int
        Rows at the top that other pages send a reader to: they are always shown.
    """

    name: str
    columns: Sequence[Column]
    rows: list[list[str]]
    told: str
    file: str = ""
    least: int = 0

    @property
    def shown(self) -> list[list[str]]:
        """The rows that are set."""
        if not self.file or len(self.rows) <= MOST + SPARE:
            return self.rows
        return self.rows[: max(MOST, self.least)]

    @property
    def note(self) -> str:
        """Say how many rows are left out, and where they are; nothing where none."""
        left = len(self.rows) - len(self.shown)
        if not left:
            return ""
        return (
            f"{self.name}: the first {len(self.shown)} of {len(self.rows)} rows; "
            f"{left} more are in {self.file}."
        )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def sections_of(result: RunResult) -> Iterator[Section]:
    """Return the sections, those without a row too."""
    tables, manifest = result.tables, result.manifest
    yield from _of_pairs(tables, str(manifest.get("focus") or ""))
    remarks = [[warning] for warning in run_warnings(manifest)]
    wide = _columns("what a reader should know 1 wraps")
    yield Section("Warnings", wide, remarks, _counted(len(remarks), "warning"))
    yield _choice(manifest)
    prices = _sources(manifest)
    told = f"prices of {_counted(len(prices), 'symbol')}"
    yield Section("Prices", SOURCES, prices, told, "run.json, sources")
    pair = _columns("what 1.2", "value 8 wraps")
    yield Section("This run", pair, _run(result), "how to repeat it")
    news = _news(manifest)
    told = f"sources of {_counted(len(news), 'event')}"
    yield Section("News", NEWS, news, told, "run.json, events")


def _of_pairs(tables: Mapping[str, pd.DataFrame], focus: str) -> Iterator[Section]:
    """Return what was used, left out and is awaited, first of the focus event."""
    pairs, dropped, pending = (tables[n] for n in ("pairs", "dropped", "pending"))
    used = int(pairs["status"].isin(["ok", "flagged"]).sum())
    rows, told = _first(focus, _pairs(pairs)), _counted(used, "event-symbol pair")
    yield Section("Pairs", PAIRS, rows, f"{told} used", "tables/pairs.csv")
    left = [
        [
            str(d.event_id),
            words(d.symbol),
            *reason_and_detail(words(d.reason), words(d.detail)),
        ]
        for d in records(dropped)
    ]
    told = f"{len(left)} left out"
    left = _first(focus, left)
    yield Section("Left out", DROPPED, left, told, "tables/dropped.csv")
    waiting = _first(focus, _pending(pending))
    told = f"{len(waiting)} still to come"
    yield Section("Still to come", PENDING, waiting, told, "tables/pending.csv")


def _first(event: str, rows: list[list[str]]) -> list[list[str]]:
    """Put the rows of one event before the others, which keep their order."""
    return sorted(rows, key=lambda row: row[0] != event)


def _choice(manifest: Mapping[str, Any]) -> Section:
    """Return how events were chosen; what page 1 points to comes first."""
    own, near = list(_confounders(manifest)), list(_other_news(manifest))
    own = _first(str(manifest.get("focus") or ""), own)
    focus = sum(row[0] == manifest.get("focus") for row in own)
    rows = [*own[:focus], *near, *own[focus:]]
    told = (
        f"how {_counted(len(own), 'event')} {'was' if len(own) == 1 else 'were'} chosen"
    )
    name, least = "Confounders and choice of events", focus + len(near)
    return Section(name, CHOICE, rows, told, "run.json, events", least)


def _columns(*named: str) -> list[Column]:
    """Read ``head share [right] [wraps]``."""
    found = []
    for text in named:
        parts = text.split()
        flags = {p for p in parts if p in ("right", "wraps")}
        rest = [p for p in parts if p not in flags]
        found.append(
            Column(
                " ".join(rest[:-1]), float(rest[-1]), "right" in flags, "wraps" in flags
            )
        )
    return found


PAIRS = _columns(
    "event 2.3", "symbol 0.7", "role 1.65 wraps", "sign 0.6 right", "session 0.85",
    "status 0.7", "rows 0.45 right", "beta 0.5 right", "sigma 0.6 right",
    "R² 0.65 right", "how named, flags 2.2 wraps",
)  # fmt: skip
PENDING = _columns(
    "event 2.3", "symbol 0.8", "role 1.3", "session 0.9", "beta 0.6 right",
    "sigma now 0.8 right", "noise up to 0.9 right", "measurable from 1.1",
    "detail 2.3 wraps",
)  # fmt: skip
DROPPED = _columns("event 2.4", "symbol 0.7", "reason 1.7 wraps", "detail 5 wraps")
CHOICE = _columns("event 2.4", "chosen by 0.8", "also then 6 wraps")
NEWS = _columns("event 2.4", "source and address 6.8 wraps")
SOURCES = _columns(
    "symbol 0.7", "source 0.9", "rows 0.7 right", "first 0.9", "last 0.9",
    "sha256 1.3", "fetched 1.6", "note 3 wraps",
)  # fmt: skip


def _pairs(pairs: pd.DataFrame) -> list[list[str]]:
    """Return the cells of every pair."""
    return [
        [
            str(p.event_id), str(p.symbol), role_name(str(p.role)),
            number(p.expected, 0, signed=True), str(p.session)[:10],
            _plain(p.status), number(p.m, 0), number(p.beta),
            percent(p.sigma, signed=False), number(p.r2), _how(p),
        ]
        for p in records(pairs)
    ]  # fmt: skip


def _how(pair: Any) -> str:
    """Say how a symbol came into an event, and its flags."""
    via = f"via {pair.via}" if words(pair.via) else ""
    proxy = f"for {pair.proxy}" if words(pair.proxy) else ""
    codes = [words(pair.reason), words(pair.flags)]
    said = [via, proxy, *(code for cell in codes for code in cell.split("; "))]
    return _plain("; ".join(dict.fromkeys(filter(None, said))))


def _pending(pending: pd.DataFrame) -> list[list[str]]:
    """Return what can be said of events that cannot be measured yet."""
    return [
        [
            str(p.event_id), str(p.symbol), role_name(str(p.role)),
            str(p.session)[:10], number(p.beta), percent(p.sigma_now, signed=False),
            percent(p.threshold, signed=False), str(p.measurable_from)[:10],
            words(p.detail),
        ]
        for p in records(pending)
    ]  # fmt: skip


def _confounders(manifest: Mapping[str, Any]) -> Iterator[list[str]]:
    """Return how each event was chosen, and what else happened then."""
    for event in manifest.get("events") or []:
        also = [str(c) for c in event.get("confounders") or []]
        chosen = words(event.get("selected_by")) or "not said"
        yield [str(event["id"]), chosen, "; ".join(also) or "none recorded"]


def _other_news(manifest: Mapping[str, Any]) -> Iterator[list[str]]:
    """Return the recorded events near the one that the report is about."""
    for near in manifest.get("confounders") or []:
        told = f"{str(near.get('session'))[:10]}: {near.get('headline')}"
        yield [str(near.get("event_id")), "other news", told]


def _sources(manifest: Mapping[str, Any]) -> list[list[str]]:
    """Return where every symbol's prices came from."""
    return [
        [
            str(s.get("symbol")), words(s.get("source")), words(s.get("rows")),
            words(s.get("first"))[:10], words(s.get("last"))[:10],
            words(s.get("sha256"))[:12],
            words(s.get("fetched_at"))[:19] or "not fetched",
            words(s.get("note")),
        ]
        for s in manifest.get("sources") or []
    ]  # fmt: skip


def _run(result: RunResult) -> list[list[str]]:
    """Return versions, design, account and how to repeat."""
    manifest = result.manifest
    study = manifest["study"]
    facts = {
        "how to repeat": "; ".join(manifest.get("how_to_repeat") or []),
        "engine": f"{manifest.get('engine')}, seed {manifest.get('seed')}",
        "versions": _mapping(manifest.get("versions")),
        "study": f"{estimation_words(manifest)}; windows {study.get('windows')}, "
        f"headline {study.get('headline_window')}, paths by {study.get('path_model')}",
        "contrast": _contrast(manifest.get("contrast") or {}),
        "strategies": "; ".join(_played(s) for s in manifest.get("strategies") or []),
        "account": _mapping(manifest.get("account")),
        "how sure": "p, family takes the larger of plain and volatility-scaled; "
        "p-values at their floor are bounds; invalid tests are grey.",
    }
    return [[name, value] for name, value in facts.items() if value]


def _news(manifest: Mapping[str, Any]) -> list[list[str]]:
    """Return where each event was told."""
    found = [(e["id"], e.get("source") or {}) for e in manifest.get("events") or []]
    return [[str(key), f"{s.get('name')} {s.get('url')}"] for key, s in found]


def _played(strategy: Mapping[str, Any]) -> str:
    """Return a strategy's label, its class where that is another, its parameters."""
    label, name = strategy.get("label"), strategy.get("name")
    named = parameter_words(strategy.get("parameters"))
    inside = [*([] if label == name else [str(name)]), *named]
    return f"{label} ({', '.join(inside)})"


def _contrast(contrast: Mapping[str, Any]) -> str:
    """Return the weights of the contrast and when its signs were declared."""
    weights = contrast.get("weights") or {}
    if not weights:
        return ""
    said = ", ".join(f"{s} {number(w, 3, signed=True)}" for s, w in weights.items())
    return f"{said}; signs declared: {contrast.get('declared')}"


def _mapping(values: Mapping[str, Any] | None) -> str:
    """Return a mapping in one line."""
    return ", ".join(
        f"{k} {v}" for k, v in (values or {}).items() if v not in (None, {})
    )


def _plain(code: Any) -> str:
    """Return a code as words."""
    return words(code).replace("_", " ")
