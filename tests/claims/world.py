"""Small worlds in which verdicts can be worked out by hand.

Returns are 1 % up and down by turns, the model is the mean, and the estimation runs
over offsets -250 .. -11: the mean is 0, s = .01 sqrt(240/239), the forecast error
s sqrt(1 + 1/240) = .010042, and the EWMA variance .0001 on every session.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.claims import Evidence, judge_claims, load_claims
from aftershock.events import load_events
from aftershock.models.mean import Mean
from aftershock.study.design import StudyDesign
from aftershock.study.panel import make_panel
from aftershock.windows import EstimationWindow

CALENDAR = TradingCalendar.load()
SESSION = pd.Timestamp("2026-07-01")
BEFORE, AFTER = 300, 15
ERROR = 0.01 * np.sqrt(240 / 239) * np.sqrt(1 + 1 / 240)
EVENT = """
- id: {id}
  headline: Something happened
  published: {date}T08:00:00-04:00
  precision: exact
  tags: [{tag}]
  source: {{name: A page, url: "https://example.org"}}
  exposures:
    - {{symbol: A, role: actor, expected: +1}}
    - {{symbol: B, role: peer, expected: -1}}
"""
CLAIM = """
- id: {id}
  text: A will move
  said_by: Somebody
  said_at: {said_at}
  source: {{name: A page, url: "https://example.org"}}
  {about}
  {body}
"""
RISES = "measure: ar\nsymbols: [A]\nwindow: [0, 0]\nexpected: +1"
ABOUT = "measure: ar\nsymbols: [A]\nwindow: [0, 0]\nexpected: {}\nbound: {}"
REPORTED = (
    "measure: reported_move\nsymbols: [{}]\nwindow: {}\nreported: {}\ntolerance: {}"
)
REVERSAL = """
measure: reversal
symbols: [A, B, C, D, E]
first: [0, 0]
window: [1, 3]
runup: 60
expected: +1
"""
NO_ORDERS = """
measure: car
symbols: [A, B, C, D, E]
window: [1, 3]
expected: -1
"""


def claim_text(
    body: str,
    id: str = "one",
    said_at: str = "2026-07-01T08:00:00-04:00",
    about: str = "event: news",
) -> str:
    """Return a claim as YAML; `body` has its further lines."""
    lines = "\n  ".join(line.strip() for line in body.strip().splitlines())
    return CLAIM.format(id=id, said_at=said_at, about=about, body=lines)


def turns(symbols: str = "AB", after: int = AFTER) -> pd.DataFrame:
    """Return 1 % up and down by turns, from 300 sessions before the news."""
    home = CALENDAR.sessions.searchsorted(SESSION)
    index = CALENDAR.sessions[home - BEFORE : home + after + 1]
    moves = np.where(np.arange(len(index)) % 2, 0.01, -0.01)
    return pd.DataFrame(dict.fromkeys(symbols, moves), index=index)


def noise(symbols: str, size: float = 0.01, after: int = AFTER) -> pd.DataFrame:
    """Return independent normal returns."""
    frame = turns(symbols, after)
    random = np.random.default_rng(5)
    return frame * 0 + random.normal(0, size, frame.shape)


def evidence_of(
    folder: Path,
    returns: pd.DataFrame,
    dates: tuple[str, ...] = ("2026-07-01",),
    estimation: tuple[int, int] = (-250, -11),
) -> Evidence:
    """Return evidence with one event called news, or several with a tag."""
    names = ["news"] if len(dates) == 1 else [f"news-{date}" for date in dates]
    events = [
        EVENT.format(id=name, date=date, tag="earnings")
        for name, date in zip(names, dates, strict=True)
    ]
    path = folder / "events.yaml"
    path.write_text("".join(events))
    design = StudyDesign(model=Mean(), estimation=EstimationWindow(*estimation))
    panel = make_panel(returns, None, design.model, design.estimation)
    return Evidence(load_events([path]), CALENDAR, "next", panel, design, {})


def verdicts(folder: Path, evidence: Evidence, *claims: str) -> pd.DataFrame:
    """Return the table of claims written as YAML, by id."""
    path = folder / "claims.yaml"
    path.write_text("".join(claims))
    table = judge_claims(load_claims([path]), evidence)
    return table.set_index("claim_id")


def one(folder: Path, returns: pd.DataFrame, text: str, **more: object) -> pd.Series:
    """Return the row of a single claim."""
    return verdicts(folder, evidence_of(folder, returns, **more), text).loc["one"]


def moved(size: float, symbols: str = "AB") -> pd.DataFrame:
    """Return turns of 1 % with one move of A on the session of the news."""
    returns = turns(symbols)
    returns.loc[SESSION, "A"] = size
    return returns


def reverting(first: float, back: float) -> pd.DataFrame:
    """Return five symbols whose first move is `first` times what they had gained.

    The gains, 4 % for each place, stand 55 sessions before, outside an estimation
    that ends 70 before.
    """
    returns = noise("ABCDE", 0.002)
    home = returns.index.get_loc(SESSION)
    gains = 0.04 * np.arange(1, 6)
    returns.iloc[home - 55] = gains
    returns.iloc[home] = first * gains
    returns.iloc[home + 1 : home + 4] = back
    return returns


def several(count: int, size: float) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return moves of A on `count` sessions, ten apart, the last the news itself."""
    returns = noise("AB", 0.002)
    home = returns.index.get_loc(SESSION)
    rows = [home - 10 * k for k in reversed(range(count))]
    returns.iloc[rows, 0] = size * (1 + 0.1 * np.arange(count) / count)
    return returns, tuple(f"{returns.index[k]:%Y-%m-%d}" for k in rows)
