"""The wheel: everything a user needs, one copy in git, and it works from anywhere."""

from __future__ import annotations

import configparser
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.conftest import ROOT
from tests.wheels import build_wheel, isolation


def listed_packages() -> set[str]:
    """Return the packages that setup.cfg names."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    return set(settings["options"]["packages"].split())


def test_setup_cfg_names_every_package() -> None:
    """A folder that is forgotten there is missing in the wheel, and only there."""
    folders = {p.parent.relative_to(ROOT) for p in ROOT.glob("aftershock/**/*.py")}
    found = {".".join(folder.parts) for folder in folders}
    assert found - listed_packages() == set()


def test_every_folder_of_the_package_has_an_init() -> None:
    folders = {p.parent for p in ROOT.glob("aftershock/**/*.py")}
    assert [f for f in sorted(folders) if not (f / "__init__.py").is_file()] == []


def test_the_version_is_said_in_one_place() -> None:
    """setup.cfg says it; the citation repeats it, and nothing else does."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    number = settings["metadata"]["version"]
    cited = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text())
    assert cited["version"] == number
    assert cited["license"] == settings["metadata"]["license"]
    code = [*ROOT.glob("aftershock/**/*.py"), ROOT / "pyproject.toml"]
    assert [p for p in code if f'"{number}"' in p.read_text(encoding="utf-8")] == []


def test_issue_templates_ask_what_is_needed() -> None:
    """Each has a name, says what it is for, and asks for something that is required."""
    folder = ROOT / ".github" / "ISSUE_TEMPLATE"
    files = [p for p in sorted(folder.glob("*.yml")) if p.stem != "config"]
    assert len(files) >= 3
    for path in files:
        form = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        assert form["name"] and form["description"]
        ids = [part["id"] for part in form["body"]]
        assert len(set(ids)) == len(ids)
        needed = [part.get("validations", {}).get("required") for part in form["body"]]
        assert any(needed), path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A fresh folder with the wheel in it, without its dependencies."""
    target = wheel.parent / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run_installed(installed: Path, folder: Path, *words: str) -> str:
    """Run Python on the installed copy alone, in a folder far from the checkout."""
    done = subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(installed)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_wheel_carries_code_and_workbench(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        f"aftershock/shipped/{path.relative_to(ROOT)}"
        for pattern in ("backtests/*.yaml", "strategies/*.py", "data/*.yaml")
        for path in ROOT.glob(pattern)
    }
    code = {str(p.relative_to(ROOT)) for p in ROOT.glob("aftershock/**/*.py")}
    events = {
        f"aftershock/shipped/{path.relative_to(ROOT)}"
        for folder in ("events", "yardsticks")
        for path in ROOT.glob(f"data/{folder}/*")
    }
    events |= {
        f"aftershock/shipped/data/claims/{p.name}" for p in ROOT.glob("data/claims/*")
    }
    moves = {"aftershock/shipped/data/reported_moves.csv", "aftershock/py.typed"}
    assert (shipped | code | events | moves) - names == set()


@pytest.mark.slow
def test_the_wheel_carries_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"aftershock"}
    stray = ("/tests/", "/data/prices/", "/reports/", "__pycache__")
    assert [n for n in names if any(part in f"/{n}" for part in stray)] == []
    licences = {Path(n).name for n in names if "/licenses/" in n}
    assert licences == {"LICENSE", "NOTICE"}


@pytest.mark.slow
def test_the_installed_package_is_the_wheel(installed: Path, tmp_path: Path) -> None:
    code = "import aftershock; print(aftershock.__file__)"
    assert str(installed) in run_installed(installed, tmp_path, "-c", code)


@pytest.mark.slow
def test_a_workspace_works_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Init, run, report and copies, in a folder far from the checkout."""

    def call(folder: Path, *words: str) -> str:
        return run_installed(installed, folder, "-m", "aftershock", *words)

    mine = tmp_path / "mine"
    call(tmp_path, "init", "mine")
    call(mine, "check", "backtests/first.yaml")
    printed = call(mine, "run", "backtests/first.yaml")
    assert "Sample data" in printed
    (folder,) = (mine / "reports").glob("first-*")
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF")
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    call(mine, "report", str(folder), "--format", "html")
    assert (folder / "report.html").read_bytes() == before
    call(mine, "events", "copy", "baskets", "data")
    call(mine, "strategies", "copy", "EventDrift", "strategies")
    assert (mine / "data" / "baskets.yaml").is_file()
    assert (mine / "strategies" / "event_drift.py").is_file()
    assert "112" in call(tmp_path, "events", "check")


@pytest.mark.slow
def test_the_source_archive_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    """A source archive that lacks a file builds another wheel, or none."""
    source = wheel.parent / "source"
    command = [sys.executable, "-m", "build", "--sdist", *isolation()]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(source)],
        check=True, capture_output=True, cwd=tmp_path,
    )  # fmt: skip
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path, filter="data")
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    command = [sys.executable, "-m", "build", "--wheel", *isolation()]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(unpacked)],
        check=True, capture_output=True, cwd=tmp_path,
    )  # fmt: skip
    (again,) = tmp_path.glob("*.whl")
    names = [sorted(zipfile.ZipFile(path).namelist()) for path in (wheel, again)]
    assert names[0] == names[1]
