"""Who wrote it: a machine on the way, or the sender? A table of both, in forty languages."""

import tomllib
from pathlib import Path

import pytest

from gateway.mail.body import Body
from gateway.quote.extract import extract

TABLE = tomllib.loads((Path(__file__).parent / "added_or_written.toml").read_text(encoding="utf-8"))
WORDS = "The blue one, please. I can come on Friday."
FAR = f"{'A line of no account. ' * 3}\n" * 16_000
CAUTION = "CAUTION: This email comes from outside the company. Do not click links."


def posted(text: str, html: str = "") -> str:
    """Return what is posted of a mail, white space made even."""
    return " ".join(extract(Body(text=text, html=html, sender_name="Bo Berg")).text.split())


def flat(text: str) -> str:
    """Return a text with its white space made even."""
    return " ".join(text.split())


@pytest.mark.parametrize("banner", TABLE["banners"])
def test_what_a_server_put_above_is_folded(banner: str) -> None:
    """As a paragraph of its own, once and twice."""
    assert posted(f"{banner}\n\n{WORDS}") == WORDS
    assert posted(f"{banner}\n\n{banner}\n\n{WORDS}") == WORDS


@pytest.mark.parametrize("footer", TABLE["footers"])
def test_what_was_put_below_is_folded(footer: str) -> None:
    """As a block at the end."""
    assert posted(f"{WORDS}\n\n{footer}\n") == WORDS


@pytest.mark.parametrize("line", TABLE["taglines"])
def test_what_a_device_put_below_is_folded(line: str) -> None:
    """As the last line."""
    assert posted(f"{WORDS}\n\n{line}\n") == WORDS


@pytest.mark.parametrize("said", TABLE["kept"] + TABLE["kept_first"])
def test_what_somebody_said_first_is_kept(said: str) -> None:
    """As a paragraph, and as a line above others."""
    assert posted(f"{said}\n\n{WORDS}") == flat(f"{said} {WORDS}")
    assert posted(f"{said}\n{WORDS}") == flat(f"{said} {WORDS}")


@pytest.mark.parametrize("said", TABLE["kept"])
def test_what_somebody_said_last_is_kept(said: str) -> None:
    """As a paragraph, as the last line of one, and as all of the mail."""
    assert posted(f"{WORDS}\n\n{said}") == flat(f"{WORDS} {said}")
    assert posted(f"{WORDS}\n{said}") == flat(f"{WORDS} {said}")
    assert posted(said) == flat(said)


@pytest.mark.parametrize("said", TABLE["kept_below_a_line"])
@pytest.mark.parametrize("drawn", ["---", "________"])
def test_what_somebody_said_below_a_line_of_his_own_is_kept(said: str, drawn: str) -> None:
    """A drawn line is no evidence by itself."""
    assert posted(f"{WORDS}\n{drawn}\n{said}") == flat(f"{WORDS} {drawn} {said}")


@pytest.mark.parametrize("said", TABLE["kept_like_notices"])
def test_what_begins_like_a_notice_and_goes_on_as_people_do_is_kept(said: str) -> None:
    """In doubt it stays."""
    assert posted(f"{WORDS}\n\n{said}") == flat(f"{WORDS} {said}")


@pytest.mark.parametrize(
    "html",
    [
        f"<table border=1><tr><td><b>{CAUTION}</b></td></tr></table><p>{WORDS}</p>",
        f"<div style='border:1px solid red'>{CAUTION}</div><br><div>{WORDS}</div>",
        f"<table bgcolor='#ffeb9c'><tr><td>[EXTERN]</td></tr></table><div>{WORDS}</div>",
        f"<p><b>CAUTION:</b> This email comes from outside the firm.</p><p>{WORDS}</p>",
        f"<hr><p>{CAUTION}</p><hr><p>{WORDS}</p>",
        f"<p>{WORDS}</p><table><tr><td>Virus-free. <a href='https://a.example'>www.avast.com</a>",
        f"<p>{WORDS}</p><p><a href='https://aka.example/x'>Get Outlook for Android</a></p>",
        f"<p>{WORDS}</p><p>Sent from <a href='https://proton.example'>Proton Mail</a> for iOS</p>",
    ],
)
def test_formatted_mails_are_read_alike(html: str) -> None:
    """In tables, boxes and links."""
    assert posted("", html) == WORDS


@pytest.mark.parametrize(
    "banner",
    [
        "<table bgcolor=yellow><tr><td>Not one of our senders. Treat links and mails as suspect.",
        "<div style='background:#ffc'>Mail van buiten: kijk uit met bijlagen en afzender.</div>",
        "<table style='border:1px'><tr><td>Du dehors, vérifiez l'expéditeur, les liens du message",
        "----------\nUnknown origin of this mail; check its links and attachments.\n----------\n",
    ],
)
def test_a_block_set_apart_at_the_very_top_needs_no_known_wording(banner: str) -> None:
    """In a box of its own, or between drawn lines."""
    html = banner.startswith("<")
    closed = banner + "</table>" if "<table" in banner else banner

    assert (posted("", f"{closed}<div>{WORDS}</div>") if html else posted(banner + WORDS)) == WORDS


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        (
            "<div style='border:1px solid'>",
            "I open the mail of my aunt, the link.",
            "</div>",
        ),
        ("<div style='background:white'>", "Check the link in the mail, the file is safe.", "<br>"),
        ("<table bgcolor=white><tr><td><p>", "Is the sender of the mail with the link safe?", ""),
        ("=====\n", "Please answer by mail until Friday.", "\n=====\n"),
        ("----------\n", "The link to the album is in the mail of May.", "\n----------\n"),
    ],
)
def test_what_somebody_sets_apart_is_kept(before: str, said: str, after: str) -> None:
    """With a colour behind all of a mail, a question in a box, a line between two others."""
    if before.startswith("<"):
        assert said in posted("", f"{before}{said}{after}<div>{WORDS}</div>")
    else:
        assert said in posted(f"{before}{said}{after}\n{WORDS}")


@pytest.mark.parametrize("said", TABLE["banners"][::9] + TABLE["footers"][::9])
def test_cut_or_far_down_nothing_breaks_and_no_word_is_lost(said: str) -> None:
    """Cut in the middle, and behind more than a megabyte of other text."""
    half = said[: len(said) // 2]
    assert WORDS in posted(f"{half}\n\n{WORDS}\n\n{half}")
    assert flat(FAR)[:60_000] in posted(f"{FAR}\n{said}\n\n{WORDS}")


def test_banner_and_words_in_one_line_are_kept() -> None:
    """There is no telling where the one ends."""
    text = f"{CAUTION} Yes, it is here and you may have it, {WORDS}"

    assert posted(f"{text}\n\n{WORDS}") == f"{text} {WORDS}"


def test_nothing_but_a_banner_is_not_made_empty() -> None:
    """Where nothing is below it, it may be what was said."""
    assert posted(CAUTION) == CAUTION
