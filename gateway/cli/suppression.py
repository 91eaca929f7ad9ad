"""Suppressions: which addresses are not written to, why, until when; lift one, or add one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from core.client.command import Caller, command
from core.client.terminal import Told, moment
from core.errors import SettingsError

suppression = typer.Typer(
    no_args_is_help=True, help="Addresses that are not written to: why, until when; lift them."
)

_COLUMNS = ("address", "cause", "evidence", "madeAt", "expiresAt", "liftedAt")

AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="Or a suppression's id.")]


@command(suppression, "list")
async def list_(
    at: Caller,
    *,
    address: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Only of this, or of an @domain.")
    ] = None,
    cause: Annotated[str | None, typer.Option(help="Only for this cause, as quota.")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Also what has ended or was lifted.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1)] = 1000,
) -> Told:
    """List the addresses that are not written to."""
    query = {"address": address, "cause": cause, "all": "true" if every else None}
    where = ("v1", await at.app(), "suppressions")
    return Told(await at.pages(*where, limit=limit, **query), _COLUMNS)


@command(suppression, "show")
async def show(at: Caller, address: AddressArgument) -> Told:
    """Show what is known of an address: which answer, of which mail, and what lifting it means."""
    told = await at.of_app("GET", "suppressions", address)
    return Told(told, text="\n".join(_lines(told)))


@command(suppression, "lift")
async def lift(at: Caller, address: AddressArgument) -> Told:
    """Let an address be written to again, and tell which mails may leave now."""
    told = await at.of_app("DELETE", "suppressions", address)
    return Told(told, text="\n".join([told["sentence"], *_waiting(told)]))


@command(suppression, "add")
async def add(
    at: Caller,
    address: Annotated[str, typer.Argument(metavar="ADDRESS")],
    note: Annotated[str, typer.Option(help="Why, for whoever looks at it later.")] = "",
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="As 2027-01-31; by default until lifted.")
    ] = None,
) -> Told:
    """Write no more to an address, until a day or until it is lifted."""
    body = {"address": address, "note": note, "until": _moment(until)}
    told = await at.of_app("POST", "suppressions", body=body)
    return Told(told, text=told["sentence"])


def _moment(given: str | None) -> int | None:
    """Return the moment a date or a time names, in UTC where it says no zone."""
    if given is None:
        return None
    try:
        read = datetime.fromisoformat(given)
    except ValueError:
        raise SettingsError(f"--until {given}: is no date as 2027-01-31") from None
    return int((read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp() * 1000)


def _lines(told: dict[str, Any]) -> Iterator[str]:
    yield told["sentence"]
    yield from (one for one in (told["means"], told["toChange"]) if one)
    if mail := told["mail"]:
        yield f"It is known from {mail['id']} to {told['user']}:"
        for step in mail["timeline"]:
            said = f" ({step['said']})" if step["said"] else ""
            yield f"    {moment(step['at'])}  {step['what']}{said}"
    yield from _waiting(told)


def _waiting(told: dict[str, Any]) -> Iterator[str]:
    """Yield what waits for the address, and what else hinders it."""
    for one in (*told["mayLeave"], *told["stillHindered"]):
        why = "; ".join(each["sentence"] for each in one.get("toChange", ()))
        due = moment(one["dueAt"]) if one["dueAt"] is not None else ""
        yield f"    {one['state']} to {one['user']} of {one['conversation']} {due} {why}".rstrip()
