"""What a link may lead to."""

import pytest

from core.web import web_url


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        pytest.param("https://x.org/a?b=c&d#e", "https://x.org/a?b=c&d#e", id="a web URL"),
        pytest.param("HTTP://x.org", "HTTP://x.org", id="the scheme in any case"),
        pytest.param("https://x.org/ä\"'<", "https://x.org/%C3%A4%22'%3C", id="encodes the rest"),
        pytest.param("javascript:alert(1)", None, id="no script"),
        pytest.param("data:text/html,x", None, id="no data"),
        pytest.param("//x.org", None, id="no scheme"),
        pytest.param("https://", None, id="no host"),
        pytest.param("https://x.org/a\nb", None, id="no line break"),
        pytest.param("https://x.org/" + "a" * 2000, None, id="not too long"),
        pytest.param("https://x.org/" + "ä" * 999, None, id="not too long once encoded"),
        pytest.param(None, None, id="none given"),
    ],
)
def test_a_mail_links_to_the_web_only(url: str | None, linked: str | None) -> None:
    """A mail links to http and https, and to URI characters only."""
    assert web_url(url) == linked
