"""Where the notifier is killed, from the claim of a debt to the last word about its mail.

A point is a moment in a function of ours (as it is called, or as it returns), or a step at which
the relay is. ``after`` names a function that must have returned before: so "once it is committed"
is the waking of whoever waits for the transaction in which that function was run. ``where`` looks
at the function's own variables, where one function serves several.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_GROUP = "core.store.engine.group"
_CLAIM = "core.store.engine.due:claim"
_WIRE = "notifier.channels.email.smtp_client.wire:Pipelined"
_EMAIL = "notifier.channels.email"


@dataclass(frozen=True, slots=True)
class Point:
    """One point: its name; a function and CALL or RETURN, or a step of the relay's."""

    name: str
    code: str = ""
    event: str = "call"
    after: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    relay: str = ""


def _around(name: str, code: str, where: Mapping[str, str] | None = None) -> list[Point]:
    """Return the two points before and behind a function."""
    return [
        Point(f"before {name}", code, "call", where=where or {}),
        Point(f"behind {name}", code, "return", where=where or {}),
    ]


def _committed(name: str, code: str) -> list[Point]:
    """Return the points behind what a function wrote: on disk, and told to who waits for it."""
    return [
        Point(f"{name}: on disk, told to nobody", f"{_GROUP}:wake", "call", code),
        Point(f"{name}: told", f"{_GROUP}:_resolve_here", "return", code),
    ]


POINTS = (
    Point("before claims of before are freed", "core.store.engine.liveness:release_all"),
    *_committed("claims of before are freed", "core.store.engine.liveness:release_all"),
    *_around("the claim of a debt", _CLAIM, where={"table": "pending"}),
    Point("a debt is claimed", "notifier.dispatch:decide"),
    *_around("the decision", "core.actions.decide:decide"),
    *_around("its row", "core.store.notifications:add"),
    *_around("the debt is cleared", "core.store.pending:clear"),
    *_around("the mail is queued", "core.actions.queue:queue"),
    *_around("the app is told of the decision", "core.actions.describe:notified"),
    *_committed("the decision", "core.actions.decide:decide"),
    *_around("the claim of a mail", _CLAIM, where={"table": "delivery"}),
    Point("a mail is claimed", "notifier.dispatch:deliver"),
    Point("it is looked up", "notifier.queue.claimed:look_up", "return"),
    Point("it has had its last look", "notifier.queue.claimed:last_look", "return"),
    *_around("its view", "notifier.rendering.view:digest_view"),
    Point("its octets are written", f"{_EMAIL}.compose:compose", "return"),
    *_around("it is said to leave", "core.store.deliveries:transmitting"),
    *_committed("it is said to leave", "core.store.deliveries:transmitting"),
    Point("it is handed to the relay", f"{_EMAIL}.relay:SmtpRelay.send"),
    Point("the relay is to be reached", f"{_EMAIL}.smtp_client.relay_connection:open_connection"),
    Point("the relay hears EHLO", relay="EHLO"),
    *_around("what is said of it", f"{_EMAIL}.smtp_client.dialogue:dialogue"),
    Point("its envelope is to be said", f"{_WIRE}.ask"),
    Point("the relay hears MAIL", relay="MAIL"),
    Point("the relay hears RCPT", relay="RCPT"),
    Point("the relay hears DATA", relay="DATA"),
    Point("its content is to be said", f"{_WIRE}.give"),
    Point("the relay has some of its content", relay="CONTENT"),
    Point("the relay has the dot, and has not taken it", relay="DOT"),
    Point("the relay has taken it, and not said so", relay="TAKEN"),
    *_around("the reply is judged", f"{_EMAIL}.judgement:judge"),
    Point("the lane has heard", "notifier.scheduling.lane:Lane.heard", "return"),
    *_around("the outcome", "core.actions.settle:settle"),
    *_around("its end is written", "core.store.deliveries:complete"),
    Point("the try is written", "core.store.deliveries:add_attempt", "return"),
    *_around("the app is told of the mail", "core.actions.tell_mail:tell_mail"),
    *_committed("the outcome", "core.actions.settle:settle"),
    *_around("the claim of an event", _CLAIM, where={"table": "webhook_stream"}),
    Point("an event is claimed", "notifier.webhooks:tell"),
    Point("an event is to be posted", "notifier.channels.webhook.call:WebhookClient.send"),
    *_around("its answer is written", "notifier.webhooks:_written"),
    *_committed("its answer", "core.store.webhooks:taken"),
    *_around("the cursor goes on", "core.store.webhooks:advance"),
)  # fmt: skip
