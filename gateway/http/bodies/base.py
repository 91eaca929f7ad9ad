"""What is a body made of? Fields that let no text in which a database or a reader cannot take.

Fields left out are left alone, null resets (talkjs-spec, 2.3); ``changes`` returns just what was
given, in our own names. Foreign text passes through here first: NUL and lone surrogates never
reach the database.
"""

import math
from difflib import get_close_matches
from functools import partial
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo

from core.email_address import is_mailbox, suggestion
from core.ids import wrong_with
from core.rules.bounds import CUSTOM_OCTETS, octets
from gateway.http.blocks import MOST_NODES, MOST_TEXT
from gateway.http.bodies.locale_tag import locale_tag
from gateway.http.bodies.talkjs_fields import TAKEN_FOR_TALKJS
from gateway.http.bodies.time_zone import time_zone

_BIGGEST = 1 << 63
_DEEPEST = 32
_LONGEST_NUMBER = 20
_SHOWN = 60


def clean(text: str) -> str:
    """Refuse what no database or reader takes."""
    if "\0" in text:
        raise ValueError("must not contain NUL")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("must be well-formed Unicode") from None
    return text


def _address(text: str) -> str:
    if not is_mailbox(text):
        near = suggestion(text)
        better = f"; write it as {near}" if near else ""
        raise ValueError(f"{text[:60]!r} is not an email address{better}")
    return text


def _id(text: str) -> str:
    wrong = wrong_with(text)
    if wrong is not None:
        raise ValueError(wrong)
    return text


def few(most: int, least: int | None = None) -> FieldInfo:
    """Declare how many a list or an object has, and refuse more before any of it is looked at.

    A length that is only declared is compared when each item has been checked, and each that is
    wrong is a sentence by then: thousands of them take a tenth of a second, in which nobody else is
    answered.
    """
    declared: FieldInfo = Field(min_length=least, max_length=most)
    declared.metadata.append(BeforeValidator(partial(_few, most=most)))
    return declared


def _few(several: Any, most: int) -> Any:
    if isinstance(several, list | dict) and len(several) > most:
        raise ValueError(f"must be at most {most}, and these are {len(several)}")
    return several


def _short(custom: dict[str, str | None]) -> dict[str, str | None]:
    """Refuse what is too much by itself, before anything it is added to is read."""
    if octets(custom) > CUSTOM_OCTETS.most:
        raise ValueError(f"must be at most {CUSTOM_OCTETS.most} octets of JSON")
    return custom


def clean_tree(tree: Any) -> Any:
    """Refuse JSON that is too deep or too much, and what no database or reader takes."""
    todo = [(tree, 1)]
    for seen, (one, depth) in enumerate(todo, 1):  # grows while it is walked
        if seen > MOST_NODES or depth > _DEEPEST:
            raise ValueError(f"must be at most {_DEEPEST} levels deep and {MOST_NODES} values")
        match one:
            case str():
                clean(one)
            case float() if not math.isfinite(one):
                raise ValueError("must hold finite numbers")
            case int() if not -_BIGGEST <= one < _BIGGEST:
                raise ValueError("must hold numbers of 64 bits")
            case dict():
                todo += [(part, depth + 1) for pair in one.items() for part in pair]
            case list():
                todo += [(part, depth + 1) for part in one]
            case _:  # null, true, false, a number within bounds
                pass
    return tree


def within(least: int, most: int, what: str) -> BeforeValidator:
    """Return what refuses all but a whole number within a range, and names the range.

    ``what``: its unit, or what it counts. A number may come as a text, as TalkJS takes it.
    """
    return BeforeValidator(partial(_within, bounds=(least, most), what=what))


def _within(given: Any, bounds: tuple[int, int], what: str) -> Any:
    wanted = f"must be a whole number from {bounds[0]} to {bounds[1]} ({what})"
    match given:
        case None:
            return None
        case bool():
            raise ValueError(wanted)
        case str() if len(given) <= _LONGEST_NUMBER and given.strip().removeprefix("-").isdecimal():
            number = int(given)
        case int():
            number = given
        case float() if given.is_integer():
            number = int(given)
        case _:
            raise ValueError(wanted)
    if not bounds[0] <= number <= bounds[1]:
        raise ValueError(wanted)
    return number


def _known_only(fields: frozenset[str], taken: frozenset[str], given: Any) -> None:
    """Raise ValueError for the first field that is neither known nor taken, with the nearest."""
    for name in given if isinstance(given, dict) else ():
        if name in fields or name in taken:
            continue
        shown = str(name)[:_SHOWN]
        near = get_close_matches(shown, sorted(fields), n=1, cutoff=0.7)
        known = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(fields))}"
        raise ValueError(f"there is no field {shown!r} here; {known}")


Text = Annotated[str, AfterValidator(clean), Field(max_length=MOST_TEXT)]
Name = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=255)]
Id = Annotated[str, AfterValidator(clean), AfterValidator(_id)]
Zone = Annotated[Name, AfterValidator(time_zone)]
LocaleTag = Annotated[Name, AfterValidator(locale_tag)]
Url = Annotated[str, AfterValidator(clean), Field(max_length=2_000)]
Address = Annotated[str, AfterValidator(clean), AfterValidator(_address)]
Custom = Annotated[
    dict[Name, Annotated[str, AfterValidator(clean)] | None],
    few(50),
    AfterValidator(_short),
]

GivenMoment = Annotated[int, Field(ge=0, lt=_BIGGEST)]


class JsonBody(BaseModel):
    """A JSON object in camel case. A field nobody knows is refused, but those of TalkJS's clients.

    Those stand in ``talkjs_fields``.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _knows(cls, given: Any) -> Any:
        """Refuse a field that means nothing here."""
        names = frozenset(one.alias or name for name, one in cls.model_fields.items())
        own = frozenset(cls.model_fields)
        _known_only(names, own | TAKEN_FOR_TALKJS.get(cls.__name__, frozenset()), given)
        return given

    def changes(self, *resets: tuple[str, Any]) -> dict[str, Any]:
        """Return the fields that were given; a null becomes its field's reset value."""
        values = dict(resets)
        given = self.model_dump(exclude_unset=True)
        return {k: values.get(k) if v is None and k in values else v for k, v in given.items()}
