# ruff: noqa: E501 - rows of invented tables
"""Invented tables of choices, accounts, claims and bars, drawn from a seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from aftershock.results import columns

FOCUS = "invented-event-0"
ROLES = ("actor", "supplier-competitor", "upstream-supplier", "sector-fund")


def frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns(table))


def choice_table(rng, long):
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


def account_tables(rng, ids, count, long, trades):
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
                    "mean_trade": 0.01, "n_trades": trades,
                    "refused": "no_room 12, not_shortable 3" if k else ""} for k, w in enumerate(rungs)],
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


def claim_row(i: int, long: bool) -> dict[str, Any]:
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


def bar_tables(rng, ids, names):
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
