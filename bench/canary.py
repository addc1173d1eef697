"""Does Yahoo still answer as it is read here? For a person with a network.

One week of one symbol and one that does not exist, into a store that is thrown away.
Never part of the tests: what fails here is the vendor's doing, or its client's.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pandas as pd

from aftershock.errors import AftershockError
from aftershock.sources.base import Fetched
from aftershock.sources.yahoo import YahooSource
from aftershock.store import Store, obtain

SYMBOL, UNKNOWN = "SPY", "ZZZZZZ-NOT-A-SYMBOL"
DAYS = 10


def findings(fetched: Fetched) -> list[str]:
    """Return what is not as it should be."""
    found = list(fetched.warnings)
    if SYMBOL not in fetched.bars:
        return [*found, f"no prices of {SYMBOL}: {fetched.missing.get(SYMBOL)}"]
    bars = fetched.bars[SYMBOL]
    if not DAYS // 3 <= len(bars) <= DAYS:
        found.append(f"{len(bars)} sessions in the last {DAYS} days")
    if bars[["open", "high", "low", "close", "adj_close", "volume"]].isna().any(None):
        found.append("a bar lacks a number")
    if fetched.missing.get(UNKNOWN) != "no_prices":
        found.append(f"{UNKNOWN} is not answered as unknown")
    return found


def main() -> int:
    """Ask, and print what was found; 0 where all is as it should be."""
    start = pd.Timestamp.now("UTC").tz_localize(None).normalize()
    start -= pd.Timedelta(days=DAYS)
    with tempfile.TemporaryDirectory() as folder:
        try:
            fetched = obtain(
                YahooSource(retries=1),
                [SYMBOL, UNKNOWN],
                start,
                None,
                Store(Path(folder)),
            )
        except AftershockError as error:
            print(f"Error: {error}", file=sys.stderr)
            return error.exit_code
    found = findings(fetched)
    print(
        "\n".join(found) or f"{SYMBOL}: {len(fetched.bars[SYMBOL])} bars, as expected"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
