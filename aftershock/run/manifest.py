"""run.json: what was run on what, and what must be known to read it."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from aftershock.config.other_files import copy_of
from aftershock.config.parts import build_strategies
from aftershock.registry import engine
from aftershock.results import BacktestResult, EventStudyResult
from aftershock.results.files import plain
from aftershock.run.headline import make_headline
from aftershock.run.inputs import Inputs, stand_ins
from aftershock.run.measuring import signs_declared
from aftershock.run.nearby import other_news
from aftershock.run.simulated import sources, statement
from aftershock.strategy.base import parameters
from aftershock.study.paths import LONG, path_model
from aftershock.tables import finding, percent

if TYPE_CHECKING:
    from aftershock.events import Event


PACKAGES = ("numpy", "pandas", "scipy", "matplotlib", "vectorbt", "exchange_calendars")


def make_manifest(
    inputs: Inputs,
    study: EventStudyResult,
    backtests: BacktestResult | None,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what run.json holds, timings left to the end of the run."""
    config = inputs.config
    inputs = replace(inputs, measured=measured_events(study))
    declared = signs_declared(inputs, study)
    manifest: dict[str, Any] = {
        "id": inputs.digest,
        "name": config.name,
        "title": config.title,
        "engine": engine(),
        "versions": _versions(),
        "seed": config.seed,
        "simulated": statement(inputs, study),
        "sources": sources(inputs, study),
        "claims": _claims(inputs),
        "prices": _prices(inputs),
        "study": _study(inputs),
        "counts": _counts(inputs, study),
        "warnings": list(dict.fromkeys([*_warnings(inputs, study, backtests), *notes])),
        "contrast": {"weights": dict(study.weights), "declared": declared},
        "events": [_event(inputs, e) for e in inputs.events.events],
        "focus": inputs.focus.id if inputs.focus else None,
        "focus_named": bool(config.report.focus),
        "confounders": other_news(inputs),
        "strategies": _strategies(inputs),
        "account": config.account.model_dump(mode="json"),
        "how_to_repeat": _how_to_repeat(inputs),
        "headline": make_headline(inputs, study, declared),
        "timings": {},
    }
    manifest["headline"]["text"] = finding(manifest, study.tables)
    return manifest


def measured_events(study: EventStudyResult) -> frozenset[str]:
    """Return the events of which at least one pair was measured."""
    kept = study.pairs["status"].isin(["ok", "flagged"])
    return frozenset(study.pairs.loc[kept, "event_id"])


def _strategies(inputs: Inputs) -> list[dict[str, Any]]:
    """Return the strategies with all their parameters, those of no config among them.

    As plain values: a report that is drawn again reads them from run.json.
    """
    names = [entry.name for entry in inputs.config.strategies]
    made = build_strategies(inputs.config).items()
    return [
        {"label": label, "name": name, "parameters": plain(parameters(strategy))}
        for name, (label, strategy) in zip(names, made, strict=True)
    ]


