"""Events as pairs of symbol and session.

Sessions are those of the exchange's calendar, members those of the dates that each
basket states.
"""

import pandas as pd
import pytest

from aftershock.errors import EventError
from tests.events.writing import GOOD, NY, exposed, load, record


class TestPairs:
    SEMIS = "basket: semiconductors, role: upstream-supplier, expected: -1"

    def members(self, tmp_path, date):
        text = record(f"published: {date}T08:00:00-05:00", more=exposed(self.SEMIS))
        return list(load(tmp_path, text).pairs()["symbol"])

    def test_members_are_those_of_the_session(self, tmp_path):
        before = ["NVDA", "AMD", "AVGO", "MU", "TSM", "ASML"]
        assert self.members(tmp_path, "2025-02-12") == before
        assert self.members(tmp_path, "2025-02-13") == [*before, "SNDK"]

    def test_after_the_close_the_next_session_counts(self, tmp_path):
        """17:00 on 12 February belongs to the 13th, the first session of SNDK."""
        text = record("published: 2025-02-12T17:00:00-05:00", more=exposed(self.SEMIS))
        assert "SNDK" in set(load(tmp_path, text).pairs()["symbol"])

    def test_a_direct_line_wins_over_a_basket_and_a_proxy(self, tmp_path):
        lines = exposed(
            "symbol: SOX, role: upstream-supplier, expected: -1",
            self.SEMIS,
            "symbol: MU, role: supplier, expected: +1",
            "symbol: SOXX, role: sector-fund, expected: 0",
        )
        time = "published: 2026-07-01T08:00:00-04:00"
        pairs = load(tmp_path, record(time, more=lines)).pairs().set_index("symbol")
        assert pairs.index.is_unique
        mu, nvda, soxx = (pairs.loc[s] for s in ("MU", "NVDA", "SOXX"))
        assert (mu["role"], mu["expected"], mu["via"]) == ("supplier", 1, "")
        assert (nvda["expected"], nvda["via"]) == (-1, "semiconductors")
        assert (soxx["role"], soxx["proxy"]) == ("sector-fund", "")

    @pytest.mark.parametrize(
        ("index", "fund"),
        [("SOX", "SOXX"), ("NDX", "QQQ"), ("SPX", "SPY"), ("RUT", "IWM")],
    )
    def test_an_index_is_traded_through_its_proxy(self, tmp_path, index, fund):
        line = exposed(f"symbol: {index}, role: market, expected: +1")
        time = "published: 2026-07-01T08:00:00-04:00"
        row = load(tmp_path, record(time, more=line)).pairs().iloc[0]
        assert (row["symbol"], row["proxy"], row["flags"]) == (fund, index, "proxy")

    def test_the_same_session_twice(self, tmp_path):
        """Tuesday evening and Wednesday morning share Wednesday; the first is clean."""
        text = (
            record("published: 2026-07-01T08:00:00-04:00", "b")
            + record("published: 2026-07-01T08:00:00-04:00", "a")
            + record("published: 2026-06-30T17:00:00-04:00", "c")
            + record("published: 2026-07-01T17:00:00-04:00", "d")
        )
        pairs = load(tmp_path, text).pairs()
        told = list(zip(pairs["event_id"], pairs["flags"], strict=True))
        twin = "same_session_duplicate"
        assert told == [("c", ""), ("a", twin), ("b", twin), ("d", "")]

    def test_a_window_over_two_sessions_gives_both(self, tmp_path):
        """13:43 to 16:16 on 2 July 2026; the 3rd is a holiday."""
        time = "earliest: 2026-07-02T13:43:00-04:00, latest: 2026-07-02T16:16:00-04:00"
        pairs = load(tmp_path, record(time)).pairs()
        assert [f"{s:%Y-%m-%d}" for s in pairs["session"]] == [
            "2026-07-02",
            "2026-07-06",
        ]
        assert set(pairs["flags"]) == {"two_sessions"}

    @pytest.mark.parametrize(
        ("time", "session", "flags"),
        [
            ("published: 2026-07-01", "2026-07-01", "day_precision"),
            ("published: 2026-07-04", "2026-07-06", "day_precision"),
            # Its part of the day is known: it follows its window.
            (
                "precision: day, earliest: 2026-05-20T16:00:00-04:00, "
                "latest: 2026-05-20T20:00:00-04:00",
                "2026-05-21",
                "day_precision",
            ),
            (
                "precision: approximate, earliest: 2026-07-01T16:00:00-04:00, "
                "latest: 2026-07-01T20:00:00-04:00",
                "2026-07-02",
                "approximate_precision",
            ),
            # A guessed day, whole, is that day and not two sessions.
            (
                "precision: approximate, published: 2026-07-01",
                "2026-07-01",
                "approximate_precision",
            ),
        ],
    )
    def test_vague_times_are_flagged(self, tmp_path, time, session, flags):
        pairs = load(tmp_path, record(time)).pairs()
        assert [f"{s:%Y-%m-%d}" for s in pairs["session"]] == [session]
        assert list(pairs["flags"]) == [flags]

    def test_a_month_gives_no_pair_and_says_why(self, tmp_path):
        events = load(tmp_path, record("published: 2025-06"))
        assert events.pairs().empty
        assert events.without_session().values.tolist() == [
            ["one", "META", "precision", "only the month is known"]
        ]

    def test_policies(self, tmp_path):
        """4 July 2026 is a Saturday, the Friday before it a holiday."""
        events = load(tmp_path, record("published: 2026-07-04T12:00:00-04:00"))
        for policy, session in [("next", "2026-07-06"), ("previous", "2026-07-02")]:
            assert list(events.pairs(policy=policy)["session"]) == [
                pd.Timestamp(session)
            ]
        assert events.pairs(policy="drop").empty
        row = events.without_session(policy="drop").iloc[0]
        assert (row["reason"], row["symbol"]) == ("policy", "META")
        assert "Saturday 2026-07-04" in row["detail"]
        with pytest.raises(EventError, match=r"mine\.yaml:1 \(one\): Saturday"):
            events.pairs(policy="error")

    def test_columns_and_units(self, tmp_path):
        for events in (load(tmp_path, GOOD), load(tmp_path, "")):
            pairs = events.pairs()
            assert str(pairs["session"].dtype) == "datetime64[us]"
            assert str(pairs["published"].dtype) == f"datetime64[us, {NY}]"
            assert str(pairs["expected"].dtype) == "int64"
