"""Fuzz one loader for some time, guided by what its code reaches.

What breaks (anything but a refusal) ends the run and is kept as a file. Needs atheris,
which is no dependency of the project: pip install atheris.

Run: python bench/fuzz.py LOADER SECONDS [FOLDER]; loaders as in tests/bad.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import atheris

READ = [
    "aftershock.config",
    "aftershock.events",
    "aftershock.claims",
    "aftershock.sources",
]
ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
with atheris.instrument_imports(include=READ):
    from tests.bad.test_fuzzing import LOADERS, stands

BEGINNINGS = {
    "config": "configs/*.yaml",
    "events": "events/*.yaml",
    "events_csv": "events/*.csv",
    "claims": "claims/*.yaml",
    "baskets": "baskets/*.yaml",
    "prices": "prices/*.csv",
}
"""The files of tests/bad that a loader begins with, besides one that is right."""


def seeded(name: str, folder: Path) -> Path:
    """Write what the fuzzer begins with; return the folder."""
    corpus = folder / f"corpus-{name}"
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "right").write_text(LOADERS[name][2], encoding="utf-8")
    for path in (ROOT / "tests" / "bad").glob(BEGINNINGS.get(name, "-")):
        (corpus / path.name).write_bytes(path.read_bytes())
    return corpus


def main() -> None:
    """Fuzz until the time is over or something breaks."""
    name, seconds = sys.argv[1], int(sys.argv[2])
    kept = Path(sys.argv[3] if len(sys.argv) > 3 else ".") / "fuzzed"
    with TemporaryDirectory() as place:
        atheris.Setup(
            [
                sys.argv[0],
                str(seeded(name, kept)),
                f"-max_total_time={seconds}",
                f"-artifact_prefix={kept}/{name}-",
                *("-timeout=30", "-max_len=4000", "-rss_limit_mb=3000"),
                *("-print_final_stats=1", "-verbosity=1"),
            ],
            lambda data: stands(name, Path(place), data),
        )
        atheris.Fuzz()


if __name__ == "__main__":
    main()
