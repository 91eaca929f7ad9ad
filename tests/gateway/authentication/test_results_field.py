"""Authentication-Results fields are read as RFC 8601 writes them, and not otherwise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.authentication.results_field import MethodResult, read
from tests.support.cost import cost

GMAIL = (
    "mx.google.com;\r\n       dkim=pass header.i=@example.org header.s=sel header.b=AbC/d=;\r\n"
    "       spf=pass (google.com: domain of bo@example.org designates 192.0.2.1 as permitted; "
    'really) smtp.mailfrom=bo@example.org;\r\n       dmarc=pass (p=REJECT sp="REJECT" dis=NONE) '
    "header.from=example.org"
)


def test_a_large_provider_is_understood() -> None:
    """Folding, comments with semicolons in them, signs in values."""
    report = read(GMAIL)

    assert report is not None
    assert report.authserv_id == "mx.google.com"
    assert report.only("dmarc") == MethodResult("dmarc", "pass", {"header.from": "example.org"})
    assert [one.properties["header.i"] for one in report.of("dkim")] == ["@example.org"]
    assert report.only("spf") == MethodResult("spf", "pass", {"smtp.mailfrom": "bo@example.org"})


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("mx; dmarc=pass header.from=example.org", id="plainly"),
        pytest.param("MX 1; DMARC=Pass header.from=example.org", id="a version, and case"),
        pytest.param("mx; dmarc/1=pass header.from=example.org", id="a method's version"),
        pytest.param('"mx"; dmarc = pass header.from="example.org"', id="quoted, with blanks"),
        pytest.param("(a(b)c)mx(;);(x)dmarc(y)=pass header.from=example.org", id="comments"),
        pytest.param("mx;\r\n\tdmarc=pass\r\n\theader.from=example.org\r\n", id="folded"),
        pytest.param(
            'mx; dmarc=pass reason="it; dmarc=fail" header.from=example.org', id="a quoted reason"
        ),
        pytest.param(r"mx; dmarc=pass (\)) header.from=example.org", id="a quoted parenthesis"),
    ],
)
def test_the_same_thing_may_be_written_in_many_ways(value: str) -> None:
    """Blanks, comments, quotes and case make no difference."""
    report = read(value)

    assert report is not None
    assert report.authserv_id == "mx"
    dmarc = report.only("dmarc")
    assert dmarc is not None
    assert (dmarc.result, dmarc.properties["header.from"]) == ("pass", "example.org")


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("mx (; dmarc=pass", id="a comment that stays open"),
        pytest.param("mx ) ; dmarc=pass", id="a comment that only ends"),
        pytest.param('mx; x="y; dmarc=pass', id="a quote that stays open"),
        pytest.param(r"mx; x=\"; dmarc=pass", id="a backslash where it means nothing"),
        pytest.param("dmarc=pass; dmarc=pass", id="no authserv-id"),
        pytest.param("mx one two; dmarc=pass", id="too many words before"),
        pytest.param("mx evil.test; dmarc=pass", id="another name where a version stands"),
        pytest.param("mx 2; dmarc=pass", id="a version nobody knows"),
        pytest.param("", id="nothing"),
        pytest.param("; dmarc=pass", id="an empty authserv-id"),
        pytest.param("mx; " + "a" * 9000, id="too long"),
    ],
)
def test_what_is_not_well_formed_says_nothing(value: str) -> None:
    """A reader that guesses is a reader that can be fooled."""
    assert read(value) is None


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("mx; dmarc=pass; dmarc=fail", id="two results"),
        pytest.param("mx; dmarc=fail; (x) dmarc=pass", id="the other way round"),
        pytest.param("mx; dmarc=pass; DMARC=pass", id="even two that agree"),
        pytest.param(
            "mx; dmarc=pass header.from=a.example header.from=b.example", id="a property twice"
        ),
        pytest.param("mx; (dmarc=pass)", id="in a comment"),
        pytest.param('mx; x="; dmarc=pass"', id="in a quote"),
        pytest.param("mx; arc=fail dmarc=pass", id="as a property"),
        pytest.param("mx; none", id="none"),
        pytest.param("mx; dmarc pass", id="without an equals sign"),
        pytest.param("mx dmarc=pass", id="without a semicolon"),
    ],
)
def test_what_is_not_plainly_said_is_not_said(value: str) -> None:
    """A method reported twice, or where another thing should stand, has no result."""
    report = read(value)

    assert report is None or report.only("dmarc") is None


@given(text=st.text(alphabet='ab;=()"\\ \t\r\n./@', max_size=60))
@settings(deadline=None)
def test_nothing_raises(text: str) -> None:
    """Whatever a field says, it is read or not, and that is all."""
    report = read("mx; " + text)

    assert report is None or report.authserv_id.startswith("mx")


@pytest.mark.parametrize("sign", list('(";= \\)a'))
def test_reading_is_linear(sign: str) -> None:
    """A field of the greatest length costs milliseconds, whatever it is made of."""
    assert cost(lambda: read("mx; a=b " + sign * 8_000)) < 20
