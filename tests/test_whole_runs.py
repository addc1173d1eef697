"""Whole runs through the command line: what is written, and the first mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from curl_cffi import requests
from curl_cffi.requests.exceptions import DNSError

from aftershock.cli import main
from aftershock.sources.sample import SampleSource
from aftershock.sources.yahoo import YahooSource
from tests.conftest import ROOT

EVENT = """
- id: a-report
  headline: Something was reported
  published: {published}
  precision: exact
  tags: [compute-supply]
  source: {{name: A page, url: "https://example.org"}}
  exposures:
    - {{symbol: META, role: actor, expected: +1}}
    - {{symbol: {other}, role: supplier-competitor, expected: -1}}
"""
CONFIG = """
title: A first run
events: {{files: [../data/events/mine.yaml]}}
prices: {{source: {source}}}
study: {{windows: [[0, 0]], tests: [joint_ranked, joint_ranked_ewma, max_sar]}}
report: {{formats: [png], pages: [sample_and_data]}}
"""


def workspace(
    root: Path,
    published: str = "2026-04-22T08:00:00-04:00",
    other: str = "CRWV",
    source: str = "{name: sample}",
) -> str:
    """Write a workspace with one event and one config; return the config's path."""
    (root / "backtests").mkdir()
    (root / "data" / "events").mkdir(parents=True)
    text = EVENT.format(published=published, other=other)
    (root / "data" / "events" / "mine.yaml").write_text(text)
    path = root / "backtests" / "first.yaml"
    path.write_text(CONFIG.format(source=source))
    return str(path)


def call(*words: str) -> int:
    """Run a command; return its exit code."""
    with pytest.raises(SystemExit) as end:
        main(words)
    code = end.value.code
    assert isinstance(code, int)
    return code


def only_run(root: Path) -> tuple[dict[str, Any], Path]:
    """Return run.json and the folder of the only run of a workspace."""
    (folder,) = [p for p in (root / "reports").iterdir() if not p.name.startswith(".")]
    return json.loads((folder / "run.json").read_text()), folder


def test_an_unknown_ticker_is_named(tmp_path: Path, capsys: Any) -> None:
    """The pair is dropped with its reason; the run goes on."""
    assert call("run", workspace(tmp_path, other="QQZZ")) == 0
    said = capsys.readouterr().out
    assert "Left out: QQZZ (no prices)." in said
    assert "Sample data: all moves of this event are simulated" in said
    _, folder = only_run(tmp_path)
    dropped = pd.read_csv(folder / "tables" / "dropped.csv")
    assert dropped[["symbol", "reason"]].to_numpy().tolist() == [["QQZZ", "no_prices"]]


def test_an_event_on_a_holiday(tmp_path: Path, capsys: Any) -> None:
    """Juneteenth 2026 is a Friday without a session: Monday the 22nd prices it."""
    path = workspace(tmp_path, published="2026-06-19T10:00:00-04:00")
    assert call("run", path) == 0
    _, folder = only_run(tmp_path)
    cars = pd.read_csv(folder / "tables" / "cars.csv")
    assert set(cars["event_session"]) == {"2026-06-22"}
    assert call("run", path, "--set", "events.policy=error") == 2
    assert "2026-06-19" in capsys.readouterr().err


def test_a_typo_in_the_config(tmp_path: Path, capsys: Any) -> None:
    """File, line and column, a suggestion, exit code 2, nothing written."""
    path = workspace(tmp_path)
    text = Path(path).read_text().replace("windows", "windws")
    Path(path).write_text(text)
    assert call("run", path) == 2
    said = capsys.readouterr().err
    assert "first.yaml:5:9" in said
    assert "windows" in said
    assert "Traceback" not in said
    assert not (tmp_path / "reports").exists()


class NoNetwork(requests.Session):  # type: ignore[type-arg]
    """A session whose every request fails as without a network."""

    def request(self, *args: Any, **kwargs: Any) -> Any:
        raise DNSError("could not resolve host")

    get = request


