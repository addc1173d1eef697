# ruff: noqa: E501 - rows of invented tables
"""An invented finished run, drawn from a seed: no number in it is a real one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aftershock.results import RunResult, columns, empty

FOCUS = "invented-event-0"
ROLES = ("actor", "supplier-competitor", "upstream-supplier", "sector-fund")


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns(table))


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
        }
        for i in range(trades)
    ]  # fmt: skip
    data["dropped"] = [
        {"event_id": ids[0], "symbol": "GONE", "reason": "no_prices", "detail": "none " * (60 if long else 1)}
    ]  # fmt: skip
    tables = {k: frame(k, v) for k, v in data.items()}
    tables["claims"] = frame("claims", [_claim(i, long) for i in range(claims)])
    for name in ("aar", "pending", "equity", "metrics", "robustness"):
        tables[name] = empty(name)
    if choices:
        tables["robustness"] = _choices(rng, long)
    if accounts:
        tables |= _accounts(rng, ids, accounts, long, trades)
    if bars:
        tables |= _bars(rng, ids, names)
    manifest = _manifest(ids, names, long, simulated, verdict, valid)
    account = {"cash": 1e6, "fees_bps": 1.0, "borrow_rate": 0.03}
    config = {"title": "x", "account": account}
    return RunResult(tables=tables, manifest=manifest, config=config).save(folder)


def _choices(rng, long):
    """Return one estimate under many choices, some of which could not be made."""
    rows = []
    for model in ("market", "market_adjusted", "scholes_williams")[: 3 if long else 2]:
        for estimation in (
            "[-250, -11] before 2026-06-01",
            "[-250, -11]",
            "[-120, -11]",
        ):
            for window in ("[0, 0]", "[-1, 1]", "[0, 10]"):
                for group in ("contrast", *ROLES):
                    at = rng.normal(0.1, 1.2 if long else 0.02)
                    for scaling, low in (
                        ("plain", at - 0.1),
                        ("volatility-scaled", np.nan),
                    ):
                        rows.append({
                            "model": model, "market": "SPY", "estimation": estimation,
                            "window": window, "group": group, "estimate": at,
                            "statistic": 1.0, "pvalue": rng.uniform(0, 0.2), "scaling": scaling,
                            "reference": "other news included", "test": "contrast",
                            "ci_low": low, "ci_high": at + 0.1, "n": 9, "valid": rng.uniform() < 0.9,
                            "reason": "", "leading": len(rows) == 0,
                        })  # fmt: skip
    lost = {"model": "ff3", "market": "^GSPC", "group": "", "window": "", "valid": False,
            "reason": "no prices for ^GSPC " + "and for others " * 9 * long, "leading": False}  # fmt: skip
    return frame("robustness", [*rows, lost])


def _accounts(rng, ids, count, long, trades):
    """Return the tables of accounts that never were, and of a sweep over one of them."""
    labels = [f"Invented{'Strategy' * 4 * long}{k}" for k in range(count)]
    sessions = pd.bdate_range("2025-01-02", periods=300)
    walk = 1e6 * (1 + rng.normal(0, 0.004, (300, count + 1))).cumprod(axis=0)
    rungs = (
        "entry at the close before", "entry at the first fill", "and slippage",
        "and commission, borrow", "and settings chosen on the past",
    )  # fmt: skip
    roles = [f"{role}{'-of-someone' * 3 * long}" for role in ROLES]
    figures = {
        "total_return": -1.2345 if long else 0.1, "placebo_pvalue": 0.35,
        "n_trades": trades, "sharpe": -12.34, "probabilistic_sharpe": 1.0,
        "deflated_sharpe": 0.5, "trials": 500, "mean_trade_low": -0.1234,
        "mean_trade_high": 0.2345, "pnl": -1234567.0, "pnl_without_best": -2345678.0,
        "pnl_without_worst": 1234567.0, "pnl_signs_after": -1234567.0,
        "break_even_borrow": 12.34,
    }  # fmt: skip
    grid = {"hold": [1, 5, 10, 20], "a_long_parameter_of_a_strategy": [0.01, 0.025, 0.05],
            "stop_loss": [None, 0.05], "fees_bps": [1, 10], "threshold": [0.02]}  # fmt: skip
    names = list(grid)[: 5 if long else 2]
    settings = pd.MultiIndex.from_product(
        [grid[n] for n in names], names=names
    ).to_frame(index=False)
    swept = settings.assign(
        total_return=rng.normal(0, 1.5 if long else 0.1, len(settings)), sharpe=rng.normal(0, 1, len(settings)),
        max_drawdown=-0.4, n_trades=1234, deflated_sharpe=0.5, strategy=labels[0],
    )  # fmt: skip
    forward = pd.DataFrame([
        {"fold": fold, "first_session": "2025-05-05", "events": 12, "past_events": 40,
         "in_sample": 1.234, "total_return": -0.1234, "sharpe": 0.5, "n_trades": 1234.0,
         **settings.iloc[0].to_dict(), "strategy": labels[0]}
        for fold in (1, 2, 3, 4, "out of sample")
    ])  # fmt: skip
    draws = 0 if long else 200
    equity = {label: walk[:, k] for k, label in enumerate(labels)}
    blocks = {
        "ladder": [{"rung": k + 1, "words": w, "total_return": 0.2 - 0.1 * k, "sharpe": 1.0,
                    "mean_trade": 0.01, "n_trades": trades} for k, w in enumerate(rungs)],
        "readings": [{"reading": r, "clock": "", "total_return": 0.01, "sharpe": 1.0,
                      "mean_trade": 0.01, "n_trades": trades} for r in ("latest", "earliest")],
        "chance": pd.DataFrame({"draw": range(draws), "total_return": rng.normal(size=draws)}),
        "attribution": [{"by": by, "name": n, "n": 3, "pnl": -1e6 * rng.normal(), "mean_trade": 0.01}
                        for by, all_ in (("role", roles), ("event", ids)) for n in all_],
        "metrics": [{"metric": m, "value": v} for m, v in figures.items()],
    }  # fmt: skip
    made = {
        name: pd.concat([pd.DataFrame(rows).assign(strategy=one) for one in labels])
        for name, rows in blocks.items()
    }
    told = pd.DataFrame({"session": sessions, **equity, "benchmark": walk[:, -1]})
    return made | {"equity": told, "sweep": swept, "walk_forward": forward}


MEASURES = (
    "ar",
    "spread",
    "reported_move",
    "placebo_rank",
    "slope",
    "rank_correlation",
    "reversal",
)
EXPECTED = (
    "above 0",
    "below 0",
    "as reported",
    "rarer than the bound",
    "below 0",
    "above 0",
    "about 0 or below",
)
VERDICTS = ("supported", "contradicted", "undecided", "not testable")


def _claim(i: int, long: bool) -> dict[str, Any]:
    kind, many = i % len(MEASURES), 30 if long else 1
    value = (-1) ** i * 0.01 * i if i % 4 < 3 else np.nan
    return {
        "claim_id": f"claim-{i}", "text": "Something will happen, somebody thought. " * many,
        "source": "https://example.org", "measure": MEASURES[kind], "value": value,
        "ci_low": value - 0.2, "ci_high": value + 0.3, "pvalue": 0.2 / (i + 1),
        "verdict": VERDICTS[i % 4], "detail": "because of something; " * (4 * many),
        "said_by": "A person of a house" + " and of another" * many, "said_at": "2026-07-02T07:57:00-04:00",
        "event_id": FOCUS, "group": "semiconductors, or so" * (5 if long else 1), "against": "the rest" if kind == 1 else "",
        "start": -1, "end": 60, "expected": EXPECTED[kind], "bound": 0.05, "reported": 0.08,
        "test": "contrast", "n": 7, "n_sessions": 1, "mde": 0.1, "pvalue_holm": 0.2,
        "describes": i % 2 == 0, "testable_from": "2026-09-25",
        "rival": {3: "claim-9", 9: "claim-3", 4: "claim-3"}.get(i, ""),
    }  # fmt: skip


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


def _bars(rng, ids, names):
    """Return the tables of a study on bars of five minutes around the open of 1 July."""
    clock = [pd.Timestamp(f"2026-{day}T13:25", tz="UTC") + pd.Timedelta(minutes=5 * s)
             for day in ("06-30", "07-01") for s in range(79)]  # fmt: skip
    bars, cars = [], []
    for event_id in ids:
        for symbol in names:
            ar = rng.normal(0, 0.004, 157)
            bars += [{"event_id": event_id, "symbol": symbol, "offset": k - 78, "slot": (k + 1) % 79,
                      "bar_start": clock[k + 1].isoformat(), "ar": ar[k]} for k in range(157)]  # fmt: skip
            cars += [{"event_id": event_id, "symbol": symbol, "start": 0, "end": end, "car": ar[78:79 + end].sum(),
                      "ci_low": -0.05, "ci_high": 0.05} for end in (0, 6, 12, 78)]  # fmt: skip
    test = {"group": "all", "start": 0, "end": 0, "test": "contrast_search", "pvalue": 0.2, "n": len(names),
            "valid": True}  # fmt: skip
    return {
        "intraday": pd.DataFrame(bars),
        "intraday_cars": frame("cars", cars),
        "intraday_tests": frame("tests", [test]),
    }


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
