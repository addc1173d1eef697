"""Markets without news, drawn at random: what a test may say of them is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from aftershock.abnormal import FloatArray, IntArray
from aftershock.calibration.shocks import (
    VOLUME_SIGMA,
    GarchShocks,
    NormalShocks,
    Shocks,
    StudentShocks,
    log_volume,
)
from aftershock.study.design import StudyDesign
from aftershock.study.panel import StudyPanel, make_panel

NORMAL = NormalShocks()
SIGMA, MARKET_SIGMA = 0.02, 0.01
SPACING = 6
"""Sessions between events of different symbols: windows of up to six sessions do not
overlap."""
MONTHLY = 20
"""Sessions between events of the same symbols: each window lies in the estimation of
the next event, as it does in most studies; see `Trial.close_events`."""
QUARTERLY = 63
"""Sessions between results of one firm."""
HISTORY = 300
"""Sessions before the first event: estimation, and room for placebo sessions."""
AFTER = 11
FEW_SYMBOLS = 4
DOWN_ROLES = ("competitor", "customer", "supplier")


@dataclass(frozen=True)
class Shift:
    """What the news adds on the event session, in residual standard deviations.

    With `signed` each symbol moves in its expected direction, else all move up.
    """

    effect: float = 0.0
    signed: bool = False


@dataclass(frozen=True, eq=False)
class Drawn:
    """Replications that share a panel.

    Attributes
    ----------
    panel : StudyPanel
    pairs : tuple of DataFrame
        Of each replication: event_id, symbol, role, expected, session.
    volatility : (R,)
        Mean variance that was known before the event; NaN where it never changes.
    """

    panel: StudyPanel
    pairs: tuple[pd.DataFrame, ...]
    volatility: FloatArray


@dataclass(frozen=True)
class Design:
    """A market without news: R = b Rm + sigma e, and events set on it.

    Parameters
    ----------
    name, words : str
    symbols : int
        Of one event session; with `own_sessions`, each of an event of its own.
    sessions : int
        Event sessions, `apart` from each other; every symbol has an event on each.
    own_sessions : bool
        One event for each symbol, each on another session.
    shocks : Shocks
        How e is drawn.
    variance : float
        Of e on the event session, as a multiple.
    shortest : int
        Fewest estimation rows; symbols are listed late, between this and `longest`.
    longest : int
        Most estimation rows.
    effect : float
        At which power is stated, in sigma.
    apart : int
        Sessions from one event of a symbol to the next.
    """

    name: str
    words: str
    symbols: int
    sessions: int = 1
    own_sessions: bool = False
    shocks: Shocks = NORMAL
    variance: float = 1.0
    shortest: int = 240
    longest: int = 240
    effect: float = 0.5
    apart: int = MONTHLY

    @property
    def one_session(self) -> bool:
        """Whether all events fall on one session."""
        return self.sessions == 1 and not (self.own_sessions and self.symbols > 1)

    @property
    def thrift(self) -> int:
        """One in so many replications runs the tests that are dear."""
        if self.symbols > FEW_SYMBOLS:
            return 20
        return 1 if self.one_session else 5

    @property
    def positions(self) -> IntArray:
        """Calendar position of each pair's event, (N,)."""
        if self.own_sessions:
            return HISTORY + SPACING * np.arange(self.symbols, dtype=np.int64)
        days = HISTORY + self.apart * np.arange(self.sessions, dtype=np.int64)
        return np.repeat(days, self.symbols)

    @property
    def columns(self) -> IntArray:
        """Symbol of each pair, (N,)."""
        times = 1 if self.own_sessions else self.sessions
        return np.tile(np.arange(self.symbols, dtype=np.int64), times)

    @property
    def expected(self) -> FloatArray:
        """Expected sign of each pair: a quarter of the symbols up, the others down."""
        up = self.columns < -(-self.symbols // 4)
        return np.where(up, 1.0, -1.0)

    def draw(
        self,
        random: np.random.Generator,
        count: int,
        study: StudyDesign,
        shift: Shift,
    ) -> Iterator[Drawn]:
        """Yield `count` replications on one panel with one market."""
        length = int(self.positions.max()) + AFTER
        market = random.normal(0, MARKET_SIGMA, length)
        beta = random.uniform(0.5, 1.5, (count, self.symbols))
        shocks, variance = self.shocks.draw(random, length, (count, self.symbols))
        listed = random.integers(self.shortest, self.longest + 1, (count, self.symbols))
        shocks[self.positions, :, self.columns] *= np.sqrt(self.variance)
        signs = self.expected if shift.signed else np.ones(len(self.positions))
        shocks[self.positions, :, self.columns] += (shift.effect * signs)[:, None]
        returns = beta * market[:, None, None] + SIGMA * shocks
        self._list_late(returns, listed, -study.estimation.end)
        prior = variance[self.positions, :, self.columns].mean(axis=0)
        turnover = log_volume(
            random, length, (count, self.symbols), self.shocks.correlation
        )
        turnover[self.positions, :, self.columns] += shift.effect * VOLUME_SIGMA
        panel = self._panel(returns, market, study)
        yield Drawn(
            replace(panel, log_volume=turnover.reshape(length, -1)),
            tuple(self._pairs(r, length) for r in range(count)),
            prior,
        )

    def _list_late(self, returns: FloatArray, rows: IntArray, gap: int) -> None:
        """Take away what lies before a symbol's first estimation row."""
        if self.shortest == self.longest == 240:
            return
        events = np.full(self.symbols, self.positions.min())
        events[self.columns] = self.positions
        first = events - gap + 1 - rows
        before = np.arange(len(returns))[:, None, None] < first
        returns[before] = np.nan

    def _panel(
        self, returns: FloatArray, market: FloatArray, study: StudyDesign
    ) -> StudyPanel:
        """Return all replications as symbols of one panel."""
        days = _calendar(len(market))
        count = returns.shape[1]
        names = [_symbol(r, k) for r in range(count) for k in range(self.symbols)]
        frame = pd.DataFrame(returns.reshape(len(market), -1), days, names)
        factors = pd.DataFrame({"mkt": market}, days)
        return make_panel(frame, factors, study.model, study.estimation)

    def _pairs(self, replication: int, length: int) -> pd.DataFrame:
        """Return the events of one replication."""
        sessions = _calendar(length)[self.positions]
        down = [DOWN_ROLES[k % len(DOWN_ROLES)] for k in self.columns]
        return pd.DataFrame(
            {
                "event_id": [f"e{p}" for p in self.positions],
                "symbol": [_symbol(replication, k) for k in self.columns],
                "role": np.where(self.expected > 0, "subject", down),
                "expected": self.expected,
                "session": sessions,
            }
        )


def _symbol(replication: int, k: int) -> str:
    return f"r{replication}s{k}"


def _calendar(length: int) -> pd.DatetimeIndex:
    """Return weekdays that stand for sessions."""
    return pd.DatetimeIndex(pd.bdate_range("2000-01-03", periods=length)).as_unit("us")


_T, _GARCH = StudentShocks(df=3.5), GarchShocks()
_LIST = (
    Design("iid_normal", "50 symbols, each on a session of its own; normal", 50,
           own_sessions=True),
    Design("one_session", "50 symbols on one session, correlation .3; normal", 50,
           shocks=NormalShocks(0.3), effect=1.0),
    Design("variance_doubled", "50 symbols, own sessions; variance x 2 on the event",
           50, own_sessions=True, variance=2.0),
    Design("student_t", "50 symbols, own sessions; Student t(3.5)", 50,
           own_sessions=True, shocks=_T),
    Design("one_session_variance_doubled",
           "50 symbols on one session, correlation .3; variance x 2 on it", 50,
           shocks=NormalShocks(0.3), variance=2.0, effect=1.0),
    Design("four_on_1", "4 symbols, correlation .5, on 1 session; normal", 4,
           shocks=NormalShocks(0.5), effect=2.0),
    Design("four_on_5", "4 symbols, correlation .5, on 5 sessions; normal", 4, 5,
           shocks=NormalShocks(0.5), effect=1.0),
    Design("four_on_12", "4 symbols, correlation .5, on 12 sessions; normal", 4, 12,
           shocks=NormalShocks(0.5), effect=1.0),
    Design("four_on_25", "4 symbols, correlation .5, on 25 sessions; normal", 4, 25,
           shocks=NormalShocks(0.5), apart=QUARTERLY),
    Design("mixed_history", "50 symbols, own sessions; M between 60 and 240; normal",
           50, own_sessions=True, shortest=60),
    Design("garch", "50 symbols, own sessions; GARCH(1,1) (.08, .90), t(5)", 50,
           own_sessions=True, shocks=_GARCH),
    Design("garch_four_on_1",
           "4 symbols, correlation .5, on 1 session; GARCH(1,1) (.08, .90), t(5)", 4,
           shocks=GarchShocks(correlation=0.5), effect=2.0),
    Design("garch_four_on_12",
           "4 symbols, correlation .5, on 12 sessions; GARCH(1,1) (.08, .90), t(5)",
           4, 12, shocks=GarchShocks(correlation=0.5), effect=1.0),
    Design("one_pair", "1 symbol on 1 session; normal", 1, effect=3.0),
    Design("one_pair_short", "1 symbol on 1 session; M = 120; normal", 1,
           shortest=120, longest=120, effect=3.0),
    Design("one_pair_student_t", "1 symbol on 1 session; Student t(3.5)", 1,
           shocks=_T, effect=3.0),
    Design("one_pair_garch", "1 symbol on 1 session; GARCH(1,1) (.08, .90), t(5)", 1,
           shocks=_GARCH, effect=3.0),
)  # fmt: skip
DESIGNS = {design.name: design for design in _LIST}
"""The designs of the reference table, by name."""
