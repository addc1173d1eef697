"""Hindsight: permutations enumerated by hand, reactions by a second implementation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.calendar import TradingCalendar
from aftershock.cli import main
from aftershock.errors import DataUnavailable
from aftershock.events import EventSet, load_catalogue, load_events
from aftershock.hindsight import Hindsight, hindsight, sign_permutation
from aftershock.prices import PricePanel
from aftershock.registry import shipped
from aftershock.sources.base import panel_from
from aftershock.sources.folder import FolderSource

CALENDAR = TradingCalendar.load()
SESSIONS = CALENDAR.sessions[
    (CALENDAR.sessions >= "2025-01-02") & (CALENDAR.sessions <= "2026-06-30")
]
EVENT = """\
- id: e{place}
  headline: News of {day}
  published: {day}T08:00:00 America/New_York
  tags: [earnings]
  exposures: [{{symbol: {symbol}, role: actor, expected: {sign}, declared: {declared}}}]
  selected_by: {chosen}
"""


def permuted(signs: list[int], moves: list[int], sessions: list[int], draws: int = 999):
    random = np.random.default_rng(1)
    return sign_permutation(
        np.array(signs, float), np.array(moves, float), sessions, random, draws
    )


class TestPermutation:
    def test_two_sessions(self) -> None:
        """Signs ++ and -, moves ++ and -: as they are 3 of 3, exchanged 0 of 3."""
        hits, chance, pvalue = permuted([1, 1, -1], [1, 1, -1], [1, 1, 2])
        assert hits == 1
        assert chance == pytest.approx(0.5, abs=0.06)
        assert pvalue == pytest.approx(0.5, abs=0.06)

    def test_a_session_is_not_split(self) -> None:
        """Signs +- on both sessions: every arrangement is the same, p is 1."""
        hits, chance, pvalue = permuted([1, -1, 1, -1], [1, -1, 1, -1], [1, 1, 2, 2])
        assert (hits, chance, pvalue) == (1, 1, 1)

    def test_signs_that_are_all_up_say_nothing(self) -> None:
        """Nine of ten moves are up, and so is every sign: .9 by chance, p is 1."""
        moves = [1] * 9 + [-1]
        assert permuted([1] * 10, moves, list(range(10))) == (
            0.9,
            pytest.approx(0.9),
            1,
        )

    def test_short_and_long_sessions(self) -> None:
        """Signs + and --+: exchanged, - falls on the one and + three times on three.

        Moves + and --+: as they are 4 of 4; exchanged 0 and 1 of 4. Mean .625.
        """
        signs, moves = [1, -1, -1, 1], [1, -1, -1, 1]
        hits, chance, _ = permuted(signs, moves, [1, 2, 2, 2], draws=9999)
        assert hits == 1
        assert chance == pytest.approx(0.625, abs=0.02)

    def test_one_session_and_none(self) -> None:
        assert permuted([1, -1], [1, 1], [5, 5]) == (0.5, None, None)
        assert permuted([], [], []) == (None, None, None)

    @pytest.mark.slow
    def test_it_rejects_as_often_as_it_says_where_signs_know_nothing(self) -> None:
        """Signs and moves each agree within a session (four times in five), no more."""
        random = np.random.default_rng(7)
        rejected = 0
        for _ in range(400):
            sizes = random.integers(1, 7, size=40)
            sessions = np.repeat(np.arange(40), sizes)
            common = random.choice([-1.0, 1.0], size=(2, 40))[:, sessions]
            own = np.where(random.random(common.shape) < 0.2, -1, 1)
            signs, moves = common * own
            _, _, p = sign_permutation(signs, moves, sessions, random, 199)
            rejected += p <= 0.05
        assert 0.02 <= rejected / 400 <= 0.085

    def test_it_finds_signs_that_know(self) -> None:
        random = np.random.default_rng(8)
        moves = random.choice([-1.0, 1.0], size=60)
        signs = np.where(random.random(60) < 0.75, moves, -moves)
        sessions = np.repeat(np.arange(30), 2)
        hits, _, p = sign_permutation(signs, moves, sessions, random, 999)
        assert (hits > 0.6, p < 0.01) == (True, True)
        lost, _, q = sign_permutation(-signs, moves, sessions, random, 999)
        assert lost == pytest.approx(1 - hits)
        assert q > 0.95


class TestOnDrawnPrices:
    """Two shares of beta 1 with shocks of +10 % on the sessions of some events."""

    PLACES = (150, 200, 250, 300)

    @pytest.fixture
    def prices(self) -> PricePanel:
        random = np.random.default_rng(3)
        returns = random.normal(0, 0.01, (len(SESSIONS), 3))
        returns[:, 1:] += returns[:, :1]
        for place in self.PLACES:
            returns[place, 1] += 0.10
        close = pd.DataFrame(100 * np.cumprod(1 + returns, axis=0), SESSIONS)
        return PricePanel(close=close.set_axis(["SPY", "META", "AMD"], axis=1))

    @pytest.fixture
    def events(self, tmp_path: Path) -> EventSet:
        """META up on its shocks (one sign down), AMD on a quiet session, too early."""
        rows = [
            *((place, "META", "+1", "after", "move") for place in self.PLACES[:3]),
            (300, "META", "-1", "unknown", "move"),
            (220, "AMD", "0", "unknown", "rule"),
            (30, "AMD", "+1", "unknown", "rule"),
            (221, "CRWV", "+1", "unknown", "rule"),
        ]
        text = "".join(
            EVENT.format(
                place=f"{place}-{symbol}",
                day=f"{SESSIONS[place]:%Y-%m-%d}",
                symbol=symbol,
                sign=sign,
                declared=declared,
                chosen=chosen,
            )
            for place, symbol, sign, declared, chosen in rows
        )
        path = tmp_path / "own.yaml"
        path.write_text(text)
        return load_events([path])

    @pytest.fixture
    def found(self, events: EventSet, prices: PricePanel) -> Hindsight:
        return hindsight(events, prices, draws=999, seed=1)

    def test_shares(self, found: Hindsight) -> None:
        """Four shocks of about ten standard errors, one session in five without."""
        shares = {share.part: share for share in found.shares}
        assert list(shares) == [
            *("all", "declared after", "declared unknown"),
            *("selected_by rule", "selected_by move"),
        ]
        whole, moved, rule = (
            shares[k] for k in ("all", "selected_by move", "selected_by rule")
        )
        assert (whole.pairs, whole.sessions, whole.signed) == (5, 5, 4)
        assert (moved.large, moved.hits) == (1, 0.75)
        assert (rule.pairs, rule.signed, rule.hits, rule.pvalue) == (1, 0, None, None)
        assert shares["declared after"].hits == 1

    def test_what_was_left_out_is_named(self, found: Hindsight) -> None:
        assert found.left_out == {"insufficient_estimation": 1, "no_prices": 1}

    def test_the_usual_share(self, found: Hindsight, prices: PricePanel) -> None:
        """A second implementation: one regression for each session and symbol.

        Four pairs are META's and one is AMD's.
        """
        meta, amd = (usual(prices, symbol) for symbol in ("META", "AMD"))
        assert found.shares[0].base == pytest.approx((4 * meta + amd) / 5, abs=1e-12)

    def test_the_market_itself_is_named(
        self, events: EventSet, prices: PricePanel
    ) -> None:
        assert hindsight(events, prices, "AMD").left_out["market"] == 2

    def test_nothing_to_measure(self, events: EventSet, prices: PricePanel) -> None:
        with pytest.raises(DataUnavailable, match="no pair of these events"):
            hindsight(events.chosen(symbols=["CRWV"]), prices)
        with pytest.raises(DataUnavailable, match="no prices of the market QQQ"):
            hindsight(events, prices, "QQQ")


def usual(prices: PricePanel, symbol: str) -> float:
    """Return the share of sessions with |SAR| > 1.96, by least squares each."""
    returns = prices.close.pct_change()
    y, x = (returns[name].to_numpy() for name in (symbol, "SPY"))
    large = []
    for t in range(len(y)):
        rows = [r for r in range(max(t - 250, 1), t - 10) if r >= 1]
        if len(rows) < 60:
            continue
        design = np.column_stack([np.ones(len(rows)), x[rows]])
        beta, *_ = np.linalg.lstsq(design, y[rows], rcond=None)
        error = y[rows] - design @ beta
        s2 = error @ error / (len(rows) - 2)
        ahead = np.array([1, x[t]])
        leverage = ahead @ np.linalg.inv(design.T @ design) @ ahead
        large.append(abs(y[t] - ahead @ beta) / np.sqrt(s2 * (1 + leverage)) > 1.96)
    return float(np.mean(large))


def test_without_prices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = shipped("data") / "events" / "ai_compute.yaml"
    with pytest.raises(SystemExit) as end:
        main(["hindsight", str(path)])
    assert end.value.code == DataUnavailable.exit_code
    assert "no prices" in capsys.readouterr().err


def test_on_the_sample_it_says_which_moves_are_simulated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sample's prices are asked where no file or folder is named `sample`.

    `data/reported_moves.csv` has META's close of 2026-07-01, and nothing of 2026-06-10.
    """
    monkeypatch.chdir(tmp_path)
    words = {"symbol": "META", "sign": "+1", "declared": "after", "chosen": "move"}
    days = ("2026-07-01", "2026-06-10")
    text = (EVENT.format(place=n, day=day, **words) for n, day in enumerate(days))
    Path("two.yaml").write_text("".join(text))
    command = ["hindsight", "two.yaml", "--prices", "sample", "--draws", "99"]
    for more in ([], ["--json"]):
        with pytest.raises(SystemExit) as end:
            main([*command, *more])
        assert end.value.code == 0
    shown = capsys.readouterr().out
    said = "Sample data: simulated; 1 of 2 pairs' moves press-reported. The usual share"
    assert f"\n{said}" in shown
    told = json.loads(shown[shown.index("{") :])
    assert told["simulated"].startswith(said)
    assert told["shares"][0]["pairs"] == 2
    assert "moves" not in told
    with pytest.raises(SystemExit) as end:
        main(["hindsight", "two.yaml", "--prices", "nowhere"])
    assert end.value.code == DataUnavailable.exit_code
    assert "or `sample` for the simulated ones" in capsys.readouterr().err


