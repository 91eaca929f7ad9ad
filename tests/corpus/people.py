"""What do the same people write, one mail after another? The mails of people.toml."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr
from pathlib import Path
from typing import Any

from tests.corpus.case import Case
from tests.corpus.typeset import unlabelled

HERE = Path(__file__).resolve().parent
_ASKED = "q|> What about it?\nq|> Anna"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, and their mails, oldest first."""

    name: str
    address: str
    cases: tuple[Case, ...]


def people() -> list[Person]:
    """Return everybody."""
    told = tomllib.loads((HERE / "people.toml").read_text(encoding="utf-8"))
    quotes = told.pop("quotes")
    return [_person(key, one, quotes[one["locale"]]) for key, one in told.items()]


def in_order(everybody: list[Person]) -> Iterator[tuple[Person, Case]]:
    """Give all first mails, then all second ones, and so on."""
    for turn in range(max(len(one.cases) for one in everybody)):
        for one in everybody:
            if turn < len(one.cases):
                yield one, one.cases[turn]


def _person(key: str, told: Mapping[str, Any], announced: str) -> Person:
    pieces = {
        "quote": f"q|{announced}\n{_ASKED}",
        **{k: v.strip("\n") for k, v in told.get("pieces", {}).items()},
    }
    cases = tuple(
        _case(f"{key}-{number}", told, _laid_out(text, pieces))
        for number, text in enumerate(told["mails"], 1)
    )
    return Person(told["name"], told["address"], cases)


def _laid_out(text: str, pieces: Mapping[str, str]) -> str:
    """Put the pieces where they are named."""
    lines = text.strip("\n").split("\n")
    return "\n".join(pieces[line[1:]] if line.startswith("$") else line for line in lines)


def _case(name: str, told: Mapping[str, Any], labelled: str) -> Case:
    text, parts = unlabelled(labelled, {})
    sender = formataddr((str(Header(told["name"], "utf-8")), told["address"]))
    head = (
        f"From: {sender}\r\nTo: r@reply.example\r\nSubject: Re: x\r\n"
        f"Message-ID: <{name}@{told['address'].partition('@')[2]}>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    body = text.replace("\n", "\r\n")
    about = {"client": "any", "locale": told["locale"], "scenario": name}
    return Case(name, f"{head}{body}\r\n".encode(), parts, about=about)
