"""``aftershock claims``, and the claims of a run, on the sample."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from aftershock.cli import app, main
from aftershock.config import load_config
from aftershock.errors import ConfigError
from aftershock.results import RunResult
from aftershock.run.claims import obtain_with_claims
from aftershock.run.inputs import obtain_inputs
from aftershock.run.measuring import study_of
from tests.claims.world import claim_text
from tests.run.test_steps import EVENT

RUNNER = CliRunner()
CONFIG = """
title: Claims
events: {files: [events.yaml], where: {ids: [late]}}
prices: {source: {name: sample}}
study: {windows: [[0, 0]], placebo: {draws: 20}}
claims: [claims*.yaml]
report: {formats: [svg]}
"""
FELL = "measure: ar\nsymbols: [{}]\nwindow: {}\nexpected: -1"
LONG = FELL.replace("ar\n", "car\n")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Two events, of which the run studies the later one; claims about both."""
    days = {"early": "2025-10-14", "late": "2026-04-22"}
    text = "".join(
        EVENT.format(id=name, published=f"{day}T08:00:00-04:00", declared="before")
        for name, day in days.items()
    )
    (tmp_path / "events.yaml").write_text(text)
    said = {"said_at": "2025-10-14T08:00:00-04:00"}
    (tmp_path / "claims.yaml").write_text(
        claim_text(
            FELL.format("META", "[0, 0]"), "early-move", about="event: early", **said
        )
        + claim_text(LONG.format("NVDA", "[0, 90]"), "far", about="event: late", **said)
        + claim_text(
            FELL.format("XYZ", "[0, 0]"), "absent", about="event: late", **said
        )
    )
    path = tmp_path / "one.yaml"
    path.write_text(CONFIG)
    return path


def test_check_gives_each_claim_a_verdict(config: Path) -> None:
    """The sample ends on 2026-07-31; 90 sessions after 22 April 2026 is 31 August."""
    made = RUNNER.invoke(app, ["claims", "check", str(config), "--json"])
    assert made.exit_code == 0, made.output
    rows = {row["claim_id"]: row for row in json.loads(made.output)}
    assert list(rows) == ["early-move", "far", "absent"]
    assert rows["early-move"]["verdict"] in ("supported", "contradicted", "undecided")
    assert rows["early-move"]["pvalue_holm"] is not None
    assert rows["far"]["verdict"] == "not testable"
    assert rows["far"]["testable_from"] == "2026-08-31"
    assert "2026-08-31, and prices end on 2026-07-31" in rows["far"]["detail"]
    assert rows["absent"]["detail"] == "no prices of XYZ"
    text = RUNNER.invoke(app, ["claims", "check", str(config)]).output
    assert "far: not testable\n    A will move. Measured: –.\n" in text
    assert "3 claims: " in text


def test_list_shows_what_is_said(config: Path) -> None:
    file = str(config.parent / "claims.yaml")
    rows = json.loads(RUNNER.invoke(app, ["claims", "list", file, "--json"]).output)
    assert [row["id"] for row in rows] == ["early-move", "far", "absent"]
    assert rows[0]["said_at"] == "2025-10-14T08:00:00-04:00"
    text = RUNNER.invoke(app, ["claims", "list", file]).output
    assert "car of NVDA [0, 90]" in text
    assert "3 claims" in text
    assert "chips-profit-taking" in RUNNER.invoke(app, ["claims", "list"]).output


def test_a_run_has_the_table_and_the_page(config: Path, tmp_path: Path) -> None:
    made = RUNNER.invoke(app, ["run", str(config), "--out", str(tmp_path / "out")])
    assert made.exit_code == 0, made.output
    assert "Claims: " in made.output
    (folder,) = (tmp_path / "out").iterdir()
    table = RunResult.load(folder).claims
    checked = json.loads(
        RUNNER.invoke(app, ["claims", "check", str(config), "--json"]).output
    )
    assert table["claim_id"].tolist() == ["early-move", "far", "absent"]
    assert table["verdict"].tolist() == [row["verdict"] for row in checked]
    assert table["value"].iloc[0] == pytest.approx(checked[0]["value"])
    assert (folder / "figures" / "claims.svg").is_file()


def test_claims_change_the_id_and_nothing_of_the_study(config: Path) -> None:
    """What claims look at has prices of its own; a remark in the file is no claim."""
    inputs = obtain_inputs(load_config(config))
    asked = obtain_with_claims(load_config(config))
    assert asked.claims is not None
    assert "NVDA" in asked.claims.prices.symbols
    assert "NVDA" not in asked.prices.symbols
    assert asked.prices.sha256() == inputs.prices.sha256()
    pd.testing.assert_frame_equal(study_of(asked).tests, study_of(inputs).tests)
    assert asked.digest != inputs.digest
    file = config.parent / "claims.yaml"
    file.write_text("# a remark changes nothing\n" + file.read_text())
    assert obtain_with_claims(load_config(config)).digest == asked.digest
    file.write_text(file.read_text().replace("A will move", "A will fall", 1))
    assert obtain_with_claims(load_config(config)).digest != asked.digest


def test_the_id_knows_events_that_only_claims_look_at(config: Path) -> None:
    """The run studies `late` alone; a claim is about `early`, so its roles decide."""
    before = obtain_with_claims(load_config(config)).digest
    file = config.parent / "events.yaml"
    other = file.read_text().replace("role: supplier-competitor", "role: peer", 1)
    assert other.index("role: peer") < other.index("id: late")
    file.write_text(other)
    assert obtain_with_claims(load_config(config)).digest != before


def test_check_finds_mistakes_of_events_and_claims_together(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And names the claims in its plan when there are none."""
    assert exit_code("check", str(config)) == 0
    told = capsys.readouterr().out
    assert "claims           3: early-move, far, absent\n" in told
    for name, word, wrong in (
        ("claims", "measure: ar", "measure: arr"),
        ("events", "role: peer", "role: pear"),
    ):
        file = config.parent / f"{name}.yaml"
        file.write_text(file.read_text().replace(word, wrong, 1))
    assert exit_code("check", str(config)) == 2
    said = capsys.readouterr().err
    assert "unknown measure 'arr'" in said
    assert "unknown role 'pear'" in said


def exit_code(*words: str) -> object:
    with pytest.raises(SystemExit) as end:
        main(list(words))
    return end.value.code


def test_exit_codes(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No claims in the config, a mistake in the file: 2; no file: 3."""
    check = ("claims", "check", str(config))
    assert exit_code(*check, "--set", "claims=[]") == 2
    assert "claims: no claims" in capsys.readouterr().err
    assert exit_code(*check, "--set", "claims=[none.yaml]") == 3
    file = config.parent / "claims.yaml"
    file.write_text(file.read_text().replace("event: late", "event: later", 1))
    assert exit_code(*check) == 2
    assert "no event is named 'later'. Did you mean 'late'?" in capsys.readouterr().err
    file.write_text(file.read_text().replace("measure: ar", "measure: arr"))
    assert exit_code(*check) == 2
    assert "unknown measure 'arr'" in capsys.readouterr().err
    assert exit_code("claims", "list", str(config.parent / "none.yaml")) == 3


def test_claims_need_text_files(config: Path) -> None:
    made = RUNNER.invoke(app, ["run", str(config), "--set", "claims={a: b}"])
    assert isinstance(made.exception, ConfigError)
    assert "claims: found {'a': 'b'}, allowed: a list" in str(made.exception)
