"""No secret of a setting is shown, wherever in a URL it stands and whichever setting it is."""

import pytest

from core.config.settings import Settings
from core.config.starred import STARS, shown, starred

_SECRET = "hunter2"


@pytest.mark.parametrize(
    ("section", "setting", "url"),
    [
        ("files", "url", "s3://AKIA:hunter2@bucket/x"),
        ("files", "url", "s3://hunter2@bucket/x"),
        ("files", "url", "s3://bucket/x?secret_access_key=hunter2"),
        ("files", "url", "s3://bucket/x?region=eu&token=hunter2"),
        ("files", "url", "s3://bucket/x?SECRET%5FKEY=hunter2"),
        ("files", "url", "az://container/x?sv=1&sig=hunter2"),
        ("files", "url", "gs://bucket?a=1;service_account_key=hunter2"),
        ("files", "url", "az://a:p@hunter2/x@c/x"),
        ("http", "public_url", "https://u:hunter2@x.test"),
        ("http", "public_url", "https://hunter2@x.test"),
        ("http", "public_url", "https://:hunter2@x.test/rejoinder"),
        ("database", "url", "postgresql://u:hunter2@db/x"),
        ("database", "url", "postgres://u:hun@/?#hunter2@db/x"),
        ("database", "url", "postgresql+psycopg://db/x?sslpassword=hunter2"),
        ("database", "url", "postgresql://db/x?user=u&pass%77ord=hunter2"),
        ("database", "url", "postgresql://db/x?options=-c%20a.b%3Dhunter2"),
        ("database", "url", "sqlite:///x.db?key=hunter2"),
    ],
)
def test_the_log_shows_no_secret_of_a_url(section: str, setting: str, url: str) -> None:
    """Neither the effective settings nor a printed value hold it; where it leads is told."""
    settings = Settings.model_validate({section: {setting: url}})

    told = settings.effective()[section][setting]

    assert _SECRET not in str(settings.effective())
    assert _SECRET not in repr(settings)
    assert STARS in told
    assert told.startswith(url.partition("://")[0])


@pytest.mark.parametrize(
    "url",
    [
        "https://notify.example.org/rejoinder",
        "s3://bucket/prefix?region=eu-central-1",
        "file:///var/lib/rejoinder/files",
        "sqlite:////var/lib/rejoinder.db",
        "postgresql://me@db:5432/r?sslmode=require&application_name=rejoinder",
        "file:///home/me@work/files",
        "memory://",
    ],
)
def test_what_is_no_secret_is_shown(url: str) -> None:
    """An operator who looks for a mistake sees what was set."""
    assert starred(url) == url


@pytest.mark.parametrize(
    "url", ["s3://a:hunter2@b", "https://x.test/?k=hunter2", "postgresql://u:hunter2@db/x"]
)
def test_a_url_doubled_cut_and_long(url: str) -> None:
    """Written twice, or behind a megabyte, it shows no more; cut, it is no error."""
    assert _SECRET not in starred(url + url)
    assert _SECRET not in starred("s3://" + "a/" * 500_000 + url.partition("://")[2])
    assert starred(url[: len(url) // 2])


def test_every_depth_is_looked_through() -> None:
    """A list of URLs, or a table of them, is a setting too."""
    told = shown({"a": [{"b": "https://u:hunter2@x.test"}], "c": 1, "d": None})

    assert told == {"a": [{"b": f"https://{STARS}@x.test"}], "c": 1, "d": None}
