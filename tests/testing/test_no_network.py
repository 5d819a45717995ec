"""The network switch: loopback passes, the rest does not, and off means off."""

from __future__ import annotations

import socket
import threading

import pytest

from labhand.testing.no_network import NetworkForbiddenError, is_local, no_network


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", ""])
def test_this_machine_is_local(host: str) -> None:
    assert is_local((host, 80))


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org", "127.0.0.1.evil.org"])
def test_other_machines_are_not(host: str) -> None:
    assert not is_local((host, 80))


# 192.0.2.0/24 and example.invalid belong to nobody (RFC 5737, RFC 2606). The plain class
# of the C module is used, so that pytest-socket's own guard is not what refuses.
def test_connections_and_look_ups_are_refused() -> None:
    import _socket

    with no_network():
        plain = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
        with pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"):
            plain.connect(("192.0.2.1", 9))
        with pytest.raises(NetworkForbiddenError, match=r"192\.0\.2\.1"):
            plain.sendto(b"x", ("192.0.2.1", 9))
        plain.close()
        with pytest.raises(NetworkForbiddenError, match="looking up"):
            _socket.getaddrinfo("example.invalid", 80)


def test_it_holds_in_other_threads() -> None:
    import _socket

    caught: list[BaseException] = []

    def attempt() -> None:
        try:
            _socket.getaddrinfo("example.invalid", 80)
        except BaseException as error:
            caught.append(error)

    with no_network():
        thread = threading.Thread(target=attempt)
        thread.start()
        thread.join()
    assert isinstance(caught[0], NetworkForbiddenError)


def test_loopback_works_inside_and_blocks_nest() -> None:
    with no_network():
        with no_network():
            pass
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname()).close()
        import _socket

        with pytest.raises(NetworkForbiddenError):
            _socket.getaddrinfo("example.invalid", 80)


def test_it_is_off_afterwards() -> None:
    import _socket

    with no_network():
        pass
    # A datagram socket connects without sending anything.
    plain = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM)
    try:
        plain.connect(("192.0.2.1", 9))
    except OSError:
        pass  # this machine has no route, which is not our refusal
    finally:
        plain.close()
