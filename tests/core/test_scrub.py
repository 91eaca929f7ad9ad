"""No encoding of a link, nor five one in another, hides a token of ours; nothing else goes."""

import base64
import html
import random
import tomllib
import tracemalloc
from collections.abc import Callable
from importlib import resources
from urllib.parse import quote

import pytest

from core.nested_encodings import escape_signs, views
from core.scrub import HIDDEN
from gateway.mail.token_scrub import scrub, scrub_file

TOKEN = "aeaejascoqgfvvfwi2k3ynva4fsmwhzhy562aojn5z6q"
SECRETS = [f"https://n.shop.example/u/{TOKEN}", f"http://n.shop.example/h/{TOKEN.upper()}",
           f"r+{TOKEN}@reply.test", f"mailto:u+{TOKEN}@reply.test?subject=x",
           f"https://n.shop.example/f/{TOKEN}abcd/photo.png", f"b.{TOKEN}@reply.test"]  # fmt: skip


def pieces(text: str, length: int) -> list[str]:
    """Cut a text into pieces."""
    return [text[at : at + length] for at in range(0, len(text), length)]


def escaped(text: str, sign: str, more: str = "", *, small: bool = False) -> str:
    """Escape what is no letter or digit, as a URL is, with any sign."""
    return "".join(
        c
        if c.isalnum() or c in more
        else "".join(f"{sign}{octet:02{'x' if small else 'X'}}" for octet in c.encode())
        for c in text
    )


def wrapped(template: str) -> Callable[[str], str]:
    """Return what a rewriter makes of a link."""

    def wrap(url: str) -> str:
        forms = {"plain": url, "percent": quote(url, safe=""), "star": quote(url, safe=""),
                 "dash": escaped(url, "-", "._-").replace("-2F", "_"),
                 "base64": base64.urlsafe_b64encode(url.encode()).decode()}  # fmt: skip
        forms["star"] = forms["star"].replace("%", "*")
        return template.format(**forms)

    return wrap


DATA = (resources.files("core") / "data" / "link_rewriters.toml").read_text("utf-8")
REWRITERS = {one["name"]: wrapped(one["link"]) for one in tomllib.loads(DATA)["rewriter"]}
ENCODINGS: dict[str, Callable[[str], str]] = {
    "percent": lambda url: quote(url, safe=""),
    "percent, in small digits": lambda url: escaped(url, "%", small=True),
    "quoted-printable": lambda url: escaped(url, "="),
    "lines of quoted-printable": lambda url: "=\r\n".join(pieces(url, 20)),
    "a star": lambda url: escaped(url, "*"),
    "an underscore": lambda url: escaped(url, "_", "."),
    "entities": lambda url: "".join(c if c.isalnum() else f"&#x{ord(c):x};" for c in url),
    "entities, decimal": lambda url: "".join(f"&#{ord(c)};" for c in url),
    "named entities": lambda url: html.escape(url).replace("/", "&sol;").replace("+", "&plus;"),
    "JSON": lambda url: url.replace("/", "\\/").replace("+", "\\u002B").replace("@", "\\u0040"),
    "a script": lambda url: escaped(url, "\\x"),
    "unicode": lambda url: "".join(c if c.isalnum() else f"\\u{ord(c):04x}" for c in url),
    "%u": lambda url: "".join(c if c.isalnum() else f"%u{ord(c):04X}" for c in url),
    "unicode, every sign": lambda url: "".join(f"\\u{ord(c):04x}" for c in url),
    "%u, every sign": lambda url: "".join(f"%u{ord(c):04x}" for c in url),
    "base64": lambda url: base64.b64encode(url.encode()).decode(),
    "base64 of URLs": lambda url: base64.urlsafe_b64encode(url.encode()).decode().rstrip("="),
    "hexadecimal": lambda url: url.encode().hex(),
    "every sign": lambda url: "".join(f"%{octet:02x}" for octet in url.encode()),
    "soft hyphens": lambda url: "\u00ad".join(pieces(url, 7)),
    "zero width": lambda url: "\u200b".join(pieces(url, 9)),
}  # fmt: skip
ALL = REWRITERS | ENCODINGS


def hidden(text: str) -> bool:
    """Tell whether no piece of the token is left, in any view of a text."""
    return HIDDEN in text and not any(
        TOKEN[at : at + 9] in view.text.lower() for view in views(text) for at in range(0, 36, 9)
    )


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("name", ALL)
def test_p7_02_one_encoding_hides_no_token(name: str, secret: str) -> None:
    """Each filter's, script's and format's own: the link that carries it goes as a whole."""
    said = scrub(f"Before {ALL[name](secret)} after")

    assert hidden(said)
    assert said.startswith("Before ")
    assert said.endswith(" after")


