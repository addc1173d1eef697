"""A checksum of the end of a Parquet file, which the format itself does not protect.

Pages of rows carry checksums of their own. What the end of the file says (where pages
lie, the extremes of their dates, what was fetched and when) has none: what turned there
would be believed.
"""

from __future__ import annotations

import os
import re
import zlib
from typing import BinaryIO

KEY = b"aftershock_seal"
BLANK = b"00000000"
_ENDING = 8
_PLACE = re.compile(re.escape(KEY) + rb"[^0-9a-f]{1,4}([0-9a-f]{8})", re.DOTALL)


def end_of(file: BinaryIO) -> bytes:
    """Return the footer with its length and the letters that close the file.

    pyarrow by itself reads 64 kB to begin with, often more than is wanted of the rows.
    """
    file.seek(-_ENDING, os.SEEK_END)
    length = int.from_bytes(file.read(4), "little")
    file.seek(-_ENDING - length, os.SEEK_END)
    return file.read()


def seal(file: BinaryIO) -> None:
    """Write the checksum of a file's end into it, where `BLANK` stands for it."""
    end = end_of(file)
    place = _PLACE.search(end)
    if place is None:
        raise AssertionError("the file has no place for its seal")
    file.seek(place.start(1) - len(end), os.SEEK_END)
    file.write(_checksum(end, place))
    file.seek(0, os.SEEK_END)


def check(end: bytes) -> bytes:
    """Return the end of a file; one without a seal, of an earlier version, is believed.

    Raises
    ------
    ValueError
        Where a byte has changed since it was written.
    """
    place = _PLACE.search(end)
    if place is not None and place[1] != _checksum(end, place):
        raise ValueError("the end of the file has changed since it was written")
    return end


def _checksum(end: bytes, place: re.Match[bytes]) -> bytes:
    """Return the checksum in eight hex digits, its own place taken as blank."""
    blank = end[: place.start(1)] + BLANK + end[place.end(1) :]
    return b"%08x" % zlib.crc32(blank)
