"""Damaged files for every reader: `python -m tests.security.fuzz --inputs 200000`.

Real files are damaged in their bytes, in the parts of their archives and in their words, and read
in a process with a limit on memory and on processor time. Others are sound and hold an odd answer,
which has to come out as it went in, or with an issue. A number and a seed give a file back:
`--at workbook:17` writes it out.
"""

import argparse
import contextlib
import csv
import hashlib
import io
import json
import mmap
import os
import resource
import signal
import struct
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
from lxml import etree

from pipeline.errors import SurveyError, where_of
from pipeline.questionnaire.from_xlsform import read_xlsform
from pipeline.questionnaire.load import load
from pipeline.responses import Responses
from pipeline.returns.sniff import Kind, sniff
from pipeline.returns.source import SourceFile
from pipeline.returns.submission import read_submissions
from pipeline.returns.table import read_table
from pipeline.returns.workbook import read_workbooks
from pipeline.settings import Caps
from pipeline.study import read_settings
from pipeline.synthetic.filled_workbook import fill_workbook
from tests.security.fuzz_seeds import ANSWERS, TEXTS, Seeds, make_seeds
from tests.security.mutations import any_text, damaged

SHARES = {"submission": 0.72, "yaml": 0.16, "workbook": 0.05, "xlsform": 0.04, "table": 0.03}
"""Of all inputs; the slower a reader, the fewer."""

SECONDS = 10
MEMORY = Caps().memory_bytes
_BLOCKED_SECONDS = 300
_TOGETHER = {"submission": 200, "workbook": 50}
"""Files that a reader takes at once; what goes wrong among them is looked for one by one."""
_ODD_ANSWERS = 0.2
"""Share of the inputs of the three readers that are sound files with an odd answer."""


class SilentError(Exception):
    """An answer came out other than it went in, or not at all, and nothing says so."""


@dataclass
class Found:
    """What became of the inputs of one reader.

    Attributes:
        inputs: how many.
        ends: `read`, `refused`: how many.
        findings: what must not be -> numbers of the inputs.
        slowest: processor seconds of the slowest, or of a few read at once.
    """

    inputs: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[int]] = field(default_factory=dict)
    slowest: float = 0.0


@dataclass(frozen=True)
class Bench:
    """Where inputs are made and read."""

    seeds: Seeds
    folder: Path
    seed: int

    def input(self, reader: str, number: int) -> tuple[str, bytes, tuple[str, str] | None]:
        """Name and bytes of an input; and question and answer where it is sound."""
        random = Random(f"{self.seed}:{reader}:{number}")  # noqa: S311 - damage, not secrets
        name, content = random.choice(self.seeds.files[reader])
        if reader in _ODD and random.random() < _ODD_ANSWERS:
            question, text = random.choice(sorted(TEXTS)), any_text(random)
            return name, _ODD[reader](self, name, question, text), (question, text)
        return name, damaged(content, random), None

    def read(self, reader: str, number: int) -> str:
        """Read one input; gives back how it ended.

        Raises:
            SilentError: an answer was lost or altered, and nothing says so.
        """
        name, content, odd = self.input(reader, number)
        path = self.folder / f"input-{name}"
        path.write_bytes(content)
        try:
            read = _READERS[reader](self, path, content)
        except SurveyError as error:
            if not all(one.code and one.message and one.repair for one in error.problems):
                raise SilentError("a refusal without a reason or a repair") from None
            return "refused"
        if odd is not None and isinstance(read, Responses):
            _demand_answer(read, *odd)
        return "refused" if read is None else "read"

    def read_together(self, reader: str, numbers: Sequence[int]) -> Counter[str]:
        """Read several inputs at once; each is a response, or an issue that says why not.

        Raises:
            Exception: whatever `read` would raise for one of them.
        """
        made = {f"raw/visit/{number}": self.input(reader, number) for number in numbers}
        sources = []
        for shown, (name, content, _) in made.items():
            path = self.folder / f"input-{len(sources)}-{name}"
            path.write_bytes(content)
            sources.append(replace(self.source(path, content), source_file=shown))
        work = read_submissions if reader == "submission" else read_workbooks
        read = work(sources, self.seeds.form)
        ends = Counter[str]()
        for shown, (_, _, odd) in made.items():
            ours = read.main[read.main["source_file"] == shown]
            issues = read.issues[read.issues["source_file"] == shown]
            one = replace(read, main=ours, issues=issues)
            if _read_whole(self, one) is None:
                ends["refused"] += 1
                continue
            ends["read"] += 1
            if odd is not None:
                _demand_answer(one, *odd)
        return ends

    def source(self, path: Path, content: bytes) -> SourceFile:
        """The file as a reader gets it."""
        return SourceFile(path, "raw/visit/input", hashlib.sha256(content).hexdigest(), "x")


