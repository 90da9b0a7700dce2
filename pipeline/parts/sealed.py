"""Tables on their way from one worker to the next: on disk, but only this run can read them.

What is cleaned in parts cannot all stay in memory, and it names people, who are never on disk in
the clear. So each column is encrypted with a key that this run has made and keeps in memory: what
a killed run leaves behind can be read by nobody.
"""

import io
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline.store import write_through

_NONCE = 12
_LENGTH = 8
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


@dataclass(frozen=True)
class Sealed:
    """A folder of sealed tables.

    Attributes:
        folder: where they lie; on a disk that every worker sees.
        key: of this run, 32 bytes; goes to the workers with their work and to no disk.
    """

    folder: Path
    key: bytes = field(default_factory=lambda: AESGCM.generate_key(256), repr=False)

    def write(self, name: str, tables: Mapping[str, pd.DataFrame]) -> None:
        """Write tables under a name, all or none; an older piece of the name is replaced."""
        write_through(
            self.folder / name,
            lambda path: self._fill(path, name, tables),
            mode=0o600,
            flush=False,
        )

    def read(self, name: str, table: str, columns: Iterable[str] | None = None) -> pd.DataFrame:
        """Columns of a table; all of them where none are named, in their order.

        Raises:
            KeyError: there is no such table or column.
        """
        with (self.folder / name).open("rb") as stream:
            known = self._index(stream, name)[table]
            places = known["columns"]
            wanted = places if columns is None else {one: places[one] for one in columns}
            found = {
                one: self._column(stream, f"{name}/{table}/{one}", place)
                for one, place in wanted.items()
            }
        return pd.DataFrame(found, index=pd.RangeIndex(known["rows"]), copy=False)

    def tables(self, name: str) -> dict[str, tuple[str, ...]]:
        """The tables sealed under a name, with their columns."""
        with (self.folder / name).open("rb") as stream:
            known = self._index(stream, name)
        return {table: tuple(about["columns"]) for table, about in known.items()}

    def remove(self) -> None:
        """Remove the folder with everything in it."""
        for path in self.folder.glob("*"):
            path.unlink(missing_ok=True)
        if self.folder.is_dir():
            self.folder.rmdir()

    def _fill(self, path: Path, name: str, tables: Mapping[str, pd.DataFrame]) -> None:
        index: dict[str, dict[str, Any]] = {}
        with path.open("wb") as stream:
            for table, frame in tables.items():
                places = {}
                for column in map(str, frame.columns):
                    sealed = self._seal(_packed(frame[column]), f"{name}/{table}/{column}")
                    places[column] = (stream.tell(), len(sealed))
                    stream.write(sealed)
                index[table] = {"rows": len(frame), "columns": places}
            sealed = self._seal(json.dumps(index).encode(), name)
            stream.write(sealed)
            stream.write(len(sealed).to_bytes(_LENGTH, "little"))

    def _index(self, stream: BinaryIO, name: str) -> dict[str, Any]:
        end = stream.seek(-_LENGTH, os.SEEK_END)
        length = int.from_bytes(stream.read(_LENGTH), "little")
        stream.seek(end - length)
        found: dict[str, Any] = json.loads(self._open(stream.read(length), name))
        return found

    def _column(self, stream: BinaryIO, what: str, place: tuple[int, int]) -> "pd.Series[Any]":
        stream.seek(place[0])
        return _unpacked(self._open(stream.read(place[1]), what))

    def _seal(self, content: bytes, what: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, content, what.encode())

    def _open(self, content: bytes, what: str) -> bytes:
        return AESGCM(self.key).decrypt(content[:_NONCE], content[_NONCE:], what.encode())


def _packed(column: "pd.Series[Any]") -> bytes:
    table = pa.Table.from_pandas(column.rename("c").to_frame(), preserve_index=False)
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema, options=_OPTIONS) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _unpacked(content: bytes) -> "pd.Series[Any]":
    found: pd.Series[Any] = pa.ipc.open_stream(content).read_all().to_pandas()["c"]
    return found
