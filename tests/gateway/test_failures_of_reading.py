"""What users of other systems found in their conversations instead of what was written.

Each case bears the number of its row in docs/failures.md. Nothing is known of what was sent: the
mail's own marks must do.
"""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.reception import Gateway, a_mail, a_shared_gateway

pytestmark = pytest.mark.asyncio(loop_scope="module")

YES = "Yes, it is."
TOKEN = "r+" + "abcdefghij2" * 4 + "@reply.test"
HTML = {"MIME_Version": "1.0", "Content_Type": "text/html; charset=utf-8"}
PLAIN = {"MIME_Version": "1.0", "Content_Type": "text/plain; charset=utf-8"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Gateway]:
    """Open one gateway for all: what is read depends on the mail alone."""
    async with a_shared_gateway(tmp_path_factory.mktemp("gateway")) as opened:
        yield opened


def html(body: str) -> bytes:
    """Write a mail of HTML alone."""
    return a_mail(f"<html><body>{body}</body></html>", **HTML)


def plain(text: str) -> bytes:
    """Write a mail of text."""
    return a_mail(text, **PLAIN)


def octets(text: bytes, kind: str) -> bytes:
    """Write a mail whose text is in octets of some charset, under a label."""
    head = a_mail("", MIME_Version="1.0", Content_Type=kind, Content_Transfer_Encoding="8bit")
    return head + text + b"\n"


def outlook(reply: str, *labels: str) -> bytes:
    """Write what Outlook on a desktop makes: the history is no child of the divider."""
    said, sent, to, about = labels
    return html(
        f"<div class=WordSection1><p class=MsoNormal>{reply}<o:p></o:p></p>"
        "<p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        "<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
        f"<p class=MsoNormal><b>{said}:</b> Ann &lt;n@x.test&gt; <br><b>{sent}:</b> 2.11.2026 10:00"
        f"<br><b>{to}:</b> Bo &lt;bo@example.net&gt;<br><b>{about}:</b> Order 1<o:p></o:p></p>"
        "</div></div><p class=MsoNormal>Is it there?<o:p></o:p></p>"
        "<table><tr><td>Answer above.</td></tr></table></div>"
    )


OUTLOOK = [
    pytest.param(
        plain(
            f"{YES}\n\n-----Original Message-----\nFrom: Ann <n@x.test>\n"
            "Sent: Monday, November 2, 2026 10:00 AM\nTo: Bo <bo@example.net>\n"
            "Subject: Order 1\n\nIs it there?"
        ),
        id="5.8 a divider in text",
    ),
    pytest.param(
        plain(
            f"{YES}\n\n{'_' * 32}\nVon: Ann <n@x.test>\nGesendet: Montag, 2. November 2026 10:00\n"
            "An: Bo <bo@example.net>\nBetreff: Order 1\n\nIs it there?"
        ),
        id="5.8 a line of underscores, in German",
    ),
    pytest.param(outlook(YES, "From", "Sent", "To", "Subject"), id="5.8 HTML"),
    pytest.param(outlook(YES, "Von", "Gesendet", "An", "Betreff"), id="5.8 HTML in German"),
    pytest.param(outlook(YES, "De", "Envoyé", "À", "Objet"), id="5.8 HTML in French"),
    pytest.param(outlook(YES, "差出人", "送信日時", "宛先", "件名"), id="5.8 HTML in Japanese"),
]
GMAIL = [
    pytest.param(
        html(
            f'<div dir="ltr">{YES}</div><br><div class="xq_container_v9"><div dir="ltr" class="xq">'
            'On Mon, Nov 2, 2026 at 10:00 AM Ann &lt;<a href="mailto:n@x.test">n@x.test</a>&gt; '
            'wrote:<br></div><blockquote class="xq_9" style="border-left:1px solid #ccc">'
            "Is it there?</blockquote></div>"
        ),
        id="5.9 Gmail under class names of tomorrow",
    ),
    pytest.param(
        html(
            f'<div class="gmail_quote"><div dir="auto">{YES}</div><div class="gmail_quote">'
            '<div class="gmail_attr">On Mon, Nov 2, 2026 at 10:00 AM Ann &lt;n@x.test&gt; wrote:'
            '<br></div><blockquote class="gmail_quote">Is it there?</blockquote></div></div>'
        ),
        id="5.9 Gmail wraps what was written in its quote",
    ),
]
ATTRIBUTIONS = [
    pytest.param(
        plain(
            f"{YES}\n\nOn Mon, 2 Nov 2026 at 10:00, Ann of the Amsterdam\noffice (via Acme)\n"
            f"<{TOKEN}>\nwrote:\n\n> Is it there?"
        ),
        id="5.12 over four lines, with an address of ours",
    ),
    pytest.param(
        plain(f"{YES}\n\nOn Mon, 2 Nov 2026 at 10:00, Ann via Acme <{TOKEN}> wrote:\n> Is it?"),
        id="5.12 over a line of 100 characters",
    ),
    pytest.param(
        plain(f"{YES}\n\nOn Mon, 2 Nov 2026 at 10:00, Ann <n@x.test> wrote:"),
        id="5.13 without a quote below it",
    ),
    pytest.param(
        plain(f"{YES}\n\nAm Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Ann <n@x.test>:\n\n"),
        id="5.13 without a quote below it, in German",
    ),
    pytest.param(
        plain(f"{YES}\n\nOn 2 November 2026, Ann wrote:"),
        id="5.13 without a quote, a time or an address",
    ),
    pytest.param(
        plain(
            f"{YES}\n\nFrom: Ann\nSent: Monday, November 2, 2026 10:00 AM\n"
            "To: bo@example.net\nSubject: Order 1\n\nIs it there?"
        ),
        id="5.14 Windows Mail's block without an address of the sender's",
    ),
    pytest.param(
        plain(
            f"{YES}\n\nOn Mon, Nov 2, 2026 at 10:00 AM Ann\n\n<\nmailto:Ann <n@x.test>\n"
            "> wrote:\n\n> Is it there?"
        ),
        id="5.14 Polymail's attribution in pieces",
    ),
    pytest.param(
        plain(
            f"{YES}\n\nSent with Proton Mail secure email.\n\n------- Original Message -------\n"
            "On Monday, November 2nd, 2026 at 10:00, Ann <n@x.test> wrote:\n\n> Is it there?"
        ),
        id="5.14 Proton Mail's line, divider and attribution",
    ),
]


