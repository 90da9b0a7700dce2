"""A study's keys: to whom identifiers are encrypted, and what makes a pseudonym of a name.

Two files in one folder that lies outside processed/, outputs/ and version control: the identity
(age's private key, which only `survey identify` needs and which is best kept on another machine)
and the pseudonym key. The public key stands in study.yaml.
Source: age's file format, age-encryption.org/v1.
"""

import base64
import hashlib
import re
import secrets
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PrivateFormat, PublicFormat
from pyrage import x25519

from pipeline.errors import SurveyError
from pipeline.privacy.problems import refusal
from pipeline.store import write_bytes, write_text
from pipeline.study import Study, read_settings

IDENTITY = "identity.txt"
PSEUDONYM = "pseudonym.txt"
ODK_KEY = "odk_private.pem"
SYNTHETIC = "SYNTHETIC"
"""The mark in the names of files whose respondents do not exist."""

DEMONSTRATION_RECIPIENT = "age1ztvnh3a07vtlhv30u3xpx45wtkxsnj23fxaj77e6ud38v3hlxfaq0ttulk"
DEMONSTRATION_PSEUDONYM_SHA256 = "9a4984e466ffce0b7f54b7f7a0094c2bb59b56baf443edd061e159f181f4b013"
"""The keys that everybody has: known by what they are, whatever their files are called."""

_KEY_BYTES = 32
_RSA_BITS = 2048
_MAKE = "Make keys for this study: survey keys new."


@dataclass(frozen=True)
class Keys:
    """What is needed to write identifiers; neither of it can read them.

    Attributes:
        recipients: public age keys, in the order of study.yaml.
        pseudonym: 32 bytes; never shown.
    """

    recipients: tuple[str, ...]
    pseudonym: bytes = field(repr=False)

    @property
    def age_recipients(self) -> list[x25519.Recipient]:
        """The recipients, as age wants them."""
        return [_recipient(recipient) for recipient in self.recipients]

    @property
    def are_demonstration(self) -> bool:
        """Whether anybody could read what is written with them."""
        digest = hashlib.sha256(self.pseudonym).hexdigest()
        return (
            DEMONSTRATION_RECIPIENT in self.recipients or digest == DEMONSTRATION_PSEUDONYM_SHA256
        )


def read_keys(study: Study) -> Keys:
    """The keys with which a study writes identifiers.

    Raises:
        SurveyError: KEYS-001 there are none, KEYS-002 one is no key.
    """
    recipients = study.settings.recipients
    path = study.keys / PSEUDONYM
    if not recipients or not path.is_file():
        wanted = "instruments/study.yaml" if not recipients else study.shown(path)
        raise refusal(
            "KEYS-001",
            "A form holds identifiers, and there is no key to keep them with.",
            _MAKE,
            file=wanted,
            rule="" if recipients else "recipients",
        )
    for recipient in recipients:
        _recipient(recipient)
    found = [line for line in _lines(path) if re.fullmatch(r"[0-9a-f]{64}", line)]
    if len(found) != 1:
        raise _no_key(study.shown(path))
    return Keys(recipients, bytes.fromhex(found[0]))


def refuse_demonstration(keys: Keys, files: Iterable[str]) -> None:
    """Refuse the demonstration keys for returns of people who exist.

    Args:
        keys: of the study.
        files: paths of the form's received files below raw/.

    Raises:
        SurveyError: KEYS-003, with each file that lacks the SYNTHETIC mark.
    """
    if keys.are_demonstration and (real := [file for file in files if SYNTHETIC not in file]):
        raise refusal(
            "KEYS-003",
            f"{len(real)} files are not marked SYNTHETIC, and anybody can read what the "
            "demonstration key encrypts.",
            _MAKE,
            file=f"raw/{real[0]}",
        )


def read_identity(path: Path, *, shown: str) -> x25519.Identity:
    """The private key, which opens identifiers and sealed archives.

    Raises:
        SurveyError: KEYS-002, there is no key in the file.
    """
    for line in _lines(path) if path.is_file() else ():
        if line.startswith("AGE-SECRET-KEY-"):
            try:
                return x25519.Identity.from_str(line)
            except pyrage.IdentityError:
                break
    raise _no_key(shown)


