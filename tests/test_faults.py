"""What machines and networks do wrong: the store opens, nothing is lost, it is said."""

from __future__ import annotations

import os
import socket
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pandas as pd
import pytest

from aftershock.errors import AftershockError, PriceError, refusal
from aftershock.sources.base import FetchFailed
from aftershock.sources.yahoo import YahooSource
from aftershock.store import Store, obtain
from tests.sources.yahoo_answers import LoopbackSession
from tests.test_store import CLOSES, NOON, Vendor, until
from tests.test_whole_runs import call, workspace


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "prices")


def filled(store: Store, symbol: str = "META") -> Path:
    """Fetch one symbol into a store; return its file."""
    obtain(Vendor(closes={symbol: until("2026-07-02")}), [symbol], store=store)
    (path,) = store.root.glob(f"symbol={symbol}/*/*.parquet")
    return path


def test_a_byte_that_turned_is_noticed(store: Store) -> None:
    """Every 11th byte, one bit each: the same rows and description, or refused."""
    path = filled(store)
    whole, snapshot = path.read_bytes(), store.best("META")
    assert snapshot is not None
    rows, noticed = store.rows_of(snapshot), 0
    for at in range(0, len(whole), 11):
        turned = bytearray(whole)
        turned[at] ^= 1 << at % 8
        path.write_bytes(bytes(turned))
        try:
            read = store.best("META")
            assert read == snapshot
            assert store.rows_of(read).equals(rows)
        except PriceError as error:
            noticed += 1
            assert str(path) in str(error) and "fetch again" in str(error)
    # what does not matter: the letters at the start, and names that nobody reads
    assert noticed > 0.9 * len(range(0, len(whole), 11))


def test_a_snapshot_without_a_seal_is_read(store: Store) -> None:
    """As earlier versions wrote them: the key of the seal is another's."""
    path = filled(store)
    path.write_bytes(path.read_bytes().replace(b"aftershock_seal", b"aftershock_less"))
    assert list(store.load(["META"]).bars["META"]["close"]) == [100, 102, 101, 99]


def test_yesterdays_data_are_told_and_asked_for_again(store: Store) -> None:
    """On 3 July the session of the 2nd is closed; the vendor gives the 1st as last."""
    late = Vendor(closes={"META": until("2026-07-01")})
    (warning,) = obtain(late, ["META"], "2026-06-29", None, store).warnings
    assert "META: yahoo had no bar after 2026-07-01" in warning
    assert "until 2026-07-02" in warning
    assert obtain(late, ["META"], "2026-06-29", "2026-07-01", store).warnings == ()
    assert len(late.asked) == 1
    hour = replace(late, at=NOON + pd.Timedelta("1h"), closes={"META": CLOSES})
    had = obtain(hour, ["META"], "2026-06-29", "2026-07-02", store)
    assert len(late.asked) == 2
    assert list(had.bars["META"]["close"]) == [100, 102, 101, 99]
    assert had.warnings == () and len(store.snapshots("META")) == 2


def test_a_vendor_that_stopped_long_ago_is_not_asked_again(store: Store) -> None:
    gone = Vendor(at=NOON + pd.Timedelta("30D"), closes={"META": CLOSES})
    for _ in range(2):
        assert obtain(gone, ["META"], store=store).warnings == ()
    assert len(gone.asked) == 1


def test_a_clock_that_jumps_back_loses_nothing(store: Store) -> None:
    """Fetched on 7 July; then the clock shows 3 July: the newer snapshot stays."""
    ahead = pd.Timestamp("2026-07-07", tz="UTC")
    obtain(Vendor(at=ahead, closes={"META": CLOSES}), ["META"], store=store)
    back = Vendor(closes={"META": until("2026-07-02"), "NBIS": until("2026-07-02")})
    obtain(back, ["META", "NBIS"], "2026-06-29", None, store)
    assert [asked[0] for asked in back.asked] == [("NBIS",)]
    store.save(back.fetch(["META"], None, None), NOON)
    assert [s.moment for s in store.snapshots("META")] == [NOON, ahead]
    assert list(store.load(["META"]).bars["META"]["close"]) == list(CLOSES.values())
    old = store.load(["META"], as_of="2026-07-03")
    assert list(old.bars["META"]["close"]) == [100, 102, 101, 99]


def test_several_at_once_lose_nothing(store: Store) -> None:
    """Eight savings of one symbol and one moment, by four writers: eight snapshots."""
    had = Vendor(closes={"META": CLOSES}).fetch(["META"], None, None)
    with ThreadPoolExecutor(4) as writers:
        saved = list(writers.map(lambda _: store.save(had, NOON)[0], range(8)))
    assert len(set(saved)) == 8
    assert [s.rows for s in store.snapshots("META")] == [5] * 8