@pytest.mark.parametrize("mail", [*OUTLOOK, *GMAIL, *ATTRIBUTIONS])
async def test_only_what_was_written_is_posted(gateway: Gateway, mail: bytes) -> None:
    """No word of the mail that was answered comes into the conversation again."""
    assert await gateway.says(mail) == YES


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "On Monday I bring boxes.\nOn Tuesday Ann wrote a list, which I have:\nten of them.",
            id="5.10 sentences that begin with On",
        ),
        pytest.param(
            "On 2 November I wrote to the harbour:\nno answer so far.",
            id="5.10 a date and a colon, and no attribution",
        ),
        pytest.param(
            "What the porter told me:\n\n> No lorries before nine.\n> No dogs.\n\nSo: nine.",
            id="5.11 a quotation of their own in the middle",
        ),
        pytest.param(
            "> Is it there?\n\nYes, since nine.\n\n> May it stay outside?\n\nNo, it will rain.",
            id="5.15 answers between the questions",
        ),
        pytest.param(
            "From: the lift\nTo: the door\nthat is the way.\n\nSubject: none, as ever.",
            id="5.15 lines that look like a list's headers",
        ),
    ],
)
async def test_nothing_that_was_written_is_lost(gateway: Gateway, text: str) -> None:
    """A word lost is worse than a quote shown: what only looks like a quote stays, all of it."""
    assert await gateway.says(plain(text)) == text


async def test_japanese_that_nothing_names_is_read(gateway: Gateway) -> None:
    """5.16: ISO-2022-JP is told by its escapes, where a mail says nothing of a charset."""
    text = "はい、届きました。"

    assert await gateway.says(a_mail(text.encode("iso-2022-jp").decode("ascii"))) == text


@pytest.mark.parametrize(
    ("text", "written", "label"),
    [
        pytest.param("はい。", "iso-2022-jp", "utf-8", id="5.16 ISO-2022-JP as UTF-8"),
        pytest.param("はい。", "utf-8", "iso-2022-jp", id="5.16 UTF-8 as ISO-2022-JP"),
        pytest.param("镕基好。", "gb18030", "gb2312", id="5.17 gb18030 as gb2312"),
        pytest.param("똠방각하", "cp949", "ks_c_5601-1987", id="5.17 cp949 as ks_c_5601"),
        pytest.param("“Yes” € 5", "cp1252", "iso-8859-1", id="5.17 Windows-1252 as Latin-1"),
        pytest.param("①㈱です", "cp932", "shift_jis", id="5.17 cp932 as Shift_JIS"),
    ],
)
async def test_a_wrong_label_does_not_spoil_the_words(
    gateway: Gateway, text: str, written: str, label: str
) -> None:
    """Programs name the charset they wish they had; what was written is posted."""
    raw = octets(text.encode(written), f"text/plain; charset={label}")

    assert await gateway.says(raw) == text


@pytest.mark.parametrize(
    "header",
    [
        pytest.param({"To": "(c):"}, id="5.20 a comment before a colon"),
        pytest.param({"To": '"'}, id="5.20 a quote that stays open"),
        pytest.param({"Cc": "a@b, <<c>, @, ;:,"}, id="5.20 addresses that are none"),
        pytest.param({"Message_ID": "<[id@host]>"}, id="5.20 brackets in a Message-ID"),
        pytest.param({"Date": "yesterday, 99 Foo 2026 25:61"}, id="5.20 a date that never was"),
        pytest.param({"References": "<a <b> c> @ <"}, id="5.20 references that are none"),
        pytest.param({"Content_Type": "text/plain; name*"}, id="5.20 a parameter without a value"),
        pytest.param({"Content_Type": "text"}, id="5.20 half a content type"),
        pytest.param({"Content_Transfer_Encoding": "none at all"}, id="5.20 an unknown encoding"),
        pytest.param({"Subject": "=?utf-8?b?////?= =?x?q?=ZZ?="}, id="5.20 words of no charset"),
        pytest.param({"Authentication_Results": ";;(((=\\"}, id="5.20 results that say nothing"),
    ],
)
async def test_a_malformed_header_loses_no_mail(gateway: Gateway, header: dict[str, str]) -> None:
    """What makes a parser raise is read past: it is the text that somebody wrote."""
    own = {"Message_ID": f"<{id(header)}@x>"}  # or it would be the mail before, once more

    assert await gateway.says(a_mail(YES, **(own | header))) == YES


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<div>" * 60_000, id="5.40 sixty thousand open blocks"),
        pytest.param("<blockquote><table><tr><td>" * 20_000, id="5.40 quotes and tables"),
        pytest.param("<p " + "a=1 " * 60_000 + ">", id="5.40 sixty thousand attributes"),
        pytest.param("<!--" * 60_000, id="5.40 comments that stay open"),
    ],
)
async def test_html_made_to_hurt_costs_no_words(gateway: Gateway, body: str) -> None:
    """What stands above the bomb is posted, and none of the bomb."""
    assert await gateway.says(html(f"<p>{YES}</p>\n{body}")) == YES
