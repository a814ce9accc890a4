"""The local authority: it is kept, it may speak for few, and strict checkers take what it certifies."""

import socket
import ssl
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from mockserver.clock import Clock
from mockserver.hosts import HOSTS
from mockserver.mistake import Mistake
from mockserver.serving.authority import Authority
from mockserver.serving.certificates import certify, found_authority

NOW = Clock().now()
DAY = 86_400


@pytest.fixture
def authority(tmp_path):
    return Authority.kept_in(tmp_path / "tls", [], NOW)


def certificate(authority):
    """What clients trust, read from the file that they are given."""
    return x509.load_pem_x509_certificate(authority.certificate.read_bytes())


def certified(authority, *names):
    """A certificate that the authority signs without looking whether it may, as a thief of its key could."""
    return certify(authority.signing, list(names), NOW).certificate


def verified(authority, certificate, folder):
    """What openssl says of a certificate, and whether it takes it."""
    files = {"ca": authority.trusted, "signing": authority.signing.certificate, "server": certificate}
    for name, each in files.items():
        (folder / name).write_bytes(each.public_bytes(Encoding.PEM))
    command = "openssl verify -x509_strict -purpose sslserver -CAfile ca -untrusted signing server".split()
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return told.returncode == 0, told.stdout + told.stderr


def shaken(authority, name, context):
    """The certificate that a client which trusts the authority is shown when it asks for a name; strict as Python 3.13 is."""
    client = ssl.create_default_context(cafile=str(authority.certificate))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    here, there = socket.socketpair()

    def answer():
        try:
            context.wrap_socket(there, server_side=True).close()
        except ssl.SSLError:
            there.close()

    server = threading.Thread(target=answer)
    server.start()
    try:
        with client.wrap_socket(here, server_hostname=name) as asking:
            return asking.getpeercert()
    finally:
        here.close()
        server.join()


def test_it_is_made_once_and_then_kept(tmp_path):
    first = Authority.kept_in(tmp_path, [], NOW)
    handed = {each: each.read_bytes() for each in (first.certificate, first.truststore)}
    second = Authority.kept_in(tmp_path, [], NOW)
    assert (first.fresh, second.fresh) == (True, False)
    assert second.trusted == first.trusted
    assert {each: each.read_bytes() for each in handed} == handed


def test_only_its_owner_reads_the_key_and_everybody_what_is_to_be_trusted(authority):
    modes = {str(each.relative_to(authority.folder)): oct(each.stat().st_mode)[-3:] for each in authority.folder.rglob("*")}
    assert modes == {"authority-1": "700", "authority-1/authority.pem": "600", "ca.pem": "644", "truststore.p12": "644"}


def test_the_key_of_what_clients_trust_is_kept_nowhere(authority):
    kept = (authority.folder / "authority-1" / "authority.pem").read_text()
    assert kept.count("PRIVATE KEY-----") == 2  # the beginning and the end of one
    assert authority.signing.key.public_key() != certificate(authority).public_key()


@pytest.mark.parametrize("name", [*HOSTS, "localhost", "127.0.0.1", "::1"])
def test_a_strict_client_takes_it_for_every_name_of_ours(authority, name):
    shown = shaken(authority, name, authority.context([], NOW))
    assert {kind for kind, _ in shown["subjectAltName"]} == {"DNS", "IP Address"}


def test_a_strict_client_takes_it_for_a_name_of_the_users(tmp_path):
    names = ["fake.internal", "10.1.2.3"]
    authority = Authority.kept_in(tmp_path, names, NOW)
    context = authority.context(names, NOW)
    assert shaken(authority, "10.1.2.3", context) == shaken(authority, "fake.internal", context)


def test_a_client_does_not_take_it_for_another_name(authority):
    with pytest.raises(ssl.SSLCertVerificationError, match=r"not valid for 'www\.example\.com'"):
        shaken(authority, "www.example.com", authority.context([], NOW))


@pytest.mark.parametrize("name", ["www.example.com", "criteo.com", "my-api.criteo.com", "com", "10.1.2.3", "::2"])
def test_what_it_signs_for_any_other_name_is_refused(authority, name, tmp_path):
    good, told = verified(authority, certified(authority, name), tmp_path)
    assert not good
    assert "permitted subtree violation" in told


def test_what_it_signs_for_its_names_is_taken(authority, tmp_path):
    good, told = verified(authority, certified(authority, *HOSTS, "localhost", "127.0.0.1", "::1"), tmp_path)
    assert good, told


def test_both_of_its_certificates_are_constrained_and_critically(authority):
    for each in (authority.trusted, authority.signing.certificate):
        constraints = each.extensions.get_extension_for_class(x509.NameConstraints)
        assert constraints.critical
        permitted = {str(subtree.value) for subtree in constraints.value.permitted_subtrees}
        assert permitted == {*HOSTS, "localhost", "127.0.0.0/8", "::1/128"}
        uses = each.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(uses) == [ExtendedKeyUsageOID.SERVER_AUTH]


