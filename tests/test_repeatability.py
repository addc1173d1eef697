"""Same inputs, same bytes, whatever process, hash seed, locale, zone or threads."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_whole_runs import EVENT, workspace

SECOND = EVENT.replace("a-report", "b-report").format(
    published="2026-03-18T08:00:00-04:00", other="NBIS"
)
START = (
    "import locale, sys; locale.setlocale(locale.LC_ALL, '')\n"
    "from aftershock.cli import main; main(sys.argv[1:])"
)
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")


def made_locale(name: str, folder: Path) -> dict[str, str]:
    """Return what chooses a locale, compiled here; the plain C where it cannot be."""
    localedef = shutil.which("localedef")
    made = folder / f"{name}.UTF-8"
    if localedef is not None and not made.exists():
        command = [localedef, "-i", name, "-f", "UTF-8", str(made)]
        subprocess.run(command, check=False, capture_output=True)
    if not made.exists():
        print(f"no {name} on this machine: C in its place")
        return {"LC_ALL": "C"}
    return {"LOCPATH": str(folder), "LC_ALL": f"{name}.UTF-8"}


def settings(place: str, folder: Path) -> dict[str, str]:
    """Return the environment of a variant."""
    folder.mkdir(exist_ok=True)
    plain = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    one = dict.fromkeys(THREADS, "1")
    return {
        "plain": plain | one,
        "order": plain | one | {"PYTHONHASHSEED": "77"},
        "german": one | {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"},
        "turkish": dict.fromkeys(THREADS, "2") | {"PYTHONHASHSEED": "424242"},
    }[place] | {
        "german": lambda: made_locale("de_DE", folder),
        "turkish": lambda: made_locale("tr_TR", folder),
    }.get(place, dict)()


def ran(work: Path, place: str, jobs: str) -> dict[str, bytes]:
    """Run in a process of its own; return every file, run.json without timings."""
    out = work / place
    words = [
        "run", "backtests/first.yaml", "--out", str(out), "--jobs", jobs,
        "--format", "pdf,png,svg,html",
        "--set", "report.pages=[what_happened, days_around, sample_and_data]",
        "--set", "study.tests=default", "--set", "strategies=[{name: ExpectedSign}]",
        "--set", "study.placebo={draws: 50}",
    ]  # fmt: skip
    chosen = settings(place, work / "locales")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    env = kept | {"PYTHONPATH": str(ROOT)} | chosen
    command = [sys.executable, "-c", START, *words]
    done = subprocess.run(
        command, cwd=work, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (folder,) = out.iterdir()
    files = {
        str(p.relative_to(out)): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file()
    }
    name = f"{folder.name}/run.json"
    manifest = json.loads(files[name])
    manifest.pop("timings")
    return files | {name: json.dumps(manifest).encode()}


FIRST = EVENT.format(published="2026-04-22T08:00:00-04:00", other="CRWV")


@pytest.mark.slow
def test_the_same_bytes_anywhere(tmp_path: Path) -> None:
    """Hash seeds, de_DE and tr_TR, Asia/Tokyo, one thread or two, events reversed."""
    workspace(tmp_path)
    events = tmp_path / "data" / "events" / "mine.yaml"
    events.write_text(FIRST + SECOND)
    usual = ran(tmp_path, "plain", "1")
    assert len(usual) > 25
    compared = 0
    for place, jobs in (("german", "1"), ("turkish", "2"), ("order", "1")):
        if place == "order":
            events.write_text(SECOND + FIRST)
        other = ran(tmp_path, place, jobs)
        assert sorted(usual) == sorted(other)
        assert [name for name in usual if usual[name] != other[name]] == [], place
        compared += sum(map(len, other.values()))
    print(f"{3 * len(usual)} files, {compared:,} bytes are the same")
