"""A certificate of the user's own is tried before the server starts, and what is wrong with it is said."""

import ssl
import subprocess

import pytest

from mockserver.clock import Clock
from mockserver.mistake import Mistake
from mockserver.serving.authority import Authority
from mockserver.serving.presenting import presenting


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def made(folder, name, *more):
    """A self-signed certificate NAME.pem with its key NAME-key.pem."""
    options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=fake.internal"]
    openssl(folder, "req", *options, "-keyout", f"{name}-key.pem", "-out", f"{name}.pem", *more)
    return folder / f"{name}.pem", folder / f"{name}-key.pem"


@pytest.fixture
def own(tmp_path):
    return made(tmp_path, "own")


def test_a_certificate_and_its_key_serve(own):
    assert isinstance(presenting(*own), ssl.SSLContext)


def test_both_may_be_in_one_file(own, tmp_path):
    both = tmp_path / "both.pem"
    both.write_text(own[1].read_text() + own[0].read_text())
    assert isinstance(presenting(both), ssl.SSLContext)


def test_a_chain_serves_and_its_first_is_what_is_tried(tmp_path):
    authority = Authority.kept_in(tmp_path / "tls", [], Clock().now())
    assert isinstance(authority.context([], Clock().now()), ssl.SSLContext)


def test_an_unreadable_file_is_named(own, tmp_path):
    with pytest.raises(Mistake, match=r"cannot read .*/none\.pem: No such file"):
        presenting(tmp_path / "none.pem", own[1])
    with pytest.raises(Mistake, match=r"cannot read .*/none-key\.pem: No such file"):
        presenting(own[0], tmp_path / "none-key.pem")


def test_a_certificate_that_is_not_pem_is_named(own, tmp_path):
    openssl(tmp_path, "x509", "-in", "own.pem", "-outform", "der", "-out", "own.der")
    with pytest.raises(Mistake, match=r"own\.der holds no certificate in PEM"):
        presenting(tmp_path / "own.der", own[1])


def test_a_key_that_is_none_is_named(own):
    with pytest.raises(Mistake, match=r"own\.pem holds no private key in PEM"):
        presenting(own[0])


@pytest.mark.parametrize("form", [["pkcs8", "-topk8", "-v2", "aes256"], ["ec", "-aes256"]])
def test_an_encrypted_key_is_told_and_nobody_is_asked(own, tmp_path, form):
    openssl(tmp_path, *form, "-in", "own-key.pem", "-out", "locked.pem", "-passout", "pass:secret")
    with pytest.raises(Mistake, match=r"the key in .*locked\.pem is encrypted"):
        presenting(own[0], tmp_path / "locked.pem")


def test_a_key_of_another_certificate_is_told(own, tmp_path):
    other = made(tmp_path, "other")
    with pytest.raises(Mistake, match=r"the key in .*other-key\.pem is not that of the certificate in .*own\.pem"):
        presenting(own[0], other[1])


def test_a_damaged_certificate_is_told(own):
    own[0].write_text(own[0].read_text().replace("M", "N"))
    with pytest.raises(Mistake, match=r"own\.pem and .*own-key\.pem cannot be used"):
        presenting(*own)


@pytest.mark.parametrize(("days", "told"), [(-400, "certificate has expired"), (+5, "certificate is not yet valid")])
def test_a_certificate_out_of_its_time_is_told(tmp_path, days, told):
    now = Clock().now()
    authority = Authority.kept_in(tmp_path, [], now)
    with pytest.raises(Mistake, match=rf"no client takes the certificate in .*server\.pem: {told}"):
        authority.context([], now + days * 86_400)


def test_a_certificate_that_is_not_for_servers_is_told(tmp_path):
    client = made(tmp_path, "client", "-addext", "extendedKeyUsage=clientAuth")
    with pytest.raises(Mistake, match=r"no client takes the certificate in .*client\.pem: .*purpose"):
        presenting(*client)
