"""raw/ travels as one encrypted file, and comes out as it went in or not at all."""

import io
import stat
import subprocess
import tarfile

import pytest
from pyrage import encrypt, x25519

from pipeline.errors import SurveyError
from pipeline.privacy.keys import make_keys, name_recipient
from pipeline.privacy.sealing import HASHES, seal, unseal
from pipeline.study import Study, open_study
from tests.conftest import require_tool

FILES = {
    "MANIFEST.csv": b"file\n",
    "visit/1-SYNTHETIC.xml": b"<x/>" * 50_000,
    "visit/二-SYNTHETIC.csv": b"",
    "_register/withdrawals.csv": b"at,by\n",
}


def study_at(folder, files=None) -> Study:
    (folder / "instruments").mkdir(parents=True)
    (folder / "instruments" / "study.yaml").write_text("title: SYNTHETIC\n")
    for name, content in (files or {}).items():
        path = folder / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return open_study(folder)


@pytest.fixture
def study(tmp_path) -> Study:
    made = study_at(tmp_path / "one", FILES)
    name_recipient(made, make_keys(made.root / "keys", shown="keys"), "keys")
    return open_study(made.root)


@pytest.fixture
def empty(tmp_path) -> Study:
    return study_at(tmp_path / "two")


def picture(study: Study) -> dict[str, bytes]:
    files = (path for path in study.raw.rglob("*") if path.is_file())
    return {path.relative_to(study.raw).as_posix(): path.read_bytes() for path in files}


def code_of(work, *arguments, **options) -> list[str]:
    with pytest.raises(SurveyError) as error:
        work(*arguments, **options)
    return [problem.code for problem in error.value.problems]


def test_what_was_sealed_comes_out_as_it_went_in(study, empty, tmp_path):
    archive = tmp_path / "raw.age"
    assert seal(study, archive) == len(FILES)
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert unseal(empty, archive, key=study.keys / "identity.txt") == len(FILES)
    assert picture(empty) == FILES
    assert not list(empty.root.glob(".unsealing-*"))


def test_age_and_tar_open_it_without_us(study, tmp_path):
    """In ten years, on another machine, with nothing of this pipeline."""
    archive, identity = tmp_path / "raw.age", study.keys / "identity.txt"
    seal(study, archive)
    command = [require_tool("age"), "-d", "-i", identity, archive]
    plain = subprocess.run(command, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert tar.getnames() == [HASHES, *(f"raw/{name}" for name in sorted(FILES))]


@pytest.mark.parametrize("where", [0, 100, 300, 5_000, 70_000, -1])
def test_one_altered_byte_is_found_and_nothing_is_left(study, empty, tmp_path, where):
    archive = tmp_path / "raw.age"
    seal(study, archive)
    content = bytearray(archive.read_bytes())
    content[where] ^= 1
    archive.write_bytes(content)
    assert code_of(unseal, empty, archive, key=study.keys / "identity.txt") == ["SEAL-003"]
    assert picture(empty) == {}
    assert not list(empty.root.glob(".unsealing-*"))


@pytest.mark.parametrize("size", [0, 10, 200, 66_000])
def test_an_archive_that_was_cut_off_is_found(study, empty, tmp_path, size):
    archive = tmp_path / "raw.age"
    seal(study, archive)
    archive.write_bytes(archive.read_bytes()[:size])
    assert code_of(unseal, empty, archive, key=study.keys / "identity.txt") == ["SEAL-003"]
    assert picture(empty) == {}


def test_another_key_opens_nothing(study, empty, tmp_path):
    archive = tmp_path / "raw.age"
    seal(study, archive)
    (tmp_path / "key").write_text(f"{x25519.Identity.generate()}\n")
    assert code_of(unseal, empty, archive, key=tmp_path / "key") == ["SEAL-003"]


def crafted(name: str, kind: bytes = tarfile.REGTYPE, listed: bool = True) -> bytes:  # noqa: FBT001, FBT002
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        text = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n"
        text = text if listed else b""
        sums = tarfile.TarInfo(HASHES)
        sums.size = len(text)
        tar.addfile(sums, io.BytesIO(text))
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, "/etc/passwd"
        tar.addfile(member)
    return stream.getvalue()


@pytest.mark.parametrize(
    "plain",
    [
        crafted("raw/../../outside"),
        crafted("/raw/a"),
        crafted("elsewhere/a"),
        crafted("raw/a", tarfile.SYMTYPE),
        crafted("raw/a", tarfile.LNKTYPE),
        crafted("raw/a", tarfile.FIFOTYPE),
        crafted("raw/a", listed=False),
        b"SYNTHETIC, no tar",
    ],
    ids=["above", "absolute", "elsewhere", "symlink", "hardlink", "fifo", "unlisted", "no tar"],
)
def test_an_archive_that_we_did_not_make_is_refused(study, empty, tmp_path, plain):
    """Whoever knows the public key can encrypt anything for it."""
    archive = tmp_path / "raw.age"
    recipient = x25519.Recipient.from_str(study.settings.recipients[0])
    archive.write_bytes(encrypt(plain, [recipient]))
    assert code_of(unseal, empty, archive, key=study.keys / "identity.txt") == ["SEAL-003"]
    assert picture(empty) == {}
    assert not (tmp_path / "outside").exists()


def test_nothing_is_written_over(study, tmp_path):
    archive = tmp_path / "raw.age"
    archive.write_bytes(b"SYNTHETIC")
    assert code_of(seal, study, archive) == ["SEAL-001"]
    assert code_of(unseal, study, archive, key=study.keys / "identity.txt") == ["SEAL-001"]
    assert archive.read_bytes() == b"SYNTHETIC"
    assert picture(study) == FILES


def test_a_link_in_raw_is_not_followed_into_the_archive(study, tmp_path):
    (study.raw / "visit" / "link").symlink_to(tmp_path)
    assert code_of(seal, study, tmp_path / "raw.age") == ["SEAL-002"]
    assert not (tmp_path / "raw.age").exists()
