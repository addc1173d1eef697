"""What is answered at a moment: by hand, and with the future taken away."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.calendar import NEW_YORK
from aftershock.events import EventSet, Exposure, load_catalogue
from aftershock.prices import PricePanel
from aftershock.results.files import plain
from aftershock.run.asking import Question, answer
from tests.conftest import ROOT, realdata_folder
from tests.known_events import CALENDAR, EVENTS, NOW, SESSIONS, panel


def asked(events: EventSet, prices: PricePanel, moment: pd.Timestamp = NOW) -> str:
    """Return the whole answer as text."""
    lines = tuple(Exposure(s, "", e) for s, e in (("AAA", 1), ("BBB", -1), ("SPY", 0)))
    moves = {"AAA": 0.06, "SPY": -0.01}
    question = Question("H", ("macro",), lines, moves, moment, "SPY")
    told, _ = answer(question, events, prices, CALENDAR)
    return json.dumps(plain(told))


def altered(events: EventSet, moment: pd.Timestamp) -> EventSet:
    """Return a set in which every event not known by a moment says something else."""
    return dataclasses.replace(
        events,
        events=tuple(
            e
            if e.latest <= moment
            else dataclasses.replace(
                e,
                headline="changed",
                exposures=tuple(
                    dataclasses.replace(x, expected=-1, role="market")
                    for x in e.exposures
                ),
                tags=("macro", "compute-supply", "customer-turned-competitor"),
            )
            for e in events.events
        ),
    )


def without_future(events: EventSet, moment: pd.Timestamp) -> EventSet:
    known = tuple(e for e in events.events if e.latest <= moment)
    return dataclasses.replace(events, events=known)


def test_the_future_cannot_be_seen() -> None:
    """Later prices and events removed, or changed: the answer keeps every byte.

    And it does change with a price of the day before: the comparison can fail.
    """
    prices = panel()
    told = asked(EVENTS, prices)
    changed = prices.changed_after(NOW, CALENDAR, lambda values: values * 7.0 + 3.0)
    assert asked(EVENTS, changed) == told
    assert asked(EVENTS, prices.until(NOW, CALENDAR)) == told
    assert asked(altered(EVENTS, NOW), changed) == told
    assert asked(without_future(EVENTS, NOW), prices.until(NOW, CALENDAR)) == told
    day = NOW - pd.Timedelta("1D")
    past = prices.changed_after(day, CALENDAR, lambda values: values * 1.01)
    assert asked(EVENTS, past) != told
    found = json.loads(told)
    assert found["session"] == "2026-06-15" and found["prices_until"] == "2026-06-12"


def test_threshold_and_rank_by_hand() -> None:
    """EWMA by a loop; the .95 quantile of |Z| of 210 sessions; the rank of a move.

    AAA moves 6 %, the market -1 %: abnormal = .06 - alpha + .01 beta.
    """
    told = json.loads(asked(EVENTS, panel()))
    own = next(row for row in told["symbols"] if row["symbol"] == "AAA")
    returns = panel().until(NOW, CALENDAR).returns()
    event = len(returns)
    rows = slice(event - 250, event - 10)
    x, y = returns["SPY"].to_numpy(), returns["AAA"].to_numpy()
    beta, alpha = np.polyfit(x[rows], y[rows], 1)
    series = (y - alpha - beta * x)[event - 250 :]
    v, z = float(np.mean(series[:20] ** 2)), []
    for value in series:
        z.append(value / np.sqrt(v))
        v = 0.94 * v + 0.06 * value**2
    reference = np.array(z[30:240])
    sigma = np.sqrt(v)
    assert own["beta"] == pytest.approx(beta, rel=1e-9)
    assert own["sigma_now"] == pytest.approx(sigma, rel=1e-9)
    limit = sigma * np.quantile(np.abs(reference), 0.95)
    assert own["threshold"] == pytest.approx(limit, rel=1e-9)
    move = 0.06 - alpha + 0.01 * beta
    assert own["move"]["abnormal"] == pytest.approx(move, rel=1e-9)
    share = np.mean(np.abs(reference) < abs(move / sigma))
    assert own["move"]["percentile"] == pytest.approx(share, rel=1e-9)
    above = 1 + (reference >= move / sigma).sum()
    assert own["move"]["pvalue"] == pytest.approx(min(1, 2 * above / 211), rel=1e-9)
    assert own["move"]["beyond_noise"] == (move > limit)
    assert (own["ordinary_sessions"], own["thin"]) == (210, False)
    market = next(row for row in told["symbols"] if row["symbol"] == "SPY")
    assert market["reason"] == "the_market" and "move" not in market


def test_a_short_history_has_a_threshold_but_no_p() -> None:
    """120 rows before the gap of ten, less 30 burned in: 89 ordinary sessions.

    The first price gives no return, so 130 prices leave 119 rows.
    """
    prices = panel()
    rows = SESSIONS.searchsorted(NOW.tz_localize(None)) - 130
    close = prices.close.copy()
    close.loc[close.index[:rows], "AAA"] = np.nan
    young = PricePanel(open=prices.open, close=close)
    told = json.loads(asked(EVENTS, young))
    own = next(row for row in told["symbols"] if row["symbol"] == "AAA")
    assert own["ordinary_sessions"] < 100 and own["thin"]
    assert own["threshold"] > 0
    assert own["move"]["pvalue"] is None


def test_a_record_without_a_date_is_not_one_of_later() -> None:
    """All recorded before the moment, all after it, all without a date."""
    hour = pd.Timedelta(hours=1)
    known = without_future(EVENTS, NOW).events
    told = json.loads(asked(EVENTS, panel()))
    count = len(told["events"])
    for at, counts in (
        (NOW - hour, (0, 0)),
        (NOW + hour, (count, 0)),
        (None, (0, count)),
    ):
        dated = tuple(dataclasses.replace(e, recorded_at=at) for e in known)
        told = json.loads(asked(dataclasses.replace(EVENTS, events=dated), panel()))
        assert (told["written_later"], told["undated"]) == counts
    assert count > 0
    assert told["simulated"] is None


FOUNDING = pd.Timestamp("2026-06-30 16:30", tz=NEW_YORK).as_unit("us")
WORDS = [
    "now", "Meta is reported to plan a unit that sells spare AI capacity",
    "META:+", "CRWV:-", "SMH:?", "--move", "META=+6", "--json",
    "--tag", "customer-turned-competitor", "--tag", "compute-supply",
    "--as-of", FOUNDING.isoformat(),
]  # fmt: skip


def told_by_command(prices: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return what the command prints."""
    from typer.testing import CliRunner

    from aftershock.cli import app

    made = CliRunner().invoke(app, [*WORDS, "--prices", str(prices)])
    assert made.exit_code == 0, made.output
    return made.output


