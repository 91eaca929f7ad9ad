# ruff: noqa: RUF001 (letters of forty languages look alike)
"""Mails in which nothing is said, as people's programs send them, and what is in them instead."""

from core.verdict import InsteadOfWords
from tests.support.letters import ICON, attached, file, inline, mail, multi, text, winmail

_GMAIL = (
    '<div dir="ltr"><br></div><br><div class="gmail_quote gmail_quote_container">'
    '<div dir="ltr" class="gmail_attr">Le lun. 15 mai 2023 à 12:03, Anne &lt;a@x.test&gt; a écrit :'
    '<br></div><blockquote class="gmail_quote">Il est encore là ?</blockquote></div>'
)
_LOGO = (
    '<p><br></p><div class="moz-signature">-- <br>Бо Берг, ООО «Ромашка»<br>'
    '<img src="cid:logo@x"></div>'
)
_PIXEL = '<img src="https://track.example/o.gif" width="1" height="1">'
_STICKER = '<html><body><div><img src="https://media.example/wave.gif"></div></body></html>'


def _html(page: str) -> str:
    return text(page, kind="text/html")


def _with_picture(page: str, content_id: str) -> str:
    return multi("related", _html(page), inline(ICON, "image/png", "image001.png", content_id))


_PICTURES = {
    "iPhone Mail, a picture in the page and a line that it adds": _with_picture(
        '<div dir="ltr"><img src="cid:p@x"></div><div><br>Von meinem iPhone gesendet</div>', "p@x"
    ),
    "Apple Mail, a small picture between two empty texts": multi(
        "mixed", text(""), inline(ICON, "image/png", "スクリーンショット.png", "s@x"), text("")
    ),
    "Outlook, a small picture and a blank paragraph": _with_picture(
        '<p class="MsoNormal"><img src="cid:i@x"><o:p>&nbsp;</o:p></p>', "i@x"
    ),
    "Gmail, a sticker that is shown from elsewhere": _html(_STICKER),
    "a webmail, the picture within the page": _html(
        '<p><img width="300" src="data:image/png;base64,iVBORw0KGgo="></p>'
    ),
    "a drawing within the page": _html('<svg width="90" height="90"><circle r="40"/></svg>'),
}
_QUOTES = {
    "Gmail in French, nothing above the quote": _html(_GMAIL),
    "plain text in Dutch": text(
        "Op ma 15 mei 2023 om 12:03 schreef Anna <a@x.test>:\r\n> Is hij er nog?\r\n> Groet, A"
    ),
    "plain text in Japanese": text(
        "2023年5月15日(月) 12:03 Anna <a@x.test>:\r\n\r\n> まだありますか?\r\n"
    ),
    "the quote alone": text("> Är den kvar?\r\n> Hälsningar\r\n"),
    "a phone in Spanish, its line and the quote": text(
        "\r\n\r\nEnviado desde mi iPhone\r\n\r\n> El 15 may 2023, a las 12:03, Ana <a@x.test> "
        "escribió:\r\n> \r\n> ¿Sigue ahí?\r\n"
    ),
    "Apple Mail in Turkish": text(
        "\r\n> 15 May 2023 tarihinde 12:03 itibarıyla, Ann <a@x.test> şunları yazdı:\r\n> \r\n"
        "> Hâlâ orada mı?\r\n"
    ),
    "a quote and a tracker's pixel": _html(_GMAIL + _PIXEL),
}
_SIGNATURES = {
    "iPhone Mail in Italian": text("\r\n\r\nInviato da iPhone\r\n"),
    "Outlook for Android in Polish": text("Pobierz aplikację Outlook dla systemu Android\r\n"),
    "Thunderbird in Russian, with its logo": _with_picture(_LOGO, "logo@x"),
    "a phone in Spanish": text("Enviado desde mi iPhone"),
    "a phone in Danish": _html("<div><br></div><div>Sendt fra min iPhone</div>"),
    "a phone in Portuguese": text("\r\nEnviado do meu iPhone\r\n\r\n"),
}
_EMPTY_FILES = {
    "an empty .txt file": multi("mixed", text(""), attached(b"", "text/plain", "notes.txt")),
    "an empty .txt file and nothing else": attached(b"", "text/plain", "opmerking.txt"),
    "an empty PDF": multi("mixed", text("\r\n"), attached(b"", "application/pdf", "Rechnung.pdf")),
    "an empty photo": multi("mixed", _html("<br>"), attached(b"", "image/jpeg", "IMG_1.jpg")),
    "an empty file above a quote": multi(
        "mixed", text("\r\n> ¿Sigue ahí?\r\n"), attached(b"", "application/pdf", "recibo.pdf")
    ),
    "an empty file and a tagline": multi(
        "mixed", text("Envoyé de mon iPhone"), attached(b"", "application/zip", "photos.zip")
    ),
}
_UNREADABLE = {
    "a page for one program alone": multi("mixed", text("<p>Ja</p>", kind="text/x-amp-html")),
    "a page for a watch, beside an empty text": multi(
        "alternative", text(""), text("<p>Oui</p>", kind="text/watch-html")
    ),
    "one piece of a mail in several": (
        'Content-Type: message/partial; id="x@y"; number=2; total=3\r\n\r\nSí, claro.\r\n'
    ),
    "a mail that lies elsewhere": (
        'Content-Type: message/external-body; access-type=URL; URL="https://x.test/1"\r\n\r\n\r\n'
    ),
    "a signature of words that a gateway took away": multi(
        "mixed",
        attached(b"-----BEGIN PGP SIGNATURE-----", "application/pgp-signature", "signature.asc"),
    ),
    "Outlook's envelope, cut off": attached(winmail(), "application/ms-tnef", "winmail.dat"),
    "a Macintosh's half of a file": multi("mixed", file(b"\0\5\x16\7", "application/applefile")),
    "a text of no letters": file(bytes(40), "text/plain; charset=utf-8"),
}
_NOTHING = {
    "blank lines": text("  \r\n\t\r\n\r\n"),
    "a blank page": _html("<html><body><div>&nbsp;<br></div><div><br></div></body></html>"),
    "a blank page and a tracker's pixel": _html(f"<div><br></div>{_PIXEL}"),
    "signs that nobody sees": text("\u200b\ufeff \u200c\r\n"),
    "Outlook in Hebrew, a blank line": _html('<p dir="RTL"><span>\u200f</span></p>'),
    "an empty mail that is signed": multi(
        "signed",
        text(""),
        attached(b"-----BEGIN PGP SIGNATURE-----", "application/pgp-signature", "signature.asc"),
    ),
    "headers alone": "",
    "two empty halves": multi("alternative", text(""), _html("<p></p>")),
}
# By what is seen, and in whose program or language.
MAILS: tuple[tuple[InsteadOfWords, str, bytes], ...] = tuple(
    (seen, name, mail(part))
    for seen, parts in (
        (InsteadOfWords.PICTURE, _PICTURES),
        (InsteadOfWords.QUOTE, _QUOTES),
        (InsteadOfWords.SIGNATURE, _SIGNATURES),
        (InsteadOfWords.EMPTY_FILE, _EMPTY_FILES),
        (InsteadOfWords.UNREADABLE, _UNREADABLE),
        (InsteadOfWords.NOTHING, _NOTHING),
    )
    for name, part in parts.items()
)
ONE_OF_EACH = {seen: raw for seen, _, raw in reversed(MAILS)}
