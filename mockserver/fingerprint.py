"""Repeatable chance: a number that follows from a seed and a text, the same on every machine for ever."""

from itertools import repeat

import xxhash


def fingerprint(seed: int, text: str) -> int:
    """64 bits, evenly spread."""
    return xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"), seed)


def fingerprints(seed: int, lines: bytes) -> set[int]:
    """The fingerprints of many texts at once, one a line, UTF-8."""
    return set(map(xxhash.xxh3_64_intdigest, lines.split(b"\n"), repeat(seed))) if lines else set()


def hex_fingerprint(seed: int, text: str) -> str:
    """128 bits as 32 hexadecimal digits."""
    return xxhash.xxh3_128_hexdigest(text.encode(), seed)