@pytest.mark.parametrize("outer", ALL)
@pytest.mark.parametrize("inner", ALL)
def test_two_encodings_hide_no_token(outer: str, inner: str) -> None:
    """Any one within any other."""
    for secret in SECRETS[:3]:
        assert hidden(scrub(f"See {ALL[outer](ALL[inner](secret))} there"))


@pytest.mark.parametrize("seed", range(60))
def test_up_to_five_encodings_hide_no_token(seed: int) -> None:
    """Whatever the order they were put on in."""
    chance = random.Random(seed)
    said = chance.choice(SECRETS[:4])
    for name in chance.choices(list(ALL), k=chance.randint(3, 5)):
        said = ALL[name](said)

    assert hidden(scrub(f"See {said} there"))


@pytest.mark.parametrize(
    "said",
    [
        f"https://n.shop.example/u/{TOKEN[:20]}\n{TOKEN[20:]}",
        f"> r+{TOKEN[:20]}\n> {TOKEN[20:]}@reply.test",
        f"r+{TOKEN[:20]}\n    {TOKEN[20:]}@reply.test",
        f"r+{TOKEN[:9]} {TOKEN[9:20]} {TOKEN[20:]}@reply.test",
        f"https://x.example/?u=https%3A%2F%2Fn.example%2Fu%2F{TOKEN[:20]}\n{TOKEN[20:]}&x=y",
        f"r%2B{TOKEN[:9]}%C2%AD{TOKEN[9:]}%40reply.test",
        f"r%2B{TOKEN[:9]}%C2\u200b%AD{TOKEN[9:30]}%C\u200b2%AD{TOKEN[30:]}%40reply.test",
        f"r%2B{TOKEN[:9]}%C2=\r\n%AD{TOKEN[9:30]}%=\r\nC2%AD{TOKEN[30:]}%40reply.test",
        f"r%252B{TOKEN[:9]}%25E2%2580%258B{TOKEN[9:]}%2540reply.test",
        f"https3A2F2Fn.example2Fu2F{TOKEN}",
        f"mailto3Ar2B{TOKEN}40reply.test.pdf",
        f"https:u002Fu002Fn.example/u002Fuu002F{TOKEN}",
        f"https://a.example/**A{TOKEN}__;JSU!!x$",
    ],
)
def test_a_token_that_was_broken_is_found(said: str) -> None:
    """Over lines, by blanks, by what nobody sees, by escapes that lost their sign."""
    assert hidden(scrub(f"See {said} there"))


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Ann;r%2B{}%40reply.test;Bo", "Ann;{};Bo"),
        ("Ann, r%2B{}%40reply.test, Bo", "Ann, {}, Bo"),
        ('{{"a":"https:\\/\\/n.example\\/u\\/{}","b":"c"}}', '{{"a":"{}","b":"c"}}'),
        ('<a href="mailto:r&#43;{}&#64;reply.test">hi</a>', '<a href="{}">hi</a>'),
        ("see\nhttps://x.example/?u=%2Fu%2F{}&e=\nund Ende", "see\n{}\nund Ende"),
        ("see https://n.example/u/{}\nund Ende", "see {}\nund Ende"),
        ("(https://x.example/?u=%2Fu%2F{}) ja", "({}) ja"),
    ],
)
def test_what_stands_beside_it_stays(written: str, left: str) -> None:
    """The link or the word goes, and nothing around it."""
    assert scrub(written.format(TOKEN)) == left.format(HIDDEN)


@pytest.mark.parametrize("name", ALL)
def test_files_are_no_way_out(name: str) -> None:
    """What reads as text is looked through as a text is."""
    octets = f"Grüße\r\n{ALL[name](SECRETS[0])}\r\nund Ende\r\n".encode()
    said = scrub_file(octets).decode()

    assert hidden(said)
    assert said.startswith("Grüße\r\n")
    assert said.endswith("und Ende\r\n")


