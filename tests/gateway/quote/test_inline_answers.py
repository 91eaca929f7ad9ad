"""Who says that their answers stand below has them posted, though nothing marks what is theirs."""

import tomllib
from pathlib import Path

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract
from gateway.quote.sent import Sent
from tests.corpus.metric import words

SAID = tomllib.loads((Path(__file__).parent / "inline_answers.toml").read_text(encoding="utf-8"))
OUTLOOK = """<p>{said}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>
<b>From:</b> Ann Berg &lt;ann@shop.example&gt;<br><b>Sent:</b> 2 March 2026 16:40<br>
<b>To:</b> Jo Peel<br><b>Subject:</b> The hall</p></div>
<p>1. When do you come?</p><p><span style="color:#1F497D">At four o'clock.</span></p>
<p>2. Who pays?</p><p><span style="color:#1F497D">The guild does.</span></p>"""
GMAIL = """<div>{said}</div><div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Mar 2026 at
16:40, Ann Berg &lt;ann@shop.example&gt; wrote:<br></div><blockquote class="gmail_quote">
<div>1. When do you come?</div><div style="color:red">At four o'clock.</div>
<div>2. Who pays?</div><div style="color:red">The guild does.</div></blockquote></div>"""
TEXT = """{said}

From: Ann Berg <ann@shop.example>
Sent: 2 March 2026 16:40
To: Jo Peel
Subject: The hall

1. When do you come?
At four o'clock.
2. Who pays?
The guild does.
"""
FORMS = {"outlook": OUTLOOK, "gmail": GMAIL, "text": TEXT}
ENDING = "Open the whole conversation in the shop: https://a.example/c"
ANSWERS = words("At four o'clock. The guild does.")


def body(form: str, said: str) -> Body:
    """Write a mail of one form."""
    written = FORMS[form].format(said=said)
    return Body(text=written) if form == "text" else Body(html=f"<html><body>{written}</body>")


@pytest.mark.parametrize("form", list(FORMS))
@pytest.mark.parametrize("said", list(SAID.values()), ids=list(SAID))
def test_answers_that_are_announced_are_posted(form: str, said: str) -> None:
    """Every word of them, whatever the language and the client, and marked as a doubtful case."""
    found = extract(body(form, said))

    assert not (words(said) + ANSWERS) - words(found.text)
    assert found.confidence < 0.5


@pytest.mark.parametrize("form", list(FORMS))
@pytest.mark.parametrize("said", ["Do you have it in blue?", "Thanks for the answers!", "OK"])
def test_without_that_history_is_history(form: str, said: str) -> None:
    """A colour, or a word of thanks, announces nothing."""
    assert extract(body(form, said)).text == said


@pytest.mark.parametrize("form", list(FORMS))
def test_what_we_sent_is_only_context(form: str) -> None:
    """Where the digest is known, its lines are told from the answers: questions, no more."""
    sent = Sent(text=f"Reply above this line\n\n1. When do you come?\n2. Who pays?\n\n{ENDING}\n")
    given = body(form, SAID["en"])
    below = given.text and f"{given.text}\n{ENDING}\n"
    html = given.html and given.html.replace("does.", f"does.</p><p>{ENDING}")

    found = extract(Body(text=below, html=html), sent).text

    assert not (words(SAID["en"]) + ANSWERS) - words(found)
    assert "Open" not in found
