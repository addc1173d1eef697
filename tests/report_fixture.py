# ruff: noqa: E501 - rows of invented tables
"""An invented finished run, drawn from a seed: no number in it is a real one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aftershock.results import RunResult, empty
from tests.report_tables import (
    FOCUS,
    ROLES,
    account_tables,
    bar_tables,
    choice_table,
    claim_row,
    frame,
)


def write_run(
    folder: Path,
    *,
    symbols: int = 12,
    events: int = 1,
    long: bool = False,
    simulated: str | None = None,
    trades: int = 8,
    family: float = 0.03,
    valid: bool = True,
    verdict: str = "undecided",
    accounts: int = 0,
    choices: bool = False,
    claims: int = 0,
    reach: int = 2,
    bars: bool = False,
) -> Path:
    rng = np.random.default_rng(7)
    names = [f"SY{i:02d}" + ("LONG.XX" if long else "") for i in range(symbols)]
    ids = [
        f"invented-event-{i}" + "-very-long" * 6 * (long and i > 0)
        for i in range(events)
    ]
    data: dict[str, list[dict[str, Any]]] = {
        k: []
        for k in ("pairs", "cars", "abnormal_returns", "paths", "tests", "placebo")
    }
    for i, event_id in enumerate(ids):
        when = pd.Timestamp("2026-07-01") - pd.offsets.BDay(15 * i * (events > 5))
        _one_event(data, event_id, names, rng, family, reach, when)
    data["tests"] = [
        {
            "group": "all", "start": 0, "end": 0, "test": test, "statistic": 2.5,
            "pvalue": 0.06, "n": symbols, "n_sessions": 1, "n_clusters": 1,
            "valid": valid, "reason": "" if valid else "few_placebo_sessions",
            "warning": "", "mde": 0.08, "null": "nothing happened " * (9 if long else 1),
        }
        for test in ("joint_ranked", "joint_ranked_ewma", "max_sar", "max_sar_ewma",
                     "contrast", "placebo", "placebo_contrast", "bmp")
    ]  # fmt: skip
    data["placebo"] = [
        {"test": test, "window": "[0, 0]", "draw": i, "value": rng.normal(), "session": "", "group": "all"}
        for test in ("placebo", "placebo_contrast") for i in range(150)
    ]  # fmt: skip
    data["trades"] = [
        {
            "strategy": "Invented" + "Strategy" * 4 * long + "0", "event_id": ids[0],
            "symbol": names[i % symbols], "side": "short", "group": "", "decided": "",
            "entry_session": "2026-07-02", "entry_price": 1234.5, "exit_session": "2026-07-10",
            "exit_price": 1200.25, "exit_reason": "stop_loss", "size": 10.0, "fees": 1.0,
            "slippage": 2.0, "borrow": 3.0, "pnl": 100.0 * (-1) ** i, "ret": 0.01,
            "weight_asked": -0.25, "fill_ratio": 0.7, "cut_by": "max_gross",
            "entry_auction": "close", "exit_auction": "", "entry_adjustment": 0.9949,
        }
        for i in range(trades)
    ]  # fmt: skip
    data["dropped"] = [
        {"event_id": ids[0], "symbol": "GONE", "reason": "no_prices", "detail": "none " * (60 if long else 1)}
    ]  # fmt: skip
    tables = {k: frame(k, v) for k, v in data.items()}
    tables["claims"] = frame("claims", [claim_row(i, long) for i in range(claims)])
    for name in ("aar", "pending", "equity", "metrics", "robustness"):
        tables[name] = empty(name)
    if choices:
        tables["robustness"] = choice_table(rng, long)
    if accounts:
        tables |= account_tables(rng, ids, accounts, long, trades)
    if bars:
        tables |= bar_tables(rng, ids, names)
    manifest = _manifest(ids, names, long, simulated, verdict, valid)
    account = {"cash": 1e6, "fees_bps": 1.0, "borrow_rate": 0.03}
    config = {"title": "x", "account": account}
    return RunResult(tables=tables, manifest=manifest, config=config).save(folder)


def _one_event(data, event_id, names, rng, family, reach, session):
    for i, symbol in enumerate(names):
        role = ROLES[min(i * 4 // len(names), 3)]
        car = 0.09 if i == 0 else rng.normal(0, 0.08)
        expected = 0 if role == "sector-fund" else 1 if role == "actor" else -1
        base = {"event_id": event_id, "symbol": symbol}
        data["pairs"].append(base | {
            "role": role, "expected": expected, "session": session, "precision": "session",
            "status": "ok", "m": 200, "beta": 1.2, "sigma": 0.02, "r2": 0.4,
            "via": "", "proxy": "", "reason": "", "flags": "",
        })  # fmt: skip
        data["cars"].append(base | {
            "event_session": session, "start": 0, "end": 0, "car": car, "scar": car / 0.02,
            "ci_low": car - 0.04, "ci_high": car + 0.04, "pvalue": 0.01,
            "pvalue_family": 0.01 if i == 0 else 0.5,
            "pvalue_family_ewma": family if i == 0 else 0.6,
        })  # fmt: skip
        data["abnormal_returns"].append(base | {
            "event_session": session, "offset": 0, "session": session, "ret": car + 0.001,
            "gap": car * 0.8, "open_to_close": car * 0.2 + 0.001, "ar": car,
        })  # fmt: skip
    for role in ROLES:
        for offset in range(-10, 12):
            data["paths"].append({
                "event_id": event_id, "symbol": "", "event_session": session, "offset": offset,
                "session": session, "ar": 0.01, "car": 0.01 * (offset + 11), "group": role,
                "model": "market_no_alpha", "n": 180, "band_low": -0.2, "band_high": 0.2,
            })  # fmt: skip
    data["paths"] += [
        _path(event_id, names, i, k, rng, session)
        for i in range(len(names))
        for k in range(-reach, reach + 1)
    ]


def _path(event_id, names, i, offset, rng, session):
    """Return one session of one symbol; the last symbol has no price at the end."""
    ar = np.nan if i == len(names) - 1 and offset > 1 else rng.normal(0, 0.03)
    return {
        "event_id": event_id, "symbol": names[i], "event_session": session, "offset": offset,
        "session": session + pd.offsets.BDay(offset), "ar": ar, "car": ar, "n": 1,
        "group": ROLES[min(i * 4 // len(names), 3)], "model": "market_no_alpha",
    }  # fmt: skip


def _over_sessions(ids, names):
    """Return what the headline of many events on as many sessions adds."""
    if len(ids) <= 5:
        return {}
    return {"tag": "compute-contract", "test": "clustered", "estimate": 0.0123, "ci_low": -0.0012,
            "ci_high": 0.0258, "n": len(ids) * len(names), "n_sessions": len(ids), "warning": ""}  # fmt: skip


def _manifest(ids, names, long, simulated, verdict, valid):
    headline = "A company that does not exist announces something " * (6 if long else 1)
    return {
        "id": "0a1b2c3d", "name": "invented", "title": "An invented run",
        "engine": "aftershock 0", "versions": {"python": "3"}, "seed": 7,
        "simulated": simulated,
        "sources": [{"symbol": s, "source": "invented", "rows": 200, "first": "2025-07-01",
                     "last": "2026-07-17", "sha256": "ab" * 32, "fetched_at": None,
                     "note": ""} for s in names],
        "prices": {"last_session": "2026-07-17", "basis": "total_return", "market": "SPY"},
        "study": {"model": "market", "estimation": {"start": -250, "end": -11},
                  "windows": [[0, 0]], "headline_window": [0, 0],
                  "path_model": "market_no_alpha"},
        "counts": {"windows_tried": 1}, "warnings": ["A warning."], "confounders": [],
        "contrast": {"weights": {names[0]: 1.0}, "declared": "after"},
        "events": [{
            "id": i, "headline": headline[:300], "earliest": "2026-07-01T04:00:00-04:00",
            "latest": "2026-07-01T09:29:00-04:00", "precision": "session",
            "sessions": ["2026-07-01"], "tags": ["compute-supply"], "selected_by": "move",
            "source": {"name": "Nowhere Gazette", "url": "https://example.org/" + "x" * 200},
            "confounders": ["Something else happened " * 5] * (6 if long else 1),
            "exposures": [{"symbol": s, "role": "actor", "expected": 1,
                           "declared": "after"} for s in names],
        } for i in ids],
        "focus": FOCUS,
        "headline": {"text": "", "event_id": FOCUS, "test": "joint_ranked", "start": 0,
                     "end": 0, "pvalue": 0.06, "valid": valid, "reason": "",
                     "verdict": verdict, **_over_sessions(ids, names)},
        "how_to_repeat": ["aftershock run invented.yaml"],
        "strategies": [{"label": "ExpectedSign", "name": "ExpectedSign", "parameters": {}}],
        "account": {"cash": 1000.0}, "timings": {},
    }  # fmt: skip
