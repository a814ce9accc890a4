"""The server's side of TLS: what shows a certificate to clients, tried before the first of them comes."""

import ssl
from pathlib import Path

from mockserver.mistake import Mistake

_CERTIFICATE = "-----BEGIN CERTIFICATE-----"
_END = "-----END CERTIFICATE-----"
_KEY = "PRIVATE KEY-----"
_PASSAGES = 4
"""How often each side of a handshake has to read, at most."""


def presenting(certificate: Path, key: Path | None = None) -> ssl.SSLContext:
    """What serves TLS with a certificate, and its key if that is in another file; both PEM, the authorities after the first.

    Raises `Mistake` if a file cannot be read, is of another kind or encrypted, if the two do not belong together, or if no
    client would take the certificate: it is over, or not for servers.
    """
    shown, kept = _read(certificate), _read(key or certificate)
    if _CERTIFICATE not in shown or _END not in shown:
        raise Mistake(f"{certificate} holds no certificate in PEM, which begins with {_CERTIFICATE}")
    if _KEY not in kept:
        raise Mistake(f"{key or certificate} holds no private key in PEM, which begins with -----BEGIN {_KEY}")
    if "ENCRYPTED" in kept:
        raise Mistake(f"the key in {key or certificate} is encrypted, and nobody is asked for passwords: decrypt it first")
    server = _loaded(certificate, key)
    _try(server, shown[: shown.index(_END) + len(_END)], certificate)
    return server


def _read(file: Path) -> str:
    try:
        return file.read_text("latin-1")  # whatever stands around the blocks
    except OSError as error:
        raise Mistake(f"cannot read {file}: {error.strerror}") from None


def _loaded(certificate: Path, key: Path | None) -> ssl.SSLContext:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.set_alpn_protocols(["http/1.1"])
    try:
        server.load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise Mistake(f"the key in {key or certificate} is not that of the certificate in {certificate}") from None
        raise Mistake(f"{certificate} and {key or 'the key in it'} cannot be used: {error.reason or error}") from None
    return server


def _try(server: ssl.SSLContext, certificate: str, file: Path) -> None:
    """Shake hands with a client that trusts this certificate and no other: it looks at all but the name."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(cadata=certificate)
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    asking = client.wrap_bio(to_client, to_server)
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    try:
        for _ in range(_PASSAGES):
            _advance(asking)
            _advance(answering)
    except ssl.SSLCertVerificationError as refusal:
        raise Mistake(f"no client takes the certificate in {file}: {refusal.verify_message}") from None


def _advance(side: ssl.SSLObject) -> None:
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return
