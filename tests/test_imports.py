"""What must be quick loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = ("vectorbt", "matplotlib", "yfinance", "statsmodels")


def loaded_by(code: str) -> list[str]:
    """Run `code` in a process of its own; return the heavy packages it loaded."""
    tail = f"\nprint('LOADED', *[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}{tail}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return done.stdout.rpartition("LOADED")[2].split()


def command(*words: str) -> str:
    return (
        "from aftershock.cli import main\n"
        f"try:\n    main({list(words)!r})\n"
        "except SystemExit as end:\n    assert end.code == 0, end.code"
    )


def test_the_package_loads_nothing_heavy() -> None:
    assert loaded_by("import aftershock") == []


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("check", "backtests/demo.yaml"),
        ("events", "list"),
        ("strategies", "list"),
        ("schema",),
    ],
    ids=lambda words: words[0],
)
def test_commands_load_nothing_heavy(words: tuple[str, ...]) -> None:
    assert loaded_by(command(*words)) == []


def test_help_does_not_even_load_pandas() -> None:
    """Half a second is what loading pandas takes; help has that for everything."""
    code = command("--help") + "\nassert 'pandas' not in sys.modules"
    assert loaded_by(code) == []


def test_public_names_are_not_hidden_by_modules() -> None:
    """`af.run` stays the function after the module of that name was imported."""
    import aftershock
    import aftershock.run

    for name in aftershock.__all__:
        assert not isinstance(getattr(aftershock, name), type(sys))
    assert callable(aftershock.run)
