"""A local authority, kept in a folder so that it is trusted once.

The folder holds what is handed out, `ca.pem` and for Java `truststore.p12`, which everybody may read; and for every
authority that there ever was a folder `authority-N` with its key, which nobody else may. The highest number counts.
"""

import os
import re
import shutil
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12Certificate,
    load_pkcs12,
    serialize_java_truststore,
)

from mockserver.hosts import HOSTS
from mockserver.mistake import Mistake
from mockserver.serving.certificates import LOCAL, Certified, certify, found_authority, is_ours, names_of, permits
from mockserver.serving.presenting import presenting

TRUSTSTORE_PASSWORD = "changeit"  # noqa: S105 - Java's own stores have it; there is nothing in it to be kept
_KEPT = "authority.pem"
_SPARE = 30 * 86_400
"""Seconds that an authority has to be good for, to be used once more."""


@dataclass(frozen=True, slots=True)
class Authority:
    """What clients trust, what signs for servers, and whether it was made just now."""

    folder: Path
    trusted: x509.Certificate
    signing: Certified
    fresh: bool

    @classmethod
    def kept_in(cls, folder: Path, names: Sequence[str], now: float) -> "Authority":
        """The authority of a folder for the vendors' hosts, this machine and these names; made if there is none good.

        Raises `Mistake` if it cannot be kept, if what is there is damaged or not ours, and if it was made without one of
        the names: a new one would have to be trusted anew, which only the person who did can know.
        """
        with _told_of(folder):
            number, found = _latest(folder)
            if found is None or found.trusted.not_valid_after_utc.timestamp() < now + _SPARE:
                found = _make(folder, number + 1, names, now)
            found._check(names)
            found._hand_out("ca.pem", found._as_pem(), x509.load_pem_x509_certificates)
            found._hand_out("truststore.p12", found._as_truststore(), _in_truststore)
            return found

    @property
    def certificate(self) -> Path:
        """What clients are given to trust."""
        return self.folder / "ca.pem"

    @property
    def truststore(self) -> Path:
        """The same for Java."""
        return self.folder / "truststore.p12"

    @property
    def names(self) -> list[str]:
        """What it may speak for."""
        return names_of(self.trusted)

    def context(self, names: Sequence[str], now: float) -> ssl.SSLContext:
        """What serves TLS for the vendors' hosts, this machine and names, with a certificate made for this once."""
        made = certify(self.signing, list(dict.fromkeys([*HOSTS, *LOCAL, *names])), now)
        chain = [made.certificate, self.signing.certificate]
        with _told_of(self.folder), TemporaryDirectory(prefix=".server-", dir=self.folder) as scratch:
            file = Path(scratch) / "server.pem"  # the ssl module reads keys from files only
            _write_private(file, _pem(made.key, chain))
            return presenting(file)

    def _check(self, names: Sequence[str]) -> None:
        for name in names:
            if not permits(self.signing.certificate, name):
                raise Mistake(
                    f"the authority in {self.folder} may speak for {', '.join(self.names)}, not for {name!r}: empty that "
                    "folder to have one made that may, and trust it anew, or have another folder"
                )

    def _as_pem(self) -> bytes:
        return self.trusted.public_bytes(Encoding.PEM)

    def _as_truststore(self) -> bytes:
        entry = PKCS12Certificate(self.trusted, b"mockserver")
        return serialize_java_truststore([entry], BestAvailableEncryption(TRUSTSTORE_PASSWORD.encode()))

    def _hand_out(self, name: str, content: bytes, certificates: Callable[[bytes], list[x509.Certificate]]) -> None:
        """Put a file where clients find it, unless it is there; in the place of one of ours, and of nothing else."""
        file = self.folder / name
        if file.exists():
            try:
                there = certificates(file.read_bytes())
            except ValueError:
                raise Mistake(f"{file} is damaged; remove it to have it written again") from None
            if there == [self.trusted]:
                return
            if not all(map(is_ours, there)):
                raise Mistake(f"{file} is not ours: move it elsewhere, or have another folder for the authority")
        with TemporaryDirectory(prefix=".handing-", dir=self.folder) as scratch:
            whole = Path(scratch) / name
            whole.write_bytes(content)
            whole.chmod(0o644)  # for clients that are other users
            whole.replace(file)


def _latest(folder: Path) -> tuple[int, Authority | None]:
    """The authority of the highest number, and that."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [int(match[1]) for each in folder.iterdir() if (match := re.fullmatch(r"authority-(\d+)", each.name))]
    if not numbers:
        return 0, None
    return max(numbers), _read(folder, max(numbers), fresh=False)


def _read(folder: Path, number: int, *, fresh: bool) -> Authority:
    file = folder / f"authority-{number}" / _KEPT
    content = file.read_bytes()
    try:
        key = load_pem_private_key(content, None)
        signing, trusted = x509.load_pem_x509_certificates(content)
        signing.verify_directly_issued_by(trusted)
        fits = signing.public_key() == key.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature):
        fits = False
    if not fits or not isinstance(key, EllipticCurvePrivateKey):
        raise Mistake(f"{file} is damaged; empty {folder} to have an authority made, and trust it anew")
    return Authority(folder, trusted, Certified(signing, key), fresh)


def _make(folder: Path, number: int, names: Sequence[str], now: float) -> Authority:
    """A new authority under a number; of two processes that make one at once, the first one's is it."""
    trusted, signing = found_authority([*HOSTS, *names], now)
    scratch = Path(mkdtemp(prefix=".authority-", dir=folder))
    _write_private(scratch / _KEPT, _pem(signing.key, [signing.certificate, trusted]))
    try:
        scratch.rename(folder / f"authority-{number}")  # whole or not at all, and never onto another
    except OSError:
        shutil.rmtree(scratch)
        return _read(folder, number, fresh=False)
    return Authority(folder, trusted, signing, fresh=True)


def _pem(key: EllipticCurvePrivateKey, chain: Sequence[x509.Certificate]) -> bytes:
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret + b"".join(each.public_bytes(Encoding.PEM) for each in chain)


def _in_truststore(content: bytes) -> list[x509.Certificate]:
    return [each.certificate for each in load_pkcs12(content, TRUSTSTORE_PASSWORD.encode()).additional_certs]


def _write_private(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)


@contextmanager
def _told_of(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        raise Mistake(f"no authority can be kept in {folder}: {where}: {error.strerror}") from None