@pytest.fixture(scope="module")
def real() -> PricePanel:
    from tests.conftest import realdata_folder

    source = FolderSource(realdata_folder() / "prices")
    return panel_from(source.fetch(source.symbols(), None, None))


@pytest.mark.realdata
class TestOurs:
    """The figures of data/README.md."""

    def test_the_catalogue(self, real: PricePanel) -> None:
        """As the table of the README has them."""
        found = hindsight(load_catalogue(), real)
        lines = (shipped("data") / "README.md").read_text().splitlines()
        rows = {
            cells[0]: cells[1:]
            for line in lines
            if len(cells := [c.strip() for c in line.strip("| ").split("|")]) == 7
        }
        for share in found.shares:
            told = rows[share.part.replace("_", " ")]
            percents = [f"{100 * v:.0f} %" for v in (share.large, share.base)]
            assert told[:4] == [str(share.pairs), *percents, str(share.signed)]
            assert share.hits is not None
            assert told[4] == f"{100 * share.hits:.0f} %"
            assert float(told[5]) == pytest.approx(share.pvalue, abs=0.002)

    def test_opposite_signs_hit_where_these_miss(self, real: PricePanel) -> None:
        """Returns turned over: what hit before misses now, and large stays large."""
        close = real.close.drop(columns="^VIX")  # its worst day would be below zero
        path = (1 - close.pct_change(fill_method=None).fillna(0)).cumprod()
        turned = PricePanel(close=100 * path.mask(close.isna()))
        own, other = (hindsight(load_catalogue(), p) for p in (real, turned))
        assert other.shares[0].large == pytest.approx(own.shares[0].large, abs=1e-9)
        assert other.shares[0].hits == pytest.approx(1 - own.shares[0].hits, abs=1e-9)


@pytest.mark.realdata
def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.conftest import realdata_folder

    path = shipped("data") / "events" / "ai_compute.yaml"
    with pytest.raises(SystemExit) as end:
        folder = str(realdata_folder() / "prices")
        main(["hindsight", str(path), "--prices", folder, "--json", "--draws", "99"])
    assert end.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["shares"][0]["part"] == "all"
    assert told["settings"]["estimation"] == [-250, -11]
    assert 0 < told["shares"][0]["base"] < told["shares"][0]["large"] < 1
