"""The demo's ports are its own from the moment they are named, and nothing that comes is lost."""

import socket

import pytest

from gateway.cli.demo.run import held_ports


def test_a_port_is_held_before_anybody_listens() -> None:
    """Who does not share it is refused, so no other process takes it in between."""
    with held_ports() as (port, _), pytest.raises(OSError, match="in use"):
        socket.create_server(("127.0.0.1", port))


def test_who_shares_a_port_gets_all_that_comes() -> None:
    """What only holds it takes no connection away."""
    with (
        held_ports() as (port, _),
        socket.create_server(("127.0.0.1", port), reuse_port=True) as server,
    ):
        server.settimeout(5)
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port), 5), server.accept()[0]:
                pass


def test_two_demos_have_four_ports() -> None:
    """Two at a time, as tests are run, do not meet."""
    with held_ports() as ours, held_ports() as theirs:
        assert len({*ours, *theirs}) == 4
