"""The panel: one clear message for what is wrong, and a cut that is exact."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.calendar import TradingCalendar
from aftershock.errors import PriceError
from aftershock.prices import Defect, PricePanel
from aftershock.sources.base import panel_from
from aftershock.sources.folder import FolderSource

# Thursday, Friday (half day: closes at 13:00), Monday around Thanksgiving 2025.
DAYS = pd.DatetimeIndex(["2025-11-26", "2025-11-28", "2025-12-01"])
CALENDAR = TradingCalendar.load()


def frame(*rows: tuple[float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=DAYS[: len(rows)], columns=["META", "ON"])


OPEN = frame((9, 20), (11, 21), (12, 22))
CLOSE = frame((10, 20), (12, np.nan), (15, 24))
PANEL = PricePanel(open=OPEN, close=CLOSE)


def at(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="America/New_York")


def test_returns_do_not_span_gaps() -> None:
    """12/10 - 1 = 0.2, 15/12 - 1 = 0.25; none beside the hole of ON."""
    expected = [[np.nan, np.nan], [0.2, np.nan], [0.25, np.nan]]
    np.testing.assert_allclose(PANEL.returns().to_numpy(), expected, rtol=1e-14)


def test_gap_and_open_to_close() -> None:
    """11/10 - 1, 12/12 - 1, ON 21/20 - 1; within 10/9 - 1, 12/11 - 1, 15/12 - 1."""
    gap = [[np.nan, np.nan], [0.1, 0.05], [0.0, np.nan]]
    within = [[1 / 9, 0], [1 / 11, np.nan], [0.25, 1 / 11]]
    np.testing.assert_allclose(PANEL.gap().to_numpy(), gap, rtol=1e-12)
    np.testing.assert_allclose(PANEL.open_to_close().to_numpy(), within, atol=1e-14)


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_any_unit_becomes_microseconds(unit: str) -> None:
    panel = PricePanel(close=CLOSE.set_axis(DAYS.as_unit(unit)))
    assert panel.sessions.unit == "us"
    assert panel.sha256() == PricePanel(close=CLOSE).sha256()


@pytest.mark.parametrize(
    "index",
    [
        DAYS.tz_localize("America/New_York"),
        DAYS.date,
        DAYS.strftime("%Y-%m-%d"),
        pd.PeriodIndex(DAYS, freq="D"),
    ],
    ids=["aware midnights", "dates", "text", "periods"],
)
def test_dates_in_other_clothes(index: pd.Index) -> None:
    assert PricePanel(close=CLOSE.set_axis(index)).sessions.equals(DAYS.as_unit("us"))


@pytest.mark.parametrize(
    ("close", "message"),
    [
        (CLOSE["META"], "Series where prices are needed"),
        (CLOSE.set_axis([0, 1, 2]), "the index holds numbers"),
        (CLOSE.set_axis(["a", "b", "c"]), "the index holds no dates"),
        (CLOSE.set_axis([DAYS[0], pd.NaT, DAYS[2]]), "a missing date"),
        (CLOSE.iloc[::-1], "not in order: 2025-11-28 comes too late"),
        (CLOSE.iloc[[0, 0, 1]], "2025-11-26 is there twice"),
        (CLOSE.set_axis(DAYS + pd.Timedelta("16h")), "is a time, not a date"),
        (CLOSE.rename(columns={"ON": True}), "the column True is no symbol"),
        (CLOSE.rename(columns={"ON": "META"}), "'META' is there twice"),
        (CLOSE.replace(12.0, 0.0), "close, META, 2025-11-28: the value 0"),
        (CLOSE.replace(12.0, np.inf), "the value inf"),
        (
            CLOSE.astype(object).replace(12.0, "n/v"),
            "META, 2025-11-28.*'n/v' is no num",
        ),
    ],
)
def test_what_is_wrong_is_said(close: pd.DataFrame, message: str) -> None:
    with pytest.raises(PriceError, match=f"(?s){message}"):
        PricePanel(close=close)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"high": CLOSE - 1, "low": CLOSE}, "META, 2025-11-26: high 9 is below low 10"),
        ({"volume": -CLOSE}, "volume, META"),
        ({"open": OPEN.iloc[:2]}, "open: its sessions differ"),
        ({"open": OPEN[["META"]]}, "open: its symbols differ .* first ON"),
        ({"open": OPEN[["ON", "META"]]}, "in order"),
        ({"basis": "raw"}, "'raw' is no basis"),
    ],
)
def test_frames_must_agree(given: dict[str, object], message: str) -> None:
    with pytest.raises(PriceError, match=message):
        PricePanel(close=CLOSE, **given)  # type: ignore[arg-type]


def test_nothing_can_be_written() -> None:
    source = CLOSE.copy()
    panel = PricePanel(close=source)
    source.iloc[0, 0] = 99.0
    assert panel.close.iloc[0, 0] == 10.0
    with pytest.raises(ValueError, match="read-only"):
        panel.close.iloc[0, 0] = 99.0
    with pytest.raises(ValueError, match="read-only"):
        panel.close.to_numpy()[0, 0] = 99.0


@pytest.mark.parametrize(
    ("moment", "rows", "closed"),
    [
        ("2025-11-26 09:29:59", 0, 0),
        ("2025-11-26 09:30", 1, 0),
        ("2025-11-26 15:59:59", 1, 0),
        ("2025-11-26 16:00", 1, 1),
        ("2025-11-27 12:00", 1, 1),  # Thanksgiving
        ("2025-11-28 12:59:59", 2, 1),
        ("2025-11-28 13:00", 2, 2),  # half day
        ("2025-11-30 12:00", 2, 2),  # Sunday
        ("2026-01-01 00:00", 3, 3),
    ],
)
def test_the_cut_holds_what_was_known(moment: str, rows: int, closed: int) -> None:
    """Hours of the New York exchange: 09:30 to 16:00, 13:00 on 28 November 2025."""
    cut = PANEL.until(at(moment), CALENDAR)
    assert len(cut.sessions) == rows
    assert cut.close["META"].notna().sum() == closed
    assert cut.open["META"].notna().sum() == rows
    for name in ("open", "close", "volume"):
        part = getattr(cut, name).to_numpy()
        while part.base is not None:  # the memory behind the view
            part = part.base
        assert part.size == rows * 2


def test_the_cut_speaks_of_nothing_later() -> None:
    later = Defect("x", "META", DAYS[2].as_unit("us"), "hole", "", "minor", "")
    panel = PricePanel(
        close=CLOSE,
        provenance=({"symbol": "META", "last": "2025-12-01"},),
        warnings=("META 2025-12-01: a hole",),
        defects=(later,),
    )
    cut = panel.until(at("2025-11-30"), CALENDAR)
    assert (cut.provenance, cut.warnings, cut.defects) == ((), (), ())


def test_the_cut_stands_on_the_level_of_its_day() -> None:
    """Closes 5, 6 as a vendor gives them after a later split of 2 for 1, times .9.

    On 26 November the share traded at 10 (5 x 2), whatever dividends came later, and
    1,000 of the shares of then are 2,000 of today's. After the split nothing is left
    to take back but the dividend that is still to come.
    """
    days = CLOSE.index[:3]
    column = {"META": [5.0, 6.0, 6.5]}
    factor = pd.DataFrame({"META": [0.9, 0.9, 1.0]}, days)
    panel = PricePanel(
        close=pd.DataFrame(column, days) * factor,
        volume=pd.DataFrame({"META": [2000.0] * 3}, days),
        splits=pd.DataFrame({"META": [0.0, 2.0, 0.0]}, days),
        adjustment=factor,
    )
    before = panel.until(at("2025-11-26 17:00"), CALENDAR)
    assert before.close["META"].tolist() == pytest.approx([10.0])
    assert before.volume["META"].tolist() == [1000.0]
    after = panel.until(at("2025-11-28 17:00"), CALENDAR)
    assert after.close["META"].tolist() == pytest.approx([5.0, 6.0])
    assert after.returns()["META"].iloc[1] == pytest.approx(0.2)
    again = after.until(at("2025-11-28 17:00"), CALENDAR)
    pd.testing.assert_frame_equal(again.close, after.close)


def test_a_day_the_exchange_does_not_know_has_usual_hours() -> None:
    """A user's frames on plain weekdays hold Thanksgiving, 27 November 2025."""
    days = pd.bdate_range("2025-11-26", "2025-11-27")
    panel = PricePanel(close=CLOSE.iloc[:2].set_axis(days))
    assert len(panel.until(at("2025-11-27 09:00"), CALENDAR).sessions) == 1
    assert len(panel.until(at("2025-11-27 10:00"), CALENDAR).sessions) == 2
    with pytest.raises(PriceError, match="no time zone"):
        panel.until(pd.Timestamp("2025-11-27"), CALENDAR)


