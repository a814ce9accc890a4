"""How clients come to trust the authority, and how the vendors' names lead here."""

from ipaddress import ip_address
from shlex import quote
from urllib.parse import urlsplit

from mockserver.hosts import HOSTS
from mockserver.serving.authority import TRUSTSTORE_PASSWORD, Authority

_TOLD = """\
TLS by {the} authority in {folder}
It may speak for {names} and no other name.
Trust it where the client under test is started, not in the whole system:
  Python   export SSL_CERT_FILE={ca} REQUESTS_CA_BUNDLE={ca}
  Node     export NODE_EXTRA_CA_CERTS={ca}
  Java     java -Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword={password}
  keytool  keytool -importcert -noprompt -alias mockserver -file {ca} -storepass {password} -keystore my-truststore.p12
  PHP      php -d curl.cainfo={ca} -d openssl.cafile={ca}
  curl     curl --cacert {ca} {ways} https://{first}/
All but Node's, and keytool's into a store that you have, are in place of what the client trusts otherwise.
The vendors' names lead here by curl's --connect-to, as above; by network aliases, between containers; or by a line in
/etc/hosts, with this server on port 443:
  hosts    {address} {hosts}"""


def told(authority: Authority, url: str) -> str:
    """What to do, for a server at `url`, in lines that can be run as they stand."""
    place = urlsplit(url)
    host = _reachable(place.hostname or "localhost")
    there = f"[{host}]" if ":" in host else host
    return _TOLD.format(
        the="a new" if authority.fresh else "the",
        folder=authority.folder,
        names=", ".join(authority.names),
        ca=quote(str(authority.certificate)),
        store=quote(str(authority.truststore)),
        password=TRUSTSTORE_PASSWORD,
        ways=" ".join(f"--connect-to {name}:443:{there}:{place.port or 443}" for name in HOSTS),
        first=HOSTS[0],
        address="127.0.0.1" if host == "localhost" else host,
        hosts=" ".join(HOSTS),
    )


def _reachable(host: str) -> str:
    """An address to call, where the server listens at every one."""
    try:
        return "localhost" if ip_address(host).is_unspecified else host
    except ValueError:
        return host
