"""``run --accept``: a severe defect is used, named, and added to the config's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from aftershock.cli import main
from aftershock.cli.running import accepting
from aftershock.config import load_config
from aftershock.errors import PriceError
from aftershock.results import RunResult
from aftershock.run.claims import obtain_with_claims
from aftershock.sources.sample import SampleSource
from tests.test_whole_runs import workspace

SESSION = "2026-02-03"
CLAIM = """
- id: one
  text: CRWV fell on the day.
  source: {name: A page, url: "https://example.com"}
  said_by: a page
  said_at: 2026-04-23
  measure: ar
  event: a-report
  symbols: [CRWV]
  window: [0, 0]
  expected: -1
"""


@pytest.fixture
def config(tmp_path: Path) -> str:
    """A run on a folder in which one close of CRWV is zero, long before the news."""
    folder = tmp_path / "prices"
    folder.mkdir()
    for symbol in ("SPY", "META", "CRWV"):
        bars = SampleSource().fetch([symbol], None, None).bars[symbol]
        rows = bars.rename_axis("date").reset_index()
        if symbol == "CRWV":
            rows.loc[rows["date"] == SESSION, "close"] = 0.0
        rows.to_csv(folder / f"{symbol}.csv", index=False)
    return workspace(tmp_path, source="{name: folder, path: ../prices}")


def ran(config: str, *more: str) -> RunResult:
    """Run a config; return what lies in its folder."""
    out = Path(config).parents[1] / "out"
    with pytest.raises(SystemExit) as end:
        main(["run", config, "--out", str(out), "--jobs", "1", *more])
    assert end.value.code == 0
    (folder,) = out.glob("first-*")
    return RunResult.load(folder)


def test_a_defect_is_used_when_it_is_accepted(
    config: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["prices", "check", str(Path(config).parents[1] / "prices")])
    assert end.value.code == 2
    told = capsys.readouterr().err
    (defect,) = {
        w.strip(".,;") for w in told.split() if w.startswith(f"CRWV:{SESSION}")
    }
    result = ran(config, "--accept", defect)
    assert "CRWV" in set(result.tables["cars"]["symbol"])
    assert result.config["prices"]["accept"] == [defect]


def test_without_it_the_symbol_is_dropped(config: str) -> None:
    dropped = ran(config).tables["dropped"]
    assert dropped.loc[dropped["symbol"] == "CRWV", "reason"].tolist() == [
        "price_defect"
    ]


def test_those_of_the_config_stay(config: str) -> None:
    overrides = ["prices.accept=['META:2026-01-02:a_rule']"]
    assert accepting(Path(config), overrides, ["CRWV:2026-02-03:b"])[-1] == (
        'prices.accept=["META:2026-01-02:a_rule", "CRWV:2026-02-03:b"]'
    )
    assert accepting(Path(config), overrides, []) == overrides


def test_a_defect_that_only_claims_meet_is_accepted_too(config: str) -> None:
    """The claim looks at CRWV with its zero, the study at META alone."""
    root = Path(config).parents[1]
    events = root / "data" / "events" / "mine.yaml"
    lines = events.read_text().splitlines(keepends=True)
    events.write_text("".join(line for line in lines if "CRWV" not in line))
    (root / "data" / "claims.yaml").write_text(CLAIM)
    asked = ["claims=[../data/claims.yaml]"]
    defect = f"CRWV:{SESSION}:not_positive"
    for ids, there in (([], False), ([defect], True)):
        told = [*asked, f"prices.accept={ids}"]
        inputs = obtain_with_claims(load_config(config, told))
        assert inputs.claims is not None
        assert ("CRWV" in inputs.claims.prices.symbols) is there
    unknown = [*asked, "prices.accept=['CRWV:2026-02-04:not_positive']"]
    with pytest.raises(PriceError, match="no price defect has the id"):
        obtain_with_claims(load_config(config, unknown))
