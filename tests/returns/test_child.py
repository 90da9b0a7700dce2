"""What a file does to the process that parses it, it does to the child alone."""

import io
import multiprocessing
import os
import signal
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from pipeline.returns import receive as receiving
from pipeline.returns.child import ChildError, in_child, in_children, stop_child
from pipeline.returns.child_side import begin
from pipeline.returns.guard import CAPS
from pipeline.returns.manifest import read_manifest
from pipeline.returns.read import read_form
from pipeline.settings import Caps
from tests import apart
from tests.returns.conftest import NOW

FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


def workbook(path: Path, *, far: bool = False) -> Path:
    made = openpyxl.Workbook()
    made.active.append(["SYNTHETIC"])
    stream = io.BytesIO()
    made.save(stream)
    with zipfile.ZipFile(stream) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b"</sheetData>", FAR) if far else part)
    return path


def first_cells(*paths: Path) -> list[str]:
    """What a reader without any guard does."""
    found = []
    for path in paths:
        begin(path.name)
        found.append(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[0][0])
    return found


def sleep(seconds: float) -> None:
    begin("slow")
    time.sleep(seconds)


def several(seconds: float) -> str:
    for number in range(4):
        begin(str(number))
        time.sleep(seconds)
    return "done"


def fill(size: int) -> int:
    begin("large")
    return len(bytearray(size))


def fail() -> None:
    begin("odd")
    raise KeyError("SYNTHETIC answer")


def own_id() -> int:
    return os.getpid()


def why(work, *arguments, caps=CAPS) -> tuple[str, list[str]]:
    with pytest.raises(ChildError) as error:
        in_child(work, *arguments, caps=caps)
    return error.value.file, [problem.code for problem in error.value.problems]


def test_one_far_cell_aborts_calamine_and_the_file_is_named(tmp_path):
    """The real thing: SIGABRT, which no except catches. The next file is read as if nothing was."""
    sound, far = workbook(tmp_path / "sound.xlsx"), workbook(tmp_path / "far.xlsx", far=True)
    assert why(first_cells, sound, far) == ("far.xlsx", ["GUARD-009"])
    assert in_child(first_cells, sound, caps=CAPS) == ["SYNTHETIC"]


def test_the_time_of_each_file_is_limited():
    """Of each, not of all together."""
    caps = Caps(seconds=1.5)
    assert why(sleep, 30, caps=caps) == ("slow", ["GUARD-010"])
    assert in_child(several, 0.5, caps=caps) == "done"


def test_memory_is_limited():
    assert why(fill, 600 << 20, caps=Caps(memory_bytes=300 << 20)) == ("large", ["GUARD-011"])
    assert in_child(fill, 600 << 20, caps=Caps(memory_bytes=2 << 30)) == 600 << 20


def test_a_defect_of_ours_names_the_file_and_the_line_and_no_answer():
    with pytest.raises(ChildError) as error:
        in_child(fail, caps=CAPS)
    (problem,) = error.value.problems
    assert (problem.code, problem.place.file) == ("GUARD-012", "odd")
    assert "KeyError, test_child.py:" in problem.message
    assert "SYNTHETIC" not in str(problem)


def test_one_child_serves_all_and_a_dead_one_is_replaced():
    first = in_child(own_id, caps=CAPS)
    assert in_child(own_id, caps=CAPS) == first != os.getpid()
    os.kill(first, signal.SIGKILL)
    time.sleep(0.2)
    assert in_child(own_id, caps=CAPS) not in {first, os.getpid()}


def read_one(number: int, *, dies: bool = False) -> tuple[int, int]:
    """The first job is done last."""
    begin(f"file-{number}")
    time.sleep(0.3 / (number + 1))
    if dies:
        os.kill(os.getpid(), signal.SIGKILL)
    return number, os.getpid()


def test_several_work_at_once_and_the_results_are_in_the_order_of_the_jobs():
    """A child each; the one that stays is the same as before, the others end."""
    stays = in_child(own_id, caps=CAPS)
    found = in_children(read_one, [(n,) for n in range(3)], caps=CAPS)
    assert [number for number, _ in found] == [0, 1, 2]
    ids = [child for _, child in found]
    assert (len(set(ids)), ids[0]) == (3, stays)
    assert in_child(own_id, caps=CAPS) == stays
    for child in ids[1:]:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def several_files(numbers: tuple[int, ...], deadly: int) -> tuple[int, ...]:
    for number in numbers:
        read_one(number, dies=number == deadly)
    return numbers