def test_a_server_is_certified_for_no_longer_than_apple_allows_nor_than_the_authority_is_good_for(authority):
    for now in (NOW, NOW + 3 * 365 * DAY - 31 * DAY):
        made = certify(authority.signing, ["localhost"], now).certificate
        assert made.not_valid_after_utc - made.not_valid_before_utc <= timedelta(days=397)
        assert made.not_valid_before_utc < datetime.fromtimestamp(now, UTC)
        assert made.not_valid_after_utc <= authority.trusted.not_valid_after_utc


def test_no_two_certificates_have_a_number_in_common(authority):
    made = [authority.trusted, authority.signing.certificate, *(certified(authority, "localhost") for _ in range(3))]
    assert len({each.serial_number for each in made}) == 5


def test_one_that_ends_within_thirty_days_is_followed_by_another(authority):
    ends = authority.trusted.not_valid_after_utc.timestamp()
    assert not Authority.kept_in(authority.folder, [], ends - 31 * DAY).fresh
    next_one = Authority.kept_in(authority.folder, [], ends - 29 * DAY)
    assert next_one.fresh
    assert certificate(authority) == next_one.trusted != authority.trusted
    assert Authority.kept_in(authority.folder, [], ends - 29 * DAY).trusted == next_one.trusted


def test_a_name_that_it_was_not_made_for_is_a_mistake_and_it_stays(authority):
    with pytest.raises(Mistake, match=r"may speak for .*api\.criteo\.com.*, not for 'fake\.internal': empty that folder"):
        Authority.kept_in(authority.folder, ["fake.internal"], NOW)
    assert Authority.kept_in(authority.folder, ["sub.api.criteo.com", "127.0.0.9"], NOW).trusted == authority.trusted


@pytest.mark.parametrize(
    "name", ["", "*.example.com", "a b", "fake_one", "10.1.2.300", "https://fake", "-a", "é.example", "a" * 254]
)
def test_what_is_no_name_is_a_mistake(tmp_path, name):
    with pytest.raises(Mistake, match=r"a host like fake\.example or an address"):
        Authority.kept_in(tmp_path, [name], NOW)
    assert list(tmp_path.iterdir()) == []


def test_a_name_in_capitals_is_the_same_name(tmp_path):
    authority = Authority.kept_in(tmp_path, ["Fake.Internal"], NOW)
    assert shaken(authority, "fake.internal", authority.context(["Fake.Internal"], NOW))


@pytest.mark.parametrize("damage", [lambda text: text[: len(text) // 2], lambda text: "", lambda text: text.replace("M", "N")])
def test_a_damaged_one_is_a_mistake_and_left_as_it_is(authority, damage):
    file = authority.folder / "authority-1" / "authority.pem"
    file.write_text(damage(file.read_text()))
    before = file.read_text()
    with pytest.raises(Mistake, match=r"authority\.pem is damaged; empty"):
        Authority.kept_in(authority.folder, [], NOW)
    assert file.read_text() == before


@pytest.mark.parametrize("name", ["ca.pem", "truststore.p12"])
def test_a_file_of_somebody_else_is_a_mistake_and_left_as_it_is(authority, name):
    file = authority.folder / name
    file.write_text("theirs")
    with pytest.raises(Mistake, match=f"{name} is damaged; remove it"):
        Authority.kept_in(authority.folder, [], NOW)
    assert file.read_text() == "theirs"


def test_the_certificate_of_another_authority_is_a_mistake_and_left_as_it_is(authority):
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /O=theirs -keyout /dev/null -out"
    subprocess.run([*command.split(), str(authority.certificate)], check=True, capture_output=True)
    theirs = authority.certificate.read_bytes()
    with pytest.raises(Mistake, match=r"ca\.pem is not ours: move it elsewhere"):
        Authority.kept_in(authority.folder, [], NOW)
    assert authority.certificate.read_bytes() == theirs


def test_what_was_handed_out_comes_back_if_it_was_removed(authority):
    authority.certificate.unlink()
    authority.truststore.unlink()
    again = Authority.kept_in(authority.folder, [], NOW)
    assert certificate(again) == authority.trusted
    assert again.truststore.is_file()


def test_a_folder_that_cannot_be_is_a_mistake(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Mistake, match=r"no authority can be kept in .*/file/tls"):
        Authority.kept_in(tmp_path / "file" / "tls", [], NOW)


def test_processes_that_start_at_once_have_one_authority(tmp_path):
    program = (
        "import sys; from pathlib import Path; from mockserver.serving.authority import Authority\n"
        "made = Authority.kept_in(Path(sys.argv[1]), [], float(sys.argv[2]))\n"
        "made.context([], float(sys.argv[2])); print(made.trusted.serial_number, made.fresh)"
    )
    command = [sys.executable, "-W", "error", "-c", program, str(tmp_path), str(NOW)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    told = [each.communicate()[0].split() for each in started]
    assert [each.returncode for each in started] == [0] * 6
    assert len({serial for serial, _ in told}) == 1
    assert [fresh for _, fresh in told].count("True") == 1
    assert sorted(each.name for each in tmp_path.iterdir()) == ["authority-1", "ca.pem", "truststore.p12"]


def test_an_authority_differs_from_every_other(tmp_path):
    first, second = (found_authority(HOSTS, NOW)[0] for _ in range(2))
    assert first.subject != second.subject