def _demand_answer(read: Responses, question: str, text: str) -> None:
    """The first response holds the very text, or an issue tells about it."""
    if len(read.issues[read.issues["severity"] != "info"]):
        return
    came = read.main[question].iloc[0]
    if pd.isna(came) and not text.strip():
        return
    if came != text:
        raise SilentError(f"an answer to {question} came out altered")


def _read_whole(bench: Bench, read: Responses) -> Responses | None:
    """One file is one response, or one issue that says why not."""
    unread = list(read.issues["code"]).count("unreadable_file")
    if read.main["response_id"].isna().any() or not len(read.main) + unread:
        raise SilentError("a file left neither a response nor a reason")
    told = read.issues["message"].str.len().gt(0)
    if not told.all():
        raise SilentError("an issue without a message")
    return read if len(read.main) else None


def _submission(bench: Bench, path: Path, content: bytes) -> Responses | None:
    return _read_whole(bench, read_submissions([bench.source(path, content)], bench.seeds.form))


def _workbook(bench: Bench, path: Path, content: bytes) -> Responses | None:
    return _read_whole(bench, read_workbooks([bench.source(path, content)], bench.seeds.form))


def _table(bench: Bench, path: Path, content: bytes) -> Responses | None:
    found = sniff(path, {"visit": bench.seeds.form})
    if not (found.form or found.reason or found.kind in {Kind.CORRECTIONS, Kind.RECODING}):
        raise SilentError("a file that is nothing, without a reason")
    return read_table(bench.source(path, content), bench.seeds.form)


def _yaml(_bench: Bench, path: Path, _content: bytes) -> object:
    if "study" in path.name:
        return read_settings(path, shown="study.yaml")
    return load(path)


def _xlsform(_bench: Bench, path: Path, _content: bytes) -> object:
    return read_xlsform(path)


def _odd_submission(bench: Bench, _name: str, question: str, text: str) -> bytes:
    root = etree.fromstring(bench.seeds.files["submission"][0][1])
    for element in root.iter(f"{{*}}{question}", question):
        element.text = text
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _odd_workbook(bench: Bench, _name: str, question: str, text: str) -> bytes:
    target = bench.folder / "odd.xlsx"
    fill_workbook(bench.folder / "empty.xlsx", {**ANSWERS, question: text}, target)
    return target.read_bytes()


def _odd_table(bench: Bench, _name: str, question: str, text: str) -> bytes:
    seed = next(content for name, content in bench.seeds.files["table"] if name == "visit.csv")
    rows = list(csv.reader(io.StringIO(seed.decode("utf-8-sig"), newline="")))
    place = next(n for n, name in enumerate(rows[0]) if name.rpartition("/")[2] == question)
    rows[1][place] = text
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator="\n").writerows(rows)
    return made.getvalue().encode("utf-8-sig")


_READERS: Mapping[str, Callable[[Bench, Path, bytes], object]] = {
    "submission": _submission,
    "workbook": _workbook,
    "table": _table,
    "yaml": _yaml,
    "xlsform": _xlsform,
}
_ODD: Mapping[str, Callable[[Bench, str, str, str], bytes]] = {
    "submission": _odd_submission,
    "workbook": _odd_workbook,
    "table": _odd_table,
}


def fuzz(reader: str, inputs: int, seed: int, folder: Path) -> Found:
    """Read so many damaged files; a process that ends is replaced and the file noted.

    Args:
        reader: of `SHARES`.
        inputs: how many.
        seed: of everything that is drawn.
        folder: an empty one.
    """
    bench = Bench(make_seeds(folder), folder, seed)
    found, start = Found(inputs), 0
    progress = mmap.mmap(-1, 8)
    alone_until, together = 0, _TOGETHER.get(reader, 1)
    while start < inputs:
        size = 1 if start < alone_until else together
        end = alone_until if size == 1 and together > 1 else inputs
        ended_at = _worker(bench, reader, range(start, end), size, progress, found)
        if ended_at < end and size > 1:  # one of a few ended the process: which?
            alone_until, start = min(ended_at + size, inputs), ended_at
        else:
            start = ended_at + (ended_at < end)
    return found