def copied(source: Path, target: Path, scramble: bool) -> Path:
    """Copy price files without their rows after 30 June 2026, or with wild ones."""
    target.mkdir()
    for file in source.glob("*.csv"):
        if file.name == "manifest.csv":
            continue
        head, *rows = file.read_text().splitlines()
        past = [row for row in rows if row < "2026-07-01"]
        late = [
            ",".join([cells[0], *(str(1000.0 + 7 * k) for k in range(len(cells) - 1))])
            for cells in (row.split(",") for row in rows if row >= "2026-07-01")
        ]
        kept = [head, *past, *(late if scramble else [])]
        (target / file.name).write_text("\n".join(kept) + "\n")
    return target


@pytest.mark.realdata
def test_the_founding_headline_a_day_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 2026-06-30 after the close: precedents, a threshold, nothing from after.

    The price files lose everything later, or hold nonsense there that would be
    refused; later events of the catalogue are removed, or changed.
    """
    import aftershock.events as home

    source = realdata_folder() / "prices"
    told = told_by_command(source, monkeypatch)
    found = json.loads(told)
    assert "zuckerberg-agm-cloud-option-20260527" in found["events"]
    assert "meta-compute-report-20260701" not in told
    assert found["session"] == "2026-07-01" and found["prices_until"] == "2026-06-30"
    assert all(row["threshold"] > 0 for row in found["symbols"])
    assert {row["role"] for row in found["precedents"]} >= {
        "actor",
        "supplier-competitor",
    }
    catalogue = load_catalogue(ROOT)
    for scramble, change in ((False, without_future), (True, altered)):
        folder = copied(source, tmp_path / f"prices-{scramble}", scramble)
        changed = change(catalogue, FOUNDING)
        monkeypatch.setattr(home, "load_catalogue", lambda _, c=changed: c)
        assert told_by_command(folder, monkeypatch) == told
        shutil.rmtree(folder)


def test_the_founding_headline_on_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin for everyone: simulated prices, written out as a user's own files."""
    import aftershock.events as home
    from aftershock.sources.sample import SampleSource

    source = tmp_path / "prices"
    source.mkdir()
    sample = SampleSource()
    for symbol, bars in sample.fetch(sample.symbols(), None, None).bars.items():
        own = bars.drop(columns=["dividends", "splits"])
        own.to_csv(source / f"{symbol}.csv", index_label="date")
    told = told_by_command(source, monkeypatch)
    catalogue = load_catalogue(ROOT)
    for scramble, change in ((False, without_future), (True, altered)):
        folder = copied(source, tmp_path / f"prices-{scramble}", scramble)
        changed = change(catalogue, FOUNDING)
        monkeypatch.setattr(home, "load_catalogue", lambda _, c=changed: c)
        assert told_by_command(folder, monkeypatch) == told
    found = json.loads(told)
    assert found["precedents"] and found["symbols"][0]["threshold"] > 0
