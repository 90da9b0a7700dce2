"""One line a piece of work: ours beside a peer's in the same run, medians, and peak memory.

Nothing is asserted. Each row is run once to warm up and then several times in turn with its peer.
"""

import os
import pickle
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        work: what is done.
        ours: does it.
        peer: does the same, or the nearest thing that a peer can do; None where there is none.
        against: who the peer is, or why it is not here.
        bar: the ratio of times, or seconds where there is no peer.
        faster: the bar is how many times faster we are at least; else how much longer at most.
        once: too long to be repeated.
        before: done before each run of ours, and not measured.
        memory_bar: how many times the peer's peak memory ours may be at the most.
        together: pairs of ours and a peer's, of whose ratios the median counts.
        peer_has_threads: the peer keeps threads that a forked child would wait for without end, so
            that its peak memory is not measured.
    """

    work: str
    ours: Work | None = None
    peer: Work | None = None
    against: str = ""
    bar: float = 1.0
    faster: bool = False
    once: bool = False
    before: Work | None = None
    memory_bar: float | None = None
    together: tuple[tuple[Work, Work], ...] = ()
    peer_has_threads: bool = False


@dataclass(frozen=True)
class Measured:
    """What a row came to; times in seconds, peaks in megabytes above what was there before."""

    ours: float
    peer: float | None
    ratio: float | None
    ours_peak: float
    peer_peak: float | None
    holds: bool


def measured(row: Row, repeats: int) -> Measured:
    """Run a row and its peer in turn."""
    if row.together:
        return _together(row, repeats)
    assert row.ours is not None
    times = 1 if row.once else repeats
    if not row.once:
        _seconds(row.ours, row.before)
        _ = row.peer and row.peer()
    ours, peers = [], []
    for _ in range(times):
        ours.append(_seconds(row.ours, row.before))
        if row.peer is not None:
            peers.append(_seconds(row.peer, None))
    time_of_ours = statistics.median(ours)
    ours_peak = 0.0 if row.once else _peak(row.ours)
    if not peers:
        holds = time_of_ours <= row.bar if not row.against else False
        return Measured(time_of_ours, None, None, ours_peak, None, holds)
    time_of_peer = statistics.median(peers)
    unmeasured = row.once or row.peer is None or row.peer_has_threads
    peer_peak = 0.0 if unmeasured or row.peer is None else _peak(row.peer)
    ratio = time_of_peer / time_of_ours if row.faster else time_of_ours / time_of_peer
    holds = ratio >= row.bar if row.faster else ratio <= row.bar
    if row.memory_bar is not None and peer_peak:
        holds = holds and ours_peak <= row.memory_bar * peer_peak
    return Measured(time_of_ours, time_of_peer, ratio, ours_peak, peer_peak, holds)


def _together(row: Row, repeats: int) -> Measured:
    times = []
    for ours, peer in row.together:
        ours(), peer()
        pairs = [(_seconds(ours, None), _seconds(peer, None)) for _ in range(repeats)]
        times.append(tuple(map(statistics.median, zip(*pairs, strict=True))))
    ratio = statistics.median(ours / peer for ours, peer in times)
    total = [sum(one) for one in zip(*times, strict=True)]
    return Measured(total[0], total[1], ratio, 0.0, 0.0, ratio <= row.bar)


def line(row: Row, found: Measured) -> str:
    """`work | ours | peer | ratio | bar | holds or short`."""
    peer = row.against
    if found.peer is not None:
        peer = f"{row.against} {_said(found.peer, found.peer_peak)}"
    if found.ratio is None:
        ratio, bar = "–", f"≤ {row.bar:g} s"
    else:
        ratio, bar = f"{found.ratio:.2f}", f"{'≥' if row.faster else '≤'} {row.bar:g}"
    if row.memory_bar is not None:
        bar += f", memory ≤ {row.memory_bar:g}"
    ours = _said(found.ours, found.ours_peak)
    verdict = "holds" if found.holds else "short"
    if found.ratio is None and row.against:
        bar, verdict = f"{'≥' if row.faster else '≤'} {row.bar:g}", "not measured"
    return " | ".join((row.work, ours, peer or "–", ratio, bar, verdict))


def _said(seconds: float, peak: float | None) -> str:
    return f"{seconds:.3f} s" + (f", {peak:.0f} MB" if peak else "")


def _seconds(work: Work, before: Work | None) -> float:
    if before is not None:
        before()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _peak(work: Work) -> float:
    """Megabytes that a process of its own needs above what it starts with."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            work()
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            os.write(writer, pickle.dumps((after - before) / 1024))
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as read:
        told = read.read()
    return float(pickle.loads(told)) if told else 0.0  # noqa: S301 - our own child wrote it
