"""What ODK Collect encrypted is opened; the test encrypts by ODK's specification on its own.

The other side is written here with OpenSSL's command line and the standard library alone, so that
a shared misunderstanding of a library's cannot hide.
"""

import base64
import hashlib
import os
import subprocess
from pathlib import Path

import pytest
from lxml import etree

from pipeline.errors import SurveyError
from pipeline.forms.xform import xform_text
from pipeline.privacy.keys import make_odk_key, name_public_key
from pipeline.returns.guard import CAPS
from pipeline.returns.odk_encryption import manifests, open_submission, read_private_key
from pipeline.study import open_study
from pipeline.workflow.exported import _encrypting
from tests.conftest import require_tool
from tests.questionnaires import every_type_questionnaire

SUBMISSION = '<data id="visit" version="3"><who>SYNTHETIC 二</who></data>'.encode()
MEDIA = {"photo.jpg": b"SYNTHETIC" * 2_000, "empty.txt": b"", "block.bin": b"x" * 32}
INSTANCE = "uuid:5b9cf8d1-106f-4004-844f-c072d76762ed"


def openssl(*arguments: object, given: bytes) -> bytes:
    command = [require_tool("openssl"), *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def under_rsa(plain: bytes, public: Path, mask: str) -> str:
    locked = openssl(
        "pkeyutl", "-encrypt", "-pubin", "-inkey", public,
        "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256",
        "-pkeyopt", f"rsa_mgf1_md:{mask}",
        given=plain,
    )  # fmt: skip
    return base64.b64encode(locked).decode()


def encrypt(folder: Path, public: Path, *, mask: str = "sha1", version: str | None = "3") -> Path:
    """Collect's side: specification, "Encryption"."""
    folder.mkdir()
    key = os.urandom(32)
    seed = bytearray(hashlib.md5(INSTANCE.encode() + key).digest())  # noqa: S324 - ODK's own
    locked = under_rsa(key, public, mask)
    signed = ["visit", *([version] if version else []), locked, INSTANCE]
    for number, (name, plain) in enumerate([*MEDIA.items(), ("submission.xml", SUBMISSION)]):
        seed[number % 16] = (seed[number % 16] + 1) & 0xFF
        padded = plain + bytes([16 - len(plain) % 16]) * (16 - len(plain) % 16)
        mode = ("enc", "-aes-256-cfb", "-K", key.hex(), "-iv", seed.hex())
        (folder / f"{name}.enc").write_bytes(openssl(*mode, given=padded))
        signed.append(f"{name}::{hashlib.md5(plain).hexdigest()}")  # noqa: S324 - ODK's own
    digest = hashlib.md5("".join(f"{part}\n" for part in signed).encode()).digest()  # noqa: S324
    media = "".join(f"<media><file>{name}.enc</file></media>" for name in MEDIA)
    manifest = folder / "submission.xml"
    manifest.write_text(
        f'<data id="visit" {f"version={chr(34)}{version}{chr(34)}" if version else ""} '
        'encrypted="yes" xmlns="http://opendatakit.org/submissions">'
        f"<base64EncryptedKey>{locked}</base64EncryptedKey>"
        f'<meta xmlns="http://openrosa.org/xforms"><instanceID>{INSTANCE}</instanceID></meta>'
        f"{media}<encryptedXmlFile>submission.xml.enc</encryptedXmlFile>"
        f"<base64EncryptedElementSignature>{under_rsa(digest, public, mask)}"
        "</base64EncryptedElementSignature></data>"
    )
    return manifest


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> tuple[Path, Path]:
    """The private key, and the public one as a server would take it out of the form."""
    folder = tmp_path_factory.mktemp("keys")
    text = make_odk_key(folder, shown="keys")
    public = folder / "public.pem"
    public.write_text(f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n")
    return folder / "odk_private.pem", public


def opened(manifest: Path, private: Path):
    key = read_private_key(private, shown="key")
    return open_submission(manifest, key, shown="in/submission.xml", caps=CAPS)


def code_of(manifest: Path, private: Path) -> list[str]:
    with pytest.raises(SurveyError) as error:
        opened(manifest, private)
    assert "SYNTHETIC" not in str(error.value)
    return [problem.code for problem in error.value.problems]


@pytest.mark.parametrize("mask", ["sha1", "sha256"])
@pytest.mark.parametrize("version", ["3", None])
def test_a_submission_comes_out_as_collect_took_it_in(tmp_path, keys, mask, version):
    """Media first, the submission last, with either mask that ODK's clients use."""
    manifest = encrypt(tmp_path / "in", keys[1], mask=mask, version=version)
    found = opened(manifest, keys[0])
    assert found.instance_id == INSTANCE
    assert found.files == (*MEDIA.items(), ("submission.xml", SUBMISSION))


@pytest.mark.parametrize("what", ["byte", "cut", "swapped", "renamed", "signature"])
def test_what_was_altered_is_refused(tmp_path, keys, what):
    """CFB itself would give an altered answer without a word; the signature tells."""
    manifest = encrypt(tmp_path / "in", keys[1])
    one, two = (manifest.parent / f"{name}.enc" for name in ("photo.jpg", "submission.xml"))
    content = bytearray(two.read_bytes())
    text = manifest.read_text()
    if what == "byte":
        content[20] ^= 1
        two.write_bytes(content)
    elif what == "cut":
        two.write_bytes(content[:-16])
    elif what == "swapped":
        two.write_bytes(one.read_bytes())
    elif what == "renamed":
        manifest.write_text(text.replace('id="visit"', 'id="other"'))
    else:
        other = under_rsa(b"0" * 16, keys[1], "sha1")
        before, _, rest = text.partition("<base64EncryptedElementSignature>")
        rest = rest.partition("</base64EncryptedElementSignature>")[2]
        manifest.write_text(
            f"{before}<base64EncryptedElementSignature>{other}"
            f"</base64EncryptedElementSignature>{rest}"
        )
    assert code_of(manifest, keys[0]) == ["ODK-004"]


def test_another_key_opens_nothing(tmp_path, keys):
    make_odk_key(tmp_path / "other", shown="other")
    manifest = encrypt(tmp_path / "in", keys[1])
    assert code_of(manifest, tmp_path / "other" / "odk_private.pem") == ["ODK-003"]


@pytest.mark.parametrize("name", ["../submission.xml.enc", "/etc/passwd", "submission.xml"])
def test_a_manifest_names_only_encrypted_files_beside_it(tmp_path, keys, name):
    manifest = encrypt(tmp_path / "in", keys[1])
    text = manifest.read_text().replace(">submission.xml.enc<", f">{name}<")
    manifest.write_text(text)
    assert code_of(manifest, keys[0]) == ["ODK-002"]


def test_a_file_that_is_missing_is_named(tmp_path, keys):
    manifest = encrypt(tmp_path / "in", keys[1])
    (manifest.parent / "photo.jpg.enc").unlink()
    with pytest.raises(SurveyError) as error:
        opened(manifest, keys[0])
    assert error.value.problems[0].place.file == "in/photo.jpg.enc"


def test_manifests_are_found_among_other_files(tmp_path, keys):
    manifest = encrypt(tmp_path / "in", keys[1])
    (tmp_path / "plain.xml").write_bytes(SUBMISSION)
    assert list(manifests([tmp_path])) == [manifest]


def test_a_file_without_a_key_is_a_problem(tmp_path):
    (tmp_path / "key").write_text("SYNTHETIC")
    with pytest.raises(SurveyError) as error:
        read_private_key(tmp_path / "key", shown="key")
    assert [problem.code for problem in error.value.problems] == ["ODK-001"]


def test_the_public_key_of_the_study_goes_into_the_xform(tmp_path):
    """Where Collect looks for it: the attribute of the submission element."""
    (tmp_path / "instruments").mkdir()
    (tmp_path / "instruments" / "study.yaml").write_text("title: SYNTHETIC\n")
    public = make_odk_key(tmp_path / "keys", shown="keys")
    name_public_key(open_study(tmp_path), public)
    form = _encrypting(every_type_questionnaire(), open_study(tmp_path).settings.public_key)
    root = etree.fromstring(xform_text(form)[0].encode())
    (submission,) = root.iter("{http://www.w3.org/2002/xforms}submission")
    assert submission.get("base64RsaPublicKey") == public
