"""``aftershock strategies new``: a strategy that works, and its test."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from aftershock.errors import StrategyError

STRATEGY = '''"""What {name} trades, in one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aftershock.strategy import Moment, NewsView, Strategy, TradePlan


@dataclass(frozen=True)
class {name}(Strategy):
    """A beginning: buys what rose on the news.

    Thesis: say why this should earn money, and who found it before (with the source).

    Parameters
    ----------
    threshold : float
        Least abnormal return, as a fraction.
    hold : int
        Sessions to hold.
    weight : float
        Fraction of equity in each position.
    """

    threshold: float = 0.01
    hold: int = 5
    weight: float = 0.1
    decide: Moment = Moment.event_close

    def plan(self, news: NewsView) -> Iterable[TradePlan]:
        """Plan from what `news` shows: it ends at the moment of decision."""
        for exposure in news.exposures:
            if news.abnormal_return(exposure.symbol) > self.threshold:
                yield TradePlan(exposure.symbol, weight=self.weight, hold=self.hold)
'''
TEST = '''"""{name}: it trades, and from what was known."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import aftershock as af
from aftershock.calendar import TradingCalendar
from aftershock.registry import load_file
from aftershock.sources.base import panel_from
from aftershock.sources.sample import SampleSource
from aftershock.strategy import Strategy, read_news
from aftershock.strategy.audit import audit

FILE = Path(__file__).parents[1] / "strategies" / "{module}.py"
{name} = load_file(FILE, Strategy)["{name}"]
CALENDAR = TradingCalendar.load()
# simulated prices, embedded in the package
SAMPLE = SampleSource().fetch(["META", "CRWV", "SPY"], None, None)
PRICES = panel_from(SAMPLE, "split", CALENDAR)
EVENTS = pd.DataFrame(
    {{
        "event_id": ["e", "e"],
        "symbol": ["META", "CRWV"],
        "session": "2026-07-01",
        "expected": [1, -1],
    }}
)


def test_it_buys_what_rose() -> None:
    trades = af.backtest({name}(), EVENTS, PRICES).trades
    assert set(trades["side"]) == {{"long"}}
    none = af.backtest({name}(threshold=9.0), EVENTS, PRICES).trades
    assert none.empty


def test_it_plans_from_what_was_known() -> None:
    assert audit({name}, read_news(EVENTS, CALENDAR), PRICES, CALENDAR, "SPY") == ()
'''


def write_scaffold(name: str, workspace: Path, known: set[str]) -> list[Path]:
    """Write ``strategies/NAME.py`` and ``tests/test_NAME.py`` into a workspace.

    Parameters
    ----------
    name : str
        Of the class, as ``FollowTheLeader``; the files are ``follow_the_leader.py``.
    workspace : Path
    known : set of str
        Names that are taken.

    Raises
    ------
    StrategyError
        For a name that is taken or is none, or a file that is there already.
    """
    _check_name(name, known)
    module = module_name(name)
    texts = {
        workspace / "strategies" / f"{module}.py": STRATEGY,
        workspace / "tests" / f"test_{module}.py": TEST,
    }
    there = [path for path in texts if path.exists()]
    if there:
        raise StrategyError(
            "the file is there already",
            where=str(there[0]),
            do="choose another name, or move the file away",
        )
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(name=name, module=module), encoding="utf8")
    return list(texts)


def module_name(name: str) -> str:
    """Return the file in which a class lies: ``follow_the_leader``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _check_name(name: str, known: set[str]) -> None:
    """Refuse what is no name of a class, or is taken."""
    if name in known:
        raise StrategyError(
            f"a strategy is named '{name}' already",
            where="aftershock strategies new",
            do="choose another name",
        )
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) or keyword.iskeyword(name):
        raise StrategyError(
            f"'{name}' is no name of a class",
            where="aftershock strategies new",
            allowed="letters and digits, beginning with a capital: FollowTheLeader",
            do="write the name like that",
        )
