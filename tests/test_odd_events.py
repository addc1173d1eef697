"""Times, files and claims that are rarely written: what is made of them, or said."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from aftershock.claims import asking, judging, ordering, ranking
from aftershock.claims import files as claim_files
from aftershock.claims.studying import NotTestable
from aftershock.config import fields as config_fields
from aftershock.config import parts, validation
from aftershock.errors import DataUnavailable, EventError
from aftershock.events import moments, moves, writing
from aftershock.events import reading as event_reading
from aftershock.events.nodes import Problems
from aftershock.ledger import scoring
from aftershock.scan import Scan


def ends(window):
    return [f"{end:%Y-%m-%d %H:%M:%S}" for end in window]


def test_an_exact_time_must_be_given_and_lie_in_its_window() -> None:
    own = (
        pd.Timestamp("2026-07-01T09:00-04:00"),
        pd.Timestamp("2026-07-01T10:00-04:00"),
    )
    with pytest.raises(EventError, match="'exact' needs published"):
        moments.window_of({"precision": "exact"}, "x:1")
    with pytest.raises(EventError, match=r"outside earliest\.\.latest"):
        moments._exact("2026-07-01T10:00:01-04:00", own, "x:1")
    assert moments._exact("2026-07-01T10:00:00-04:00", own, "x:1") == (own[1], own[1])


@pytest.mark.parametrize(
    ("given", "precision", "said"),
    [
        (
            "2026-02-10T09:00-05:00",
            "month",
            ["2026-02-01 00:00:00", "2026-02-28 23:59:59"],
        ),
        # a Saturday has no session to be before, in or after
        (
            "2026-07-11T09:00-04:00",
            "session",
            ["2026-07-11 00:00:00", "2026-07-11 23:59:59"],
        ),
        (
            "2026-07-10T09:00-04:00",
            "session",
            ["2026-07-10 04:00:00", "2026-07-10 09:29:59"],
        ),
    ],
)
def test_a_moment_stands_for_the_stretch_of_its_precision(
    given, precision, said
) -> None:
    window, _ = moments.window_of({"published": given, "precision": precision}, "x:1")
    assert ends(window) == said


def test_letters_are_written_so_that_yaml_reads_them_back() -> None:
    assert [writing._escaped(c) for c in '"\\aü\x07'] == [
        '\\"', "\\\\", "a", "ü", "\\U00000007",
    ]  # fmt: skip


def test_a_text_that_is_no_list_of_events_is_named(tmp_path) -> None:
    with pytest.raises(EventError, match="should be a list of events"):
        writing._parsed("id: one\n", tmp_path / "e.yaml", None, Problems())


def test_a_source_may_be_an_address_alone() -> None:
    reader = event_reading.Reader("e.yaml", None, None)
    record = {"source": "https://example.org/a"}
    found = reader._source(SimpleNamespace(get=record.get, line=1))
    assert (found.name, found.url) == ("", "https://example.org/a")


def test_without_files_it_is_said_which_is_missing(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(moves, "look_up", lambda *_: None)
    with pytest.raises(DataUnavailable, match=r"no reported_moves\.csv"):
        moves.read_reported_moves(tmp_path)
    monkeypatch.setattr(claim_files, "shipped", lambda part: tmp_path)
    with pytest.raises(DataUnavailable, match="no file of claims"):
        claim_files.claim_files(tmp_path)


def test_an_effect_that_would_have_been_found_is_told_by_its_test() -> None:
    """Ranks are compared with ordinary sessions; others have a power of 80 %."""
    found = SimpleNamespace(mde=0.3)
    ranks = judging._detectable(SimpleNamespace(measure="rank_correlation"), found)
    assert ranks == "only beyond 0.30 would 95 % of ordinary sessions be left behind"
    mean = judging._detectable(SimpleNamespace(measure="ar"), found)
    assert mean == ("an effect of 30.0\u2009% would have been found four times in five")


def test_a_rank_needs_an_ordinary_session() -> None:
    """Three of four are as large as 2: a share of 75 %, too few for a p."""
    with pytest.raises(NotTestable, match="no ordinary session"):
        ranking._share(np.array([]), 1.0, "plain", 1)
    found = ranking._share(np.array([1.0, 2.0, 3.0, 4.0]), 2.0, "plain", 1)
    assert found.value == 0.75
    assert np.isnan(found.pvalue)
    assert found.lacking == "4 reference sessions, 100 are needed"


def fields(values, runup=0):
    claim = SimpleNamespace(field=values, runup=runup)
    occasion = asking.Occasion("e", pd.Timestamp("2026-07-01"), ("A", "B", "C"))
    return ordering.field_of(claim, [occasion], None)


def test_a_field_orders_symbols_by_two_values_at_least() -> None:
    values, absent = fields({"A": 1.0, "B": 2.0})
    assert values == {("e", "A"): 1.0, ("e", "B"): 2.0}
    assert absent == ("without C (no value of the field)",)
    for same in ({"A": 1.0, "B": 1.0}, {"A": 1.0}, {}):
        with pytest.raises(NotTestable, match="fewer than two different values"):
            fields(same)


def test_a_run_up_needs_all_of_its_sessions() -> None:
    """1.1 x 1.2 - 1 = 32 % over the two sessions before; three are not there."""
    panel = SimpleNamespace(
        returns=np.array([[0.1], [0.2], [0.5]]),
        position=lambda sessions: np.array([2]),
        column=lambda symbols: np.array([0]),
    )
    evidence = SimpleNamespace(panel=panel)
    day = pd.Timestamp("2026-07-01")
    assert ordering.runup("A", day, 2, evidence) == pytest.approx(0.32)
    assert np.isnan(ordering.runup("A", day, 3, evidence))


def test_no_pair_has_no_reaction() -> None:
    found = scoring.reactions(pd.DataFrame({"symbol": []}), None, "SPY")
    assert [part.shape for part in found] == [
        (0, len(scoring.HORIZONS)), (0, len(scoring.HORIZONS)), (0,),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("floors", "least"),
    [([], 0), ([np.nan], 0), ([0.01] * 20, 4), ([0.001] * 20, 1)],
)
def test_how_many_movers_a_floor_of_p_allows_to_be_told(floors, least) -> None:
    """Of 20 symbols at a floor of 0.01: 0.01 x 20 / 0.05 = 4 must lie there."""
    table = pd.DataFrame({"pvalue_floor": pd.Series(floors, dtype=float)})
    assert Scan(table, pd.DataFrame()).least == least


def test_true_is_no_number_and_false_no_count() -> None:
    for kind in (int, float, int | None, float | None):
        with pytest.raises(ValueError, match="True"):
            config_fields._converted(kind, True)
    assert config_fields._converted(float, 1) == 1.0


def test_keys_of_a_section_are_found_through_lists() -> None:
    assert "hold" not in set(validation._keys_of(("strategies", 0)))
    assert "name" in set(validation._keys_of(("strategies", 0)))
    assert {"title", "events"} <= set(validation._keys_of(()))


def test_donors_of_a_study_are_those_of_a_synthetic_twin() -> None:
    def built(name):
        model = SimpleNamespace(name=name, parameters={})
        study = SimpleNamespace(model=model, donors=["AAA", "BBB"])
        return parts.build_model(SimpleNamespace(study=study, path="x.yaml"))

    assert tuple(built("synthetic").donors) == ("AAA", "BBB")
    assert not hasattr(built("market"), "donors")
