"""Lines encrypted while they are made, and opened one after the other: never all in memory.

Source: age's file format, age-encryption.org/v1, which is encrypted block by block.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, BinaryIO

import pyrage
from pyrage import x25519


class NotOpenedError(Exception):
    """What is encrypted was encrypted for others, or is damaged."""


def encrypt_lines(
    lines: Iterable[bytes], target: BinaryIO, recipients: Sequence[x25519.Recipient]
) -> None:
    """Encrypt lines for every recipient; nothing is written in the clear.

    Args:
        lines: taken one after the other.
        target: gets the ciphertext.
        recipients: at least one.

    Raises:
        Exception: as taking a line, or writing, raised it. age would put what it says, which may
            be an answer, into an error of its own, or lose it with the last block.
    """
    raised = list[BaseException]()
    plain, sealed = _Lines(lines, raised), _Target(target, raised)
    try:
        pyrage.encrypt_io(plain, sealed, list(recipients))
    except pyrage.EncryptError:
        if not raised:
            raise
    if raised:
        raise raised[0]


def decrypt_lines(
    source: BinaryIO, identity: x25519.Identity, take: Callable[[bytes], object]
) -> None:
    """Open lines and hand them on; neither all of them nor their ciphertext is in memory.

    What was handed on is known to be whole only when this returns: age finds at the end that an end
    is missing.

    Args:
        source: what was encrypted.
        identity: opens it.
        take: gets each line, its line feed included.

    Raises:
        NotOpenedError: it was encrypted for others, or is damaged.
        Exception: as `take`, or reading, raised it.
    """
    raised = list[BaseException]()
    sealed, plain = _Source(source, raised), _Taker(take, raised)
    try:
        pyrage.decrypt_io(sealed, plain, [identity])
    except (pyrage.DecryptError, OSError) as error:  # a damaged block is an OSError to pyrage
        if not raised:
            raise NotOpenedError from error
    if raised:
        raise raised[0]
    plain.end()


class _Source(io.RawIOBase):
    """A file that keeps what goes wrong with reading it."""

    def __init__(self, source: BinaryIO, raised: list[BaseException]) -> None:
        super().__init__()
        self._source, self._raised = source, raised

    def readable(self) -> bool:
        return True

    def readinto(self, block: Any) -> int:
        found = _noting(self._raised, lambda: self._source.read(len(block)))
        block[: len(found)] = found
        return len(found)


class _Taker(io.RawIOBase):
    """A file whose lines are handed on as they are written."""

    def __init__(self, take: Callable[[bytes], object], raised: list[BaseException]) -> None:
        super().__init__()
        self._take, self._raised, self._held = take, raised, b""

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        *lines, self._held = (self._held + bytes(block)).split(b"\n")
        for line in lines:
            _noting(self._raised, partial(self._take, line + b"\n"))
        return len(block)

    def end(self) -> None:
        """Hand on what came behind the last line feed."""
        if self._held:
            self._take(self._held)


class _Lines(io.RawIOBase):
    """Lines as a file that is read once."""

    def __init__(self, lines: Iterable[bytes], raised: list[BaseException]) -> None:
        super().__init__()
        self._lines, self._raised, self._held = iter(lines), raised, bytearray()

    def readable(self) -> bool:
        return True

    def readinto(self, block: Any) -> int:
        wanted = len(block)
        while len(self._held) < wanted:
            line = _noting(self._raised, lambda: next(self._lines, None))
            if line is None:
                break
            self._held += line
        size = min(wanted, len(self._held))
        block[:size] = self._held[:size]
        del self._held[:size]
        return size


class _Target(io.RawIOBase):
    """A file that keeps what goes wrong with it."""

    def __init__(self, target: BinaryIO, raised: list[BaseException]) -> None:
        super().__init__()
        self._target, self._raised = target, raised

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        return int(_noting(self._raised, lambda: self._target.write(block)))

    def flush(self) -> None:
        _noting(self._raised, self._target.flush)


def _noting(raised: list[BaseException], work: Callable[[], Any]) -> Any:
    try:
        return work()
    except BaseException as error:
        raised.append(error)
        raise
