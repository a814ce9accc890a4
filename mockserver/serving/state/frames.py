"""The envelope of a state file: a head that says what it is, then frames of bytes, each held against its checksum.

    head    magic · format (2 bytes) · size (4) · what the file says of itself · checksum (8)
    frame   size (4) · bytes · checksum (8), which depends on the number of the frame too
    end     a frame without bytes, and after it nothing

Numbers are little-endian, checksums xxh3 of 64 bits. The head stays as it is in every format, so that a file of a newer
one is told from a damaged one.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from xxhash import xxh3_64_digest

from mockserver.mistake import Mistake

MAGIC = b"mockserver state\n"
FORMAT = 1
_HEAD = struct.Struct("<17sHI")
_SIZE = struct.Struct("<I")
_LONGEST_HEAD = 1 << 16
_SUM = 8


class Damaged(Exception):  # noqa: N818 - it is a finding
    """What a state file holds is not what was written into it."""


def head(said: bytes) -> bytes:
    """How a file begins that says this of itself."""
    start = _HEAD.pack(MAGIC, FORMAT, len(said)) + said
    return start + xxh3_64_digest(start)


def frame(number: int, content: bytes) -> bytes:
    """Some bytes as the frame of a number, counted from 0; without bytes, the end."""
    return _SIZE.pack(len(content)) + content + xxh3_64_digest(content, number)


def read_head(file: BinaryIO) -> bytes:
    """What a file says of itself. Raises `Damaged`, and `Mistake` for a format that is newer than this version."""
    start = _read(file, _HEAD.size)
    magic, form, size = _HEAD.unpack(start)
    if magic != MAGIC or size > _LONGEST_HEAD:
        raise Damaged("it does not begin as a state file does")
    said = _read(file, size)
    if _read(file, _SUM) != xxh3_64_digest(start + said):
        raise Damaged("its head is not as it was written")
    if form > FORMAT:
        raise Mistake(f"it is of format {form}, written by a newer mockserver; this one reads format {FORMAT}")
    if form < FORMAT:
        raise Damaged(f"there never was a format {form}")
    return said


def read_frames(file: BinaryIO) -> Iterator[bytes]:
    """What the frames hold, from the head to the end. Raises `Damaged`."""
    for number, content in enumerate(iter(lambda: _content(file), None)):
        said, checksum = content
        if checksum != xxh3_64_digest(said, number):
            raise Damaged(f"frame {number} is not as it was written")
        if not said:
            break
        yield said
    if file.read(1):
        raise Damaged("something follows after its end")


def _content(file: BinaryIO) -> tuple[bytes, bytes]:
    (size,) = _SIZE.unpack(_read(file, _SIZE.size))
    return _read(file, size), _read(file, _SUM)


def _read(file: BinaryIO, size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise Damaged("it ends before its end")
    return content
