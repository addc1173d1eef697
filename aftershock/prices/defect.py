"""One thing that is wrong with prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong with the prices of one symbol.

    Attributes
    ----------
    id : str
        ``SYMBOL:session:rule``; what `accept` takes.
    symbol : str
    session : pandas.Timestamp or None
        None where the whole file is concerned.
    rule : str
    value : str
        What was found, as text.
    severity : {"severe", "minor"}
        A severe one refuses the symbol unless it is accepted.
    detail : str
        One sentence for the reader.
    neighbours : str
        The closes of the sessions before and after, where a session is concerned.
    """

    id: str
    symbol: str
    session: pd.Timestamp | None
    rule: str
    value: str
    severity: Literal["severe", "minor"]
    detail: str
    neighbours: str = ""

    def within(self, symbols: Sequence[str], sessions: pd.DatetimeIndex) -> bool:
        """Say whether it concerns what a part of a panel holds."""
        known = self.session is None or (
            len(sessions) > 0 and self.session <= sessions[-1]
        )
        return self.symbol in symbols and known
