"""``aftershock events import``, ``add`` and ``tags``, as a user types them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftershock.cli.event_adding import offset_slip
from aftershock.cli.events import app
from aftershock.errors import AftershockError, DataUnavailable, EventError
from aftershock.events import TAGS, catalogue_files, load_events
from aftershock.events.vocabulary import ROLES
from tests.conftest import ROOT

ARTICLE = ROOT / "tests" / "importers" / "compute_plan.html"
EVENT = "deal-1,A deal is signed,2026-07-01T08:00:00-04:00,exact,compute-contract"
TABLE = (
    "id,headline,published,precision,tags,symbol,role,expected\n"
    f"{EVENT},CRWV,supplier,+1\n{EVENT},META,customer,0\n"
)
ADD = (
    *("add", "--id", "own-1", "--headline", "Meta rents out machines"),
    *("--published", "2026-07-01T08:12:00-04:00", "--precision", "exact"),
    *("--tag", "compute-supply", "--symbol", "META:actor:+1"),
    *("--symbol", "CRWV:supplier-competitor:-1", "--url", "https://example.org/1"),
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, so that only the shipped catalogue is there."""
    monkeypatch.chdir(tmp_path)


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


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


class TestAdd:
    def test_an_event_is_added_and_shown(self) -> None:
        Path("data").mkdir()
        said = run(*ADD)
        assert "Added own-1 at data/events/own.yaml:1." in said
        shown = json.loads(run("show", "own-1", "--json"))
        assert shown["sessions"] == ["2026-07-01"]
        assert {p["symbol"]: p["expected"] for p in shown["pairs"]} == {
            "META": 1,
            "CRWV": -1,
        }
        assert shown["recorded_at"] is not None

    def test_how_the_time_was_read(self) -> None:
        """10:15 at -05:00 is 11:15 in New York's summer: after the open."""
        said = run(*ADD, "--published", "2026-07-01T10:15:00-05:00", "--to", "a.yaml")
        assert "\nRead as Wed 2026-07-01 11:15:00 New York; first session Wed " in said
        assert (
            "2026-07-01; first fill at the close of Wed 2026-07-01, 16:00: it counts "
            "as known from Wed 2026-07-01 11:15:00."
        ) in " ".join(said.split())
        assert "\nWarning: published has -05:00, New York -04:00 on 2026-07-01" in said
        assert max(map(len, said.splitlines())) <= 80

    @pytest.mark.parametrize(
        ("time", "slip"),
        [
            ("2026-07-01T10:15:00-05:00", "-05:00, New York -04:00 on 2026-07-01"),
            ("2026-01-06T10:15:00-04:00", "-04:00, New York -05:00 on 2026-01-06"),
            ("2026-07-01T10:15:00-04:00", ""),
            ("2026-01-06T10:15:00-05:00", ""),
            ("2026-07-01T14:15:00+00:00", ""),
            ("2026-07-01T14:15:00Z", ""),
            ("2026-07-01T16:15:00+02:00", ""),
            ("2026-07-01 09:15 America/Chicago", ""),
            ("2026-07-01", ""),
        ],
    )
    def test_an_offset_of_the_other_half_of_the_year(self, time, slip) -> None:
        """New York is four hours behind in summer, five in winter."""
        told = f"published has {slip}: is it meant?" if slip else ""
        assert offset_slip({"published": time, "precision": "exact"}) == told

    def test_a_mistake_is_one_of_the_new_event(self) -> None:
        with pytest.raises(EventError) as caught:
            run(*ADD, "--to", "mine.yaml", "--tag", "macros")
        told = str(caught.value)
        assert told.startswith("the new event, tags: unknown tag 'macros'. Did you")
        assert "nothing was written: repeat the command" in told
        assert "mine.yaml" not in told

    def test_what_is_yet_to_come_has_not_occurred(self) -> None:
        later = ("--published", "2099-07-01T08:00:00-04:00", "--to", "mine.yaml")
        with pytest.raises(EventError, match="but its status is 'occurred'") as caught:
            run(*ADD, *later)
        assert "the new event: own-1: published 2099-07-01, later" in str(caught.value)
        assert "nothing was written: repeat the command" in str(caught.value)
        assert not Path("mine.yaml").exists()

    def test_a_basket_and_a_window(self) -> None:
        run(
            *("add", "--id", "b", "--headline", "H", "--tag", "macro"),
            *("--earliest", "2026-07-01T04:00:00-04:00"),
            *("--latest", "2026-07-01T09:29:59-04:00"),
            *("--basket", "neoclouds:peer:-1", "--to", "mine.yaml"),
        )
        event = load_events([Path("mine.yaml")])["b"]
        assert event.precision == "session"
        assert event.exposures[0].basket == "neoclouds"

    def test_a_warning_is_told(self) -> None:
        said = run(*ADD[:-2], "--to", "mine.yaml")
        assert "Warning: mine.yaml:1: own-1: no source address" in said

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            (("--symbol", "NBIS"), "--symbol: 'NBIS' is no exposure"),
            (("--symbol", "NBIS:per:+1"), "Did you mean 'peer'"),
            (("--symbol", "NBIS:rival:+1"), r"'rival'\. Known: acquirer, actor, comp"),
            (
                ("--tag", "pricing"),
                r"'pricing'\. 'aftershock events tags' lists them\.",
            ),
            (("--tag", "macros"), "Did you mean 'macro'"),
            (("--declared", "before"), "a sign is declared 'before'"),
            (("--to", "own.csv"), "to a YAML file only"),
            (("--published", "2026-07-01T08:12:00"), "no time zone"),
        ],
    )
    def test_mistakes_write_nothing(self, more: tuple[str, ...], told: str) -> None:
        with pytest.raises(EventError, match=told):
            run(*ADD, "--to", "mine.yaml", *more)
        assert list(Path.cwd().iterdir()) == []

    def test_an_id_is_used_once(self) -> None:
        Path("data").mkdir()
        run(*ADD)
        before = Path("data/events/own.yaml").read_bytes()
        with pytest.raises(EventError, match="already used at"):
            run(*ADD)
        with pytest.raises(EventError, match="already used at"):
            run(*ADD, "--to", "data/events/other.yaml")
        assert Path("data/events/own.yaml").read_bytes() == before


