"""The folder of a study in blocks: whole files only, of one study only."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from filelock import FileLock, Timeout

from aftershock.errors import StudyError
from aftershock.study.design import StudyDesign
from aftershock.study.panel import StudyPanel

MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class BlockFolder:
    """Where the blocks of a study lie: ``blocks/00042/cars.parquet``."""

    path: Path

    @contextmanager
    def held(self, manifest: Mapping[str, Any]) -> Iterator[None]:
        """Keep the folder for one study and one process; what was cut off is removed.

        Raises
        ------
        StudyError
            When another process is at it, or it holds another study.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.path / ".lock", timeout=0):
                self._claim(manifest)
                for left in self.path.glob(f"**/*{UNFINISHED}"):
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
                yield
        except Timeout as error:
            raise StudyError(
                "another process is writing there", where=str(self.path)
            ) from error

    def _claim(self, manifest: Mapping[str, Any]) -> None:
        """Write the manifest, or compare it with what is there."""
        path = self.path / MANIFEST
        if not path.is_file():
            if any(p.name != ".lock" for p in self.path.iterdir()):
                raise StudyError(
                    "the folder holds other files",
                    where=str(self.path),
                    allowed="an empty folder, or one of the same study to go on with",
                )
            self.write(MANIFEST, json.dumps(manifest, indent=2).encode())
            return
        there = json.loads(path.read_text(encoding="utf-8"))
        differ = [k for k in manifest if there.get(k) != manifest[k]]
        if differ:
            raise StudyError(
                f"the folder holds another study: {', '.join(differ)} differ",
                where=str(path),
                allowed="the same events, returns and settings, to go on with it",
                do="choose another folder, or remove this one",
            )

    def write(self, name: str, content: bytes) -> None:
        """Write a file beside its place and move it there whole."""
        work = self.path / (name + UNFINISHED)
        work.write_bytes(content)
        work.replace(self.path / name)

    def block(self, number: int) -> Path:
        """Return the folder of a block."""
        return self.path / "blocks" / f"{number:05d}"

    def keep(self, number: int, files: Mapping[str, bytes]) -> None:
        """Write the files of a block, all or none."""
        target = self.block(number)
        work = target.with_name(target.name + UNFINISHED)
        work.mkdir(parents=True)
        for name, content in files.items():
            (work / name).write_bytes(content)
        work.replace(target)

    def files(self, name: str) -> list[Path]:
        """Return one file of every block, in their order."""
        return sorted(self.path.glob(f"blocks/[0-9][0-9][0-9][0-9][0-9]/{name}"))


def parquet(table: pd.DataFrame) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    out = io.BytesIO()
    table.to_parquet(out, index=False, compression="zstd")
    return out.getvalue()


def arrays(found: Mapping[str, Any]) -> bytes:
    """Return arrays as the bytes of a numpy file."""
    out = io.BytesIO()
    np.savez(out, **found)
    return out.getvalue()


def wide_frame(given: pd.DataFrame | str | Path, where: str) -> pd.DataFrame:
    """Return sessions x columns: a frame, a Parquet file, or a folder of such files.

    Raises
    ------
    StudyError
        Where nothing of the kind is.
    """
    if isinstance(given, pd.DataFrame):
        return given
    path = Path(given)
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise StudyError(
            "no Parquet file",
            where=f"{where}: {path}",
            allowed="a frame, a Parquet file of sessions x symbols, a folder of such",
        )
    parts = [pd.read_parquet(file) for file in files]
    return parts[0] if len(parts) == 1 else pd.concat(parts, axis=1)


def digest(pairs: pd.DataFrame, panel: StudyPanel, design: StudyDesign) -> str:
    """Return sha256 over everything that decides about the numbers."""
    made = hashlib.sha256(repr(design).encode())
    made.update(_engine().encode())
    made.update(pd.util.hash_pandas_object(pairs, index=False).to_numpy().tobytes())
    made.update("\0".join(panel.symbols).encode())
    made.update(panel.calendar.asi8.tobytes())
    factors = [panel.factors[name] for name in sorted(panel.factors)]
    more = [] if panel.excluded is None else [panel.excluded]
    for values in (panel.returns, *factors, *more):
        made.update(np.ascontiguousarray(values).data)
    return made.hexdigest()


def _engine() -> str:
    try:
        return version("aftershock")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return ""
