"""Time and memory against the number of responses: `python -m tests.bench.growth 1000 10000 ...`.

Each size is a study of its own, received and processed by the command line's own functions in a
process of its own, so that its peak is its own. One line a size; `--plot FILE.png` draws them.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from pipeline.parts.engines import EngineName, Engines
from pipeline.questionnaire.model import Questionnaire
from pipeline.questionnaire.to_yaml import to_yaml
from pipeline.returns.child import stop_child
from pipeline.study import open_study
from pipeline.workflow.returned import process, receive
from pipeline.workflow.traced import trace
from tests.conftest import PROJECT

FORM = "households"
FILE_ROWS = 100_000
SETTINGS = """\
timezone: Asia/Taipei
roles:
  households: {interviewer: interviewer, date: day}
caps: {file_bytes: 1073741824}
"""


def form() -> Questionnaire:
    """23 questions as in household surveys: skips, limits, several choices, a calculation."""
    yes_no = [{"name": name, "label": name} for name in ("yes", "no", "dont_know")]
    kinds = [{"name": f"k{n}", "label": f"k{n}"} for n in range(6)]
    survey = [
        {"name": "interviewer", "type": "text"},
        {"name": "day", "type": "date"},
        {"name": "size", "type": "integer", "constraint": ". > 0 and . <= 30"},
        {"name": "income", "type": "decimal", "relevant": "${size} > 1"},
        {"name": "needs", "type": "select_multiple kinds"},
        {"name": "remark", "type": "text"},
        {"name": "per_head", "type": "calculate", "calculation": "${income} div ${size}"},
        *({"name": f"c{n}", "type": "select_one yes_no"} for n in range(8)),
        *(
            {"name": f"d{n}", "type": "select_one kinds", "relevant": f"${{c{n}}} = 'yes'"}
            for n in range(8)
        ),
    ]
    return Questionnaire.model_validate(
        {
            "form_id": FORM,
            "version": "1",
            "title": "SYNTHETIC households",
            "choices": {"yes_no": yes_no, "kinds": kinds},
            "survey": [{"label": one["name"], **one} for one in survey],
        }
    )


def write_returns(folder: Path, number: int) -> list[Path]:
    """Exported tables of so many responses, with some of everything that can be wrong."""
    random = np.random.default_rng(number)
    made = []
    for start in range(0, number, FILE_ROWS):
        rows = min(FILE_ROWS, number - start)
        ids = np.arange(start, start + rows)
        ids[random.random(rows) < 1e-4] = 0  # copies of one key
        size = random.integers(1, 12, rows)
        size[random.random(rows) < 1e-3] = 99
        income = np.round(random.lognormal(9, 1, rows), 2).astype(str)
        day = np.datetime64("2011-08-01") + random.integers(0, 90, rows)
        columns = {
            "_uuid": np.char.add("u", ids.astype(str)),
            "interviewer": np.char.add("i", random.integers(0, 200, rows).astype(str)),
            "day": day.astype(str),
            "size": size.astype(str),
            "income": np.where(size > 1, income, ""),
            "needs": random.choice(["k0", "k1 k2", "k2 k4 k5", "k3"], rows),
            "remark": np.char.add("SYNTHETIC remark ", random.integers(0, 10**6, rows).astype(str)),
            "per_head": np.full(rows, ""),
        }
        for n in range(8):
            asked = random.choice(["yes", "no", "dont_know"], rows, p=[0.6, 0.35, 0.05])
            kind = random.choice([f"k{m}" for m in range(6)], rows)
            columns[f"c{n}"] = asked
            columns[f"d{n}"] = np.where((asked == "yes") | (random.random(rows) < 1e-3), kind, "")
        path = folder / f"SYNTHETIC-{start:08}.csv"
        pd.DataFrame(columns).to_csv(path, index=False)
        made.append(path)
    return made


def measured(number: int, engine: str, workers: int) -> dict[str, float]:
    """What one size takes; a process of its own calls this."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "instruments").mkdir()
        (root / "instruments" / f"{FORM}.yaml").write_text(to_yaml(form()), encoding="utf-8")
        (root / "instruments" / "study.yaml").write_text(SETTINGS, encoding="utf-8")
        (root / "sent").mkdir()
        study = open_study(root)
        generate = [sys.executable, "-m", "tests.bench.growth", str(number), "--to", root / "sent"]
        subprocess.run(generate, cwd=PROJECT, check=True)
        receive(study, [root / "sent"], FORM)
        start, used = time.perf_counter(), processor_seconds()
        lines = process(study, engines=Engines(EngineName(engine), workers=workers))
        seconds, processor = time.perf_counter() - start, processor_seconds() - used
        kept = pq.read_metadata(root / "processed" / FORM / "responses.parquet").num_rows
        workers_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        followed = traced(root, f"u{number - 1}")
    print(lines[0], file=sys.stderr)  # noqa: T201 - a command
    return {
        "responses": number,
        "kept": kept,
        "seconds": seconds,
        "processor_seconds": processor,
        "lead_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "worker_mb": workers_mb,
        **followed,
    }


