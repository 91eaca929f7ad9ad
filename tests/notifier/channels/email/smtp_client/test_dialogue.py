"""What is said on the line, as tables."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.outcome import Cause, Failed
from notifier.channels.email.parcel import MailParcel
from notifier.channels.email.smtp_client.dialogue import Dialogue, dialogue, transparent
from notifier.channels.email.smtp_client.dsn import mail_parameters, rcpt_parameters

ASCII = b"Subject: hello\r\n\r\nHello.\r\n"
EIGHT_BIT = "Subject: hello\r\n\r\nGrüße.\r\n".encode()
UTF8_HEADER = "Subject: Grüße\r\n\r\nHello.\r\n".encode()
EVERYTHING = {"size": "1000", "8bitmime": "", "smtputf8": "", "pipelining": ""}


def said(
    to: str = "bo@example.net",
    raw: bytes = ASCII,
    extensions: dict[str, str] | None = None,
    reverse_path: str = "b+t@bounce.test",
) -> Dialogue | Failed:
    """Return what is said to a peer."""
    return dialogue(MailParcel("dlv_1", reverse_path, to, raw), extensions or {})


@pytest.mark.parametrize(
    ("raw", "extensions", "mail"),
    [
        pytest.param(ASCII, {}, b"MAIL FROM:<b+t@bounce.test>", id="a plain peer hears no news"),
        pytest.param(
            ASCII,
            EVERYTHING,
            b"MAIL FROM:<b+t@bounce.test> SIZE=26",
            id="a plain mail needs no extension but says its size",
        ),
        pytest.param(
            EIGHT_BIT,
            EVERYTHING,
            b"MAIL FROM:<b+t@bounce.test> SIZE=28 BODY=8BITMIME",
            id="8-bit text says so",
        ),
        pytest.param(
            UTF8_HEADER,
            EVERYTHING,
            b"MAIL FROM:<b+t@bounce.test> SIZE=28 BODY=8BITMIME SMTPUTF8",
            id="a header beyond ASCII says so",
        ),
    ],
)
def test_extensions_are_used_only_where_needed(
    raw: bytes, extensions: dict[str, str], mail: bytes
) -> None:
    """MAIL carries the parameters this mail needs and this peer knows."""
    result = said(raw=raw, extensions=extensions)

    assert isinstance(result, Dialogue)
    assert result.commands == (mail, b"RCPT TO:<bo@example.net>", b"DATA")


@pytest.mark.parametrize(
    ("address", "path"),
    [
        pytest.param("bo@example.net", b"bo@example.net", id="an ordinary address"),
        pytest.param("a+b.c'd@example.net", b"a+b.c'd@example.net", id="an odd but ordinary one"),
        pytest.param('"bo smith"@example.net', b'"bo smith"@example.net', id="a quoted one"),
        pytest.param("bo@[192.0.2.1]", b"bo@[192.0.2.1]", id="an address literal"),
        pytest.param("bo@straße.de", b"bo@xn--strae-oqa.de", id="a sharp s"),
        pytest.param("bo@βόλος.com", b"bo@xn--nxasmm1c.com", id="a final sigma"),
        pytest.param("bo@क्\u200dष.com", b"bo@xn--11b2ezcw70k.com", id="a joiner"),
        pytest.param("bo@müller.example", b"bo@xn--mller-kva.example", id="a domain beyond ASCII"),
    ],
)
def test_an_address_stands_between_brackets(address: str, path: bytes) -> None:
    """An address reaches the line as it is, its domain in ASCII."""
    result = said(to=address)

    assert isinstance(result, Dialogue)
    assert result.commands[1] == b"RCPT TO:<" + path + b">"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bo",
        "@example.net",
        "bo@",
        "bo@example.net>",
        "bo@example.net> NOTIFY=NEVER",
        "bo@example.net\r\nDATA",
        "bo\n@example.net",
        "bo smith@example.net",
        '"bo\r\n"@example.net',
        "bo@exa mple.net",
        "bo@example.net,al@example.net",
        "bo@" + "ü" * 80 + ".example",
        "\udcff@example.net",
    ],
)
def test_no_address_can_leave_its_brackets(address: str) -> None:
    """What is no address is never said, and the mail fails for it."""
    result = said(to=address)

    assert isinstance(result, Failed)
    assert result.cause is Cause.INVALID_RECIPIENT


@settings(deadline=None)
@given(address=st.text())
def test_a_command_is_one_line(address: str) -> None:
    """Whatever the address, the line ends where we end it."""
    result = said(to=address, extensions=EVERYTHING)

    assert isinstance(result, Failed) or not set(b"\r\n\0") & set(result.commands[1])


def test_the_reverse_path_may_be_null() -> None:
    """Notices go out with the null reverse-path (RFC 5321, 4.5.5)."""
    result = said(reverse_path="")

    assert isinstance(result, Dialogue)
    assert result.commands[0] == b"MAIL FROM:<>"


def test_a_utf8_address_needs_smtputf8() -> None:
    """A local part beyond ASCII is offered only to a peer that knows it (RFC 6531, 3.2)."""
    known = said(to="bö@example.net", extensions=EVERYTHING)
    unknown = said(to="bö@example.net", extensions={"8bitmime": ""})

    assert isinstance(known, Dialogue)
    assert known.commands[0].endswith(b" SMTPUTF8")
    assert known.commands[1] == "RCPT TO:<bö@example.net>".encode()
    assert isinstance(unknown, Failed)
    assert unknown.reply is not None
    assert unknown.reply.enhanced == "5.6.7"


def test_8bit_text_needs_8bitmime() -> None:
    """8-bit content is never sent to a peer that may cut the bits off (RFC 6152, 3)."""
    result = said(raw=EIGHT_BIT)

    assert isinstance(result, Failed)
    assert result.cause is Cause.CONTENT


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        pytest.param(b"a\r\n", b"a\r\n.\r\n", id="an ordinary end"),
        pytest.param(b"a", b"a\r\n.\r\n", id="a line that was not ended"),
        pytest.param(b"", b"\r\n.\r\n", id="nothing at all"),
        pytest.param(b".a\r\n", b"..a\r\n.\r\n", id="a dot at the very beginning"),
        pytest.param(b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n.\r\n", id="a line of one dot"),
        pytest.param(b"a\r\n..b\r\n", b"a\r\n...b\r\n.\r\n", id="a dot more for every dotted line"),
        pytest.param(b"a.b\r\n", b"a.b\r\n.\r\n", id="a dot inside a line"),
        pytest.param(b"a\n.\nb\r\n", b"a\r\n..\r\nb\r\n.\r\n", id="bare LF hides no end"),
        pytest.param(b"a\r.\rb\r\n", b"a\r\n..\r\nb\r\n.\r\n", id="bare CR hides no end"),
        pytest.param(b"a\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n.\r\n", id="nor does a mixture"),
    ],
)
def test_content_is_made_transparent(raw: bytes, content: bytes) -> None:
    """The only line of one dot is the last (RFC 5321, 4.5.2)."""
    assert transparent(raw) == content


@settings(deadline=None)
@given(raw=st.lists(st.sampled_from([b"a", b".", b"\r\n", b"\n", b"\r"])).map(b"".join))
def test_p7_07_content_ends_only_once(raw: bytes) -> None:
    """No octets of a mail can end it early, by anybody's idea of a line's end."""
    content = transparent(raw)

    assert content.endswith(b"\r\n.\r\n")
    assert content.replace(b"\r\n", b"").count(b"\r") == 0
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert (b"\r\n" + content).count(b"\r\n.\r\n") == 1


DSN = {"dsn": ""} | EVERYTHING
ALL = "SUCCESS,FAILURE,DELAY"


@pytest.mark.parametrize(
    ("to", "rcpt"),
    [
        ("bo@example.net", b"ORCPT=rfc822;bo@example.net"),
        ("bo+shop@example.net", b"ORCPT=rfc822;bo+2Bshop@example.net"),
        ("a=b@example.net", b"ORCPT=rfc822;a+3Db@example.net"),
        ('"a b"@example.net', b'ORCPT=rfc822;"a+20b"@example.net'),
        ("bo@b\u00fccher.example", "ORCPT=utf-8;bo@b\u00fccher.example".encode()),
        ("b\u00f8+x@example.net", "ORCPT=utf-8;b\u00f8\\x{2B}x@example.net".encode()),
    ],
)
def test_reports_are_asked_for_where_they_are_offered(to: str, rcpt: bytes) -> None:
    """RFC 3461: of what, which headers, by what name, and whom we meant."""
    result = dialogue(MailParcel("dlv_1", "b+t@bounce.test", to, ASCII), DSN, ALL)

    assert isinstance(result, Dialogue)
    assert b" RET=HDRS ENVID=dlv_1" in result.commands[0]
    assert result.commands[1].endswith(b" NOTIFY=SUCCESS,FAILURE,DELAY " + rcpt)


@pytest.mark.parametrize(
    ("extensions", "notify"), [(EVERYTHING, ALL), ({}, ALL), (DSN, ""), ({"dsn": ""}, "")]
)
def test_reports_are_not_asked_for_elsewhere(extensions: dict[str, str], notify: str) -> None:
    """Of a relay that offers none, or where the settings say so."""
    result = dialogue(MailParcel("dlv_1", "b+t@bounce.test", "bo@example.net", ASCII), extensions,
                      notify)  # fmt: skip

    assert isinstance(result, Dialogue)
    assert result.commands[1] == b"RCPT TO:<bo@example.net>"
    assert b"ENVID" not in result.commands[0]


def test_an_address_of_letters_beyond_ascii_is_named_as_dns_does_without_smtputf8() -> None:
    """The far server never saw the other form, so a report of it could not be matched."""
    parcel = MailParcel("dlv_1", "b+t@bounce.test", "bo@b\u00fccher.example", ASCII)
    result = dialogue(parcel, {"dsn": ""}, "FAILURE,DELAY")

    assert isinstance(result, Dialogue)
    assert result.commands[1].endswith(
        b" NOTIFY=FAILURE,DELAY ORCPT=rfc822;bo@xn--bcher-kva.example"
    )


@given(st.text(max_size=40))
def test_no_parameter_ends_a_command_line(word: str) -> None:
    """Whatever an id or an address holds."""
    said = mail_parameters(word) + rcpt_parameters(word, ALL)

    assert not set(said) & set(b"\r\n\x00")
    assert said.count(b" ") == 4 - (not word)
