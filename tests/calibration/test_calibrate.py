"""The whole calibration: reproducible, split as one likes, written as one page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import aftershock as af
from aftershock.calibration import COLUMNS, calibrate
from aftershock.calibration.designs import DESIGNS, Shift
from aftershock.calibration.document import document, write_reference
from aftershock.calibration.replications import Chunk, chunks_of, replicate
from aftershock.cli import main
from aftershock.config import load_config
from aftershock.errors import AftershockError
from aftershock.pages.calibration import Calibration
from aftershock.results import RunResult, empty
from aftershock.study.design import StudyDesign, find_model
from aftershock.windows import EventWindow
from tests.conftest import ROOT

QUICK = ["cross_sectional", "adjusted_bmp", "joint", "max_sar", "contrast"]


def chunk(name: str, tests: list[str], count: int, **more: Any) -> Chunk:
    study = StudyDesign(
        find_model("market"),
        windows=(EventWindow(0, 0),),
        tests=tests,
        contrast="expected_signs",
    )
    settings = {"heavy": count, "level": 0.05, "entropy": (1, 2), **more}
    return Chunk(DESIGNS[name], study, Shift(), 0, count, **settings)


@pytest.mark.slow
def test_processes_do_not_change_the_numbers() -> None:
    one, two = (
        calibrate("four_on_1", QUICK, replications=120, power=60, jobs=jobs)
        for jobs in (1, 2)
    )
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_the_seed_changes_them() -> None:
    def sure(seed: int) -> pd.DataFrame:
        return replicate(chunk("one_pair", ["sample_quantile"], 5, entropy=(seed,)))

    pd.testing.assert_frame_equal(sure(1), sure(1))
    assert not sure(1)["pvalue"].equals(sure(2)["pvalue"])


def test_more_replications_begin_with_the_same() -> None:
    """60 = 50 + 10: the first chunk is the same, the second has a seed of its own."""
    short, long = (chunks_of(chunk("four_on_1", QUICK, n)) for n in (50, 60))
    assert [c.count for c in long] == [50, 10]
    assert [c.first for c in long] == [0, 50]
    assert long[0].entropy == short[0].entropy != long[1].entropy


def test_replications_are_studied_as_event_study_does() -> None:
    """p of the pair's t by scipy.linregress on each replication's own columns."""
    whole = chunk("one_pair", ["sample_quantile"], 4)
    found = replicate(whole)
    random = np.random.default_rng(np.random.SeedSequence(whole.entropy))
    (drawn,) = whole.source.draw(random, 4, whole.study, Shift())
    market = drawn.panel.factors["mkt"]
    for r, pairs in enumerate(drawn.pairs):
        at = int(drawn.panel.calendar.get_loc(pairs["session"].iloc[0]))
        y = drawn.panel.returns[:, drawn.panel.symbols.index(f"r{r}s0")]
        rows = slice(at - 250, at - 10)
        line = stats.linregress(market[rows], y[rows])
        e = y[rows] - line.intercept - line.slope * market[rows]
        x = market[rows] - market[rows].mean()
        c = 1 + 1 / 240 + (market[at] - market[rows].mean()) ** 2 / (x @ x)
        ar = y[at] - line.intercept - line.slope * market[at]
        t = ar / np.sqrt(e @ e / 238 * c)
        one = found[(found["replication"] == r) & (found["test"] == "t")]
        assert one["pvalue"].item() == pytest.approx(2 * stats.t.sf(abs(t), 238))


def test_the_larger_p_of_a_test_and_its_twin() -> None:
    found = replicate(chunk("four_on_1", ["max_sar", "max_sar_ewma"], 8))
    p = found.pivot_table(index="replication", columns="test", values="pvalue")
    both = p[["max_sar", "max_sar_ewma"]].max(axis=1)
    assert (p["max_sar+ewma"] == both).all()


def test_dear_tests_run_as_often_as_told() -> None:
    found = replicate(chunk("four_on_1", ["placebo", "joint"], 4, heavy=1))
    counts = found.groupby("test")["replication"].count()
    assert counts["placebo"] == 1
    assert counts["joint"] == 4


@pytest.mark.parametrize(("design", "heavy"), [("four_on_1", 10), ("four_on_5", 2)])
def test_a_fifth_where_it_is_dear(design: str, heavy: int) -> None:
    """10 replications: 2 with placebo on several sessions, 2 for power."""
    table = calibrate(design, ["placebo", "bmp"], 10, windows=[(0, 0)])
    row = table.set_index("test")
    assert row.loc["placebo", "replications"] == heavy
    assert row.loc["bmp", "replications"] == 10
    assert row.loc["bmp", "power_replications"] == 2
    assert row.loc["placebo", "power_replications"] == (2 if heavy == 10 else 1)


def test_table_and_power() -> None:
    """A shift of two sigma with signs: the contrast finds it, and not one way up."""
    table = calibrate("four_on_1", QUICK, replications=100, windows=[(0, 0), (0, 2)])
    assert tuple(table.columns) == tuple(COLUMNS)
    day = table[table["length"] == 1].set_index("test")
    assert day.loc["contrast", "power_signed"] > 0.9
    assert day.loc["contrast", "power"] < 0.2
    assert day.loc["cross_sectional", "verdict"] == "invalid by design"
    assert day.loc["cross_sectional", "rate"] > 0.1
    assert "share sessions" in day.loc["cross_sectional", "reason"]
    assert table.set_index(["test", "length"]).loc[("joint", 3), "verdict"] == (
        "not computed"
    )


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AftershockError, match="Did you mean 'four_on_12'"):
        calibrate("fuor_on_12", replications=1)
    with pytest.raises(AftershockError, match="Did you mean 'cross_sectional'"):
        calibrate("one_pair", tests=["cross_sektional"], replications=1)


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    return calibrate("four_on_1", QUICK, replications=50, power=50)


def test_a_contrast_of_many_sessions_is_no_rank() -> None:
    """Its scaled row is a t of sessions there: no lattice, whatever its pairs have."""
    names = ["contrast", "contrast_ewma"]
    found = replicate(chunk("mixed_history", names, 3)).query("valid")
    scaled = found[found["test"] == "contrast_ewma"]
    assert len(scaled)
    assert scaled["attainable"].isna().all()


def test_nothing_to_run_is_told() -> None:
    with pytest.raises(AftershockError, match="no replication has a test to run"):
        calibrate("four_on_1", tests=["placebo"], replications=2, heavy=0, power=0)


def test_a_result_without_claims_has_an_empty_table_of_them() -> None:
    run = RunResult({}, {"id": "", "name": ""}, {})
    assert list(run.claims.columns)[:1] == list(empty("claims").columns)[:1]
    assert run.claims.empty


def test_document_has_a_row_for_each_test_and_anchors(small: pd.DataFrame) -> None:
    made = small.assign(made="2026-01-02", engine="aftershock 9", seed=5)
    text = document(made)
    assert "All: 2026-01-02, aftershock 9, seed 5." in text
    assert '<a id="design-four-on-1"></a>' in text
    assert '<a id="cross_sectional"></a>' in text
    refused = text.split("**`cross_sectional`**")[1].split("**")[0]
    assert "not valid, and would reject: [four_on_1](#design-four-on-1)" in refused
    rows = [line for line in text.splitlines() if line.startswith("| `joint` ")]
    assert len(rows) == 1  # the longer window is not computed
    heads = text.split("| test |")[1].splitlines()[0]
    assert rows[0].count("|") == heads.count("|") + 2


def test_designs_not_run_stay_as_stored(small: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "docs" / "calibration.md"
    made = {"made": "2026-01-02", "engine": "aftershock 9", "seed": 5}
    other = small.assign(design="one_pair", words="one")
    write_reference(other.assign(**made), path)
    write_reference(small.assign(**{**made, "made": "2026-02-03"}), path)
    text = path.read_text()
    assert text.index("### four_on_1") < text.index("### one_pair")
    assert "one_pair: 2026-01-02" in text
    assert "four_on_1: 2026-02-03" in text
    write_reference(other.assign(**made), path)
    assert path.read_text() == text
    stored = pd.read_csv(path.with_suffix(".csv"))
    assert len(stored) == 2 * len(small)


def call(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(words)
    assert isinstance(end.value.code, int)
    return end.value.code


def test_command_leaves_table_and_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = str(ROOT / "backtests" / "demo.yaml")
    code = call(
        "calibrate", demo, "--replications", "2", "--out", str(tmp_path), "--offline",
        "--set", "study.windows=[[0,0]]", "--set", "report.formats=[png]", "--json",
    )  # fmt: skip
    printed = capsys.readouterr()
    assert code == 0, printed.err
    rows = json.loads(printed.out)
    assert {row["design"] for row in rows} == {"own"}
    (folder,) = tmp_path.iterdir()
    result = RunResult.load(folder)
    assert list(result.tables["calibration"]["test"]) == [r["test"] for r in rows]
    assert (folder / "figures" / "calibration.png").is_file()
    assert Calibration().applies(result)


def test_command_refuses_what_it_cannot_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("calibrate") == 2
    assert "a config, or --reference" in capsys.readouterr().err
    demo = str(ROOT / "backtests" / "demo.yaml")
    assert call("calibrate", demo, "--designs", "fuor_on_1") == 2
    assert "Did you mean 'four_on_1'" in capsys.readouterr().err
    more = ("--set", "calibration.designs=[onw]")
    assert call("calibrate", demo, "--replications", "1", *more) == 2
    assert "Did you mean 'own'" in capsys.readouterr().err


def test_command_writes_the_reference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "calibration.md"
    words = ("--designs", "one_pair", "--replications", "1")
    assert call("calibrate", "--reference", str(path), *words) == 0
    assert "one_pair" in capsys.readouterr().out
    assert "### one_pair" in path.read_text()


def test_a_run_that_names_the_page_is_calibrated(tmp_path: Path) -> None:
    """A page that a config asks for is drawn, not passed over."""
    result = af.run(
        ROOT / "backtests" / "demo.yaml",
        out=tmp_path,
        overrides=[
            "study.windows=[[0,0]]",
            "strategies=[]",
            "report.pages=[calibration]",
            "report.formats=[png]",
            "calibration.replications=2",
        ],
        offline=True,
    )
    assert set(result.tables["calibration"]["design"]) == {"own"}
    assert result.folder is not None
    assert (result.folder / "figures" / "calibration.png").is_file()


def test_page_is_left_out_of_runs_that_were_not_calibrated() -> None:
    run = RunResult({}, {"id": "", "name": ""}, {})
    assert not Calibration().applies(run)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("replications: 0", "calibration.replications"),
        ("designs: []", "calibration.designs"),
        ("design: [own]", "did you mean 'designs'"),
    ],
)
def test_config_section_is_checked(tmp_path: Path, more: str, said: str) -> None:
    events = ROOT / "data" / "events" / "ai_compute.yaml"
    path = tmp_path / "a.yaml"
    path.write_text(f"title: A\nevents: {{files: [{events}]}}\n")
    plain = load_config(path)
    assert plain.calibration.designs == ("own",)
    assert plain.calibration.replications == 1000
    path.write_text(path.read_text() + f"calibration: {{{more}}}\n")
    with pytest.raises(AftershockError) as caught:
        load_config(path)
    assert said.lower() in str(caught.value).lower()
