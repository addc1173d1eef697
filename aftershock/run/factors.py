"""The published factors that a config names: read for its models, and hashed."""

from __future__ import annotations

import hashlib

import pandas as pd

from aftershock.config import RunConfig
from aftershock.config.names import models
from aftershock.errors import AftershockError, StudyError
from aftershock.sources.factors import read_factors


def published_factors(config: RunConfig, model: str) -> pd.DataFrame:
    """Return the factors that a model needs, from the files of `study.factors`.

    Raises
    ------
    StudyError
        When the config names no file.
    DataUnavailable, PriceError
        When a file is not there, or is wrong.
    """
    chosen = config.study.factors
    if chosen is None:
        raise StudyError(
            f"the model '{model}' needs published factors",
            where=f"{config.shown}: study.factors",
            allowed="{path: FILE or folder} with Kenneth French's daily CSVs",
            do="download them from his data library, or choose the model market",
        )
    written = [chosen.path] if isinstance(chosen.path, str) else list(chosen.path)
    paths = [config.absolute(path) for path in written]
    return read_factors(paths, five="rmw" in models()[model].factors)


def hash_of_factors(config: RunConfig) -> list[str]:
    """Return a hash of the factors of each model of a run that needs published ones."""
    if config.study.factors is None:
        return []
    tried, known = config.study.robustness, models()
    named = {config.study.model.name, *(tried.models if tried else ())}
    return [_hashed(config, m) for m in sorted(named) if "rf" in known[m].factors]


def _hashed(config: RunConfig, model: str) -> str:
    try:
        table = published_factors(config, model)
    except AftershockError as error:  # said where the model is fitted
        return error.found
    rows = pd.util.hash_pandas_object(table).to_numpy().tobytes()
    return hashlib.sha256("|".join(table.columns).encode() + rows).hexdigest()
