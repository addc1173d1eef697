"""Folders appear whole or not at all; what killed processes left is removed."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from aftershock import cli, report
from aftershock.results.placing import MARK, NEW, OLD, aside, clear, whole
from tests.report_fixture import write_run


def broken_off(root: Path, name: str = ".run-abc.writing") -> Path:
    """Leave what a process leaves that is killed while it writes."""
    (root / name / NEW / "run").mkdir(parents=True)
    (root / name / NEW / "run" / "run.json").write_text("half")
    (root / name / MARK).touch()
    return root / name


def test_a_folder_takes_its_place_when_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "out" / "run"
    with whole(target) as folder:
        (folder / "a").write_text("1")
        assert not target.exists()
    with whole(target) as folder:
        (folder / "b").write_text("2")
        assert (target / "a").read_text() == "1"
    assert [p.name for p in target.iterdir()] == ["b"]
    assert [p.name for p in target.parent.iterdir()] == ["run"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    with whole(tmp_path / "run") as folder:
        (folder / "a").write_text("1")
    with pytest.raises(OSError, match="full"), whole(tmp_path / "run") as folder:
        (folder / "b").write_text("2")
        raise OSError(errno.ENOSPC, "full")
    assert [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")] == [
        "run",
        "run/a",
    ]


def test_what_was_broken_off_is_named_and_removed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    left = broken_off(tmp_path)
    with whole(tmp_path / "run") as folder:
        (folder / "a").touch()
    assert not left.exists()
    assert str(left) in caplog.text and "broken off" in caplog.text
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_an_empty_folder_was_left_before_its_lock_or_after(tmp_path: Path) -> None:
    """Folders of others are not ours to remove, hidden or not."""
    (tmp_path / ".run-abc.writing").mkdir()
    (tmp_path / ".other").mkdir()
    assert clear(tmp_path) == [tmp_path / ".run-abc.writing"]
    assert [p.name for p in tmp_path.iterdir()] == [".other"]


def test_whoever_is_killed_while_tidying_up_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock goes last: what is half removed is found by the next."""
    removed = []

    def killed(path: Path, **_: bool) -> None:
        removed.append(path)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), whole(tmp_path / "run") as folder:
        (folder / "a").touch()
        monkeypatch.setattr("shutil.rmtree", killed)
    monkeypatch.undo()
    assert removed and (tmp_path / "run" / "a").exists()
    assert len(clear(tmp_path)) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["run"]


def test_what_somebody_is_writing_is_left_alone(tmp_path: Path) -> None:
    with aside(tmp_path, "run") as work:
        (work / "half").touch()
        assert clear(tmp_path) == []
        assert (work / "half").exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_was_only_not_moved_is_moved(tmp_path: Path) -> None:
    """Killed between the two renames of the exchange: the new run is whole."""
    left = broken_off(tmp_path)
    (left / OLD / "0").mkdir(parents=True)
    assert clear(tmp_path) == [left]
    assert (tmp_path / "run" / "run.json").read_text() == "half"
    again = broken_off(tmp_path)
    (again / OLD).mkdir()
    (again / NEW / "run" / "run.json").write_text("another")
    clear(tmp_path)
    assert (tmp_path / "run" / "run.json").read_text() == "half"


def test_the_lock_of_a_dead_process_is_free(tmp_path: Path) -> None:
    """SIGKILL gives no time to let go: the system does."""
    code = (
        "import sys, time; from filelock import FileLock\n"
        "with FileLock(sys.argv[1]): print('held', flush=True); time.sleep(60)"
    )
    lock = tmp_path / ".lock"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        with pytest.raises(TimeoutError):
            FileLock(lock, timeout=0.05).acquire()
        process.kill()
    with FileLock(lock, timeout=1):
        pass


def test_a_report_that_fails_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The disk is full after the PDF: neither PDF nor figures change."""
    folder = write_run(tmp_path / "run")
    figures = folder / "figures"
    figures.mkdir()
    (folder / "report.pdf").write_text("before")
    for name in ("old.svg", "old.png"):
        (figures / name).write_text("before")
    left = broken_off(folder, ".report-abc.writing")
    made = report.as_file

    def fails(svg: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(report, "as_file", fails)
    with pytest.raises(OSError, match="No space"):
        report.draw(folder, ("pdf", "svg"), pages=["days_around"])
    assert (folder / "report.pdf").read_text() == "before"
    assert {p.name for p in figures.iterdir()} == {"old.svg", "old.png"}
    assert not left.exists() and str(left) in caplog.text
    monkeypatch.setattr(report, "as_file", made)
    drawn = report.draw(folder, ("svg",), pages=["days_around"])
    assert drawn == [figures / "days_around.svg"]
    assert {p.name for p in figures.iterdir()} == {"days_around.svg", "old.png"}
    assert (folder / "report.pdf").read_text() == "before"
    assert not [p for p in folder.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (errno.ENOSPC, 3, "no space is left on the disk"),
        (errno.EDQUOT, 3, "the quota"),
        (errno.EFBIG, 3, "larger than this process may write"),
        (errno.EROFS, 2, "may not be read or written"),
        (errno.EACCES, 2, "may not be read or written"),
    ],
)
def test_what_the_machine_refuses_is_said_once(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, number: int, code: int, said: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, "refused", "/a/place")

    monkeypatch.setattr(cli, "app", refuse)
    with pytest.raises(SystemExit) as end:
        cli.main(["demo"])
    err = capsys.readouterr().err
    assert end.value.code == code
    assert f"/a/place: {said}" in err or said in err
    assert "/a/place" in err and "What to do" in err and "Traceback" not in err


def test_another_error_of_the_machine_is_a_defect(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("odd")

    monkeypatch.setattr(cli, "app", refuse)
    with pytest.raises(SystemExit) as end:
        cli.main(["demo"])
    assert end.value.code == 1
    assert "Traceback" in capsys.readouterr().err
