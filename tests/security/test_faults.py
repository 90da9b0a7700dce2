"""The disk full, the folder closed, two at work: nothing is lost, and what to do is said.

On a disk of its own in memory, which only root can make. Runs that are killed: test_kills.py.
"""

import os
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.returns.manifest import read_manifest
from pipeline.study import open_study
from tests.security.forked import start, survey
from tests.security.kills import damage, new_study, picture, timeless

pytestmark = [
    pytest.mark.xdist_group("faults"),
    pytest.mark.skipif(os.name == "nt", reason="Windows has neither fork nor such disks"),
]

RETURNS = 12
SIZE = "48m"
SAID = re.compile(r"\[(RAW-005|WORK-008|REPORT-005|CLI-001)\].*\n.*(Make room|mend the perm)")
"""What is said: that something could not be written, and what to do about it."""


class Disk:
    """A small disk in memory."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._filler = place / "filler"

    @property
    def free(self) -> int:
        """Bytes that can still be written."""
        found = os.statvfs(self.place)
        return found.f_bavail * found.f_frsize

    def leave(self, size: int) -> None:
        """Fill the disk up but for so many bytes."""
        with self._filler.open("wb") as filler:
            os.posix_fallocate(filler.fileno(), 0, max(self.free - size, 1))

    def empty(self) -> None:
        """Make room again."""
        self._filler.unlink()

    def mount(self, *options: str) -> None:
        """Mount it, or change how it is mounted."""
        subprocess.run(["mount", *options, self.place], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path) -> Iterator[Disk]:
    made = Disk(tmp_path / "disk")
    made.place.mkdir()
    try:
        made.mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs")
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("a disk in memory can be mounted by root alone")
    try:
        yield made
    finally:
        subprocess.run(["umount", "--lazy", made.place], check=True, capture_output=True)


@dataclass(frozen=True)
class Undisturbed:
    """A study before each command, what it looks like after it, and the stick.

    Attributes:
        before: command -> the study before it.
        after: command -> what lies in it after a run that nothing disturbed.
        grown: command -> bytes that it took.
    """

    stick: Path
    before: dict[str, Path]
    after: dict[str, dict[str, bytes]]
    grown: dict[str, int]

    def words(self, command: str) -> tuple[object, ...]:
        """The command as it is typed."""
        return (command, self.stick) if command == "receive" else (command,)


def taken(root: Path) -> int:
    return sum(path.lstat().st_blocks * 512 for path in root.rglob("*"))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("faults")
    study, stick = new_study(folder, RETURNS)
    made = Undisturbed(stick, {}, {}, {})
    for command in ("receive", "process", "analyze"):
        before = made.before[command] = folder / f"before-{command}"
        shutil.copytree(made.before["process"] if command == "analyze" else study, before)
        work = folder / f"work-{command}"
        shutil.copytree(before, work)
        code, said = survey(work, *made.words(command))
        assert code == 0, said
        made.after[command] = timeless(picture(work))
        made.grown[command] = taken(work) - taken(before)
        study = work
    return made


def leftovers(root: Path) -> list[Path]:
    return list(root.rglob(".writing-*"))


MOMENTS = {"receive": 2, "process": 2, "analyze": 1}


@pytest.mark.parametrize("command", MOMENTS)
def test_a_disk_that_is_full_at_a_random_moment(command, disk, undisturbed):
    """What to do is said; raw/ is whole; and a second run ends as if nothing had been."""
    draw = random.Random(2011)  # noqa: S311 - moments, not secrets
    for _ in range(MOMENTS[command]):
        root = disk.place / "study"
        shutil.copytree(undisturbed.before[command], root)
        received = len(read_manifest(open_study(root)))
        disk.leave(int(draw.uniform(0, 0.8) * undisturbed.grown[command]))
        code, said = survey(root, *undisturbed.words(command))
        assert code == 1, said
        assert SAID.search(said), said
        assert damage(root) == []
        assert len(read_manifest(open_study(root))) >= received
        disk.empty()
        code, said = survey(root, *undisturbed.words(command))
        assert code == 0, said
        assert timeless(picture(root)) == undisturbed.after[command]
        assert leftovers(root) == []
        shutil.rmtree(root)


@pytest.mark.parametrize("command", ["receive", "process", "analyze", "deliver", "withdraw"])
def test_a_folder_that_may_only_be_read(command, disk, undisturbed):
    """Each command says what to do, and changes nothing."""
    root = disk.place / "study"
    shutil.copytree(undisturbed.before.get(command, undisturbed.before["process"]), root)
    if command in {"deliver", "withdraw"}:
        assert survey(root, "process")[0] == 0
    before = picture(root)
    disk.mount("-o", "remount,ro")
    words = (*undisturbed.words(command), *(["0"] if command == "withdraw" else []))
    code, said = survey(root, *words)
    assert code == 1, said
    assert SAID.search(said) or "[REG-001]" in said, said
    disk.mount("-o", "remount,rw")
    assert picture(root) == before


def test_two_at_work_take_turns(undisturbed, tmp_path):
    """A cleaning, an analysis and a receipt at once: each ends well, and nothing is half."""
    root = tmp_path / "study"
    shutil.copytree(undisturbed.before["process"], root)
    commands = (("analyze",), ("process",), ("receive", undisturbed.stick))
    running = [start(root, *command) for command in commands]
    ended = [one.end() for one in running]
    assert [code for code, _ in ended] == [0, 0, 0], ended
    assert timeless(picture(root)) == undisturbed.after["analyze"]
    assert damage(root) == []
    assert leftovers(root) == []


def test_a_command_clears_away_what_a_killed_one_left_half(undisturbed, tmp_path):
    root = tmp_path / "study"
    shutil.copytree(undisturbed.before["process"], root)
    (root / "processed/visit").mkdir(parents=True)
    (root / "processed/visit/.writing-x.parquet").write_bytes(b"SYNTHETIC")
    code, said = survey(root, "process")
    assert code == 0, said
    assert leftovers(root) == []
