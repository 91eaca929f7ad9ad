"""What is wrong with a database's URL is told in one line, without its secrets."""

import pytest

from core.errors import SettingsError
from core.store.database import open_database


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:hunter2@db:port/x",
        "postgresql://u:p@db:hunter2/x",
        "postgresql://u:hunter2@[::1/x",
        "postgres://u:p@db:hunter2",
        "postgresql+nothing://u:hunter2@db/x",
        "u:hunter2@db/x",
        "hunter2",
    ],
)
def test_a_url_that_is_none_is_told_without_its_secrets(url: str) -> None:
    """Neither an exception of the driver's, nor the words that were given."""
    with pytest.raises(SettingsError, match=r"^database\.url: ") as told:
        open_database(url)

    assert "hunter2" not in str(told.value)