INNOCENT = [
    "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fshop.example%2Fbikes%2F4711",
    "http://zqktlwiuavvvqqt4ybvgvi7tyo4hjl5xgfuvpdf6otjiycgwqbym2qad.onion/wiki",
    "sha256 47dt6zlqzsjzbkuw4bvtz2x4ttuq3fqxxm7jqfnpokexkknjaa2q in base32, 52 signs",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQss",
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch!",
    "Jaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "ahahahahahahahahahahahahahahahahahahahahahahahaha",
    "r.then they came u.and so on, r+d is research and development of twenty two new bikes",
    "Price =20 EUR, a*2F, 100%25, C:\\x41\\u002f, &sol; and &#x2F; are signs",
    "UGxlYXNlIHNlbmQgbWUgdGhlIGJpa2UgdG9tb3Jyb3csIEkgd2lsbCBiZSBhdCBob21lIGFsbCBkYXkgbG9uZy4=",
    "https://click.example/c/aHR0cHM6Ly9zaG9wLmV4YW1wbGUvYmlrZXMvcmVkLTQ3MTEvcGljdHVyZXM_YT1iJmM9ZA",
    "0x2F 0x41 /u/ /f/ https://x.example/u/bob r+bob@x.example u+list@x.example",
    "3132333435363738393031323334353637383930" * 4,
    "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("letters", [1, 2, 4, 9])
@pytest.mark.parametrize(
    "escape",
    ["%{:02x}", "={:02X}", "&#{};", "&#x{:x};", *(f"{sign}{{:02X}}" for sign in escape_signs())],
)
def test_a_few_escaped_letters_hide_nothing(secret: str, escape: str, letters: int) -> None:
    """A browser reads a%62c as abc, and each filter its own signs: the link would work."""
    at = secret.lower().index(TOKEN) + 12
    coded = "".join(escape.format(ord(sign)) for sign in secret[at : at + letters])
    said = secret[:at] + coded + secret[at + letters :]

    assert hidden(scrub(f"Look: {said}"))


@pytest.mark.parametrize("words", INNOCENT)
def test_nothing_else_goes(words: str) -> None:
    """Long words, digests, other links and other codes stay to the letter."""
    assert scrub(f"Look: {words} there") == f"Look: {words} there"
    assert scrub_file(f"{words}\r\n".encode()) == f"{words}\r\n".encode()


@pytest.mark.parametrize(
    "name", ["percent", "a star", "base64", "zero width", "Cisco Secure Email"]
)
def test_bad_copies_are_read(name: str) -> None:
    """Cut, doubled or behind a megabyte, nothing raises, and the token is found where it is."""
    said = ALL[name](SECRETS[0])

    assert isinstance(scrub(said[: len(said) // 2]), str)
    assert hidden(scrub(f"{said} {said}"))
    assert hidden(scrub("An older line of words, 20% off & more.\n" * 25_000 + said))


@pytest.mark.parametrize(
    "piece",
    ["%", "%25", "A=", "%2525252F", "&amp;", "&#x2f;", "=2F", "=", "\\", "\\u002F", "*2F",
     "a", "aa2a ", "r+", "r+aaaa ", "/u/", "/u/aaaa\n", "QUFB", "http", "https://", "é",
     "\u200b", "2f", "-2D",
     "eyJaaaaaaaaaa\n", "eyJ\n" * 30 + "." + "a" * 3_900 + "-\n",
     "YUhSMGNITTZMeTl6YUc5d0xtVjRZVzF3YkdVdmRTOWhaV0ZsYW1GelkyOXhaMloyZG1aM2FUSnJNM2x1ZG1FMFpu"],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_bounded_time(piece: str) -> None:
    """No pattern goes back over what it has seen, and no code is opened without end."""
    text = piece * (1_000_000 // len(piece)) + " " + SECRETS[2]

    assert TOKEN not in scrub(text)


def test_codes_within_codes_take_bounded_time() -> None:
    """Sixteen times base64 of much text: it is opened five times, and no more than is in it."""
    octets = b"x" * 10_000 + SECRETS[2].encode()
    for _ in range(14):
        octets = base64.b64encode(octets)

    assert len(scrub(octets.decode())) > 0


@pytest.mark.parametrize("name", ALL)
def test_a_long_file_reads_the_same_in_pieces(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever one piece ends and the next begins: before the token, behind it, or within."""
    said, line = ALL[name](SECRETS[0]), "An older line of words, 20% off & more.\n"
    texts = [
        f"{(line * 200)[: 3_400 + shift]} {said} {line * 200}" for shift in range(0, 1_300, 61)
    ]
    whole = [scrub(text) for text in texts]
    monkeypatch.setattr("core.scrub._PIECE", 4_000)
    monkeypatch.setattr("core.scrub._SHARED", 3_000)

    assert [scrub(text) for text in texts] == whole
    assert all(map(hidden, whole))


def test_a_file_full_of_tokens_takes_little_more_than_itself() -> None:
    """Megabytes of our links, one a line."""
    text = f"{SECRETS[2]}\n" * (2_500_000 // (len(SECRETS[2]) + 1))
    tracemalloc.start()
    clean = scrub(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert TOKEN not in clean.lower()
    assert peak < 8 * len(text)
