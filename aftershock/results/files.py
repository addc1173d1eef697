"""Tables and settings as files that people can read and machines can compare."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from aftershock.errors import AftershockError, DataUnavailable
from aftershock.registry.reading import MOST_TABLE, check_file, read_text
from aftershock.results.columns import COLUMNS, LATER, columns
from aftershock.results.formulas import as_written, harmless


def table_files(folder: Path) -> list[Path]:
    """Return the table files of a run in order of name."""
    return sorted((folder / "tables").glob("*.csv"))


def write_table(table: pd.DataFrame, folder: Path, name: str) -> None:
    """Write one table as CSV."""
    shown = table.copy()
    for column in [c for c in shown if _needs_words(shown[c])]:
        shown[column] = shown[column].map(_cell)
    harmless(shown).to_csv(
        folder / "tables" / f"{name}.csv",
        index=False,
        float_format="%.12g",
        lineterminator="\n",
        encoding="utf-8",
    )


def _needs_words(values: pd.Series) -> bool:
    """Tell whether pandas would not write a column as this project does."""
    zoned = isinstance(values.dtype, pd.DatetimeTZDtype)
    return zoned or bool(pd.api.types.is_object_dtype(values))


def _cell(value: Any) -> Any:
    """Write moments with their offset, and several values with a separator."""
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return "; ".join(map(str, value)) if isinstance(value, tuple) else value


_TAIL = 4096
DATE_COLUMNS = ("session", "event_session", "entry_session", "exit_session")
TEXT_COLUMNS = (
    "event_id",
    "symbol",
    "group",
    "reason",
    "warning",
    "flags",
    "detail",
    "side",
    "strategy",
    "claim_id",
)


def read_table(path: Path) -> pd.DataFrame:
    """Read one table; symbols and ids stay text, dates become sessions."""
    dates = () if path.stem == "placebo" else DATE_COLUMNS
    names = [*TEXT_COLUMNS, *(c for c in DATE_COLUMNS if c not in dates)]
    text = dict.fromkeys(names, "str")
    check_file(path, most=MOST_TABLE)
    with path.open("rb") as file:
        file.seek(-min(_TAIL, path.stat().st_size), 2)
        if b"\0" in file.read():
            raise ValueError(f"{path.name} ends in NUL bytes: it was not written whole")
    table = pd.read_csv(path, dtype=text, keep_default_na=False, na_values=[""])
    table = as_written(table)
    for column in (c for c in dates if c in table):
        table[column] = pd.to_datetime(table[column]).dt.as_unit("us")
    return table.fillna({column: "" for column in names if column in table})


def plain(value: Any) -> Any:
    """Return JSON's own types; NaN becomes null, as JSON has none."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.12g}") if math.isfinite(value) else None
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 with LF line ends on every machine."""
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def write_yaml(config: dict[str, Any], path: Path) -> None:
    """Write the resolved config."""
    from ruamel.yaml import YAML

    writer = YAML()
    writer.default_flow_style = False
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        writer.dump(plain(config), stream)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read the resolved config.

    Raises
    ------
    ValueError
        When it is not YAML, or no mapping.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        config = YAML(typ="safe").load(read_text(path))
    except YAMLError as error:
        raise ValueError(f"{path.name}: {str(error).splitlines()[0]}") from error
    return _mapping(config, path)


def _mapping(content: Any, path: Path) -> dict[str, Any]:
    """Return what a file holds where that is keys and values."""
    if isinstance(content, dict):
        return content
    raise ValueError(f"{path.name} holds no keys")


def drawing_of(config: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return how a saved run is drawn: the section ``report`` of its config.

    Raises
    ------
    AftershockError
        When pages, formats or paper are missing.
    """
    asked, needed = config.get("report"), {"formats", "pages", "paper"}
    if isinstance(asked, dict) and needed <= asked.keys():
        return asked
    raise AftershockError(
        "the section 'report' is not whole",
        where=str(folder / "config.yaml"),
        allowed=f"a mapping with {', '.join(sorted(needed))}",
        do="run the config again",
    )


def read_manifest(path: Path) -> dict[str, Any]:
    """Read what was written about a run.

    Raises
    ------
    ValueError
        When it is not JSON, or its parts are not what a run writes.
    """
    manifest = _mapping(json.loads(read_text(path, most=MOST_TABLE)), path)
    for key, kind in MANIFEST_KEYS.items():
        if key in manifest and not isinstance(manifest[key], kind):
            raise ValueError(f"{key} in {path.name} is not what a run writes")
    return manifest


def require_run(folder: Path) -> None:
    """Refuse a folder in which no run lies.

    Raises
    ------
    DataUnavailable
        For a folder without run.json.
    """
    if not (folder / "run.json").is_file():
        raise DataUnavailable(
            "there is no run.json",
            where=str(folder),
            allowed="the folder of a finished run",
            do="give the folder that `aftershock run` printed",
        )


MANIFEST_KEYS: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "name": str,
    "headline": dict,
    "study": dict,
    "counts": dict,
    "events": (list, dict),
}
"""What run.json holds, and as what."""
_NUMBERS = (
    "offset ret gap open_to_close expected_ret ar se sar pvalue car scar bhar ci_low "
    "ci_high aar caar statistic estimate mde alpha beta sigma r2 entry_price "
    "exit_price exit_level exit_gap size fees slippage borrow pnl weight_asked "
    "fill_ratio entry_adjustment"
)
"""Columns that hold numbers in every table that has them."""


def check_whole(
    folder: Path, manifest: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]
) -> None:
    """Refuse a run folder of which something is missing."""
    absent = [f"{key} in run.json" for key in MANIFEST_KEYS if key not in manifest]
    for name in COLUMNS:
        if name not in tables:
            absent.append(f"tables/{name}.csv")
        elif not set(columns(name)) - LATER <= set(tables[name].columns):
            absent.append(f"columns of tables/{name}.csv")
        else:
            _check_numbers(folder / "tables" / f"{name}.csv", tables[name])
    if absent:
        raise AftershockError(
            f"the run is not whole: {', '.join(absent[:4])} missing",
            where=str(folder),
            do="run the config again",
        )


def _check_numbers(path: Path, table: pd.DataFrame) -> None:
    """Refuse a table in which text stands where a number belongs."""
    for name in table.columns.intersection(_NUMBERS.split()):
        if pd.api.types.is_numeric_dtype(table[name]):
            continue
        texts = table[name].dropna()
        wrong = texts[pd.to_numeric(texts, errors="coerce").isna()]
        for value in wrong.head(1):
            raise AftershockError(
                f"{name} '{value}' is no number",
                where=str(path),
                allowed="the table as the run wrote it",
                do="run the config again",
            )
