"""Size and power of the tests on what a config describes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from aftershock.calibration import OwnPanel, calibrate
from aftershock.config import RunConfig
from aftershock.errors import DataUnavailable
from aftershock.executor import Executor, executor_of
from aftershock.results import EventStudyResult, RunResult
from aftershock.run.inputs import Inputs, obtain_inputs
from aftershock.run.manifest import make_manifest
from aftershock.run.measuring import design_of, panel_of, study_of
from aftershock.study.pairs import first_of_session

OWN = "own"
"""The name of the config's own panel among the designs."""
Progress = Callable[[str, int, int], None]


def calibrate_config(
    config: RunConfig,
    designs: Sequence[str] | None = None,
    replications: int | None = None,
    *,
    jobs: int = 1,
    executor: Executor | None = None,
    offline: bool = False,
    progress: Progress | None = None,
) -> RunResult:
    """Calibrate the tests on the config's panel, and on designs by name.

    Parameters
    ----------
    config : RunConfig
    designs : sequence of str, optional
        ``own`` and names of reference designs; default those of the config.
    replications : int, optional
        Default that of the config.
    jobs : int
        Processes; the numbers do not depend on it.
    executor : Executor, optional
        Where the chunks are run, in place of `jobs` processes.
    offline : bool
        Use only prices that are already on this machine.
    progress : callable, optional
        Told the design, and how many parts of how many are done.

    Returns
    -------
    RunResult
        The study with the table `calibration`; not saved.
    """
    inputs = obtain_inputs(config, offline=offline)
    study = study_of(inputs)
    table = calibration_of(
        inputs,
        study,
        designs or config.calibration.designs,
        replications or config.calibration.replications,
        executor or executor_of(jobs=jobs),
        progress,
    )
    return RunResult(
        tables={**study.tables, "calibration": table},
        manifest=make_manifest(inputs, study, None),
        config=inputs.config.resolved(),
        study=study,
    )


def calibration_of(
    inputs: Inputs,
    study: EventStudyResult,
    designs: Sequence[str],
    replications: int,
    executor: Executor,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the table `calibration` of a run."""
    frames = []
    for name in designs:
        told = None
        if progress is not None:
            told = _named(progress, name)
        own = own_panel(inputs, study) if name == OWN else name
        frames.append(
            calibrate(
                own,
                replications=replications,
                seed=inputs.config.seed,
                executor=executor,
                study=replace(design_of(inputs), event=None) if name == OWN else None,
                progress=told,
            )
        )
    return pd.concat(frames, ignore_index=True)


def own_panel(inputs: Inputs, study: EventStudyResult) -> OwnPanel:
    """Return the run's panel and kept pairs as a design.

    Raises
    ------
    DataUnavailable
        When no pair was kept.
    """
    kept = study.pairs[study.pairs["status"].isin(["ok", "flagged"])]
    kept = kept.reset_index(drop=True)
    kept = kept[first_of_session(kept)].reset_index(drop=True)
    if kept.empty:
        raise DataUnavailable(
            "no pair of the study was kept, so there is nothing to calibrate on",
            where=inputs.config.shown,
            do="look at the table `dropped` of a run",
        )
    columns = ["event_id", "symbol", "role", "expected", "session"]
    sessions = kept["session"].nunique()
    counted = f"{sessions} session{'' if sessions == 1 else 's'}"
    words = (
        f"{len(kept)} pairs of this config on {counted}; residual vectors "
        "drawn in blocks, events at random places"
    )
    return OwnPanel(OWN, words, panel_of(inputs, design_of(inputs)), kept[columns])


def _named(progress: Progress, name: str) -> Callable[[int, int], None]:
    """Return the progress of one design."""
    return lambda done, total: progress(name, done, total)
