"""The steps of a run on the sample: what waits, what overlaps, what leads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aftershock.config import load_config
from aftershock.errors import DataUnavailable, EventError
from aftershock.results import RunResult
from aftershock.run.headline import make_headline
from aftershock.run.inputs import Inputs, obtain_inputs
from aftershock.run.manifest import make_manifest
from aftershock.run.measuring import signs_declared, study_of
from aftershock.run.planning import plan

EVENT = """
- id: {id}
  headline: Something happened
  published: {published}
  precision: exact
  tags: [compute-supply]
  source: {{name: A page, url: "https://example.org"}}
  exposures:
    - {{symbol: META, role: actor, expected: +1, declared: {declared}}}
    - {{symbol: CRWV, role: supplier-competitor, expected: -1, declared: {declared}}}
    - {{symbol: XYZ, role: peer, expected: 0}}
"""
CONFIG = """
title: A test
events: {{files: [events.yaml]{more}}}
prices: {{source: {{name: sample}}}}
study: {{windows: [[0, 0], [0, 3]], placebo: {{draws: 50}}}}
"""
MORNING = "2026-04-22T08:00:00-04:00"


def write(folder: Path, *events: tuple[str, str, str], more: str = "") -> Path:
    """Write a workspace of one config and its events."""
    text = "".join(EVENT.format(id=i, published=p, declared=d) for i, p, d in events)
    (folder / "events.yaml").write_text(text)
    path = folder / "one.yaml"
    path.write_text(CONFIG.format(more=more))
    return path


def inputs_of(path: Path, *overrides: str) -> Inputs:
    """Read what the config asks for."""
    return obtain_inputs(load_config(path, overrides))


def test_event_after_the_last_price_waits(tmp_path: Path) -> None:
    """The sample ends on 2026-07-31, a Friday: Monday's news is pending.

    Its window [0, 3] is over on Thursday 2026-08-06. The threshold is a quantile of
    moves scaled to the volatility of now, so it lies between 1 and 5 of them.
    """
    path = write(tmp_path, ("late", "2026-08-03T08:00:00-04:00", "before"))
    inputs = inputs_of(path)
    study = study_of(inputs)
    assert study.pending["symbol"].tolist() == ["META", "CRWV"]
    assert set(study.pending["measurable_from"]) == {"2026-08-06"}
    ratio = study.pending["threshold"] / study.pending["sigma_now"]
    assert ratio.between(1, 5).all()
    status = study.pairs.set_index("symbol")["status"].to_dict()
    assert status == {"META": "pending", "CRWV": "pending", "XYZ": "dropped"}
    manifest = make_manifest(inputs, study, None)
    assert manifest["headline"]["verdict"] == "not_tested"
    assert manifest["counts"]["pending"] == 2


def test_sigma_now_by_loop(tmp_path: Path) -> None:
    """The EWMA recursion continued through the last price, written out."""
    path = write(tmp_path, ("late", "2026-08-03T08:00:00-04:00", "before"))
    inputs = inputs_of(path, "study.model.name=mean")
    study = study_of(inputs)
    returns = inputs.prices.returns()["META"].to_numpy()
    x = returns[-250:] - returns[-250:-10].mean()
    v = float(np.mean(x[:20] ** 2))
    for value in x:
        v = 0.94 * v + 0.06 * value**2
    assert study.pending["sigma_now"].iloc[0] == pytest.approx(np.sqrt(v), rel=1e-10)


@pytest.mark.parametrize(
    ("mode", "kept", "reason"),
    [
        ("keep", {"a", "b", "c"}, None),
        ("merge", {"a", "c"}, "merged"),
        ("drop", {"c"}, "overlap"),
    ],
)
def test_overlap(tmp_path: Path, mode: str, kept: set[str], reason: str | None) -> None:
    """Two events two sessions apart overlap over [0, 3]; the third stands alone."""
    path = write(
        tmp_path,
        ("a", MORNING, "unknown"),
        ("b", "2026-04-24T08:00:00-04:00", "unknown"),
        ("c", "2026-06-10T08:00:00-04:00", "unknown"),
        more=f", overlap: {mode}",
    )
    study = study_of(inputs_of(path))
    assert set(study.cars["event_id"]) == kept
    flagged = study.pairs[study.pairs["flags"].fillna("").str.contains("overlap")]
    assert (set(flagged["event_id"]) == {"a", "b"}) == (mode == "keep")
    others = set(study.dropped["reason"]) - {"no_prices"}
    assert others == ({reason} if reason else set())


@pytest.mark.parametrize(
    ("declared", "test"),
    [("before", "contrast"), ("after", "joint_ranked"), ("unknown", "joint_ranked")],
)
def test_signs_decide_what_leads(tmp_path: Path, declared: str, test: str) -> None:
    """A contrast leads only if every sign was declared before the session."""
    inputs = inputs_of(write(tmp_path, ("a", MORNING, declared)))
    study = study_of(inputs)
    assert signs_declared(inputs, study) == declared
    headline = make_headline(inputs, study, declared)
    assert headline["test"] == test
    marked = study.tests["warning"].str.startswith("exploratory: signs")
    assert set(study.tests.loc[marked, "test"]) == (
        set()
        if declared == "before"
        else {"contrast", "contrast_ewma", "placebo_contrast"}
    )
    rows = study.tests.query("start == 0 and end == 0").set_index("test")["pvalue"]
    assert headline["pvalue"] == max(rows[test], rows[f"{test}_ewma"])
    assert headline["verdict"] == (
        "moved" if headline["pvalue"] < 0.05 else "undecided"
    )


def test_weights_of_a_config_are_undated(tmp_path: Path) -> None:
    """Weights written into the config cannot prove that they came first."""
    path = write(tmp_path, ("a", MORNING, "before"))
    inputs = inputs_of(path, "study.contrast={META: 1, CRWV: -1}")
    assert signs_declared(inputs, study_of(inputs)) == "unknown"


def test_several_sessions_lead_with_the_placebo(tmp_path: Path) -> None:
    """Two sessions have no joint test of one session."""
    path = write(
        tmp_path, ("a", MORNING, "before"), ("c", "2026-06-10T08:00:00-04:00", "before")
    )
    inputs = inputs_of(path)
    study = study_of(inputs)
    assert make_headline(inputs, study, "before")["test"] == "placebo"
    assert "adjusted_bmp" in set(study.tests["test"])


def test_no_event_symbol_with_prices(tmp_path: Path) -> None:
    """Nothing can be studied: exit code 3 and the symbols by name."""
    path = write(tmp_path, ("a", MORNING, "before"))
    text = (tmp_path / "events.yaml").read_text()
    (tmp_path / "events.yaml").write_text(
        text.replace("META", "QQZ").replace("CRWV", "ZZQ")
    )
    with pytest.raises(DataUnavailable, match="QQZ, XYZ, ZZQ"):
        study_of(inputs_of(path))


def test_market_without_prices(tmp_path: Path) -> None:
    """A market that the source does not know is fatal."""
    path = write(tmp_path, ("a", MORNING, "before"))
    with pytest.raises(DataUnavailable, match="NOPE"):
        inputs_of(path, "study.market=NOPE")


def test_filter_that_keeps_nothing(tmp_path: Path) -> None:
    """The filter is named."""
    path = write(tmp_path, ("a", MORNING, "before"))
    with pytest.raises(EventError, match=r"events\.where"):
        inputs_of(path, "events.where.since=2027-01-01")


def test_plan_says_what_will_drop(tmp_path: Path) -> None:
    """The plan of a run, without the run."""
    path = write(
        tmp_path, ("a", MORNING, "before"), ("z", "2026-08-03T08:00:00-04:00", "before")
    )
    found = plan(load_config(path))
    assert found["events"] == ["a", "z"]
    assert found["sessions"] == ["2026-04-22", "2026-08-03"]
    assert found["by_event"] == [
        {"event_id": "a", "sessions": ["2026-04-22"], "pairs": 3, "left_out": 1,
         "pending": False},
        {"event_id": "z", "sessions": ["2026-08-03"], "pairs": 3, "left_out": 1,
         "pending": True},
    ]  # fmt: skip
    assert (found["pairs"], found["measured"], found["repeated"]) == (6, 2, 0)
    assert found["without_prices"] == ["XYZ"]
    assert {row["reason"] for row in found["dropped"]} == {"no_prices"}
    assert found["pending"] == [{"event_id": "z", "session": "2026-08-03"}]
    assert found["prices_until"] == "2026-07-31"


def test_tables_survive_the_disk(tmp_path: Path) -> None:
    """Saved and loaded: the same columns, sessions as dates, twelve digits."""
    inputs = inputs_of(write(tmp_path, ("a", MORNING, "before")))
    study = study_of(inputs)
    manifest = make_manifest(inputs, study, None)
    RunResult(study.tables, manifest, inputs.config.resolved()).save(tmp_path / "r")
    back = RunResult.load(tmp_path / "r")
    assert list(back.tables["cars"]) == list(study.cars)
    np.testing.assert_allclose(
        back.tables["cars"]["car"], study.cars["car"], rtol=1e-11
    )
    assert back.tables["cars"]["event_session"].iloc[0] == pd.Timestamp("2026-04-22")
    assert back.tables["claims"].empty
    assert back.manifest["id"] == manifest["id"]
    with pytest.raises(DataUnavailable, match=r"run\.json"):
        RunResult.load(tmp_path)


def test_id_knows_inputs_not_places(tmp_path: Path) -> None:
    """Another folder and order of events: the same id; another seed: another id."""
    events = [("a", MORNING, "before"), ("c", "2026-06-10T08:00:00-04:00", "before")]
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first = inputs_of(write(tmp_path / "one", *events))
    second = inputs_of(write(tmp_path / "two", *events[::-1]))
    assert first.digest == second.digest
    assert inputs_of(first.config.path, "seed=5").digest != first.digest


def test_an_event_does_not_overlap_itself(tmp_path: Path) -> None:
    """A window over two sessions gives two pairs of one event, not an overlap."""
    text = EVENT.format(id="wide", published=MORNING, declared="before").replace(
        f"published: {MORNING}\n  precision: exact",
        "earliest: 2026-04-22T15:00:00-04:00\n  latest: 2026-04-22T18:00:00-04:00\n"
        "  precision: approximate",
    )
    path = write(tmp_path, ("a", MORNING, "before"), more=", overlap: drop")
    (tmp_path / "events.yaml").write_text(text)
    study = study_of(inputs_of(path))
    assert len(set(study.cars["event_session"])) == 2
    assert "overlap" not in set(study.dropped["reason"])


def test_a_long_headline_names_its_alpha(tmp_path: Path) -> None:
    """Over eleven sessions the market model's alpha is told."""
    path = write(tmp_path, ("a", MORNING, "before"))
    inputs = inputs_of(path, "study.windows=[[0, 10]]")
    study = study_of(inputs)
    told = make_manifest(inputs, study, None)["warnings"]
    alpha = study.pairs.set_index("symbol").loc["META", "alpha"]
    (line,) = [w for w in told if "fitted alpha" in w]
    size = f"{abs(100 * alpha * 11):.1f}"
    assert size in line