def age_recipients(study: Study) -> list[x25519.Recipient]:
    """The study's recipients, as age wants them.

    Raises:
        SurveyError: KEYS-001 there are none, KEYS-002 one is no key.
    """
    if not study.settings.recipients:
        raise refusal(
            "KEYS-001",
            "There is no key to encrypt with.",
            _MAKE,
            file="instruments/study.yaml",
            rule="recipients",
        )
    return [_recipient(recipient) for recipient in study.settings.recipients]


def make_keys(folder: Path, *, shown: str) -> str:
    """Make an identity and a pseudonym key; gives back the public key.

    Raises:
        SurveyError: KEYS-004, there are keys in the folder, which are never written over.
    """
    for name in (IDENTITY, PSEUDONYM):
        if (folder / name).exists():
            raise _there(f"{shown}/{name}")
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_text(folder / ".gitignore", "*\n")
    write_text(
        folder / PSEUDONYM,
        "# Makes a pseudonym of each identifier. Needed to clean; keep it, and keep it secret.\n"
        f"{secrets.token_bytes(_KEY_BYTES).hex()}\n",
        mode=0o600,
    )
    write_text(
        folder / IDENTITY,
        "# Opens identifiers and sealed archives. Carry it to a safe place: cleaning does not "
        f"need it.\n# public key: {public}\n{identity}\n",
        mode=0o600,
    )
    return public


def make_odk_key(folder: Path, *, shown: str) -> str:
    """Make an RSA key for ODK's encryption; gives back its public part for `public_key`.

    Raises:
        SurveyError: KEYS-004, there is one in the folder, which is never written over.
    """
    path = folder / ODK_KEY
    if path.exists():
        raise _there(f"{shown}/{ODK_KEY}")
    key = rsa.generate_private_key(public_exponent=65_537, key_size=_RSA_BITS)
    plain = serialization.NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, plain)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    write_text(folder / ".gitignore", "*\n")
    write_bytes(path, pem, mode=0o600)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(public).decode()


def name_recipient(study: Study, public: str, folder: str) -> None:
    """Write the keys' place and the public key into study.yaml, beside what stands there.

    Raises:
        SurveyError: KEYS-007, `recipients` or `keys` is spelled over several lines.
    """
    _say(study, {"keys": folder, "recipients": f"[{public}]"})


def name_public_key(study: Study, public: str) -> None:
    """Write ODK's public key into study.yaml; raises as `name_recipient`."""
    _say(study, {"public_key": public})


def _say(study: Study, lines: Mapping[str, str]) -> None:
    path = study.instruments / "study.yaml"
    text = path.read_text(encoding="utf-8")
    for name, value in lines.items():
        line = f"{name}: {value}"
        text, count = re.subn(rf"^{name}:.*$", line, text, count=1, flags=re.MULTILINE)
        text = text if count else f"{text.rstrip()}\n{line}\n"
    if not _says(text, lines):
        wanted = " and ".join(f"{name}: {value}" for name, value in lines.items())
        raise refusal(
            "KEYS-007",
            "study.yaml could not be given the new key by itself.",
            f"Write this into it: {wanted}.",
            file="instruments/study.yaml",
        )
    write_text(path, text)


def _says(text: str, lines: Mapping[str, str]) -> bool:
    """Whether a study.yaml would say what is meant."""
    with tempfile.TemporaryDirectory() as trial:
        path = Path(trial) / "study.yaml"
        write_text(path, text)
        try:
            settings = read_settings(path, shown="")
        except SurveyError:
            return False
    found = settings.model_dump() | {"recipients": f"[{', '.join(settings.recipients)}]"}
    return all(found[name] == value for name, value in lines.items())


def _there(shown: str) -> SurveyError:
    return refusal(
        "KEYS-004",
        "There are keys here, and what they encrypted opens with them alone.",
        "Go on with them; or move them to a safe place first and keep them.",
        file=shown,
    )


def _recipient(text: str) -> x25519.Recipient:
    try:
        return x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise refusal(
            "KEYS-002",
            "A recipient is no public age key (age1...).",
            _MAKE,
            file="instruments/study.yaml",
            rule="recipients",
        ) from error


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
    except (OSError, UnicodeDecodeError):
        return []


def _no_key(shown: str) -> Exception:
    return refusal(
        "KEYS-002",
        "There is no key in this file.",
        "Bring it back from where it is kept; or make new keys: survey keys new.",
        file=shown,
    )
