"""Words on the command line, and files beside the user's, that nobody foresaw."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftershock.cli import app
from aftershock.cli.options import iso_day
from aftershock.config import load_config
from aftershock.errors import AftershockError, ConfigError, EventError
from aftershock.events import load_catalogue
from tests.conftest import ROOT


def refused(*words: str) -> AftershockError:
    made = CliRunner().invoke(app, list(words))
    assert isinstance(made.exception, AftershockError), made.exception
    return made.exception


@pytest.mark.parametrize("text", ["", "NaT", "yesterdayish"])
def test_a_day_is_one(text: str) -> None:
    with pytest.raises(AftershockError) as caught:
        iso_day(text, "--since")
    assert caught.value.found == f"'{text}' is no date"
    assert caught.value.where == "--since"


def test_each_column_is_mapped_once(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("a,b\nx,y\n", encoding="utf-8")
    given = ("--map", "headline=a", "--map", "headline=b")
    error = refused("events", "import", str(path), *given)
    assert isinstance(error, EventError)
    assert error.where == "--map headline=a --map headline=b"


def test_a_superscript_is_no_number_of_an_entry() -> None:
    demo = ROOT / "backtests/demo.yaml"
    with pytest.raises(ConfigError, match=r"'events\.files' is a list"):
        load_config(demo, ["events.files.²=x"])


def test_a_file_in_another_encoding_lies_beside_a_copy(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"- id: caf\xe9\n")
    (tmp_path / "folder.yaml").mkdir()
    made = CliRunner().invoke(
        app, ["events", "copy", str(tmp_path), "--tag", "compute-supply"]
    )
    assert made.exit_code == 0, made.exception
    assert (tmp_path / "tag_compute_supply.yaml").is_file()


def test_a_file_may_end_in_yml(tmp_path: Path) -> None:
    folder = tmp_path / "data/events"
    folder.mkdir(parents=True)
    (folder / "own.yml").write_text(
        "- id: own\n"
        "  headline: A deal\n"
        "  published: 2026-07-01T08:00:00-04:00\n"
        "  tags: [compute-contract]\n"
        "  exposures: [{symbol: META, role: customer, expected: +1}]\n",
        encoding="utf-8",
    )
    assert load_catalogue(tmp_path)["own"].headline == "A deal"


def test_an_event_in_a_yml_file_is_not_copied_again(tmp_path: Path) -> None:
    own = "- id: meta-compute-report-20260701\n"
    (tmp_path / "own.yml").write_text(own, encoding="utf-8")
    words = ("events", "copy", str(tmp_path), "--tag", "compute-supply")
    made = CliRunner().invoke(app, list(words))
    assert made.exit_code == 0, made.exception
    assert made.output.startswith("1 are in ")
    assert own not in (tmp_path / "tag_compute_supply.yaml").read_text("utf-8")
