"""Reading files of bars, and refusing those that mislead."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aftershock.errors import AftershockError, DataUnavailable, PriceError
from aftershock.sources.bars import bar_files, read_bars

HEAD = "timestamps,open,high,low,close,volume\n"


def line(moment: str, price: float = 10.0, volume: int = 5, spread: float = 1.0) -> str:
    """Return one row of a file."""
    return f"{moment},{price},{price + spread},{price},{price},{volume}\n"


def write(folder: Path, *lines: str, name: str = "ABC_60m.csv") -> Path:
    """Write a file of bars."""
    file = folder / name
    file.write_text(HEAD + "".join(lines))
    return file


OPEN = "2025-11-25T14:30:00+00:00"
SECOND = "2025-11-25T15:30:00+00:00"
THIRD = "2025-11-25T16:30:00+00:00"


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    file = write(tmp_path, line(OPEN, 10), line(SECOND, 11))
    bars = read_bars(file, "60min")
    frame = bars.frames["ABC"]
    assert list(frame["close"]) == [10, 11]
    assert str(frame.index.dtype) == "datetime64[us, UTC]"
    assert frame.index[0] == pd.Timestamp(OPEN)
    assert bars.size == pd.Timedelta("60min")
    assert bars.warnings == ()


def test_offsets_other_than_utc_mean_the_same_moment(tmp_path: Path) -> None:
    file = write(tmp_path, line("2025-11-25T09:30:00-05:00"), line(SECOND))
    assert read_bars(file, "60min").frames["ABC"].index[0] == pd.Timestamp(OPEN)


def test_the_closing_stamp_goes_with_a_warning(tmp_path: Path) -> None:
    """A bar at 16:00 without volume and range; on a half day at 13:00."""
    full = line("2025-11-25T21:00:00+00:00", volume=0, spread=0)
    half = line("2025-11-28T18:00:00+00:00", volume=0, spread=0)
    inside = line("2025-11-28T14:30:00+00:00")
    file = write(tmp_path, line(OPEN), line(SECOND), full, inside, half)
    bars = read_bars(file, "60min")
    assert len(bars.frames["ABC"]) == 3
    assert bars.warnings == (
        "ABC: left out 2 bar(s) without volume or range at or after the close",
    )


def test_a_flat_bar_inside_the_session_stays(tmp_path: Path) -> None:
    file = write(tmp_path, line(OPEN), line(SECOND, volume=0, spread=0))
    assert len(read_bars(file, "60min").frames["ABC"]) == 2


def test_only_the_regular_session_unless_told(tmp_path: Path) -> None:
    """08:30 in New York, 16:30 on a session, noon of Thanksgiving."""
    rows = [
        line("2025-11-25T13:30:00+00:00"),
        line(OPEN),
        line(SECOND),
        line("2025-11-25T21:30:00+00:00"),
        line("2025-11-27T17:00:00+00:00"),
    ]
    file = write(tmp_path, *rows)
    bars = read_bars(file, "60min")
    assert list(bars.frames["ABC"].index) == [pd.Timestamp(OPEN), pd.Timestamp(SECOND)]
    assert bars.warnings == ("ABC: left out 3 bar(s) outside the regular session",)
    everything = read_bars(file, "60min", regular=False)
    assert len(everything.frames["ABC"]) == 5
    assert everything.warnings == ()


@pytest.mark.parametrize(
    ("lines", "frequency", "says"),
    [
        ([line(SECOND), line(OPEN)], "60min", "after a later one"),
        ([line(OPEN), line(OPEN)], "60min", "two bars start at"),
        ([line("2025-11-25T14:30:00")], "60min", "has no zone"),
        ([line("soon+00:00")], "60min", "cannot be read"),
        ([line(OPEN), line(SECOND)], "5min", "60 minutes apart"),
        (
            [line(OPEN), line("2025-11-25T14:35:00+00:00"), line(SECOND)],
            "60min",
            "does not start on the 60-minute grid",
        ),
        ([f"{OPEN},x,11,10,10,5\n"], "60min", "not all numbers are prices: open"),
        ([line(OPEN, price=-1)], "60min", "not above zero"),
        ([f"{OPEN},10,inf,10,10,5\n"], "60min", "an infinite value"),
        ([line(OPEN, volume=-1)], "60min", "negative volume"),
        ([line(OPEN, spread=-1)], "60min", "a high below its low"),
    ],
)
def test_what_misleads_is_refused_in_four_parts(
    tmp_path: Path, lines: list[str], frequency: str, says: str
) -> None:
    file = write(tmp_path, *lines)
    with pytest.raises(PriceError, match=says) as caught:
        read_bars(file, frequency)
    error: AftershockError = caught.value
    assert error.where == str(file)
    assert all([error.found, error.allowed, error.do])


def test_columns_that_lack_are_named(tmp_path: Path) -> None:
    file = tmp_path / "ABC.csv"
    file.write_text("timestamp,open,close\n")
    with pytest.raises(PriceError, match="high, low, volume is missing"):
        read_bars(file, "60min")


def test_the_moment_counts_where_its_day_stands_before_it(tmp_path: Path) -> None:
    file = tmp_path / "ABC_60m.csv"
    rows = [f"2025-11-25,{line(moment)}" for moment in (OPEN, SECOND)]
    file.write_text("date," + HEAD + "".join(rows))
    assert read_bars(file, "60min").frames["ABC"].index[0] == pd.Timestamp(OPEN)


def test_two_files_of_one_symbol_are_refused(tmp_path: Path) -> None:
    one = write(tmp_path, line(OPEN))
    two = write(tmp_path, line(OPEN), name="ABC_1h.csv")
    with pytest.raises(PriceError, match="second file of ABC"):
        read_bars([one, two], "60min")


def test_files_of_a_size_are_found_by_their_names(tmp_path: Path) -> None:
    for name in ("B_1h.csv", "A_60m.csv", "A_5m.csv", "_GSPC_60min.csv", "A.csv"):
        write(tmp_path, line(OPEN), line(SECOND), name=name)
    hourly = bar_files(tmp_path, "60min")
    assert [f.name for f in hourly] == ["A_60m.csv", "B_1h.csv", "_GSPC_60min.csv"]
    assert set(read_bars(hourly, "60min").frames) == {"A", "B", "^GSPC"}
    assert [f.name for f in bar_files(tmp_path, "5min")] == ["A_5m.csv"]


def test_absent_files_are_an_error_of_their_own(tmp_path: Path) -> None:
    with pytest.raises(DataUnavailable, match="no file of 1min bars"):
        bar_files(tmp_path, "1min")
    with pytest.raises(DataUnavailable, match="no such file"):
        read_bars(tmp_path / "NO_5m.csv", "5min")
