"""``aftershock strategies new``: a strategy that works, and its test."""

from __future__ import annotations

import keyword
import re
from importlib.util import find_spec
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
TEST = '''"""{name}: what must hold of any strategy; add what must hold of this one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from aftershock.calendar import TradingCalendar
from aftershock.events import load_catalogue
from aftershock.registry import load_file
from aftershock.run.suggesting import news_for
from aftershock.sources.base import panel_from
from aftershock.sources.sample import SampleSource
from aftershock.strategy import Strategy, decide, read_news
from aftershock.strategy.audit import audit

WORKSPACE = Path(__file__).parents[1]
FILE = WORKSPACE / "strategies" / "{module}.py"
{name} = load_file(FILE, Strategy)["{name}"]
CALENDAR = TradingCalendar.load()
# news to ask it about: where it plans nothing, the test names other news
EVENTS = pd.DataFrame(
    {{
        "event_id": "e",
        "symbol": ["META", "CRWV", "NBIS", "NVDA", "SMH"],
        "session": "2026-07-01",
        "role": [
            "actor",
            "supplier-competitor",
            "supplier-competitor",
            "upstream-supplier",
            "sector-fund",
        ],
        "expected": [1, -1, -1, -1, 0],
        "tag": "compute-supply",
    }}
)
ITEMS = read_news(EVENTS, CALENDAR)
# what it may trade: the symbols of the news; others can be added
NAMES = sorted({{exposure.symbol for item in ITEMS for exposure in item.exposures}})
# simulated prices, embedded in the package
SAMPLE = SampleSource().fetch([*NAMES, "SPY"], None, None)
PRICES = panel_from(SAMPLE, "split", CALENDAR)
WORLD = (ITEMS, PRICES, CALENDAR, "SPY")


def test_its_plans_can_be_traded() -> None:
    """A plan that cannot be meant is an error; others are of symbols with prices."""
    plans = [decided.plan for decided in decide({name}(), *WORLD)]
    if not plans:
        other = news_for({name}(), load_catalogue(WORKSPACE))
        raise AssertionError(f"it plans nothing here: {{other}}")
    unknown = {{plan.symbol for plan in plans}} - set(PRICES.symbols)
    assert not unknown, f"{{unknown}} has no prices here: add it to NAMES"


def test_it_plans_from_what_was_known() -> None:
    """Nor from chance, or from what it was asked before: asked again, it answers so."""
    leaks = audit({name}, *WORLD)
    assert not leaks, "\\n".join(map(str, leaks))
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


def lines_of_testing(test: Path) -> list[str]:
    """Return the commands that run a test; the first brings pytest, if it lacks."""
    lacking = [] if find_spec("pytest") else ["python -m pip install pytest"]
    return [*lacking, f"python -m pytest {test}"]


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