@contextmanager
def small_files(largest: int) -> Iterator[None]:
    """Let this process write no file beyond a size, as on a disk that fills up."""
    resource = pytest.importorskip("resource", reason="limits of files need POSIX")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_store_as_it_was(store: Store) -> None:
    path = filled(store)
    before = path.read_bytes()
    later = Vendor(at=NOON + pd.Timedelta("5D"), closes={"META": CLOSES})
    with small_files(1000), pytest.raises(OSError) as caught:
        obtain(later, ["META"], store=store)
    told = refusal(caught.value)
    assert told is not None and told.exit_code == 3
    assert path.read_bytes() == before and store.symbols() == ("META",)
    assert not list(store.root.rglob("*.tmp"))
    obtain(later, ["META"], store=store)
    assert len(store.snapshots("META")) == 2


def test_a_full_disk_leaves_no_half_run(tmp_path: Path, capsys: Any) -> None:
    """The table of abnormal returns has more than 4 kB; then there is room again."""
    path = workspace(tmp_path)
    with small_files(4000):
        assert call("run", path) == 3
    said = capsys.readouterr().err
    assert said.count("Error:") == 1 and "make room" in said and "Traceback" not in said
    assert "Allowed: a disk that takes what is written" in said
    assert list((tmp_path / "reports").iterdir()) == []


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be a user without rights for a while, where this is root; else as one is."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
def test_a_store_that_may_only_be_read() -> None:
    """What it holds is used; what it lacks is one message, naming the place."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        store = Store(Path(folder) / "prices")
        vendor = Vendor(closes={"META": until("2026-07-02"), "NBIS": CLOSES})
        obtain(vendor, ["META"], store=store)
        for place in (folder, *(str(p) for p in store.root.rglob("*") if p.is_dir())):
            Path(place).chmod(0o555)
        (store.root / ".lock").chmod(0o444)
        store.root.chmod(0o555)
        with as_nobody():
            had = obtain(vendor, ["META"], store=store)
            with pytest.raises(OSError) as caught:
                obtain(vendor, ["NBIS"], store=store)
        for place in (folder, *(str(p) for p in store.root.rglob("*") if p.is_dir())):
            Path(place).chmod(0o755)
        store.root.chmod(0o755)
    assert list(had.bars["META"]["close"]) == [100, 102, 101, 99]
    told = refusal(caught.value)
    assert told is not None and told.exit_code == 2
    assert str(store.root) in told.where and "permissions" in told.do


Serve = Callable[[socket.socket], None]


@contextmanager
def answering(serve: Serve) -> Iterator[LoopbackSession]:
    """Serve every connection to this machine by a function, until the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield LoopbackSession(server.getsockname()[1])
        server.shutdown(socket.SHUT_RDWR)


ENOUGH = threading.Event()


def stall(connection: socket.socket) -> None:
    """Take the request and say nothing."""
    with connection:
        ENOUGH.wait(3)


def reset(connection: socket.socket) -> None:
    """Break off at once: closed without waiting, the other side is told of a reset."""
    with connection:
        connection.recv(10)
        now = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)


def trickle(connection: socket.socket) -> None:
    """Promise an answer and send a byte now and then."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999"
    with connection, suppress(OSError):
        connection.recv(10_000)
        connection.sendall(head + b"\r\n\r\n{")
        for _ in range(60):
            ENOUGH.wait(0.05)
            connection.sendall(b" ")


@pytest.mark.parametrize(
    ("serve", "why"),
    [(stall, "no answer"), (trickle, "no answer"), (reset, "unreachable")],
)
def test_a_network_that_fails_is_one_message(
    serve: Serve,
    why: str,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Two symbols, a time-out of 0.3 s, one repetition: told in seconds, exit 3."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    filled(store)
    begun = monotonic()
    with answering(serve) as session:
        source = YahooSource(
            session=session, timeout=0.3, retries=1, sleep=lambda _: None
        )
        with pytest.raises(FetchFailed) as caught:
            obtain(source, ["META", "NBIS"], store=store)
    assert monotonic() - begun < 5
    assert caught.value.exit_code == 3
    assert why in str(caught.value) and "NBIS" in str(caught.value)
    assert list(store.load(["META"]).bars["META"]["close"]) == [100, 102, 101, 99]


def test_errors_that_are_ours_are_not_taken_for_the_machines() -> None:
    assert refusal(FileNotFoundError(2, "No such file", "x")) is None
    assert isinstance(refusal(PermissionError(13, "denied", "x")), AftershockError)
