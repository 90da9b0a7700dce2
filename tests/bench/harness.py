"""One line a piece of work: ours beside a peer's in the same run, medians, and peak memory.

Nothing is asserted. A row's peaks are measured before anything of it has run in this process, so
that nothing can be taken from memory that an earlier run left free. Then it is run once to warm up
and several times in turn with its peer; the ratio is the median of those of the pairs, so that a
machine which is slow for a while is slow for both.
"""

import ctypes
import gc
import os
import pickle
import resource
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.returns.child import stop_child

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
        peaks: whether its peak memory is measured; it runs once more for that.
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
    peaks: bool = True
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
    measure = row.peaks and row.before is None
    ours_peak = _peak(row.ours) if measure else 0.0
    peer_peak = _peak(row.peer) if measure and row.peer and not row.peer_has_threads else 0.0
    if not row.once:
        _seconds(row.ours, row.before)
        _ = row.peer and _seconds(row.peer, None)
    ours, peers = [], []
    for _ in range(1 if row.once else repeats):
        ours.append(_seconds(row.ours, row.before))
        if row.peer is not None:
            peers.append(_seconds(row.peer, None))
    time_of_ours = statistics.median(ours)
    if not peers:
        holds = time_of_ours <= row.bar if not row.against else False
        return Measured(time_of_ours, None, None, ours_peak, None, holds)
    ratio = statistics.median(
        (peer / own if row.faster else own / peer) for own, peer in zip(ours, peers, strict=True)
    )
    holds = ratio >= row.bar if row.faster else ratio <= row.bar
    if row.memory_bar is not None and peer_peak:
        holds = holds and ours_peak <= row.memory_bar * peer_peak
    return Measured(time_of_ours, statistics.median(peers), ratio, ours_peak, peer_peak, holds)


def ratios(row: Row, repeats: int) -> list[float]:
    """Ours over the peer's of each pair that is measured together."""
    return [ours / peer for ours, peer in _times(row, repeats)]


def _times(row: Row, repeats: int) -> list[tuple[float, float]]:
    times = []
    for ours, peer in row.together:
        ours(), peer()
        gc.collect()
        pairs = [(_busy(ours), _busy(peer)) for _ in range(repeats)]
        own, other = zip(*pairs, strict=True)
        times.append((statistics.median(own), statistics.median(other)))
    return times


def _together(row: Row, repeats: int) -> Measured:
    times = _times(row, repeats)
    ratio = statistics.median(ours / peer for ours, peer in times)
    ours, peers = (sum(one) for one in zip(*times, strict=True))
    return Measured(ours, peers, ratio, 0.0, 0.0, ratio <= row.bar)


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
    """Seconds of one run; what earlier runs left behind is collected first, and not counted."""
    if before is not None:
        before()
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _busy(work: Work) -> float:
    """Processor seconds of work that takes milliseconds, which any other process may interrupt."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _peak(work: Work) -> float:
    """Megabytes that the work needs above what there is at its start, and all of its own child.

    It is measured in a copy of this process. A copy starts from the memory in use at that moment,
    not from the most that this process ever used; what allocators hold unused is given back first,
    since the copy could use it without being seen to.
    """
    gc.collect()
    stop_child()
    if sys.platform == "linux":
        ctypes.CDLL(None).malloc_trim(0)
    reader, writer = os.pipe()
    copy = os.fork()
    if copy == 0:
        try:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            work()
            after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            stop_child()
            below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            os.write(writer, pickle.dumps((after - before + below) / 1024))
        finally:
            os._exit(0)
    os.close(writer)
    os.waitpid(copy, 0)
    with os.fdopen(reader, "rb") as read:
        told = read.read()
    return float(pickle.loads(told)) if told else 0.0  # noqa: S301 - our own copy wrote it
