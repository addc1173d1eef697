"""How often each test rejects where nothing happened, and where something did."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from aftershock.calibration.designs import DESIGNS, Design, Shift
from aftershock.calibration.own_panel import OwnPanel
from aftershock.calibration.rates import BAND, COLUMNS, DEFECTS, rejection_rates
from aftershock.calibration.replications import Chunk, chunks_of, replicate_part
from aftershock.errors import StudyError
from aftershock.executor import Executor, executor_of
from aftershock.registry import choose
from aftershock.study.design import StudyDesign, find_model, find_tests
from aftershock.study.placebo import PlaceboPlan
from aftershock.windows import EventWindow

__all__ = [
    "BAND",
    "COLUMNS",
    "DEFECTS",
    "DESIGNS",
    "Design",
    "OwnPanel",
    "calibrate",
    "design_named",
]

FEWER = 5
"""One replication in five is made again with an effect, for power."""
DRAWS = 239
"""Joint placebo draws: .05 (239 + 1) is whole."""
Progress = Callable[[int, int], None]


def calibrate(
    design: str | Design | OwnPanel,
    tests: str | Sequence[str] = "all",
    replications: int = 5000,
    windows: Sequence[tuple[int, int]] = ((0, 0), (0, 5)),
    level: float = 0.05,
    seed: int = 20260701,
    jobs: int = 1,
    *,
    study: StudyDesign | None = None,
    heavy: int | None = None,
    power: int | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Measure size and power of the tests on one design.

    Parameters
    ----------
    design : str, Design or OwnPanel
        A design by name, or a user's own panel.
    tests : "all", "default" or names
    replications : int
    windows : sequence of (start, end)
        Tested windows; not used with `study`.
    level : float
        Nominal size.
    seed, jobs : int
        The numbers depend on the seed and not on the number of processes.
    study : StudyDesign, optional
        Model, estimation and windows; default the market model on (-250, -11).
    heavy : int, optional
        Replications of the placebo tests; default one in `thrift` of the source: all
        on one session of few symbols, a fifth on several sessions, a twentieth of
        fifty symbols.
    power : int, optional
        Replications with an effect; default a fifth.
    progress : callable, optional
        Told how many chunks of how many are done.
    executor : Executor, optional
        Where the chunks are run; default `jobs` processes of this machine.

    Returns
    -------
    DataFrame
        One row for each window and test, columns `COLUMNS`; fractions, not percent.

    Notes
    -----
    A test is valid for a design when it says so in 90 % of the replications;
    `rate_valid` is taken over those, `rate` over all. `se` is the Monte Carlo
    standard error of a rate at nominal size.
    """
    source = design_named(design) if isinstance(design, str) else design
    if study is None:
        spans = tuple(EventWindow(*w) for w in windows)
        study = StudyDesign(
            find_model("market"),
            windows=spans,
            contrast="expected_signs",
            placebo=PlaceboPlan(draws=DRAWS),
        )
    study = replace(study, tests=tests, by=None)
    find_tests(tests, several_sessions=True)
    runs = _runs(source, study, level, seed, replications, heavy, power)
    parts = [part for run in runs for part in chunks_of(run)]
    place = executor or executor_of(jobs=jobs)
    made = place.run(replicate_part, [part.own for part in parts], runs[0])
    frames: dict[Shift, list[pd.DataFrame]] = {run.shift: [] for run in runs}
    for k, (part, frame) in enumerate(zip(parts, made, strict=True)):
        frames[part.shift].append(frame)
        if progress is not None:
            progress(k + 1, len(parts))
    return _table(source, runs, frames, level)


def design_named(name: str) -> Design:
    """Return a design of the reference table.

    Raises
    ------
    AftershockError
        For an unknown name; the closest is suggested.
    """
    if name not in DESIGNS:
        choose("design", name, dict.fromkeys(DESIGNS, Design))
    return DESIGNS[name]


def _runs(
    source: Design | OwnPanel,
    study: StudyDesign,
    level: float,
    seed: int,
    replications: int,
    heavy: int | None,
    power: int | None,
) -> list[Chunk]:
    """Return what is drawn: without news, with all symbols up, with signed moves."""
    again = _share(replications, FEWER) if power is None else power
    entropy = (seed, zlib.crc32(source.name.encode()))
    whole = Chunk(
        source=source,
        study=study,
        shift=Shift(),
        first=0,
        count=replications,
        heavy=_share(replications, source.thrift) if heavy is None else heavy,
        level=level,
        entropy=(*entropy, 0),
    )
    moves = [Shift(source.effect), Shift(source.effect, signed=True)]
    if not source.one_session or getattr(source, "symbols", 2) == 1:
        moves = moves[:1]
    often = min(_share(again, source.thrift), whole.heavy)
    return [
        whole,
        *(
            replace(whole, shift=s, count=again, heavy=often, entropy=(*entropy, 1))
            for s in moves
            if again
        ),
    ]


def _share(replications: int, every: int) -> int:
    """Return one in `every` replications, at least one of any."""
    return -(-replications // every)


def _table(
    source: Design | OwnPanel,
    runs: Sequence[Chunk],
    frames: dict[Shift, list[pd.DataFrame]],
    level: float,
) -> pd.DataFrame:
    """Join size and power into the table `calibration`."""
    size = pd.concat(frames[Shift()], ignore_index=True)
    if size.empty:
        raise StudyError(
            "no replication has a test to run",
            where="heavy",
            allowed="1 or more, where each of the tests needs sessions of its own",
        )
    table = rejection_rates(size, level, getattr(source, "variance", 1.0))
    table = table.assign(design=source.name, words=source.words, effect=source.effect)
    keys = ["start", "end", "test"]
    for run in runs[1:]:
        name = "power_signed" if run.shift.signed else "power"
        moved = rejection_rates(pd.concat(frames[run.shift], ignore_index=True), level)
        columns = {"rate": name}
        if name == "power":
            columns["replications"] = "power_replications"
        found = moved[[*keys, *columns]].rename(columns=columns)
        table = table.merge(found, on=keys, how="left")
    return table.reindex(columns=list(COLUMNS))
