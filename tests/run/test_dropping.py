"""What `check` says a run will drop is what the run drops."""

from __future__ import annotations

from pathlib import Path

from aftershock.config import load_config
from aftershock.run.measuring import study_of
from aftershock.run.planning import plan
from tests.run.test_steps import MORNING, inputs_of, write

CLAIM = """
- id: fell
  text: The index fell by one in a hundred
  said_by: Somebody
  said_at: 2026-04-23T08:00:00-04:00
  source: {name: A page, url: "https://example.org"}
  event: a
  measure: reported_move
  symbols: [IXIC]
  window: [0, 0]
  reported: -0.01
  tolerance: 0.001
"""


def test_plan_counts_estimation_rows(tmp_path: Path) -> None:
    """[-250, -11] of 22 April 2026 begins in April 2025: before January is no row.

    So META and CRWV have none to estimate on, and XYZ has no price.
    """
    path = write(tmp_path, ("a", MORNING, "before"))
    found = plan(load_config(path, ["study.estimation.min_obs=200"]))
    run = study_of(inputs_of(path, "study.estimation.min_obs=200"))
    assert found["measured"] == run.pairs["status"].isin(["ok", "flagged"]).sum()
    found = plan(load_config(path, ["study.estimation.before=2025-01-10"]))
    assert (found["pairs"], found["measured"]) == (3, 0)
    assert found["by_event"][0]["left_out"] == 3
    assert {row["reason"] for row in found["dropped"]} == {
        "no_prices", "insufficient_estimation",
    }  # fmt: skip
    assert (
        "no pair can be measured with the prices at hand: "
        "2 (too few sessions to estimate on), 1 (no prices)"
    ) in found["warnings"]


def test_command_that_fetches_has_what_claims_ask_for(tmp_path: Path) -> None:
    """A claim on the Nasdaq index, IXIC, is judged by its proxy, ONEQ."""
    path = write(tmp_path, ("a", MORNING, "before"))
    (tmp_path / "claims.yaml").write_text(CLAIM)
    path.write_text(path.read_text() + "claims: [claims.yaml]\n")
    told = plan(load_config(path, ["prices.source.name=yahoo"]))["warnings"]
    [command] = [line for line in told if "prices fetch" in line]
    symbols = command.split("prices fetch ")[1].split(" --start")[0].split()
    assert sorted(symbols) == ["CRWV", "META", "ONEQ", "SPY", "XYZ"]