class TestTags:
    def test_all_of_them(self) -> None:
        told = json.loads(run("tags", "--json"))
        assert {row["tag"]: row["means"] for row in told} == TAGS
        assert next(row["rules"] for row in told if row["tag"] == "earnings") > 1
        said = run("tags")
        assert "tag_rules.yaml" in said
        assert all(f"\n{role} " in said for role in ROLES)

    def test_a_headline(self) -> None:
        assert json.loads(run("tags", "Meta lifts capex", "--json")) == [
            {"tag": "capex-guidance", "rule": "capex", "words": "capex"}
        ]
        assert "capex-guidance" in run("tags", "Meta lifts capex")
        assert run("tags", "It rains") == "No rule fires.\n"

    def test_a_workspace_s_own_rules(self) -> None:
        Path("data").mkdir()
        Path("data/tag_rules.yaml").write_text(
            "macro:\n  - {any: [rains]}\n", encoding="utf-8"
        )
        assert "macro" in run("tags", "It rains")

    @pytest.mark.slow
    def test_they_are_measured(self) -> None:
        """Floors well below what was measured: the rules must not rot unseen."""
        told = json.loads(run("tags", "--measure", "--json"))
        whole = next(row for row in told["tags"] if row["tag"] == "all")
        assert whole["events"] == sum(r["events"] for r in told["tags"]) / 2
        assert whole["precision"] > 0.8 and whole["recall"] > 0.7
        said = run("tags", "--measure")
        assert "headlines tagged by hand" in said
        assert "flatter" in said

    def test_themes_are_held_out(self) -> None:
        """Two themes share 'capex'; 'tariff' is in one alone, and so earns nothing."""
        row = (
            "  published: 2026-07-01\n"
            "  exposures: [{symbol: META, role: actor, expected: 0}]\n"
        )
        folder = Path("data/events")
        folder.mkdir(parents=True)
        for shipped in catalogue_files():
            (folder / shipped.name).write_text("[]\n", encoding="utf-8")
        (folder / "one.yaml").write_text(
            f"- id: a\n  headline: Capex\n  tags: [capex-guidance]\n{row}"
            f"- id: b\n  headline: A tariff\n  tags: [macro]\n{row}",
            encoding="utf-8",
        )
        (folder / "other.yaml").write_text(
            f"- id: c\n  headline: More capex\n  tags: [capex-guidance]\n{row}",
            encoding="utf-8",
        )
        told = json.loads(run("tags", "--measure", "--json"))
        assert told["themes"] == {"one": 2, "other": 1}
        tags = {row["tag"]: row for row in told["tags"]}
        assert tags["capex-guidance"]["held_out_recall"] == 1
        assert tags["macro"]["held_out_recall"] == 0
        assert tags["macro"]["recall"] == 1
        assert "Held out" in run("tags", "--measure")


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
