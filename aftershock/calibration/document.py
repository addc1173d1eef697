"""The reference table as a page of the documentation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.calibration.designs import DESIGNS
from aftershock.calibration.rates import COLUMNS, IN_BAND, INVALID, NOT_COMPUTED

MADE = ("made", "engine", "seed")
"""What the stored table says of each design's run, beside `COLUMNS`."""
HEAD = """# Calibration: how often each test rejects

Made by `aftershock calibrate --reference docs/calibration.md`; the numbers, unrounded,
are in [calibration.csv](calibration.csv). Not written by hand. {runs}

Each design draws a market in which nothing happens, sets events on it, and runs every
test on it, {replications} times. A test at the nominal level of 5 % that may show its
p-value should reject in 3.5 to 6.5 % of them. Then the news adds `effect` (in residual
standard deviations) on the event session, and the power is counted.

- **valid**: share of replications in which the test itself says that its p-value may be
  shown. From 90 % on it counts as valid for the design, and **rate** is taken over
  those replications; `all` is the rate over every replication, valid or not.
- **discrete tests** have p-values on a lattice: `sign`, `generalized_sign`, `sign_flip`
  with fewer than 9 clusters, ranks among fewer than 200. They are judged against the
  size they can attain -+ 3 Monte Carlo standard errors, or the band.
- **warned**: the rate is outside, or after high volatility above 8 %, but rejections
  without a warning beside the p-value, such as of a raised variance of the event
  session, are not too many.
- **finds the raised variance**: the test asks whether the session was ordinary, and one
  of raised variance is not; it does not tell a mean effect from such a session.
- `a+ewma` is what a report leads with: the larger p of `a` and `a_ewma`; it may be
  conservative.
- `t` is Student's t of a single pair, in the column `pvalue` of the table `cars`.
- **q1 .. q4**: the rate within each quartile of the variance that was known before the
  event (GARCH designs).
- Placebo tests draw 239 joint placebos where events fall on several sessions; there
  they have a fifth of the replications, with 50 symbols a twentieth: see **n**. Power
  has a fifth of what size has.
- Market model, estimation on offsets -250 .. -11 (M = 240 if not said otherwise),
  residual sigma 2 %, beta between 0.5 and 1.5; events of different symbols six sessions
  apart, those of the same symbols twenty (63 where there are 25 sessions).
"""


