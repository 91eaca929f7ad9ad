"""How suppressions are asked for, and what can be said of one that is added by hand."""

from difflib import get_close_matches
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from core.actions.suppression_shape import address_in
from core.email_address import is_mailbox, suggestion
from core.errors import InvalidRequest
from core.rules.suppression_terms import terms
from core.store.suppressions import SuppressionQuery
from gateway.http.bodies.base import Address, GivenMoment, JsonBody, Text


class SuppressionBody(JsonBody):
    """An address that is not to be written to, why, and until when (left out: until lifted)."""

    address: Address
    cause: Literal["by_hand"] = "by_hand"
    note: Annotated[Text, Field(max_length=500)] = ""
    until: GivenMoment | None = None


class SuppressionPaging(BaseModel):
    """How a list of suppressions is asked for."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    limit: int = Field(20, ge=1, le=100)
    starting_after: str | None = None
    address: str | None = Field(None, min_length=1, max_length=320)
    cause: str | None = None
    every: bool = Field(default=False, alias="all")


Asked = Annotated[SuppressionPaging, Query()]


def wanted(paging: SuppressionPaging) -> SuppressionQuery:
    """Return which page is asked for, or raise InvalidRequest with what may be meant."""
    if paging.cause is not None and paging.cause not in terms():
        near = get_close_matches(paging.cause[:60], terms(), n=1)
        known = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(terms())}"
        raise InvalidRequest(f"cause: there is no cause {paging.cause[:60]!r}; {known}")
    address = paging.address
    if address is not None and not is_mailbox(f"x{address}" if address[0] == "@" else address):
        near_one = suggestion(address)
        meant = f"; write it as {near_one}" if near_one else ""
        raise InvalidRequest(f"address: {address[:60]!r} is no address and no @domain{meant}")
    after = paging.starting_after
    return SuppressionQuery(
        limit=paging.limit,
        after=None if after is None else address_in(after),
        address=address,
        cause=paging.cause,
        every=paging.every,
    )
