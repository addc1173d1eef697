"""One run, from config to files: the only place that knows the order of steps."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd

from aftershock.config import RunConfig, load_config
from aftershock.errors import ConfigError
from aftershock.executor import Executor, executor_of
from aftershock.results import EventStudyResult, RunResult
from aftershock.results.placing import whole
from aftershock.run.choices import robustness_frame
from aftershock.run.claims import claims_table, obtain_with_claims
from aftershock.run.inputs import Inputs
from aftershock.run.intraday import study_bars
from aftershock.run.manifest import make_manifest
from aftershock.run.measuring import study_of
from aftershock.run.planning import plan
from aftershock.run.trading import backtest_of

__all__ = ["plan", "run"]


def run(
    config: str | Path | RunConfig,
    *,
    out: str | Path | None = None,
    overrides: Sequence[str] = (),
    offline: bool = False,
    jobs: int = 1,
    formats: Sequence[str] | None = None,
    executor: Executor | None = None,
    progress: Callable[[str], None] | None = None,
    told: Callable[[str], None] | None = None,
) -> RunResult:
    """Run one backtest config and leave its folder of tables, figures and report.

    Parameters
    ----------
    config : path or RunConfig
    out : path, optional
        Takes the place of the workspace's `reports/`.
    overrides : sequence of "key=value"
        Settings that win over the file's.
    offline : bool
        Use only prices that are already on this machine.
    jobs : int
        With two or more, placebo draws and calibrations are shared by so many
        processes, and PDF and figures are drawn side by side; the bytes stay.
    formats : sequence of "pdf", "png", "svg", "html", optional
        Default: those of the config.
    executor : Executor, optional
        Where draws and calibrations are run, in place of `jobs` processes.
    progress : callable, optional
        Told the name of each step when it begins.
    told : callable, optional
        Told in one line how many events, symbols and draws there are to work through.

    Returns
    -------
    RunResult
        `folder` is where it lies.

    Raises
    ------
    AftershockError
        For anything wrong with the input (exit code 2) or data that could not be
        had (3); nothing is written then.
    """
    if not isinstance(config, RunConfig):
        config = load_config(config, overrides)
    root = Path(out) if out else config.workspace / "reports"
    _check_writable(root)
    place = executor or executor_of(jobs=jobs)
    clock = _Clock(progress)
    clock.begin("prices")
    inputs = obtain_with_claims(config, offline=offline, told=told)
    clock.begin("study")
    study = study_of(inputs)
    on_bars, of_bars = study_bars(inputs)
    clock.begin("robustness")
    choices = robustness_frame(inputs, study)
    clock.begin("backtest")
    backtests = backtest_of(inputs, place)
    tables = {**study.tables, **on_bars, **(backtests.tables if backtests else {})}
    tables["robustness"] = choices
    if inputs.claims:
        clock.begin("claims")
        tables["claims"] = claims_table(inputs)
    if "calibration" in (_pages(config) or ()):
        clock.begin("calibration")
        tables["calibration"] = _calibration(inputs, study, place)
    manifest = make_manifest(inputs, study, backtests, of_bars)
    if backtests:  # the panel tells of all its moves, a run of those that it shows
        backtests = replace(backtests, simulated=manifest["simulated"] or "")
    result = RunResult(
        tables=tables,
        manifest=manifest,
        config=inputs.config.resolved(),
        study=study,
        backtests=backtests,
    )
    chosen = tuple(formats or config.report.formats)
    return _leave(result, root, config, chosen, clock, jobs)


def _calibration(
    inputs: Inputs, study: EventStudyResult, executor: Executor
) -> pd.DataFrame:
    """Calibrate the tests on what the config asks for; its page names it."""
    from aftershock.run.calibrating import calibration_of

    asked = inputs.config.calibration
    return calibration_of(inputs, study, asked.designs, asked.replications, executor)


def _check_writable(root: Path) -> None:
    """Fail before any work where results could not be written.

    Raises
    ------
    ConfigError
        For a place that is a file, or that nobody may write to.
    """
    existing = next(p for p in (root, *root.absolute().parents) if p.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        raise ConfigError(
            "results cannot be written there",
            where=str(root),
            allowed="a folder that can be made and written to",
            do="choose another with --out DIR",
        )


def _leave(
    result: RunResult,
    root: Path,
    config: RunConfig,
    formats: Sequence[str],
    clock: _Clock,
    jobs: int,
) -> RunResult:
    """Write the run beside its place and move it there whole."""
    from aftershock.report import draw

    clock.begin("report")
    target = root / f"{config.name}-{result.manifest['id']}"
    with whole(target) as folder:
        result.save(folder)
        draw(
            folder,
            formats,
            pages=_pages(config),
            paper=config.report.paper,
            jobs=jobs,
            workspace=config.workspace,
        )
        clock.end()
        result.manifest["timings"] = clock.seconds
        result.save(folder)
        saved = RunResult.load(folder)  # before another run of the same may move it
    return replace(saved, folder=target, study=result.study, backtests=result.backtests)


def _pages(config: RunConfig) -> Sequence[str] | None:
    """Return the pages a config asks for; None = the default ones."""
    return None if config.report.pages == "default" else config.report.pages


class _Clock:
    """Seconds that the steps of a run took; each is told of when it begins."""

    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self.seconds: dict[str, Any] = {}
        self._progress = progress
        self._step, self._since = "", perf_counter()

    def begin(self, step: str) -> None:
        """End the step before, and begin another."""
        self.end()
        self._step, self._since = step, perf_counter()
        if self._progress is not None:
            self._progress(step)

    def end(self) -> None:
        """Note the time that a step took."""
        if self._step:
            self.seconds[self._step] = round(perf_counter() - self._since, 3)
        self._step = ""
