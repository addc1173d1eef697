"""Run folders with a wrong or missing file: one message, and nothing is drawn."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aftershock.results import RunResult
from tests.bad import making
from tests.bad.asking import refuses
from tests.report_fixture import write_run

Spoil = Callable[[Path], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder as a run leaves it."""
    run = write_run(tmp_path_factory.mktemp("runs") / "whole")
    with (run / "config.yaml").open("a", encoding="utf-8") as file:
        file.write("report: {pages: default, formats: [png], paper: a4}\n")
    return run


@pytest.fixture
def run(whole: Path, tmp_path: Path) -> Path:
    """A copy that may be spoiled."""
    return Path(shutil.copytree(whole, tmp_path / "run"))


def made(name: str, maker: making.Maker) -> Spoil:
    """Spoil one file by a maker."""
    return lambda run: maker(run / name, (run / name).read_text(encoding="utf-8"))


def written(name: str, text: str) -> Spoil:
    """Write something else into a file."""

    def spoil(run: Path) -> None:
        (run / name).write_text(text, encoding="utf-8")

    return spoil


def without(name: str) -> Spoil:
    """Take a file away."""
    return lambda run: (run / name).unlink()


def manifest(key: str, value: object) -> Spoil:
    """Put another value into run.json; None takes the key away."""

    def spoil(run: Path) -> None:
        held = json.loads((run / "run.json").read_text(encoding="utf-8"))
        held.pop(key) if value is None else held.update({key: value})
        (run / "run.json").write_text(json.dumps(held), encoding="utf-8")

    return spoil


def cut(name: str, part: float) -> Spoil:
    """Leave the beginning of a file."""

    def spoil(run: Path) -> None:
        text = (run / name).read_bytes()
        (run / name).write_bytes(text[: int(len(text) * part)])

    return spoil


def header(name: str, old: str, new: str) -> Spoil:
    """Write another word into the first line of a table."""

    def spoil(run: Path) -> None:
        head, _, rest = (run / name).read_text(encoding="utf-8").partition("\n")
        assert old in head
        (run / name).write_text(f"{head.replace(old, new)}\n{rest}", encoding="utf-8")

    return spoil


def row(name: str, text: str) -> Spoil:
    """Append a row to a table."""

    def spoil(run: Path) -> None:
        with (run / name).open("a", encoding="utf-8") as file:
            file.write(text + "\n")

    return spoil


CARS = "tables/cars.csv"
CASES: tuple[tuple[str, Spoil, int, str], ...] = (
    ("no_manifest", without("run.json"), 3, "there is no run.json"),
    ("no_config", without("config.yaml"), 3, "config.yaml"),
    ("no_table", without(CARS), 2, "tables/cars.csv missing"),
    ("empty_manifest", written("run.json", ""), 2, "cannot be read"),
    ("truncated_manifest", cut("run.json", 0.7), 2, "cannot be read"),
    ("manifest_is_a_list", written("run.json", "[]"), 2, "holds no keys"),
    ("manifest_is_a_number", written("run.json", "7"), 2, "holds no keys"),
    ("manifest_nested", written("run.json", "[" * 100_000), 2, "cannot be read"),
    ("manifest_without_id", manifest("id", None), 2, "id in run.json missing"),
    ("name_is_a_list", manifest("name", ["a"]), 2, "name in run.json"),
    ("headline_is_text", manifest("headline", "up"), 2, "headline in run.json"),
    ("counts_is_text", manifest("counts", "many"), 2, "counts in run.json"),
    ("empty_config", written("config.yaml", ""), 2, "holds no keys"),
    ("config_not_yaml", written("config.yaml", "a: [1"), 2, "config.yaml"),
    ("config_tag", written("config.yaml", "a: !!python/name:os.x"), 2, "config.yaml"),
    ("config_bomb", written("config.yaml", making.bomb_lines()), 2, "not whole"),
    ("config_is_a_list", written("config.yaml", "- a"), 2, "holds no keys"),
    ("report_is_text", written("config.yaml", "report: all"), 2, "not whole"),
    ("empty_table", written(CARS, ""), 2, "cannot be read"),
    ("header_of_words", header(CARS, "event_id", "what"), 2, "columns of tables/cars"),
    ("column_renamed", header(CARS, "car,", "care,"), 2, "columns of tables/cars"),
    ("text_for_a_number", row(CARS, "a,META,2026-07-01,0,0,much"), 2, "'much'"),
    ("impossible_date", row(CARS, "a,META,2026-02-30,0,0,0.1"), 2, "cannot be read"),
    ("cells_beyond", row(CARS, "x," * 60), 2, "cannot be read"),
    ("unclosed_quote", row(CARS, '"' + "a,META"), 2, "cannot be read"),
    ("table_not_utf8", made(CARS, making.latin1), 2, "cannot be read"),
    ("table_of_zeros", made(CARS, making.zeros), 2, "cars"),
    ("table_of_50_mb", made(CARS, making.long_line), 2, "cars"),
    ("manifest_utf16", made("run.json", making.utf16), 2, "not UTF-8"),
    ("manifest_nul", made("run.json", making.nul), 2, "NUL"),
    ("manifest_loop", made("run.json", making.loop), 3, "there is no run.json"),
    ("manifest_unreadable", made("run.json", making.unreadable), 2, "cannot be read"),
    ("config_loop", made("config.yaml", making.loop), 3, "no such"),
    ("config_a_folder", made("config.yaml", making.folder), 3, "a folder"),
    ("table_loop", made(CARS, making.loop), 3, "no such"),
    ("table_a_folder", made(CARS, making.folder), 3, "a folder"),
)


@pytest.mark.parametrize(("name", "spoil", "code", "words"), CASES)
def test_a_spoiled_run(
    run: Path, name: str, spoil: Spoil, code: int, words: str
) -> None:
    spoil(run)
    refuses(run, code, words, "report", str(run), "--format", "png")


def test_a_file_for_a_run(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("no folder")
    refuses(tmp_path, 3, "no run.json", "report", str(tmp_path / "run"))


def test_what_is_spoiled_was_whole(run: Path) -> None:
    assert RunResult.load(run).manifest["id"]
