"""Clusters, files, designs and pages at their edges: each says what it should."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from aftershock.calibration import attainable, designs
from aftershock.config.sections import Where
from aftershock.errors import AftershockError, PriceError
from aftershock.events.exporting import events_ical
from aftershock.events.records import Event, Source
from aftershock.executor import cluster, parcel
from aftershock.ladder import _early
from aftershock.ledger import chain, read_ledger
from aftershock.models import synthetic
from aftershock.pages import across_events, sheet
from aftershock.pages import sweep as sweep_page
from aftershock.pages.telling import Listing, Told
from aftershock.plots.events import months_axis, plot_over_time
from aftershock.plots.trades import plot_grid
from aftershock.prices import validation
from aftershock.report.html import Finding
from aftershock.run import auditing, pending
from aftershock.significance import block_bootstrap, trial
from aftershock.strategy.audit.leak import Leak
from aftershock.strategy.view import NewsView
from aftershock.study import paths


def test_a_worker_of_another_version_is_refused() -> None:
    same, other = (
        SimpleNamespace(run=lambda ask, v=v: {"tcp://w1": v})
        for v in (cluster._versions(), "others")
    )
    place = cluster.Dask("tcp://s")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster.Dask, "await_worker", lambda *_: None)
        place._check(same)
        with pytest.raises(AftershockError, match="a worker has others, this process"):
            place._check(other)


def test_an_archive_is_unpacked_once_and_only_the_last_is_kept() -> None:
    opened = []

    def unpack(name):
        return lambda: (opened.append(name), name.upper())[1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parcel, "_held", {})
        said = [parcel._once(n, unpack(n)) for n in ("a", "a", "b", "a")]
    assert said == ["A", "A", "B", "A"]
    assert opened == ["a", "b", "a"]


def event(**more) -> Event:
    at = pd.Timestamp("2026-07-01T08:00", tz="America/New_York")
    given = {
        "id": "e", "headline": "News", "earliest": at, "latest": at,
        "precision": "exact", "tags": (), "source": Source(), "exposures": (),
    }  # fmt: skip
    return Event(**(given | more))


def entry(**more) -> list[str]:
    text = events_ical([event(**more)], pd.Timestamp("2026-06-01", tz="UTC"))
    return text.replace("\r\n ", "").splitlines()


def test_an_entry_of_the_calendar_has_what_is_known_and_no_more() -> None:
    """08:00 in New York is 12:00 UTC; a window of an hour ends at 13:00."""
    bare = entry()
    assert "DTSTART:20260701T120000Z" in bare
    assert not [line for line in bare if line.startswith(("DTEND", "CATEG", "URL"))]
    full = entry(
        latest=pd.Timestamp("2026-07-01T09:00", tz="America/New_York"),
        precision="session",
        tags=("earnings",),
        source=Source("Gazette", "https://example.org/a"),
    )
    assert {
        "DTEND:20260701T130000Z", "CATEGORIES:earnings", "URL:https://example.org/a",
    } <= set(full)  # fmt: skip


def test_an_empty_ledger_has_no_entry_and_a_moment_needs_a_zone(tmp_path) -> None:
    path = tmp_path / "ledger.yaml"
    path.write_text("# nothing yet\n")
    assert read_ledger(path) == ()
    with pytest.raises(ValueError, match="no time zone"):
        chain._read({"recorded_at": "2026-07-01T10:00"}, 1)


def test_a_twin_without_a_donor_is_unknown() -> None:
    """The second donor lacks a row of the estimation: the first alone is the twin."""
    sample = SimpleNamespace(
        estimation=np.array([[True, True, False]]),
        returns=np.array([[0.1, 0.2, 0.3]]),
    )
    pool = np.array([[0.3, 0.1, 0.7], [np.nan, 0.1, 0.5]])
    assert np.isnan(synthetic._mix(sample, pool[1:], 0)).all()
    assert synthetic._mix(sample, pool, 0).tolist() == [0.3, 0.1, 0.7]


def test_a_trial_without_pairs_has_no_storm_no_shared_error_and_no_power() -> None:
    none = SimpleNamespace(n=0)
    assert trial.Trial._raised.func(none) is False
    assert trial.Trial.shared_errors.func(none) == 0.0
    assert np.isnan(trial.Trial.minimum_effect(none, 0.1))


def test_windows_farther_apart_than_the_estimation_share_no_date() -> None:
    """Three rows and events three sessions apart: no date is in both; two apart: one.

    The first event's last row is the second one's first: 3 + 10.
    """
    rows = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    summed, lags = block_bootstrap._by_date(rows, np.array([50, 53]))
    assert summed.shape == (2, 0)
    assert lags.tolist() == [0, 3]
    summed, _ = block_bootstrap._by_date(rows, np.array([50, 52]))
    assert summed.ravel().tolist() == [3.0, 10.0]


def test_too_few_ordinary_paths_make_no_band(monkeypatch) -> None:
    from aftershock.windows import EventWindow

    for count in (paths.FEWEST_PATHS - 1, paths.FEWEST_PATHS):
        monkeypatch.setattr(paths, "candidate_sessions", lambda *_: None)
        monkeypatch.setattr(
            paths, "_placebo_paths", lambda *_, count=count: np.ones((count, 2))
        )
        half, n = paths._band(None, np.array([0]), 9, EventWindow(0, 1), 2)
        assert n == count
        # all paths alike: the band is where they are
        enough = count == paths.FEWEST_PATHS
        assert half.tolist() == [1.0, 1.0] if enough else np.isnan(half).all()


def test_events_are_chosen_from_a_span_that_runs_forward() -> None:
    with pytest.raises(ValueError, match="on or after since"):
        Where(since="2026-07-02", until="2026-07-01")
    assert Where(since="2026-07-01", until="2026-07-01").ids == ()


def test_designs_of_many_symbols_run_dear_tests_seldom() -> None:
    thrift = designs.Design.thrift.fget
    many = SimpleNamespace(symbols=designs.FEW_SYMBOLS + 1, one_session=True)
    few = SimpleNamespace(symbols=designs.FEW_SYMBOLS, one_session=True)
    spread = SimpleNamespace(symbols=1, one_session=False)
    assert [thrift(d) for d in (many, few, spread)] == [20, 1, 5]


def test_flips_of_six_clusters_attain_one_in_thirty_two() -> None:
    """2^5 = 32 pairs of sign vectors: at 5 % one of them may be as large, 3.125 %."""
    row = SimpleNamespace(test="sign_flip", n_clusters=6)
    assert attainable.attainable_size(row, None, 0.05) == pytest.approx(1 / 32)


def test_a_plan_before_the_first_close_is_on_no_earlier_rung() -> None:
    index = pd.DatetimeIndex(["2026-07-01"])
    closes = index.tz_localize("America/New_York") + pd.Timedelta(hours=16)
    calendar = SimpleNamespace(closes=lambda sessions: closes)
    replay = SimpleNamespace(prices=SimpleNamespace(sessions=index), calendar=calendar)
    morning = pd.Timestamp("2026-07-01T09:00", tz="America/New_York")
    plan = SimpleNamespace(published=morning, decided=morning)
    assert _early([plan], replay, SimpleNamespace(delay=pd.Timedelta(0))) == []


def test_the_first_cell_that_is_no_number_is_named() -> None:
    good = pd.Series(["1", "2"], index=["d1", "d2"])
    bad = pd.Series(["1", "two"], index=["d1", "d2"])
    error = validation._not_a_number("close", pd.DataFrame({"A": good, "B": bad}))
    assert isinstance(error, PriceError)
    assert str(error).startswith("close, B, d2")
    assert "'two' is no number" in str(error)


def test_warnings_of_one_kind_are_told_once_and_counted() -> None:
    leaks = [Leak("S", e, "hold", "why", "1 became 2") for e in ("e", "f", "g")]
    other = Leak("S", "e", "lag", "why", "0 became 1")
    assert auditing._counted([*leaks, other]) == [
        "S, event e, hold: why (1 became 2), and 2 more",
        "S, event e, lag: why (0 became 1)",
    ]
    assert auditing._counted([]) == []


def test_what_is_awaited_says_on_how_much_it_rests() -> None:
    design = SimpleNamespace(estimation=SimpleNamespace(min_obs=60))
    assert pending._detail(59, design) == "59 estimation rows, 60 are needed"
    assert pending._detail(60, design) == "60 estimation rows"


def test_a_listing_that_continues_another_becomes_part_of_it() -> None:
    found = Finding("page", Told())
    for rows in ([["a"]], [["b"]]):
        told = Told()
        told.listings.append(Listing("reactions", ["symbol"], [False], rows))
        found.add(told, [])
    (whole,) = found.listings
    assert whole.rows == [["a"], ["b"]]


def test_a_symbol_that_nobody_prices_moves_with_the_market() -> None:
    """Beta is 1 where nothing is known: no symbol, or no market."""
    prices = SimpleNamespace(symbols=("AAA",))
    for symbol, market in (("ZZZ", "SPY"), ("AAA", None)):
        view = SimpleNamespace(prices=prices, market=market)
        assert NewsView.beta(view, symbol) == 1.0


@pytest.fixture(scope="module")
def axes():
    from matplotlib.figure import Figure

    return Figure().subplots


def test_a_long_paragraph_ends_with_dots() -> None:
    written = []
    paper = SimpleNamespace(text=lambda x, y, line, size, **_: written.append(line))
    sheet.Sheet.paragraph(paper, 0, 0, 1.0, "word " * 60, most=2)
    assert len(written) == 2
    assert written[-1].endswith("…")
    written.clear()
    sheet.Sheet.paragraph(paper, 0, 0, 9.0, "word", most=2)
    assert written == ["word"]


def test_an_effect_without_interval_says_so() -> None:
    for low, said in ((np.nan, "none"), (-0.01, "\u22121.0\u2009% to +3.0\u2009%")):
        cells = []
        paper = SimpleNamespace(
            right=5.0, text=lambda x, y, cell, *_, cells=cells, **__: cells.append(cell)
        )
        row = pd.Series({"effect": 0.01, "low": low, "high": 0.03, "n": 4})
        across_events._figures(paper, 0.0, row, "regular")
        assert cells == ["+1.0\u2009%", said, "4"]


def test_a_sweep_of_one_setting_draws_no_map() -> None:
    said = []
    paper = SimpleNamespace(text=lambda x, y, line, *_, **__: said.append(line))
    swept = pd.DataFrame({"hold": [5], "sharpe": [1.0]})
    sweep_page._heatmap(paper, swept, ["hold"], (0.0, 0.0, 5.0, 3.0))
    assert said[-1] == "A single setting."


def test_a_mean_without_interval_has_no_band(axes) -> None:
    rows = pd.DataFrame(
        {"session": [pd.Timestamp("2026-07-01")], "low": 0.0, "high": 0.1,
         "effect": 0.05}
    )  # fmt: skip
    bands = []
    for high in (np.nan, 0.2):
        ax = axes()
        plot_over_time(rows, ax, colour="black", mean=(0.1, 0.0, high))
        bands.append(len(ax.patches))
    assert bands == [0, 1]


def test_an_axis_within_one_month_names_it(axes) -> None:
    """No month begins between 10 and 20 July: the first session gives the name."""
    ax = axes()
    months_axis(ax, pd.Timestamp("2026-07-10"), pd.Timestamp("2026-07-20"), 6)
    assert [t.get_text() for t in ax.get_xticklabels()] == ["Jul 2026"]


def test_a_crowded_map_has_colours_without_numbers(axes) -> None:
    few, many = (pd.DataFrame(np.ones((n, n))) for n in (2, 40))
    assert len(plot_grid(few, axes()).texts) == 4
    assert len(plot_grid(many, axes()).texts) == 0