def test_a_day_is_read_over_two_sessions(tmp_path: Path) -> None:
    """Only the day is known: [0, 1] is tested, and leads."""
    path = write(tmp_path, ("a", MORNING, "before"))
    text = (tmp_path / "events.yaml").read_text()
    (tmp_path / "events.yaml").write_text(
        text.replace(MORNING, "2026-04-22").replace("exact", "day")
    )
    inputs = inputs_of(path)
    study = study_of(inputs)
    assert set(zip(study.cars["start"], study.cars["end"], strict=True)) == {
        (0, 0),
        (0, 3),
        (0, 1),
    }
    headline = make_headline(inputs, study, "before")
    assert (headline["start"], headline["end"]) == (0, 1)
    assert headline["test"] == "placebo_contrast"
    chosen = inputs_of(path, "study.headline=[0, 0]")
    assert make_headline(chosen, study_of(chosen), "before")["end"] == 0


def test_a_long_headline_is_measured_without_alpha(tmp_path: Path) -> None:
    """The placebo's statistic over eleven sessions is the mean SCAR of b alone.

    Computed here from the study of `market_no_alpha` with the same tests; the table
    keeps the market model's row.
    """
    path = write(tmp_path, ("a", MORNING, "after"))
    chosen = inputs_of(path, "study.windows=[[0, 10]]")
    study = study_of(chosen)
    headline = make_headline(chosen, study, "after")
    bare = inputs_of(
        path, "study.windows=[[0, 10]]", "study.model.name=market_no_alpha"
    )
    other = study_of(bare).tests.set_index("test").loc["placebo"]
    assert headline["model"] == "market_no_alpha"
    assert headline["statistic"] == pytest.approx(other["statistic"], rel=1e-10)
    own = study.tests.set_index("test").loc["placebo", "statistic"]
    assert headline["statistic"] != pytest.approx(own, rel=1e-3)