@pytest.mark.parametrize("deadly", range(6))
def test_a_child_that_is_killed_in_the_middle_begins_again_without_its_file(deadly):
    """The others know nothing of it; whichever of them it is."""
    died = []

    def without(job, error):
        died.append((error.file, [problem.code for problem in error.problems]))
        return tuple(n for n in job[0] if n != deadly), deadly

    jobs = [((0, 1), deadly), ((2, 3), deadly), ((4, 5), deadly)]
    found = in_children(several_files, jobs, caps=CAPS, again=without)
    assert found == [tuple(n for n in job if n != deadly) for job, _ in jobs]
    assert died == [(f"file-{deadly}", ["GUARD-009"])]


def test_one_that_is_too_slow_is_named_and_no_other_is_left_behind():
    with pytest.raises(ChildError) as error:
        in_children(sleep, [(0.1,), (30,), (0.1,)], caps=Caps(seconds=1.5))
    assert [problem.code for problem in error.value.problems] == ["GUARD-010"]
    assert len(multiprocessing.active_children()) <= 1


def far_ods(path: Path) -> Path:
    """One cell in the last row and column, as an .ods can say it in a few bytes."""
    rows = (
        '<table:table-row table:number-rows-repeated="1048575"/><table:table-row>'
        '<table:table-cell table:number-columns-repeated="16383"/><table:table-cell '
        'office:value-type="string"><text:p>SYNTHETIC</text:p></table:table-cell></table:table-row>'
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("mimetype", kind)
        made.writestr(
            "META-INF/manifest.xml",
            "<manifest:manifest "
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:media-type="{kind}" manifest:full-path="/"/>'
            "</manifest:manifest>",
        )
        made.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet><table:table "
            f'table:name="a">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return path


def test_a_file_that_ends_its_reader_is_received_with_the_reason_and_hides_no_other(
    study, household, tmp_path
):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    far_ods(inbox / "far.ods")
    (inbox / "z.csv").write_text("_uuid,remark\nSYNTHETIC-1,3\n")
    forms = {household.form_id: household}
    receipts = receiving.receive(study, [inbox], forms, form="household", now=NOW)
    assert [(one.outcome, one.form) for one in receipts] == [
        ("unrecognised", ""),
        ("received", "household"),
    ]
    assert receipts[0].reason
    assert "Traceback" not in receipts[0].reason


def test_a_received_file_that_ends_its_reader_is_an_issue_and_the_rest_is_read(
    study, household, tmp_path
):
    """As when a newer reader fails on a file that an older one took."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.csv").write_text("_uuid,remark\nSYNTHETIC-1,3\n")
    (inbox / "b.csv").write_text(f"_uuid,remark\nSYNTHETIC-2,{'4' * 50_000_000}\n")
    forms = {household.form_id: household}
    receiving.receive(study, [inbox], forms, form="household", now=NOW)
    rows = read_manifest(study)
    read = read_form(study, household, rows, caps=Caps(memory_bytes=100 << 20))
    assert list(read.main["response_id"]) == ["SYNTHETIC-1"]
    (large,) = [row.source_file for row in rows if "b.csv" in row.file]
    told = read.issues[read.issues["code"] == "unreadable_file"]
    assert list(told["source_file"]) == [large]
    assert list(told["action"]) == ["set_aside"]


def children_of_a_fork() -> list[bool]:
    """Before a fork, in it, and after it: whether the child answers the process that asks."""
    before = in_child(os.getppid, caps=Caps()) == os.getpid()
    number = os.fork()
    if number == 0:
        code = 1
        try:
            code = int(in_child(os.getppid, caps=Caps()) != os.getpid())
        finally:
            stop_child()
            os._exit(code)
    within = os.waitpid(number, 0)[1] == 0
    return [before, within, in_child(os.getppid, caps=Caps()) == os.getpid()]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not fork")
def test_a_forked_process_has_a_child_of_its_own():
    """The one that was there answers its own parent alone."""
    assert apart.result_of(children_of_a_fork) == [True, True, True]
