"""How is a noun made of columns, and its columns told, for statements of our own?

A noun carries data only: what makes one in bulk stands here, and knows how the ORM holds it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.instrumentation import manager_of_class
from sqlmodel import SQLModel

Noun = TypeVar("Noun", bound=SQLModel)
_Make = Callable[[], Any]


def fresh(noun: type[Noun], **given: Any) -> Noun:
    """Return a new noun with its columns set all at once, as one that was just read.

    The noun's own constructor tells the ORM of every column it sets and costs fifty times as
    much; that is for what a statement of our own writes hundreds of times a second.
    """
    constants, made = _defaults(noun)
    values = {**constants, **given}
    values.update({name: make() for name, make in made if name not in given})
    return bare(noun, values)


def bare(noun: type[Noun], columns: dict[str, Any]) -> Noun:
    """Return a noun of these columns and nothing else."""
    one: Noun = noun.__new__(noun)
    _manager(noun).setup_instance(one)
    vars(one).update(columns)
    return one


def row_of(noun: SQLModel) -> dict[str, Any]:
    """Return a noun's columns by name, for a statement of our own."""
    values = vars(noun)
    return {name: values[name] for name in type(noun).model_fields}


@cache
def _manager(noun: type[SQLModel]) -> Any:
    """Return what the ORM knows of a noun. It learns that with the first query, or here."""
    configure_mappers()
    return manager_of_class(noun)


@cache
def _defaults(noun: type[SQLModel]) -> tuple[dict[str, Any], tuple[tuple[str, _Make], ...]]:
    """Return what columns hold that are not given, and how to make what is not shared."""
    fields = [(name, one) for name, one in noun.model_fields.items() if not one.is_required()]
    made = tuple((name, one.default_factory) for name, one in fields if one.default_factory)
    return {name: one.default for name, one in fields if not one.default_factory}, made  # type: ignore[return-value]