def test_an_unreachable_network(
    tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 3, the symbols by name, what to do; never other prices instead."""
    waits: list[float] = []
    fields = YahooSource.__dataclass_fields__
    monkeypatch.setattr(
        YahooSource,
        "__init__",
        lambda self, **given: self.__dict__.update(
            {name: f.default for name, f in fields.items()}
            | {"session": NoNetwork(), "sleep": waits.append}
        ),
    )
    path = workspace(tmp_path, source="{name: yahoo}")
    assert call("run", path) == 3
    said = capsys.readouterr().err
    assert all(symbol in said for symbol in ("META", "CRWV", "SPY"))
    assert "What to do" in said
    assert len(waits) <= 2
    assert not (tmp_path / "reports").exists()
    assert call("run", path, "--offline") == 3


def test_a_price_file_with_a_hole(tmp_path: Path, capsys: Any) -> None:
    """The missing session is named, and its return and the next are missing."""
    bars = SampleSource().fetch(["META", "CRWV", "SPY"], None, None).bars
    (tmp_path / "prices").mkdir()
    for symbol, frame in bars.items():
        kept = frame.drop(pd.Timestamp("2026-04-20")) if symbol == "META" else frame
        named = kept.rename_axis("date").drop(columns=["dividends", "splits"])
        named.to_csv(tmp_path / "prices" / f"{symbol}.csv")
    path = workspace(tmp_path, source="{name: folder, path: ../prices}")
    assert call("run", path, "--set", "study.windows=[[0, 0], [-3, 0]]") == 0
    manifest, folder = only_run(tmp_path)
    assert any("META" in w and "2026-04-20" in w for w in manifest["warnings"])
    cars = pd.read_csv(folder / "tables" / "cars.csv").set_index(["symbol", "start"])
    assert np.isfinite(cars.loc[("META", 0), "car"])
    assert np.isnan(cars.loc[("META", -3), "car"])
    assert np.isfinite(cars.loc[("CRWV", -3), "car"])


def test_one_process_or_two_draw_the_same_bytes(tmp_path: Path, capsys: Any) -> None:
    """--jobs changes the time, not the report."""
    path = workspace(tmp_path)
    for jobs in ("1", "2"):
        out = tmp_path / f"out{jobs}"
        words = ("--jobs", jobs, "--format", "pdf,png", "--out", str(out))
        assert call("run", path, *words) == 0
    one, two = (sorted((tmp_path / f"out{k}").rglob("*.*")) for k in "12")
    assert [p.name for p in one] == [p.name for p in two]
    same = [a.read_bytes() == b.read_bytes() for a, b in zip(one, two, strict=True)]
    differ = {p.name for p, equal in zip(one, same, strict=True) if not equal}
    assert differ <= {"run.json"}


@pytest.mark.slow
def test_the_demo_says_so_everywhere(tmp_path: Path, capsys: Any) -> None:
    """Sample data: in the manifest, on the terminal, in every figure's text."""
    import aftershock as af

    result = af.run(ROOT / "backtests" / "demo.yaml", out=tmp_path, formats=["svg"])
    assert result.manifest["simulated"].startswith("Sample data: simulated")
    assert result.folder is not None
    assert list(result.tables["equity"])[1:3] == ["EventDrift", "ExpectedSign"]
    assert set(result.tables["trades"]["event_id"]) == {"meta-compute-report-20260701"}
    assert result.study is not None
    assert result.backtests is not None
    assert result.backtests.simulated == result.manifest["simulated"]
    assert result.claims.empty


def test_results_need_a_place(tmp_path: Path, capsys: Any) -> None:
    """A file in place of the results' folder: exit code 2 before any work."""
    path = workspace(tmp_path)
    assert call("run", path, "--out", path) == 2
    assert "--out DIR" in capsys.readouterr().err


@pytest.mark.parametrize("damage", ["tables/cars.csv", "run.json", "columns"])
def test_a_damaged_run_is_refused(tmp_path: Path, capsys: Any, damage: str) -> None:
    """A missing table, a manifest without keys, a table without columns: exit 2."""
    assert call("run", workspace(tmp_path)) == 0
    _, folder = only_run(tmp_path)
    if damage == "columns":
        (folder / "tables" / "cars.csv").write_text("event_id;symbol\n")
    elif damage == "run.json":
        (folder / damage).write_text("{}")
    else:
        (folder / damage).unlink()
    assert call("report", str(folder)) == 2
    said = capsys.readouterr().err
    assert "not whole" in said
    assert "Traceback" not in said


def test_another_borrow_rate_is_another_run(tmp_path: Path, capsys: Any) -> None:
    """What trades depend on is part of the run's id."""
    path = workspace(tmp_path)
    traded = "strategies=[{name: ExpectedSign}]"
    assert call("run", path, "--set", traded) == 0
    (tmp_path / "data" / "borrow.yaml").write_text(
        "- {symbol: CRWV, from: 2026-01-01, rate: 0.9, source: a page}\n"
    )
    assert call("run", path, "--set", traded) == 0
    assert len(list((tmp_path / "reports").glob("first-*"))) == 2
