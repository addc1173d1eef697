"""Plans, borrow rows, registries and audits in the cases that are rarely met."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from aftershock import performance, portfolio
from aftershock.errors import AftershockError, ConfigError, StrategyError
from aftershock.fills import Account, BorrowRow, DecidedPlan, TradePlan, read_borrow
from aftershock.fills import borrow as borrowing
from aftershock.fills.auctions import Auctions
from aftershock.fills.sheet import Sheet
from aftershock.registry import build, load_file, load_folder, reading
from aftershock.strategy import Strategy
from aftershock.strategy.audit import leak, rules, tampering, twins
from aftershock.strategy.base import parameters
from aftershock.study.design import find_model
from tests.scenarios import CALENDAR, panel

BAR = (100.0, 101.0, 99.0, 100.0)


def test_without_a_file_nothing_is_known_of_borrowing(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(borrowing, "look_up", lambda *_: None)
    assert read_borrow(tmp_path) == ()


def test_rows_of_borrowing_are_a_list(tmp_path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "borrow.yaml").write_text("symbol: AAA\n")
    with pytest.raises(ConfigError, match="the file is no list"):
        read_borrow(tmp_path)


def test_rows_of_borrowing_in_lists_without_end_are_no_yaml(tmp_path) -> None:
    """A list in a list, five thousand times: Python's stack ends at a thousand."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "borrow.yaml").write_text("- " * 5000 + "AAA\n")
    with pytest.raises(ConfigError, match=r"borrow\.yaml: this is not YAML"):
        read_borrow(tmp_path)


def test_a_rate_of_a_symbol_without_prices_changes_no_other() -> None:
    """The account's 3 % stays on AAA, whatever ZZZ costs; a row counts from its day."""
    prices = panel({"AAA": [BAR] * 3})
    account = Account(borrow_rate=0.03, borrow_by_symbol={"ZZZ": 0.9})
    rate, _ = borrowing.borrow_terms(prices, account, ())
    assert rate[:, 0].tolist() == [0.03] * 3
    row = BorrowRow("AAA", prices.sessions[1], None, 0.25, "https://example.org")
    rate, _ = borrowing.borrow_terms(prices, Account(borrow_rate=0), [row])
    assert rate[:, 0].tolist() == [0.0, 0.25, 0.25]


def test_without_sessions_every_order_is_in_time() -> None:
    auctions = Auctions.of(pd.DatetimeIndex([]), CALENDAR, Account())
    assert auctions._open_to(np.array([0, 1]), np.array([5, 6])).tolist() == [True] * 2


def test_no_arrangement_lets_a_plan_fill_before_it_was_decided() -> None:
    """Decided after the open of the second session, half-session 3 is its first."""
    prices = panel({"AAA": [BAR] * 3})
    noon = (prices.sessions[1] + pd.Timedelta(hours=12)).tz_localize("America/New_York")
    plans = [
        DecidedPlan(TradePlan("AAA", weight=0.1), name, noon, noon) for name in "efg"
    ]
    auctions = Auctions.of(prices.sessions, CALENDAR, Account())
    sheet = Sheet.of(plans, prices, Account(), auctions)
    assert sheet.arranged().plans["entry"].tolist() == [4, 4, 4]
    # the first of those that would is named
    early = dataclasses.replace(sheet, first=np.array([4, 2, 2]))
    said = "event f, .*: the plan of AAA would fill before it was decided"
    with pytest.raises(StrategyError, match=said):
        early.arranged()


def test_returns_that_never_change_have_no_moments() -> None:
    """Of 0, 0, 0, 4 less their mean: variance 3, third moment 6, fourth 21."""
    assert np.isnan(performance.moments(np.zeros(4))).all()
    skew, kurtosis = performance.moments(np.array([0.0, 0.0, 0.0, 4.0]))
    assert skew == pytest.approx(6 / 3**1.5)
    assert kurtosis == pytest.approx(21 / 9)


def test_no_strategy_has_no_trade() -> None:
    found = portfolio._trades({}, panel({"AAA": [BAR]}))
    assert found.empty
    assert {"strategy", "event_id", "exit_reason", "pnl"} <= set(found)


SOURCE = """
from dataclasses import dataclass, field
from aftershock.strategy import Strategy

@dataclass(frozen=True)
class {name}(Strategy):
    size: float
    tags: list = field(default_factory=list)
    hold: int = 5

    def plan(self, news):
        return []
"""


