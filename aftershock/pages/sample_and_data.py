"""Page 11: what was used, what was left out and why, and how to repeat it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from aftershock.pages.account_rows import parameter_words
from aftershock.pages.base import Page
from aftershock.pages.cautions import estimation_words
from aftershock.pages.listing import Column, depth, set_rows
from aftershock.pages.sheet import Sheet
from aftershock.plots import LEAD
from aftershock.tables import (
    number,
    percent,
    reason_and_detail,
    records,
    role_name,
    words,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from aftershock.results import RunResult

Section = tuple[str, Sequence[Column], list[list[str]]]


class SampleAndData(Page):
    """Pairs, drops, pending events, confounders, sources, config, how to repeat."""

    name: ClassVar[str] = "sample_and_data"
    title: ClassVar[str] = "Sample and data"
    order: ClassVar[int] = 11

    def draw(self, result: RunResult, paper: str) -> list[Figure]:
        """Return as many sheets as the sections need."""
        setter = Setter(result, paper)
        for name, columns, rows in _sections(result):
            setter.add(name, columns, rows)
        return setter.finish()


class Setter:
    """Sets sections one below the other, on new sheets where they do not fit."""

    def __init__(self, result: RunResult, paper: str) -> None:
        self.result, self.paper = result, paper
        self.done: list[Figure] = []
        self.sheet = self._fresh()

    def _fresh(self) -> Sheet:
        """Start a sheet."""
        sheet = Sheet(self.result.manifest, self.paper)
        more = "  ·  continued" if self.done else ""
        sheet.heading(f"Sample and data{more}", _title(self.result))
        sheet.y += 0.1
        return sheet

    def add(self, name: str, columns: Sequence[Column], rows: list[list[str]]) -> None:
        """Set a section; its table continues on the next sheet where it must."""
        while rows:
            sheet = self.sheet
            room = sheet.bottom - sheet.y
            if 0.75 + depth(sheet, columns, rows[0]) > room and sheet.told.listings:
                self._turn()
            sheet = self.sheet
            with sheet.aside():
                sheet.text(sheet.left, sheet.y, name, LEAD, weight="semibold")
            top, until = sheet.y + 0.22, sheet.bottom - 0.05
            count, y = set_rows(sheet, columns, rows, top, until, name=name)
            sheet.y, rows = y + 0.2, rows[count:]
            if rows:
                self._turn()

    def _turn(self) -> None:
        """Close a sheet and start the next."""
        self._close()
        self.sheet = self._fresh()

    def _close(self) -> None:
        """Set the source line and keep the sheet."""
        manifest = self.result.manifest
        self.sheet.source(f"Model: {estimation_words(manifest)}.")
        self.done.append(self.sheet.figure)

    def finish(self) -> list[Figure]:
        """Return all sheets."""
        self._close()
        return self.done


def _title(result: RunResult) -> str:
    """Count what was used and what was left out."""
    pairs = result.tables["pairs"]
    used = int(pairs["status"].isin(["ok", "flagged"]).sum())
    dropped, pending = len(result.tables["dropped"]), len(result.tables["pending"])
    text = f"{used} event-symbol pair{'' if used == 1 else 's'} used, {dropped} dropped"
    return f"{text}, {pending} still to come" if pending else text


def _sections(result: RunResult) -> Iterator[Section]:
    """Return the sections that have rows."""
    tables, manifest = result.tables, result.manifest
    yield "Pairs", PAIRS, _pairs(tables["pairs"])
    yield (
        "Left out",
        _columns("event 2.4", "symbol 0.7", "reason 1.7 wraps", "detail 5 wraps"),
        [
            [
                str(d.event_id),
                words(d.symbol),
                *reason_and_detail(words(d.reason), words(d.detail)),
            ]
            for d in records(tables["dropped"])
        ],
    )
    yield "Still to come", PENDING, _pending(tables["pending"])
    remarks = [[str(w)] for w in manifest.get("warnings") or []]
    yield "Warnings", _columns("what a reader should know 1 wraps"), remarks
    yield (
        "Confounders and choice of events",
        _columns("event 2.4", "chosen by 0.8", "also then 6 wraps"),
        list(_confounders(manifest)),
    )
    yield "Prices", SOURCES, _sources(manifest)
    yield "This run", _columns("what 1.2", "value 8 wraps"), _run(result)


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
    said = [via, proxy, words(pair.reason), words(pair.flags)]
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
    """Return each event's confounders and how it was chosen."""
    for event in manifest.get("events") or []:
        also = [str(c) for c in event.get("confounders") or []]
        chosen = words(event.get("selected_by")) or "not said"
        yield [str(event["id"]), chosen, "; ".join(also) or "none recorded"]
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
    """Return versions, design, account, news sources and how to repeat."""
    manifest = result.manifest
    study = manifest["study"]
    events = manifest.get("events") or []
    news = [
        f"{e['id']}: {(e.get('source') or {}).get('name')} "
        f"{(e.get('source') or {}).get('url')}"
        for e in events
    ]
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
    # a row for each event: the sources of many would not fit one sheet
    rows = [*facts.items(), *(("news", source) for source in news)]
    return [[name, value] for name, value in rows if value]


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
