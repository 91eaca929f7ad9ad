"""What a command is told to name, it names, and nothing else."""

import pytest

from tests.gateway.cli.test_commands import Api, run


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("..", "/v1/shop/users/%2E%2E"),
        (".", "/v1/shop/users/%2E"),
        ("a/../b", "/v1/shop/users/a%2F..%2Fb"),
    ],
)
def test_dots_lead_nowhere_else(name: str, path: str) -> None:
    """What is erased is what was named, and not what stands above it."""
    api = Api({f"DELETE {path}": (200, {})})

    result = run(api, "user", "erase", name, "--app", "shop")

    assert (result.exit_code, [one[1] for one in api.asked]) == (0, [path])


@pytest.mark.parametrize(("name", "code"), [("", 1), ("bo\udcff", 2)])
def test_a_name_of_nothing_is_refused(name: str, code: int) -> None:
    """Before anything is asked, in one line; 2 for a word that cannot be understood."""
    api = Api({})

    result = run(api, "user", "erase", name, "--app", "shop")

    assert (result.exit_code, api.asked) == (code, [])
    assert result.stderr.startswith("rejoinder: ")