def test_select_and_last_session() -> None:
    assert PANEL.select(["ON"]).symbols == ("ON",)
    assert PANEL.select(["ON", "META"]).close["META"].tolist() == [10, 12, 15]
    assert PANEL.last_session == pd.Timestamp("2025-12-01")
    with pytest.raises(PriceError, match="Did you mean 'META'"):
        PANEL.select(["MTEA"])


def test_an_accepted_defect_is_not_refused_again() -> None:
    severe = Defect("x", "META", None, "high_below_low", "", "severe", "")
    panel = PricePanel(close=CLOSE, high=CLOSE - [1, 0], low=CLOSE, defects=(severe,))
    assert panel.high["META"].iloc[0] == 9
    with pytest.raises(PriceError, match="ON"):
        PricePanel(
            close=CLOSE,
            high=CLOSE - [0, 1],
            low=CLOSE,
            defects=(severe,),
        )


def test_the_hash_is_the_same_in_every_process() -> None:
    code = (
        "import pandas as pd; from aftershock.prices import PricePanel;"
        "print(PricePanel(close=pd.DataFrame({'A': [1.0, 2.0]}, "
        "index=pd.to_datetime(['2025-11-26', '2025-11-28']))).sha256())"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    here = pd.DataFrame({"A": [1.0, 2.0]}, index=DAYS[:2])
    assert said.stdout.strip() == PricePanel(close=here).sha256()
    assert PricePanel(close=here).sha256() != PricePanel(close=here * 2).sha256()
    assert PricePanel(close=here).sha256() != (
        PricePanel(close=here, basis="split").sha256()
    )


@pytest.mark.realdata
def test_the_founding_session(realdata: Path) -> None:
    """Moves of 2026-07-01 as published, in percent."""
    published = {
        "META": 8.81,
        "CRWV": -13.92,
        "NBIS": -17.01,
        "NVDA": -1.25,
        "AMD": -6.89,
        "MU": -10.57,
        "SMH": -5.40,
        "SOXX": -6.41,
        "SPY": -0.14,
    }
    fetched = FolderSource(realdata / "prices").fetch(list(published))
    panel = panel_from(fetched, "split")
    moves = panel.returns().loc["2026-07-01"] * 100
    for symbol, percent in published.items():
        assert moves[symbol] == pytest.approx(percent, abs=0.005), symbol
    assert panel.gap().loc["2026-07-01", "META"] == pytest.approx(0.0792, abs=5e-5)
    within = panel.open_to_close().loc["2026-07-01", "META"]
    assert within == pytest.approx(0.0082, abs=5e-5)
