"""The committed report of the demo is that of today's demo."""

from __future__ import annotations

import json

from pypdf import PdfReader

from aftershock.config import load_config
from aftershock.run.claims import obtain_with_claims
from tests.conftest import ROOT

SAMPLE = ROOT / "reports" / "sample"
FILES = {"run.json", "report.pdf", "card.png", "what_happened.png",
         "how_unusual.png"}  # fmt: skip


def test_it_is_whole_and_small() -> None:
    assert {path.name for path in SAMPLE.iterdir()} == FILES
    assert sum(path.stat().st_size for path in SAMPLE.iterdir()) < 2_000_000
    pages = PdfReader(SAMPLE / "report.pdf").pages
    assert all("Sample data" in page.extract_text() for page in pages)


def test_its_id_is_that_of_the_demo() -> None:
    """The id stands for config, events, prices, version; `make gallery` remakes it."""
    config = load_config(ROOT / "backtests" / "demo.yaml")
    kept = json.loads((SAMPLE / "run.json").read_text(encoding="utf-8"))["id"]
    now = obtain_with_claims(config, offline=True).digest
    assert kept == now, "the demo has changed: run `make gallery` and commit the result"


def test_the_report_carries_that_id() -> None:
    kept = json.loads((SAMPLE / "run.json").read_text(encoding="utf-8"))["id"]
    first = PdfReader(SAMPLE / "report.pdf").pages[0].extract_text()
    assert f"run {kept}" in first
