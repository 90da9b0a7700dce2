"""ODK's own encryption, opened on this side with the private key and without a network.

A finalised submission comes as a manifest (`submission.xml`), which carries the symmetric key under
the study's RSA key, and as encrypted files beside it: AES-256 in CFB mode with PKCS5 padding, the
initialisation vector grown from the MD5 of instance id and key, one byte raised for each file. The
signature is the MD5 of what all of them should be; it too is under the RSA key.
Source: ODK XForms specification, "Encryption", getodk.github.io/xforms-spec/encryption.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.padding import PKCS7
from lxml import etree

from pipeline.errors import SurveyError
from pipeline.returns.guard import read_regular
from pipeline.returns.problems import refused
from pipeline.returns.submission_xml import local_name, parse_plain_xml, submission_parser
from pipeline.settings import Caps

_IV_BYTES = 16
_KEY_BYTES = 32
_ENDING = ".enc"
_ENCRYPTED = b'encrypted="yes"'


@dataclass(frozen=True, slots=True)
class Opened:
    """What was inside an encrypted submission.

    Attributes:
        instance_id: `uuid:...`.
        files: name -> bytes, `submission.xml` last.
    """

    instance_id: str
    files: tuple[tuple[str, bytes], ...]

    @property
    def folder(self) -> str:
        """A name for a folder of its own."""
        return re.sub(r"[^\w-]+", "_", self.instance_id.removeprefix("uuid:"))


@dataclass(frozen=True, slots=True)
class _Manifest:
    form_id: str
    version: str | None
    key: str
    signature: str
    instance_id: str
    media: tuple[str, ...]
    submission: str

    @property
    def names(self) -> tuple[str, ...]:
        """The encrypted files in the order in which they were encrypted."""
        return (*self.media, self.submission)


def manifests(paths: Iterable[Path]) -> Iterator[Path]:
    """Every manifest of an encrypted submission among files and folders, in order of name."""
    for path in paths:
        files = sorted(path.rglob("*.xml")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and not file.is_symlink() and _ENCRYPTED in file.read_bytes()[:4096]:
                yield file


def read_private_key(path: Path, *, shown: str) -> RSAPrivateKey:
    """The RSA private key (PEM or DER) that belongs to the form's `public_key`.

    Raises:
        SurveyError: ODK-001, the file holds no such key, or it is under a password.
    """
    if not path.exists():
        raise _no_key(shown)
    content = read_regular(path, limit=1 << 20, shown=shown)
    load = (
        serialization.load_pem_private_key
        if content.lstrip().startswith(b"-----")
        else serialization.load_der_private_key
    )
    try:
        key = load(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _no_key(shown) from error
    if not isinstance(key, RSAPrivateKey):
        raise _no_key(shown)
    return key


def open_submission(manifest: Path, key: RSAPrivateKey, *, shown: str, caps: Caps) -> Opened:
    """Decrypt a submission and hold it against its signature.

    Args:
        manifest: the `submission.xml` that says encrypted="yes"; its files lie beside it.
        key: the private key.
        shown: the manifest's name in problems.
        caps: what a file may hold at most.

    Raises:
        SurveyError: ODK-002 it is no manifest of ours, ODK-003 another key, ODK-004 altered or
            incomplete, GUARD-0xx a file.
    """
    said = _manifest(read_regular(manifest, limit=caps.submission_bytes, shown=shown), shown)
    secret = _unlocked(said.key, key, _KEY_BYTES)
    if secret is None:
        raise refused(
            "ODK-003",
            "This private key does not open the submission.",
            "Name the private key that belongs to the form's public_key with --key FILE.",
            file=shown,
        )
    files = list[tuple[str, bytes]]()
    for name, vector in zip(said.names, _vectors(said.instance_id, secret), strict=False):
        place = f"{Path(shown).parent.as_posix()}/{name}"
        content = read_regular(manifest.parent / name, limit=caps.file_bytes, shown=place)
        plain = _decrypted(content, secret, vector)
        if plain is None:
            raise _altered(place)
        files.append((name.removesuffix(_ENDING), plain))
    if _unlocked(said.signature, key, _IV_BYTES) != _signed(said, files):
        raise _altered(shown)
    return Opened(said.instance_id, tuple(files))


def _manifest(content: bytes, shown: str) -> _Manifest:
    root = parse_plain_xml(content, submission_parser(), shown=shown)
    found = dict[str, list[str]]()
    for element in root.iter(etree.Element):
        found.setdefault(local_name(element), []).append((element.text or "").strip())
    wanted = ("base64EncryptedKey", "base64EncryptedElementSignature", "instanceID")
    single = ("encryptedXmlFile", *wanted)
    names = [*found.get("file", []), *found.get("encryptedXmlFile", [])]
    strange = any(not name.endswith(_ENDING) or Path(name).name != name for name in names)
    if root.get("encrypted") != "yes" or strange or any(len(found.get(n, [])) != 1 for n in single):
        raise refused(
            "ODK-002",
            "This is no manifest of an encrypted submission.",
            "Give the submission.xml with the .enc files beside it, as the server exports them.",
            file=shown,
        )
    key, signature, instance_id = (found[name][0] for name in wanted)
    return _Manifest(
        form_id=root.get("id") or "",
        version=root.get("version"),
        key=key,
        signature=signature,
        instance_id=instance_id,
        media=tuple(found.get("file", [])),
        submission=found["encryptedXmlFile"][0],
    )


def _unlocked(text: str, key: RSAPrivateKey, size: int) -> bytes | None:
    """What is under the RSA key; None where it is under another, or is not what it should be.

    OAEP with SHA-256; Android masks with SHA-1, Bouncy Castle with SHA-256, and both are in use.
    """
    try:
        locked = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    for mask in (hashes.SHA1(), hashes.SHA256()):  # noqa: S303 - what ODK's clients do
        way = padding.OAEP(padding.MGF1(mask), hashes.SHA256(), None)
        try:
            plain = key.decrypt(locked, way)
        except ValueError:
            continue
        return plain if len(plain) == size else None
    return None


def _vectors(instance_id: str, secret: bytes) -> Iterator[bytes]:
    """The initialisation vector of each file: the seed with one byte more raised each time."""
    digest = hashlib.md5(instance_id.encode() + secret, usedforsecurity=False).digest()
    vector, count = bytearray(digest), 0
    while True:
        at = count % _IV_BYTES
        vector[at] = (vector[at] + 1) % 256
        count += 1
        yield bytes(vector)


def _decrypted(content: bytes, secret: bytes, vector: bytes) -> bytes | None:
    opener = Cipher(AES(secret), CFB(vector)).decryptor()
    unpad = PKCS7(AES.block_size).unpadder()
    try:
        return unpad.update(opener.update(content) + opener.finalize()) + unpad.finalize()
    except ValueError:
        return None


def _signed(said: _Manifest, files: Sequence[tuple[str, bytes]]) -> bytes:
    """The MD5 of what the signature is about."""
    parts = [said.form_id, *([] if said.version is None else [said.version])]
    parts += [said.key, said.instance_id]
    parts += [
        f"{name}::{hashlib.md5(plain, usedforsecurity=False).hexdigest()}" for name, plain in files
    ]
    text = "".join(f"{part}\n" for part in parts)
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()


def _no_key(shown: str) -> SurveyError:
    return refused(
        "ODK-001",
        "There is no RSA private key in this file, or it is under a password.",
        "Name the file that survey keys odk made, or the one from which public_key was taken.",
        file=shown,
    )


def _altered(shown: str) -> SurveyError:
    return refused(
        "ODK-004",
        "The submission is incomplete or was altered after it was encrypted.",
        "Export it from the server again.",
        file=shown,
    )
