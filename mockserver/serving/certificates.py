"""Certificates: how an authority for a few names looks, and what it certifies.

An authority is two certificates. Clients trust the first, whose key is gone once it has signed the second; the second signs
for servers. Both are constrained to the names. Java ignores the constraints of what it is told to trust, but heeds those of
every certificate that comes after: with one certificate it would take the authority's word for any host.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from secrets import token_hex

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mockserver.mistake import Mistake

LOCAL = ("localhost", "127.0.0.1", "::1")
"""This machine, for which every server is certified."""
OWNER = "mockserver"
"""The organization that stands on whatever is ours."""

_LOCAL_RANGES = ("localhost", "127.0.0.0/8", "::1/128")
_EARLIER = timedelta(days=1)  # the clocks of containers and their clients differ
_AUTHORITY = timedelta(days=3 * 365)
_SERVER = timedelta(days=395)  # with the day before it less than 397: Apple takes no more than 398
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?")
_USES = [
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
]

Extensions = Sequence[tuple[x509.ExtensionType, bool]]
"""Each with whether a client that does not know it has to refuse."""


@dataclass(frozen=True, slots=True)
class Certified:
    """A certificate and the key that goes with it."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey


def found_authority(names: Iterable[str], now: float) -> tuple[x509.Certificate, Certified]:
    """What clients trust, and what signs for servers, of these names and this machine only. Raises `Mistake`."""
    permitted = x509.NameConstraints([_subtree(each) for each in [*_LOCAL_RANGES, *names]], None)
    began, ends = datetime.fromtimestamp(now, UTC) - _EARLIER, datetime.fromtimestamp(now, UTC) + _AUTHORITY
    trusted, signing = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
    root = _named(f"mockserver authority {token_hex(4)}")  # people tell two of them apart
    intermediate = _named("mockserver signing")
    certificate = _signed(root, trusted, root, trusted, began, ends, _of_authority(permitted, above=1))
    below = _signed(intermediate, signing, root, trusted, began, ends, _of_authority(permitted, above=0))
    return certificate, Certified(below, signing)


def certify(issuer: Certified, names: Sequence[str], now: float) -> Certified:
    """A server's certificate for names, the first of which it is shown under."""
    began, ends = datetime.fromtimestamp(now, UTC) - _EARLIER, datetime.fromtimestamp(now, UTC) + _SERVER
    key = generate_private_key(SECP256R1())
    extensions: Extensions = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_uses("digital_signature"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.SubjectAlternativeName([_general(each, ip_address) for each in names]), False),
    ]
    subject, above = _named(names[0]), issuer.certificate
    ends = min(ends, above.not_valid_after_utc)
    return Certified(_signed(subject, key, above.subject, issuer.key, began, ends, extensions), key)


def permits(certificate: x509.Certificate, name: str) -> bool:
    """Whether an authority may speak for a name. Raises `Mistake` if it is none."""
    asked = _general(name, ip_address)
    subtrees = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or ()
    return any(_holds(each, asked) for each in subtrees)


def names_of(certificate: x509.Certificate) -> list[str]:
    """What an authority may speak for."""
    subtrees = certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or ()
    return [str(each.value) for each in subtrees]


def is_ours(certificate: x509.Certificate) -> bool:
    """Whether we made it, by its own word."""
    return [each.value for each in certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)] == [OWNER]


def _signed(
    subject: x509.Name,
    key: EllipticCurvePrivateKey,
    issuer: x509.Name,
    signing: EllipticCurvePrivateKey,
    began: datetime,
    ends: datetime,
    extensions: Extensions,
) -> x509.Certificate:
    builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number(), began, ends)
    identities: Extensions = [
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), False),
    ]
    for extension, critical in [*extensions, *identities]:
        builder = builder.add_extension(extension, critical)
    return builder.sign(signing, SHA256())


def _of_authority(permitted: x509.NameConstraints, above: int) -> Extensions:
    return [
        (x509.BasicConstraints(ca=True, path_length=above), True),
        (_uses("key_cert_sign", "crl_sign"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),  # neither mail nor programs
        (permitted, True),
    ]


def _uses(*uses: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{use: use in uses for use in _USES})


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, OWNER), x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _subtree(name: str) -> x509.GeneralName:
    return _general(name, ip_network)


def _general(name: str, address: Callable[[str], object]) -> x509.GeneralName:
    name = name.lower()
    try:
        return x509.IPAddress(address(name))  # type: ignore[arg-type]  # an address or a network, as asked
    except ValueError:
        if len(name) > 253 or not _HOST.fullmatch(name):
            raise Mistake(f"a certificate is for a host like fake.example or an address like 10.0.0.5, not {name!r}") from None
    return x509.DNSName(name)


def _holds(subtree: x509.GeneralName, asked: x509.GeneralName) -> bool:
    network = subtree.value
    if isinstance(network, IPv4Network | IPv6Network):
        return isinstance(asked, x509.IPAddress) and asked.value in network
    return isinstance(asked, x509.DNSName) and f".{asked.value}".endswith(f".{network}")
