"""Where a command finds the running process."""

import socket
from pathlib import Path

import pytest

from core.client.reach import socket_path, someone_answers


@pytest.mark.parametrize(
    ("url", "path"),
    [
        pytest.param("sqlite:///a.db", Path("a.db.sock"), id="beside a file of this folder"),
        pytest.param("sqlite:////var/a.db", Path("/var/a.db.sock"), id="beside a file elsewhere"),
        pytest.param("postgresql://host/name", None, id="not for a database that is shared"),
        pytest.param("sqlite:////" + "a" * 120, None, id="not where the path is too long for one"),
    ],
)
def test_the_socket_is_beside_the_database(url: str, path: Path | None) -> None:
    """The database's URL alone tells where to ask."""
    assert socket_path(url) == path


def test_a_socket_nobody_listens_on_is_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a dead process left behind is not taken for a living one."""
    monkeypatch.chdir(tmp_path)
    path = Path("a.sock")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))
        bound.listen()

        alive = someone_answers(path)

    assert alive
    assert not someone_answers(path)
    assert not someone_answers(None)
