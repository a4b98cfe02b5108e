"""Which web addresses may be asked at all: judged by their text, and by the IP addresses that they stand for."""

import ipaddress

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from geo.errors import SourceError

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def checked(url: str, *, plain_http: bool = False, loopback: bool = False) -> Url:
    """Return the parts of an address that may be asked, as far as its text tells.

    Parameters
    ----------
    url : the address
    plain_http : whether hosts may be asked without encryption
    loopback : whether this machine's own addresses may be asked, without encryption

    Raises
    ------
    SourceError
        It is no http(s) address, holds a user name, or is not encrypted where it must be.
    """
    if not url.isascii() or any(mark <= " " or mark in "\\\x7f" for mark in url):
        raise SourceError("A web address holds spaces or marks that none may hold; write them percent-encoded.")
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise SourceError(f"{shortened(url)!r} is not a web address.") from None
    if parts.auth is not None:
        raise SourceError(f"The address at {parts.host} holds a user name or password; addresses are asked without.")
    if parts.scheme not in ("http", "https") or not parts.host:
        raise SourceError(f"{shortened(url)!r} is not a web address that starts with https:// and names a host.")
    if parts.scheme == "http" and not plain_http and not (loopback and is_loopback(parts.host)):
        raise SourceError(f"{parts.host} would be asked without encryption; its address must start with https://.")
    return parts


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet; IPv4 inside IPv6 is judged as what it is."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def is_loopback(host: str) -> bool:
    """Tell whether an IP address is this machine's own; a name never is."""
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        return False


def host_of(url: str) -> str:
    """Return the host alone: paths and queries may hold keys and homes, which belong into no message."""
    try:
        return parse_url(url).host or "The address"
    except LocationParseError:
        return "The address"


def shortened(text: str) -> str:
    """Return text fit for a message, without a query."""
    return text.split("?", maxsplit=1)[0][:80]
