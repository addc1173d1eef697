"""The committed report of the demo is that of today's demo."""

from __future__ import annotations

import json

from aftershock.config import load_config
from aftershock.run.claims import obtain_with_claims
from tests.conftest import ROOT

SAMPLE = ROOT / "reports" / "sample"
FILES = {"run.json", "report.pdf", "report.html", "card.png", "what_happened.png",
         "how_unusual.png"}  # fmt: skip


def test_it_is_whole_and_small() -> None:
    assert {path.name for path in SAMPLE.iterdir()} == FILES
    assert (SAMPLE / "report.html").stat().st_size < 1_000_000
    assert "Sample data" in (SAMPLE / "report.html").read_text(encoding="utf-8")


def test_its_id_is_that_of_the_demo() -> None:
    """The id stands for config, events, prices, version; `make gallery` remakes it."""
    config = load_config(ROOT / "backtests" / "demo.yaml")
    kept = json.loads((SAMPLE / "run.json").read_text(encoding="utf-8"))["id"]
    now = obtain_with_claims(config, offline=True).digest
    assert kept == now, "the demo has changed: run `make gallery` and commit the result"


def test_the_report_carries_that_id() -> None:
    kept = json.loads((SAMPLE / "run.json").read_text(encoding="utf-8"))["id"]
    assert f"run {kept}" in (SAMPLE / "report.html").read_text(encoding="utf-8")
