"""How a file is damaged: in its bytes, in the parts of its archive, in the words of its text.

Everything is drawn from the generator that is handed in, so that a number gives the file back.
"""

import io
import re
import zipfile
from collections.abc import Callable
from random import Random

PIECES = (
    *(b"<", b">", b"&", b'"', b"'", b"\0", b"\n", b"\r", b",", b";", b"\t", b"]]>", b"<!--", b"/>"),
    *(
        b"<!DOCTYPE a>",
        b"&#0;",
        b"&#xD800;",
        b"&lt;",
        b"&a;",
        b"<?xml version='1.1'?>",
        b"\xff\xfe",
    ),
    *(
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xc3",
        b"\xed\xa0\x80",
        b"XFD1048576",
        b"=1+1",
        b"1e999",
        b"-0",
        b"NaN",
    ),
    *(
        b"99999999999999999999",
        b"_x0000_",
        b": ",
        b"- ",
        b"{",
        b"}",
        b"[",
        b"]",
        b"*a",
        b"&a ",
        b"|",
    ),
    *(b"!!python/object:a ", b"${age}", b"${", b"select_one ", b"begin_repeat", b"%", b"\\", b"`"),
)
_TOKEN = re.compile(rb"[A-Za-z0-9_.:$-]+|\s+|[^A-Za-z0-9_\s]")
Mutation = Callable[[bytes, Random], bytes]


def damaged(content: bytes, random: Random) -> bytes:
    """The file with one kind of damage, once or a few times."""
    kinds: list[Mutation] = [in_bytes, in_words]
    if content.startswith(b"PK"):
        kinds = [in_bytes, in_part, in_part, in_part, among_parts]
    work = random.choice(kinds)
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        content = work(content, random)
    return content


def in_bytes(content: bytes, random: Random) -> bytes:
    """Bytes lost, doubled, turned over, overwritten or put in, as on a bad stick."""
    at = random.randrange(len(content) + 1)
    to = min(len(content), at + random.choice((0, 1, 2, 8, 40, 400)))
    match random.randrange(5):
        case 0:
            return content[:at] + content[to:]
        case 1:
            return content[:to] + content[at:to] + content[to:]
        case 2:
            return content[:at] + random.randbytes(to - at) + content[to:]
        case 3:
            return content[:at] + random.choice(PIECES) + content[to:]
        case _:
            return content[:at] if random.random() < 0.3 else _turned(content, random)


def _turned(content: bytes, random: Random) -> bytes:
    turned = bytearray(content)
    if turned:
        turned[random.randrange(len(turned))] ^= 1 << random.randrange(8)
    return bytes(turned)


def in_words(content: bytes, random: Random) -> bytes:
    """Words, marks and blanks of a text lost, doubled, exchanged or replaced."""
    words = _TOKEN.findall(content)
    if not words:
        return content
    one, other = random.randrange(len(words)), random.randrange(len(words))
    match random.randrange(5):
        case 0:
            del words[one]
        case 1:
            words[one], words[other] = words[other], words[one]
        case 2:
            words[one] = words[other]
        case 3:
            words[one] = random.choice(PIECES)
        case _:
            words[one] *= random.choice((2, 3, 500))
    return b"".join(words)


def in_part(content: bytes, random: Random) -> bytes:
    """One part of an archive damaged, and the archive sound around it."""
    parts = _parts(content)
    if not parts:
        return content
    at = random.randrange(len(parts))
    name, part = parts[at]
    work = random.choice((in_bytes, in_words, in_words))
    parts[at] = name, work(part, random)
    return _archive(parts)


def among_parts(content: bytes, random: Random) -> bytes:
    """Parts lost, doubled, renamed or exchanged."""
    parts = _parts(content)
    if not parts:
        return content
    one, other = random.randrange(len(parts)), random.randrange(len(parts))
    name, part = parts[one]
    match random.randrange(4):
        case 0:
            del parts[one]
        case 1:
            parts.append((random.choice((name, name.upper(), f"../{name}", "a/" * 50)), part))
        case 2:
            parts[one] = f"{name}x", part
        case _:
            parts[one] = name, parts[other][1]
    return _archive(parts)


def _parts(content: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return []


def _archive(parts: list[tuple[str, bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts:
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


TEXTS = (
    *(
        "=1+1",
        "007",
        "NA",
        "N/A",
        "nan",
        "None",
        "null",
        "1_000",
        "inf",
        "-0",
        "1e999",
        "34.0",
        "'",
    ),
    *("３４", "٣٤", "_x0000_", "_x0041_", "_x000D_", "民國100年", "100/3/5", "02/03/2026", "TRUE"),
    *("#N/A", "#REF!", "<b>x</b>", "]]>", "-- --", "a\nb", "a\n\n b", "\u202eabc", "😀", "e\u0301"),
    *(
        "@SUM(1)",
        "+886 2 1234",
        "\u3000x",
        "a\u00a0b",
        "$x$",
        "{{x}}",
        "%s",
        "x" * 40_000,
        "王" * 999,
    ),
)


def any_text(random: Random) -> str:
    """What somebody may write where any text may stand."""
    if random.random() < 0.7:
        return random.choice(TEXTS)
    signs = "aZ0 =+-@'\"<>&;,\n王難ａ０é\u200b\u0600😀"
    return "".join(random.choices(signs, k=random.randrange(1, 20)))