def write_reference(table: pd.DataFrame, path: Path) -> None:
    """Write the document, and the table beside it; designs not run stay as stored.

    Parameters
    ----------
    table : DataFrame
        `COLUMNS` and `MADE` of the designs that were run.
    path : Path
        Of the document, ``.md``.
    """
    stored = path.with_suffix(".csv")
    if stored.is_file():
        old = pd.read_csv(stored, keep_default_na=False, na_values=[""])
        kept = old[~old["design"].isin(set(table["design"]))]
        table = pd.concat([f for f in (kept, table) if len(f)], ignore_index=True)
    order = {name: k for k, name in enumerate(DESIGNS)}
    table = table.assign(_at=table["design"].map(order)).sort_values(
        ["_at", "start", "end", "test"], kind="stable"
    )
    table = table[[*COLUMNS, *MADE]].reset_index(drop=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(stored, index=False, float_format="%.12g", lineterminator="\n")
    path.write_text(document(table), encoding="utf-8", newline="\n")


def document(table: pd.DataFrame) -> str:
    """Return the document of a reference table."""
    shown = table[table["verdict"] != NOT_COMPUTED]
    most = int(shown["replications"].max()) if len(shown) else 0
    blocks = [HEAD.format(runs=_runs(table), replications=f"{most:,}")]
    blocks += ["## By test\n", f"Rates in the windows {_windows(shown)}.\n"]
    blocks += [*_by_test(shown), "## By design\n"]
    for name in dict.fromkeys(shown["design"]):
        blocks += _by_design(shown[shown["design"] == name])
    return "\n".join(blocks).rstrip() + "\n"


def _windows(table: pd.DataFrame) -> str:
    """Name the tested windows in their order."""
    spans = table[["start", "end"]].drop_duplicates().sort_values(["start", "end"])
    return ", ".join(f"[{a}, {b}]" for a, b in spans.itertuples(index=False))


def _runs(table: pd.DataFrame) -> str:
    """Say when, with what and from which seed the designs were run."""
    said = []
    for (made, engine, seed), rows in table.groupby(list(MADE), sort=True):
        names = list(dict.fromkeys(rows["design"]))
        which = "All" if len(names) == table["design"].nunique() else ", ".join(names)
        said.append(f"{which}: {made}, {engine}, seed {seed}.")
    return " ".join(said)


def _by_test(shown: pd.DataFrame) -> Iterator[str]:
    """Yield the sentences that justify each test's `valid` rule."""
    for test, rows in shown.groupby("test", sort=True):
        yield f'<a id="{test}"></a>\n**`{test}`**\n'
        refused = rows["verdict"] == INVALID
        for said, part, rate in (
            ("valid", rows[~refused], "rate_valid"),
            ("not valid, and would reject", rows[refused], "rate"),
        ):
            if len(part):
                found = part.groupby("design", sort=False)
                told = "; ".join(_where(str(k), r, rate) for k, r in found)
                yield f"- {said}: {told}"
        yield ""


def _of(rows: pd.DataFrame) -> Iterator[Mapping[str, Any]]:
    """Yield rows as mappings."""
    for row in rows.to_dict("records"):
        yield {str(k): v for k, v in row.items()}


def _where(design: str, rows: pd.DataFrame, rate: str) -> str:
    """Name a design with the rates of its windows there."""
    told = []
    for row in _of(rows):
        note = "" if row["verdict"] in (IN_BAND, INVALID) else f" ({row['verdict']})"
        told.append(f"{percent(row[rate])} %{note}")
    return f"[{design}](#{anchor(design)}) {', '.join(told)}"


def anchor(design: str) -> str:
    """Return the anchor of a design's table."""
    return f"design-{design.replace('_', '-')}"


HEADS = ("test", "window", "n", "valid", "rate", "allowed", "all", "verdict")


def _by_design(rows: pd.DataFrame) -> Iterator[str]:
    """Yield one design's heading and table."""
    first = rows.iloc[0]
    quartiles = bool(rows["rate_q4"].notna().any())
    signed = bool(rows["power_signed"].notna().any())
    heads = [*HEADS]
    heads += ["q1", "q2", "q3", "q4"] if quartiles else []
    heads += [f"power at {first['effect']:g}", *(["same, signed"] if signed else [])]
    yield f'<a id="{anchor(first["design"])}"></a>\n### {first["design"]}\n'
    yield f"{first['words']}.\n"
    yield "| " + " | ".join(heads) + " |"
    yield "|---|---|" + "---:|" * 5 + "---|" + "---:|" * (len(heads) - len(HEADS))
    for row in _of(rows):
        yield "| " + " | ".join(_cells(row, quartiles, signed)) + " |"
    yield ""


def _cells(row: Mapping[str, Any], quartiles: bool, signed: bool) -> Iterator[str]:
    """Yield the cells of a row."""
    yield f"`{row['test']}`"
    yield f"[{row['start']}, {row['end']}]"
    yield f"{row['replications']:,}"
    yield percent(row["share_valid"], 0)
    yield percent(row["rate_valid"])
    low, high = percent(row["low"]), percent(row["high"])
    yield f"{low} – {high}" if low else ""
    yield percent(row["rate"])
    yield str(row["verdict"])
    yield from (percent(row[f"rate_q{q}"]) for q in (1, 2, 3, 4) if quartiles)
    yield percent(row["power"], 0)
    if signed:
        yield percent(row["power_signed"], 0)


def percent(value: float, digits: int = 1) -> str:
    """Return a fraction in percent, without the sign; nothing when it is missing."""
    return "" if math.isnan(value) else f"{100 * value:.{digits}f}"