def traced(root: Path, response: str) -> dict[str, float]:
    """What `survey trace` of the last response takes, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.growth", "0", "--trace", root, response]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, check=True)
    return {"trace_seconds": time.perf_counter() - start, "trace_mb": float(done.stdout)}


def trace_here(root: Path, response: str) -> float:
    """Trace a response; megabytes at the peak of this process or of the largest that it started.

    What the system counts of this process from its start on would hold its parent's peak, too.
    """
    trace(open_study(root), [FORM, response])
    told = Path("/proc/self/status").read_text(encoding="ascii")
    own = next(int(line.split()[1]) for line in told.splitlines() if line.startswith("VmHWM"))
    stop_child()
    below = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return max(own, below) / 1024


def processor_seconds() -> float:
    """Of this process and of those that it has waited for."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(one) for one in both]
    return sum(one.ru_utime + one.ru_stime for one in used)


def apart(number: int, engine: str, workers: int) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.growth", str(number), "--here"]
    command += ["--engine", engine, "--workers", str(workers)]
    settings = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, env=settings, cwd=PROJECT, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def draw(lines: list[dict[str, float]], path: Path) -> None:
    """Processor time and peak memory against the number of responses."""
    import matplotlib.pyplot as plt  # noqa: PLC0415 - only where it is asked for

    sizes = [line["responses"] for line in lines]
    figure, (time_axis, memory) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    time_axis.loglog(sizes, [line["processor_seconds"] for line in lines], "o-", color="#225577")
    each = lines[-1]["processor_seconds"] / sizes[-1]
    time_axis.loglog(sizes, [each * size for size in sizes], ":", color="#888888")
    time_axis.set_title("Processor seconds (dotted: in proportion)")
    memory.semilogx(sizes, [line["lead_mb"] for line in lines], "o-", color="#225577", label="lead")
    workers = [line["worker_mb"] for line in lines]
    memory.semilogx(sizes, workers, "s-", color="#b05a00", label="largest worker")
    memory.axhline(600, linestyle=":", color="#888888")
    memory.set_title("Peak memory, MB (dotted: 600 a worker)")
    memory.set_ylim(bottom=0)
    memory.legend(frameon=False)
    for axis in (time_axis, memory):
        axis.set_xlabel("responses")
        axis.spines[["top", "right"]].set_visible(False)
        axis.grid(visible=True, color="#e5e5e5")
    figure.savefig(path, dpi=110, metadata={"Software": None})


def main() -> None:
    """A line a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", type=int)
    parser.add_argument("--engine", default="local")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--here", action="store_true", help="in this process, as JSON")
    parser.add_argument("--plot", type=Path, help="draw them into this file")
    parser.add_argument("--to", type=Path, help="only write the returns into this folder")
    parser.add_argument("--trace", nargs=2, help="only trace: a study and a response")
    given = parser.parse_args()
    if given.trace:
        print(trace_here(Path(given.trace[0]), given.trace[1]))  # noqa: T201
        return
    if given.to:
        write_returns(given.to, given.sizes[0])
        return
    if given.here:
        print(json.dumps(measured(given.sizes[0], given.engine, given.workers)))  # noqa: T201
        return
    heading = "responses | kept | seconds | processor seconds | us each | lead MB | worker MB"
    print(f"{heading} | trace seconds | trace MB")  # noqa: T201
    lines = []
    for size in given.sizes:
        found = apart(size, given.engine, given.workers)
        lines.append(found)
        each = found["processor_seconds"] / size * 1e6
        print(  # noqa: T201
            f"{size} | {found['kept']:.0f} | {found['seconds']:.1f} | "
            f"{found['processor_seconds']:.1f} | {each:.0f} | {found['lead_mb']:.0f} | "
            f"{found['worker_mb']:.0f} | {found['trace_seconds']:.1f} | {found['trace_mb']:.0f}",
            flush=True,
        )
    if given.plot:
        draw(lines, given.plot)


if __name__ == "__main__":
    main()