def test_files_of_a_folder_that_begin_with_a_line_are_nobodys_strategy(
    tmp_path,
) -> None:
    folder = tmp_path / "strategies"
    folder.mkdir()
    (folder / "_shared.py").write_text("raise RuntimeError('never imported')")
    (folder / "mine.py").write_text(SOURCE.format(name="Mine"))
    found = load_folder(folder, Strategy)
    assert list(found) == ["Mine"]
    assert parameters(found["Mine"])["size"] == "required"
    assert parameters(found["Mine"])["tags"] == []
    assert parameters(found["Mine"])["hold"] == 5
    assert parameters(found["Mine"](0.5))["size"] == 0.5
    with pytest.raises(StrategyError, match=r"no parameter 'sizes'.*'size'"):
        build("strategy", found["Mine"], {"sizes": 1.0})


def test_a_wrong_parameter_of_a_model_is_no_matter_of_strategies() -> None:
    with pytest.raises(
        AftershockError, match=r"'Dimson' has no parameter 'lag'"
    ) as said:
        find_model("dimson", lag=2)
    assert not isinstance(said.value, StrategyError)
    assert "strategies" not in said.value.whole()


def test_a_strategy_that_is_no_dataclass_has_no_parameters() -> None:
    class Plain(Strategy):
        def plan(self, news):
            return []

    assert parameters(Plain) == {}
    assert parameters(Plain()) == {}


def test_a_file_of_another_kind_is_not_python(tmp_path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("x = 1")
    with pytest.raises(StrategyError, match="the file is not Python"):
        load_file(file, Strategy)


def test_a_file_that_hides_its_size_is_measured_as_it_is_read(
    tmp_path, monkeypatch
) -> None:
    """One of the system says that it is empty, and gives without end."""
    file = tmp_path / "text"
    file.write_text("12345")
    monkeypatch.setattr(reading, "check_file", lambda *_, **__: None)
    assert reading.read_text(file, ConfigError, most=5) == "12345"
    with pytest.raises(ConfigError, match="more than 4 bytes"):
        reading.read_text(file, ConfigError, most=4)


ONE = (("symbol", "AAA"), ("hold", 5))
OTHER = (("symbol", "AAA"), ("hold", 9))


@pytest.mark.parametrize(
    ("mine", "other", "said"),
    [
        ((ONE,), "it failed", ("error", "it failed")),
        ("it failed", (ONE,), ("error", str((ONE,)))),
        ((ONE,), (ONE, ONE), ("plans", "1 before, 2 after")),
        ((ONE, ONE), (ONE, OTHER), ("hold", "5 became 9")),
        ((ONE,), (ONE,), ("plans", "other ones in other worlds")),
    ],
)
def test_first_difference_of_two_worlds(mine, other, said) -> None:
    assert twins._difference(mine, other) == said


def world(*, session=True, moment=None):
    return SimpleNamespace(
        calendar=SimpleNamespace(is_session=lambda day: session),
        moment=lambda strategy, item: moment,
    )


def test_worlds_are_compared_only_where_the_event_has_a_session_and_a_moment() -> None:
    here, there = (
        SimpleNamespace(session=pd.Timestamp(f"2026-07-0{k}")) for k in (1, 2)
    )
    assert twins._comparable(world(), here, world(), here, None)
    assert not twins._comparable(world(), here, world(session=False), there, None)
    assert not twins._comparable(world(), here, world(), there, None)


def test_how_two_sets_of_plans_differ() -> None:
    now = pd.Timestamp("2026-07-01T10:00-04:00")
    one, two = (
        DecidedPlan(TradePlan("AAA", weight=0.1, hold=n), "e", now, now) for n in (1, 2)
    )
    assert list(leak.differences([one], [])) == [("plans", "1 before, 0 after")]
    assert list(leak.differences([one], [two])) == [("hold", "1 became 2")]


def test_what_python_does_to_import_is_nobodys_leak() -> None:
    assert rules.cause_of("importlib._bootstrap._call_with_frames_removed") is None


def test_what_was_put_in_is_told_and_taken_out_again() -> None:
    """Of a class every new name is a change; of an instance only what was there."""

    class Owner:
        kept = 1

    before = dict(vars(Owner))
    assert list(tampering._changes(Owner, before)) == []
    Owner.added, Owner._cache, Owner.kept = 1, 2, 3
    assert sorted(tampering._changes(Owner, before)) == ["added", "kept"]
    tampering._put(Owner, "added", tampering._MISSING)
    tampering._put(Owner, "kept", 1)
    assert not hasattr(Owner, "added")
    assert list(tampering._changes(Owner, before)) == []
