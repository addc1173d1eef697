"""Defects of prices that are rare: each is named, or nothing is said where none is."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from aftershock.errors import PriceError
from aftershock.sources import base, factors, folder, tables, units
from aftershock.sources.comparing import compare
from aftershock.sources.findings import Inspection
from aftershock.store import changes
from aftershock.store.description import moment_of

DAYS = pd.bdate_range("2026-01-01", periods=200)


def frame(close, **more):
    """Return bars that move by nothing within a session."""
    close = np.asarray(close, dtype=float)
    columns = {"open": close, "high": close, "low": close, "close": close}
    columns |= {"volume": np.full(len(close), 1e6)} | more
    return pd.DataFrame(columns, index=DAYS[: len(close)])


def test_a_level_that_never_comes_back_is_one_defect_from_a_thousand_on() -> None:
    """Times 1,000 cannot be a split; times 100 or 10 without a return can be one."""
    for factor, said in ((1000.0, [(3, 1)]), (100.0, []), (10.0, [])):
        closes = np.array([5.0, 5.1, 5.0, 5.0 * factor, 5.1 * factor])
        assert list(units._excursions(closes)) == said


def test_a_close_that_was_exchanged_with_the_volume_is_told_from_a_unit() -> None:
    """The close of 40,000 after 20 is no unit where the volume is 21."""
    bars = frame([20.0, 20.0, 40_000.0], volume=[40_000.0, 40_000.0, 21.0])
    found = Inspection("A")
    units._note_stretch(bars, 2, 1, found)
    assert [d.rule for d in found.defects] == ["swapped_columns"]
    other = Inspection("A")
    units._note_stretch(frame([20.0, 20.0, 2000.0]), 2, 1, other)
    assert [d.rule for d in other.defects] == ["wrong_units"]
    assert "about 100 times its level" in other.defects[0].detail


def test_open_and_close_exchanged_for_sixty_sessions_are_found_there() -> None:
    """Nights move by 0.1 %, days by 3 %: where it is the other way round, for the last
    sixty of 181 sessions, open and close stand in each other's place.
    """
    random = np.random.default_rng(2)
    opened, closed = [100.0], [101.0]
    for _ in range(180):
        opened.append(closed[-1] * (1 + random.choice([-1, 1]) * 0.001))
        closed.append(opened[-1] * (1 + random.choice([-1, 1]) * 0.03))
    true = frame(closed, open=opened)
    sound = Inspection("A")
    units._ends_exchanged(true, sound)
    assert sound.defects == []
    part = true.copy()
    last = part.index[-60:]
    part.loc[last, ["open", "close"]] = true.loc[last, ["close", "open"]].to_numpy()
    found = Inspection("A")
    units._ends_exchanged(part, found)
    assert [d.rule for d in found.defects] == ["swapped_columns"]
    assert found.defects[0].session == last[0]


def test_prices_outside_the_range_count_where_they_are_near_each_other() -> None:
    """Five closes above the high within 25 sessions are a column; over 200 none."""
    for step, said in ((2, ["swapped_columns"]), (40, [])):
        high = np.full(200, 10.0)
        high[: 5 * step : step] = 9.0
        low = np.full(200, 8.0)
        bars = frame(np.full(200, 10.0), high=high, low=low, open=low)
        found = Inspection("A")
        units._range_exchanged(bars, found)
        assert [d.rule for d in found.defects] == said


def vendor(close, first=0):
    days = DAYS[first : first + len(close)]
    return {"A": pd.DataFrame({"close": close, "adj_close": close}, index=days)}


def test_vendors_without_a_common_session_have_no_value_to_compare() -> None:
    found = compare(vendor([1.0, 2.0]), vendor([1.0, 2.0], first=5))
    assert [(d.column, d.kind) for d in found] == [("close", "missing")]


def test_a_few_moves_are_never_called_shifted() -> None:
    """Four moves that fit a session off may be luck; each close differs, no more."""
    closes = [100.0, 120.0, 90.0, 130.0, 95.0]
    b = vendor([80.0, *closes[:-1]])
    assert "shifted" not in {d.kind for d in compare(vendor(closes), b)}


def test_a_calendar_is_widened_for_older_prices_and_kept_where_it_covers() -> None:
    usual = base.covering(None, DAYS[0], DAYS[-1])
    assert base.covering(usual, DAYS[0], DAYS[-1]) is usual
    before = usual.sessions[0] - pd.Timedelta(days=400)
    wide = base.covering(usual, before, DAYS[-1])
    assert wide.sessions[0] < usual.sessions[0]
    assert wide.sessions[0].year == before.year
    assert wide.sessions[-1] >= usual.sessions[-1]


def test_a_row_that_is_no_session_of_the_panel_is_named() -> None:
    with pytest.raises(PriceError, match="2026-01-02 is no session"):
        base._spread({"A": frame([1.0, 2.0])}, "close", DAYS[:1])


def test_factor_files_may_be_listed(tmp_path) -> None:
    """A folder gives its files by name; a list keeps its own order."""
    for name in ("b.csv", "a.csv", "note.txt"):
        (tmp_path / name).write_text("x")
    one, two = tmp_path / "a.csv", tmp_path / "b.csv"
    assert factors._files([two, tmp_path]) == [two, one, two]


def test_a_broken_file_is_no_table_of_several_symbols_but_alone_an_error(
    tmp_path,
) -> None:
    """Beside others it may be read by its name; as the whole source nothing is left."""
    broken = tmp_path / "A.parquet"
    broken.write_bytes(b"no parquet")
    assert folder._Files(tmp_path)._is_long(broken) is False
    with pytest.raises(tables.UNREADABLE):
        folder._Files(broken)._is_long(broken)


def test_a_file_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch) -> None:
    file = tmp_path / "A.csv"
    file.write_text("date,close\n2026-01-02,1\n")
    assert len(tables._of_csv(file)) == 1
    monkeypatch.setattr(tables, "MOST_TABLE", 20)
    with pytest.raises(PriceError, match="when unpacked"):
        tables._of_csv(file)


def snapshot(closes, first=0):
    days = DAYS[first : first + len(closes)]
    return pd.DataFrame({"date": days, "close": closes, "splits": 0.0})


def test_history_that_went_missing_is_told() -> None:
    """The second of three old days is gone; what lies before the new start is not."""
    old, new = snapshot([1.0, 2.0, 3.0]), snapshot([1.0, 2.0, 3.0])
    (said,) = changes.changed_history(old, new.drop(1), DAYS[2])
    assert "2026-01-02" in said
    assert said.endswith("went missing")
    assert changes.changed_history(old, new, DAYS[2]) == []
    later = snapshot([9.0], first=5)
    assert changes.changed_history(old, later, DAYS[2]) == []


def test_a_date_means_its_end_and_a_moment_itself() -> None:
    end = pd.Timestamp("2026-07-01T23:59:59.999999Z")
    assert moment_of("2026-07-01") == end
    assert moment_of(pd.Timestamp("2026-07-01")) == pd.Timestamp("2026-07-01T00:00Z")
    assert moment_of(None) is None


def test_what_was_had_before_a_failure_is_saved_and_nothing_where_nothing_was() -> None:
    from aftershock.sources.base import FetchFailed
    from aftershock.store import obtaining

    for partial, saved in ((None, []), ("some", ["some"])):
        kept: list[object] = []

        def fail(*_, partial=partial):
            error = FetchFailed("no network")
            error.partial = partial
            raise error

        source = SimpleNamespace(clock=lambda: None, fetch=fail, name="x")
        store = SimpleNamespace(save=lambda got, *_, kept=kept, **__: kept.append(got))
        with pytest.raises(FetchFailed):
            obtaining._append(source, store, ["A"], (None, None))
        assert kept == saved
