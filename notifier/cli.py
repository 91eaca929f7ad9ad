"""What waits to leave, what became of it, and how is it tried again? The queue, for operators."""

from typing import Annotated, Any

import typer

from core.client.command import Caller, command
from core.client.terminal import Told
from core.moment import in_words
from core.scrub import scrub

queue = typer.Typer(no_args_is_help=True, help="Mails that wait to leave, and what became of them.")

_COLUMNS = ("id", "state", "to", "attempts", "dueAt", "reason")

_LANE_COLUMNS = ("lane", "state", "closedUntil", "reason", "said", "saidTo")

_PLACES = {"pendings": "owedAfter", "deliveries": "startingAfter"}  # what a page begins after
_AT_ONCE = 1_000

Operator = Annotated[
    bool, typer.Option("--operator", help="Mail passed on from postmaster@ and abuse@.")
]
LaneArgument = Annotated[
    str, typer.Argument(metavar="LANE", help="Its name, as email or email/gmail.")
]
DeliveryArgument = Annotated[str, typer.Argument(metavar="DELIVERY", help="Its id, as dlv_….")]


@command(queue, "list")
async def list_(
    at: Caller,
    *,
    every: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many of each kind.")] = 50,
    operator: Operator = False,
) -> Told:
    """List the mails that are owed and those that wait to leave; with --all, what has ended."""
    found = await _pages(at, limit, app="" if operator else await at.app(), all=str(every).lower())
    owed = [_owed(one) for one in found["pendings"]]
    return Told(found, _COLUMNS, rows=[*owed, *(_waiting(one) for one in found["deliveries"])])


@command(queue, "show")
async def show(at: Caller, delivery: DeliveryArgument, *, operator: Operator = False) -> Told:
    """Show a delivery, every attempt at it, and what it said, without the secrets in that."""
    found = await at.ask("GET", *await _queue(at, operator=operator), delivery)
    if found.get("trace"):
        found["trace"] = {name: scrub(str(said)) for name, said in found["trace"].items()}
    return Told(found)


@command(queue, "retry")
async def retry(
    at: Caller,
    delivery: DeliveryArgument,
    *,
    open_lane: Annotated[
        bool, typer.Option("--open-lane", help="Open the lane it waits behind, too.")
    ] = False,
    operator: Operator = False,
) -> Told:
    """Try a delivery again at once, also one that has failed, and say when that will be."""
    where = (*await _queue(at, operator=operator), delivery, "retry")
    found = await at.ask("POST", *where, openLane="true" if open_lane else None)
    behind = found.get("behind")
    if behind is None:
        return Told(found, text=f"{delivery} is tried again now.")
    when, name = in_words(found["triedAt"]), behind["lane"]
    said = _lane(behind)["said"] or behind["reason"]
    why = f"the lane {name} is closed until then ({said})"
    return Told(
        found,
        text=f"{delivery} is tried again at {when}: {why}. "
        f"`rejoinder queue open {name}` opens it now.",
    )


@command(queue, "lanes")
async def lanes(at: Caller) -> Told:
    """List the lanes mails leave by: open, or closed until when, and what was said last."""
    found = (await at.ask("GET", "admin", "lanes"))["lanes"]
    return Told(found, _LANE_COLUMNS, rows=[_lane(one) for one in found])


@command(queue, "open")
async def open_(at: Caller, lane: LaneArgument) -> Told:
    """Open a lane: what waits behind it is tried now; refused again, it closes again."""
    found = await at.ask("POST", "admin", "lanes", "open", lane=lane)
    return Told(found, text=f"{lane} is open; what waits behind it is tried now.")


def _lane(one: dict[str, Any]) -> dict[str, Any]:
    said = one["said"]
    words = " ".join(str(said[part]) for part in ("code", "enhanced", "text") if said[part])
    return one | {"said": words or None}


async def _queue(at: Caller, *, operator: bool) -> tuple[str, ...]:
    """Return where a delivery is found: the operator's are of no app."""
    return ("admin", "operator", "queue") if operator else ("admin", "queue", await at.app())


async def _pages(at: Caller, limit: int, **query: str) -> dict[str, list[Any]]:
    """Return the queue, each of its lists up to a limit; each page begins where the last ended.

    A list that has ended stays so, though something may have been added meanwhile.
    """
    found: dict[str, list[Any]] = {kind: [] for kind in _PLACES}
    more, asked = list(_PLACES), 0
    while more and asked < limit:
        size = min(_AT_ONCE, limit - asked)
        after = {_PLACES[kind]: found[kind][-1]["place"] for kind in more if found[kind]}
        page = await at.ask("GET", "admin", "queue", **query, limit=size, **after)
        for kind in more:
            found[kind] += page[kind]
        more = [kind for kind in more if len(page[kind]) == size]
        asked += size
    return found


def _owed(pending: dict[str, Any]) -> dict[str, Any]:
    to = f"{pending['userId']} in {pending['conversationId']}"
    return {"id": "-", "state": "owed", "to": to, "attempts": 0, "dueAt": pending["dueAt"]}


def _waiting(delivery: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": delivery["id"],
        "state": delivery["state"],
        "to": delivery["address"],
        "attempts": len(delivery["attempts"]),
        "dueAt": delivery["nextAttemptAt"],
        "reason": delivery["reason"],
    }