def _versions() -> dict[str, str]:
    """Return the versions that the numbers depend on."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _prices(inputs: Inputs) -> dict[str, Any]:
    """Say which prices were used, and until when they go."""
    return {
        "last_session": f"{inputs.prices.last_session:%Y-%m-%d}",
        "basis": inputs.prices.basis,
        "market": inputs.config.study.market,
        "source": inputs.config.prices.source.name,
        "sha256": inputs.prices.sha256(),
    }


def _claims(inputs: Inputs) -> dict[str, Any] | None:
    """Say on what claims were judged; their prices reach further back."""
    asked = inputs.claims
    if asked is None:
        return None
    return {
        "count": len(asked.claims),
        "last_session": f"{asked.prices.last_session:%Y-%m-%d}",
        "sha256": asked.prices.sha256(),
        "sources": [dict(entry) for entry in asked.prices.provenance],
        "missing": dict(asked.fetched.missing),
    }


def _study(inputs: Inputs) -> dict[str, Any]:
    """Return the design of the study."""
    plain = inputs.config.study.model_dump(mode="json")
    return {
        "market": plain["market"],
        "model": inputs.config.study.model.name,
        "estimation": plain["estimation"],
        "windows": [list(w) for w in inputs.config.study.windows],
        "frequency": plain["frequency"],
        "headline_window": list(inputs.config.headline_window),
        "path": plain["path"],
        "path_model": path_model(inputs.config.study.model.name),
        "tests": plain["tests"],
        "placebo": plain["placebo"],
        "overlap": inputs.config.events.overlap,
        "policy": inputs.config.events.policy,
    }


def _counts(inputs: Inputs, study: EventStudyResult) -> dict[str, int]:
    """Count what was used and what was tried."""
    status = study.pairs["status"].value_counts()
    return {
        "events": len(inputs.events),
        "pairs": len(study.pairs),
        "ok": int(status.get("ok", 0)),
        "flagged": int(status.get("flagged", 0)),
        "dropped": len(study.dropped),
        "pending": len(study.pending),
        "sessions": int(study.cars["event_session"].nunique()),
        "windows_tried": len(inputs.config.study.windows),
        "models_tried": 1,
        "tags_tried": len(inputs.config.events.where.tags),
    }


def _warnings(
    inputs: Inputs, study: EventStudyResult, backtests: BacktestResult | None
) -> list[str]:
    """Return everything a reader must be told about the data."""
    told = [*inputs.prices.warnings, *(backtests.warnings if backtests else ())]
    minor = [
        f"{d.symbol} {d.session:%Y-%m-%d}: {d.detail}"
        for d in inputs.fetched.defects
        if d.severity != "severe" and d.symbol in inputs.prices.symbols
        if not any(d.detail in warning for warning in told)
    ]
    told += _long_headline(inputs, study)
    told += inputs.claims.prices.warnings if inputs.claims else ()
    return list(dict.fromkeys([*told, *minor, *stand_ins(inputs.pairs)]))


def _long_headline(inputs: Inputs, study: EventStudyResult) -> list[str]:
    """Say how much of a long window's CAR is a fitted alpha that runs on."""
    start, end = inputs.config.headline_window
    length = end - start + 1
    if length <= LONG or inputs.config.study.model.name != "market":
        return []
    kept = study.pairs[study.pairs["status"].isin(["ok", "flagged"])]
    drift = [
        f"{symbol} {percent(-alpha * length)}"
        for symbol, alpha in zip(kept["symbol"], kept["alpha"], strict=True)
    ]
    return [
        f"over {length} sessions the fitted alpha alone adds to each CAR: "
        f"{', '.join(drift)}; the headline is measured by market_no_alpha, which "
        "leaves it out, the tables by market"
    ]


def _event(inputs: Inputs, event: Event) -> dict[str, Any]:
    """Return what the pages say of an event."""
    pairs = inputs.pairs[inputs.pairs["event_id"] == event.id]
    return {
        "id": event.id,
        "headline": event.headline,
        "earliest": event.earliest.isoformat(),
        "latest": event.latest.isoformat(),
        "precision": event.precision,
        "sessions": [f"{s:%Y-%m-%d}" for s in sorted(set(pairs["session"]))],
        "tags": list(event.tags),
        "source": {"name": event.source.name, "url": event.source.url},
        "confounders": list(event.confounders),
        "notes": event.notes,
        "selected_by": event.selected_by,
        "recorded_at": event.recorded_at.isoformat() if event.recorded_at else None,
        "status": event.status,
        "exposures": [
            {key: getattr(row, key) for key in EXPOSURE_FIELDS}
            for row in pairs.drop_duplicates("symbol").itertuples()
        ],
    }


EXPOSURE_FIELDS = ("symbol", "role", "expected", "declared", "via", "proxy")


def _how_to_repeat(inputs: Inputs) -> list[str]:
    """Say how the same bytes come out again."""
    config = inputs.config
    # the paths in it count from the folder that it was in
    folder = "backtests/" if config.path.parent.name == "backtests" else ""
    copy = copy_of(f"{folder}{config.name}")
    lines = [
        f"copy config.yaml of this folder to {copy} of its workspace",
        f"aftershock run {copy}",
    ]
    if config.prices.as_of is None and config.prices.source.name == "yahoo":
        lines.append("prices.as_of = the fetch time above uses the same snapshot")
    return lines
