"""The kernel against a plain reference loop, compiled and as plain Python."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aftershock.fills import Account
from aftershock.fills.compiled import forget_stale
from tests.fills import test_costs, test_exits, test_room
from tests.fills.by_hand import play
from tests.scenarios import SYMBOLS, random_panel, random_plans, reference


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6))
def test_random_scenarios_agree_with_the_plain_reference(seed: int) -> None:
    rng = np.random.default_rng(seed)
    prices = random_panel(rng)
    wants = random_plans(rng, prices, 12)
    account = Account(
        cash=1e6,
        fees_bps=2,
        slippage_bps=7,
        borrow_by_symbol=dict.fromkeys(SYMBOLS, 0.3),
        max_gross=1e6,
    )
    fills = play([w.decided for w in wants], prices, account)
    made = fills.trades.set_index("event_id")
    equity = np.full(len(prices.sessions), account.cash)
    for w in wants:
        ref = reference(w, prices, 7e-4, 2e-4, 0.3)
        row = made.loc[w.decided.event_id]
        equity += np.array(ref.adds)
        assert row["exit_reason"] == ref.reason
        if ref.entry is None or ref.exit is None:
            assert pd.isna(row["entry_session"])
            assert pd.isna(row["pnl"])
            continue
        assert row["entry_session"] == prices.sessions[ref.entry[0]]
        assert row["exit_session"] == prices.sessions[ref.exit[0]]
        for name in ("entry_price", "exit_price", "fees", "borrow", "pnl"):
            assert row[name] == pytest.approx(getattr(ref, name), rel=1e-9, abs=1e-6)
    assert np.abs(fills.equity.to_numpy() - equity).max() <= 1e-9 * account.cash


def test_code_compiled_before_a_rule_changed_is_forgotten(tmp_path) -> None:
    kept = tmp_path / "elsewhere"
    kept.mkdir()
    for name, age in (("old.nbi", 20), ("new.nbi", 0)):
        (kept / name).touch()
        os.utime(kept / name, (1000 - age, 1000 - age))
    (tmp_path / "rule.py").touch()
    os.utime(tmp_path / "rule.py", (990, 990))
    forget_stale(tmp_path, kept)
    assert [file.name for file in kept.iterdir()] == ["new.nbi"]


@pytest.mark.skipif(os.name != "posix", reason="symbolic links as POSIX has them")
def test_code_that_another_process_removed_first_is_no_failure(tmp_path) -> None:
    """A link to nothing is listed and cannot be looked at, as a file just removed."""
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "gone.nbi").symlink_to(tmp_path / "nowhere")
    (kept / "old.nbi").touch()
    os.utime(kept / "old.nbi", (1, 1))
    (tmp_path / "rule.py").touch()
    forget_stale(tmp_path, kept)
    assert not (kept / "old.nbi").exists()


@pytest.mark.parametrize("seed", [3, 11])
def test_interpreted_kernel_agrees_too(interpreted, seed: int) -> None:
    agrees = test_random_scenarios_agree_with_the_plain_reference
    agrees.hypothesis.inner_test(seed)


def test_interpreted_rules(interpreted) -> None:
    test_room.test_plans_are_scaled_to_the_room_and_then_refused()
    test_room.test_gross_cap_holds_after_costs()
    test_room.test_weight_and_position_caps()
    test_room.test_legs_of_a_group_share_a_scale_and_a_fate()
    test_exits.test_ruin_ends_the_run()
    test_exits.test_until_leaves_at_the_first_auction_after_the_later_event()
    test_costs.test_recent_listing_without_a_row_cannot_be_shorted()
    test_costs.test_default_slippage_doubles_at_opens_of_event_sessions_and_on_stops()
    test_exits.test_halted_symbol_leaves_at_its_last_price()