def _worker(  # noqa: PLR0917 - a process's beginnings
    bench: Bench, reader: str, numbers: range, together: int, progress: mmap.mmap, found: Found
) -> int:
    """One process that reads to the end, or to the number that it gives back: there it ended."""
    progress[:] = struct.pack("<q", numbers.start)
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        _serve(bench, reader, numbers, together, progress, into)
    os.close(into)
    with os.fdopen(out, "rb") as stream:
        watch = _watched(child, progress)
        told = stream.read()
        status = watch()
    for line in told.splitlines():
        _note(found, json.loads(line))
    if os.WIFEXITED(status) and not os.WEXITSTATUS(status):
        return numbers.stop
    (at,) = struct.unpack("<q", progress[:])
    if together > 1:
        return int(at)
    ended = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else "its own exit"
    said = f"over {SECONDS} s" if ended in {"SIGPROF", "SIGKILL"} else f"ended by {ended}"
    found.findings.setdefault(said, []).append(at)
    return int(at)


def _watched(child: int, progress: mmap.mmap) -> Callable[[], int]:
    """Kill a process that waits for something; whoever works too long is ended by its own clock."""
    done = threading.Event()

    def watch() -> None:
        before, since = b"", time.monotonic()
        while not done.wait(5):
            if progress[:] != before:
                before, since = progress[:], time.monotonic()
            elif time.monotonic() - since > _BLOCKED_SECONDS:
                os.kill(child, signal.SIGKILL)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()

    def join() -> int:
        _, status = os.waitpid(child, 0)
        done.set()
        thread.join()
        return status

    return join


def _note(found: Found, told: dict[str, Any]) -> None:
    found.ends.update(told["ends"])
    found.slowest = max(found.slowest, told["slowest"])
    for said, numbers in told["findings"].items():
        found.findings.setdefault(said, []).extend(numbers)


def _serve(  # noqa: PLR0917 - a process's beginnings
    bench: Bench, reader: str, numbers: range, together: int, progress: mmap.mmap, into: int
) -> None:
    """In the process: read the inputs, a few at once, and tell what became of them."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    _limit_memory()
    for batch in batched(numbers, together):
        progress[:] = struct.pack("<q", batch[0])
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        began = time.process_time()
        ends, findings = _judged(bench, reader, batch)
        slowest = time.process_time() - began
        told = {"ends": ends, "findings": findings, "slowest": slowest}
        os.write(into, json.dumps(told).encode() + b"\n")
    os._exit(0)


def _judged(
    bench: Bench, reader: str, batch: Sequence[int]
) -> tuple[Counter[str], dict[str, list[int]]]:
    """How each input ended, and what must not be."""
    if len(batch) > 1:
        with contextlib.suppress(Exception):  # looked for one by one below
            return bench.read_together(reader, batch), {}
    ends, findings = Counter[str](), dict[str, list[int]]()
    for number in batch:
        try:
            ends[bench.read(reader, number)] += 1
        except SilentError as error:
            findings.setdefault(str(error), []).append(number)
        except MemoryError:
            findings.setdefault("over the cap of memory", []).append(number)
        except Exception as error:  # noqa: BLE001 - a defect is what is looked for
            findings.setdefault(where_of(error, __file__), []).append(number)
    return ends, findings


def batched(numbers: range, size: int) -> Iterator[range]:
    """The numbers in pieces of a size."""
    return (numbers[at : at + size] for at in range(0, len(numbers), size))


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def row_of(reader: str, found: Found) -> str:
    """A row of Markdown."""
    wrong = sum(map(len, found.findings.values()))
    ends = f"{found.ends['read']:,} | {found.ends['refused']:,}"
    return f"| {reader} | {found.inputs:,} | {ends} | {found.slowest:.1f} s | {wrong} |"


def main() -> int:
    """Print a row of Markdown a reader, and every finding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=2011)
    parser.add_argument("--only", nargs="*", default=list(SHARES), help="readers, all by default")
    parser.add_argument("--at", help="READER:NUMBER, to write one input into this folder")
    given = parser.parse_args()
    say = partial(print, flush=True)
    if given.at:
        reader, _, number = given.at.partition(":")
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(make_seeds(Path(folder)), Path(folder), given.seed)
            name, content, odd = bench.input(reader, int(number))
        target = Path(f"{reader}-{number}-{name}")
        target.write_bytes(content)
        say(target, odd or "")
        return 0
    say("| reader | inputs | read | refused with a reason | slowest | findings |")
    say("|---|--:|--:|--:|--:|--:|")
    wrong = dict[str, dict[str, list[int]]]()
    for reader in given.only:
        with tempfile.TemporaryDirectory() as folder:
            found = fuzz(reader, round(given.inputs * SHARES[reader]), given.seed, Path(folder))
        say(row_of(reader, found))
        wrong[reader] = found.findings
    for reader, findings in wrong.items():
        for said, numbers in findings.items():
            say(f"{reader}: {said}: {len(numbers)}, e.g. --at {reader}:{numbers[0]}")
    return int(any(wrong.values()))


if __name__ == "__main__":
    sys.exit(main())
