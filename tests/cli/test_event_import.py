"""``aftershock events import``, as a user types it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aftershock.errors import AftershockError, DataUnavailable, EventError
from aftershock.events import load_events
from tests.cli.conftest import run
from tests.conftest import ROOT

pytestmark = pytest.mark.usefixtures("elsewhere")

ARTICLE = ROOT / "tests" / "importers" / "compute_plan.html"
EVENT = "deal-1,A deal is signed,2026-07-01T08:00:00-04:00,exact,compute-contract"
TABLE = (
    "id,headline,published,precision,tags,symbol,role,expected\n"
    f"{EVENT},CRWV,supplier,+1\n{EVENT},META,customer,0\n"
)


def table(text: str = TABLE) -> str:
    Path("in.csv").write_text(text, encoding="utf-8")
    return "in.csv"


class TestImport:
    def test_gaps_of_a_kind_stand_on_one_line(self) -> None:
        article = "CoreWeave and Nebius wait\n\nBoth wait.\n"
        Path("wait.txt").write_text(article, encoding="utf-8")
        said = run("import", "wait.txt")
        assert "role of CRWV NBIS\n" in said
        assert "expected of CRWV NBIS\n" in said

    def test_a_complete_table_becomes_drafts_that_hold(self) -> None:
        said = run("import", table())
        assert "1 draft from in.csv, read as table" in said
        assert "missing" not in said.split("Written to")[0]
        assert "1, every id used once" in run("check", "drafts.yaml")
        event = load_events([Path("drafts.yaml")])["deal-1"]
        assert [(e.symbol, e.role, e.expected) for e in event.exposures] == [
            ("CRWV", "supplier", 1),
            ("META", "customer", 0),
        ]
        assert event.selected_by == "headline"
        assert event.recorded_at is not None

    def test_an_article(self) -> None:
        said = run("import", str(ARTICLE), "--out", "mine.yaml")
        assert "role of META" in said and "expected of META" in said
        assert "repeats?      meta-compute-report-20260701" in said
        assert "none of them proven: mine.moves.csv" in said
        with Path("mine.moves.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        assert [(r["symbol"], r["date"], r["pct"]) for r in rows] == [
            ("META", "2026-07-01", "8.8"),
            ("CRWV", "2026-07-01", "-11.5"),
            ("NBIS", "2026-07-01", "-9.4"),
            ("NDX", "2026-07-01", "-0.6"),
        ]
        assert all(row["note"].startswith("CHECK") for row in rows)
        with pytest.raises(EventError, match="the exposure of META has no role"):
            run("check", "mine.yaml")

    def test_as_json(self) -> None:
        told = json.loads(run("import", str(ARTICLE), "--json"))
        assert told["files"] == ["drafts.yaml", "drafts.moves.csv"]
        (draft,) = told["drafts"]
        assert draft["possible_duplicate_of"] == ["meta-compute-report-20260701"]
        assert "role of CRWV" in draft["missing"]

    def test_a_column_map(self) -> None:
        text = "title,published,symbol\nMeta lifts capex,2026-07-01,META\n"
        said = run("import", table(text), "--map", "headline=title")
        assert "capex-guidance" in said

    def test_nothing_is_written_over(self) -> None:
        run("import", table())
        before = Path("drafts.yaml").read_bytes()
        with pytest.raises(EventError, match=r"drafts\.yaml is there already"):
            run("import", "in.csv")
        Path("in.csv").write_text(TABLE.replace("deal-1", "deal-2"), encoding="utf-8")
        assert Path("drafts.yaml").read_bytes() == before
        run("import", "in.csv", "--force")
        assert b"deal-2" in Path("drafts.yaml").read_bytes()

    @pytest.mark.parametrize(
        "out", ["data/events/drafts.yaml", str(ROOT / "data/events/ai_compute.yaml")]
    )
    def test_never_into_the_catalogue(self, out: str) -> None:
        with pytest.raises(EventError, match="drafts are none of it yet"):
            run("import", table(), "--out", out, "--force")
        assert not Path("data").exists()

    def test_nor_over_the_source(self) -> None:
        with pytest.raises(EventError, match="the source itself"):
            run("import", table(), "--out", "in.csv", "--force")

    def test_drafts_can_be_read_again(self) -> None:
        run("import", table())
        run("import", "drafts.yaml", "--out", "again.yaml")
        one, two = (load_events([Path(p)]) for p in ("drafts.yaml", "again.yaml"))
        assert [e.exposures for e in one.events] == [e.exposures for e in two.events]
        assert one.events[0].recorded_at == two.events[0].recorded_at

    @pytest.mark.parametrize(
        ("words", "error", "told"),
        [
            (("absent.csv",), DataUnavailable, "no such file"),
            (("photo.png",), EventError, r"no importer reads this"),
            (("yaho",), EventError, "Did you mean 'yahoo'"),
            (("in.csv", "--symbol", "META"), AftershockError, "--symbol means nothing"),
            (("http://127.0.0.1:9/", "--url", "x"), AftershockError, "--url means"),
            (("in.csv", "--map", "x"), EventError, "names no column"),
            (("yahoo", "--since", "soon"), AftershockError, "'soon' is no date"),
            (("edgar", "--symbol", "META"), EventError, "who asks"),
        ],
    )
    def test_mistakes(
        self, words: tuple[str, ...], error: type[AftershockError], told: str
    ) -> None:
        table()
        with pytest.raises(error, match=told):
            run("import", *words)
        assert not Path("drafts.yaml").exists()

    def test_a_feed_without_a_network(self) -> None:
        with pytest.raises(DataUnavailable, match="unreachable"):
            run("import", "http://127.0.0.1:9/feed")

    def test_a_saved_feed(self) -> None:
        Path("feed.xml").write_text(
            "<rss version='2.0'><channel><title>T</title>"
            "<item><title>Weather</title></item></channel></rss>",
            encoding="utf-8",
        )
        said = run("import", "feed.xml")
        assert "0 drafts from feed.xml, read as feed" in said
        assert "names no known symbol" in said
        assert "Nothing is written." in said
        assert not Path("drafts.yaml").exists()


def test_the_commands_from_a_shell() -> None:
    """A wrong file is 2, an absent one 3, one message each, nothing half-written."""
    Path("bad.csv").write_text(TABLE.replace("customer", "customr"), encoding="utf-8")
    for source, code in (("bad.csv", 2), ("absent.csv", 3)):
        done = subprocess.run(
            [sys.executable, "-m", "aftershock", "events", "import", source],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        assert source in done.stderr
    assert [path.name for path in Path.cwd().iterdir()] == ["bad.csv"]
