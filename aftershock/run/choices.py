"""The same news measured in every defensible way: the table `robustness`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from aftershock.config.kinds import Named
from aftershock.errors import AftershockError, DataUnavailable
from aftershock.results import EventStudyResult
from aftershock.run.inputs import Inputs
from aftershock.run.measuring import design_of, panel_of
from aftershock.study.core import run_study
from aftershock.study.design import StudyDesign
from aftershock.study.frames import shaped
from aftershock.study.panel import StudyPanel
from aftershock.windows import EventWindow

PLAIN, SCALED = "plain", "volatility-scaled"
ALL_NEWS, QUIET = "other news included", "without other news"
ONE_SESSION = {"contrast": PLAIN, "contrast_ewma": SCALED}
SEVERAL = {"clustered": PLAIN, "sign_flip": "wild bootstrap"}
SIGNED, ALL = "contrast", "all"
"""Groups: the declared contrast, all pairs; the others are roles."""


@dataclass(frozen=True)
class Choice:
    """One way to measure.

    Attributes
    ----------
    model, market : str
    span : (start, end)
        Estimation offsets.
    before : date or None
        No estimation row on or after it.
    quiet : bool
        Leave the sessions of other chosen events of the symbol out of estimation.
    """

    model: str
    market: str
    span: tuple[int, int]
    before: date | None
    quiet: bool

    def applied(self, inputs: Inputs) -> Inputs:
        """Return the inputs of a run that had chosen so."""
        study = inputs.config.study
        estimation = study.estimation.model_copy(
            update={
                "start": self.span[0],
                "end": self.span[1],
                "before": self.before,
                "exclude_events": self.quiet,
            }
        )
        kept = self.model == study.model.name
        changes = {
            "market": self.market,
            "model": study.model if kept else Named(name=self.model),
            "estimation": estimation,
        }
        config = inputs.config.model_copy(
            update={"study": study.model_copy(update=changes)}
        )
        return replace(inputs, config=config)

    @property
    def words(self) -> dict[str, str]:
        """Return its columns of the table."""
        start, end = self.span
        cut = f" before {self.before}" if self.before else ""
        return {
            "model": self.model,
            "market": self.market,
            "estimation": f"[{start}, {end}]{cut}",
            "reference": QUIET if self.quiet else ALL_NEWS,
        }


def choices_of(inputs: Inputs) -> list[Choice]:
    """Return every combination that the config asks for; the study's own is first.

    With one session there is no other news to leave out.
    """
    study = inputs.config.study
    asked = study.robustness
    if asked is None:
        return []
    span = (study.estimation.start, study.estimation.end)
    befores = [study.estimation.before, None]
    quiet = study.estimation.exclude_events
    several = len(set(inputs.pairs["session"])) > 1
    own = Choice(study.model.name, study.market, span, befores[0], quiet)
    found = product(
        asked.models or (study.model.name,),
        asked.markets or (study.market,),
        asked.estimations or (span,),
        befores,
        (quiet, not quiet) if several else (quiet,),
    )
    return list(dict.fromkeys([own, *(Choice(*one) for one in found)]))


def robustness_frame(inputs: Inputs, study: EventStudyResult) -> pd.DataFrame:
    """Return the table `robustness`.

    Parameters
    ----------
    inputs : Inputs
    study : EventStudyResult
        Its kept pairs are measured again.

    Returns
    -------
    DataFrame
        A row for each choice, window, group and scaling. `group` is "contrast" for
        the declared one, or a role, or "all"; roles are measured in the window of the
        headline. On one session the estimate of a role is the mean of its symbols,
        tested as the portfolio that it is; on several, sessions are clusters. `leading`
        marks the study's own choice in the window of the headline. A choice that could
        not be measured has a row with its reason.
    """
    kept = study.pairs[study.pairs["status"].isin(["ok", "flagged"])]
    choices = choices_of(inputs)
    if not choices or kept.empty:
        return shaped("robustness", {})
    rows = [
        {**choice.words, **row, "leading": choice == choices[0] and _leads(row, inputs)}
        for choice in choices
        for row in _measured(choice, inputs, kept.reset_index(drop=True), study.weights)
    ]
    return shaped("robustness", pd.DataFrame(rows))


def _leads(row: dict[str, Any], inputs: Inputs) -> bool:
    """Tell whether a row is of the headline's window."""
    return bool(row["window"] == _window(*inputs.config.headline_window))


def _measured(
    choice: Choice, inputs: Inputs, pairs: pd.DataFrame, weights: Mapping[str, float]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of one choice, without the choice itself."""
    try:
        variant = choice.applied(inputs)
        if choice.market not in inputs.prices.symbols:
            raise DataUnavailable(f"no prices for {choice.market}")
        design = replace(design_of(variant), by=None)
        design = replace(design, event=design.event_window)
        panel, lead = panel_of(variant, design), inputs.config.headline_window
        if len(set(pairs["session"])) > 1:
            yield from _on_several(pairs, panel, design, lead)
        else:
            yield from _on_one(pairs, panel, design, lead, weights)
    except AftershockError as error:
        yield {"group": "", "window": "", "valid": False, "reason": error.found}


def _on_several(
    pairs: pd.DataFrame, panel: StudyPanel, design: StudyDesign, lead: tuple[int, int]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of news on several sessions: all pairs, and each role."""
    clustered = replace(design, tests=tuple(SEVERAL), contrast=None)
    by_role = replace(clustered, by="role", windows=(EventWindow(*lead),))
    yield from _rows(run_study(pairs, panel, clustered).tests, SEVERAL, ALL)
    tests = run_study(pairs, panel, by_role).tests
    yield from _rows(tests[tests["group"] != ALL], SEVERAL)


def _on_one(
    pairs: pd.DataFrame,
    panel: StudyPanel,
    design: StudyDesign,
    lead: tuple[int, int],
    weights: Mapping[str, float],
) -> Iterator[dict[str, Any]]:
    """Yield the rows of news on one session: the declared contrast, and each role."""
    shares: dict[str, Mapping[str, float]] = {SIGNED: weights} if weights else {}
    for role, symbols in pairs.groupby("role", sort=True)["symbol"]:
        names = sorted(set(symbols))
        shares[str(role)] = dict.fromkeys(names, 1 / len(names))
    for group, share in shares.items():
        own = pairs[pairs["symbol"].isin(list(share))].assign(expected=1)
        alone = replace(design, tests=tuple(ONE_SESSION), contrast=share)
        if group != SIGNED:
            alone = replace(alone, windows=(EventWindow(*lead),))
        yield from _rows(run_study(own, panel, alone).tests, ONE_SESSION, group)


def _rows(
    tests: pd.DataFrame, scalings: dict[str, str], group: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield what the table keeps of rows of tests."""
    for row in tests[tests["test"].isin(list(scalings))].to_dict("records"):
        yield {
            "group": group or row["group"],
            "window": _window(row["start"], row["end"]),
            "scaling": scalings[row["test"]],
            "valid": bool(row["valid"]),
            **{k: row[k] for k in ("test", "estimate", "statistic", "pvalue", "n")},
            **{k: row.get(k, np.nan) for k in ("ci_low", "ci_high", "reason")},
        }


def _window(start: int, end: int) -> str:
    return f"[{start}, {end}]"
