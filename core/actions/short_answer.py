"""Of all that was decided, what is said in a line? What became of the newest."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.model.delivery import State
from core.moment import in_words

Json = Mapping[str, Any]


def newest(decisions: Sequence[Json]) -> str | None:
    """Return the short answer of decisions as they are shown, newest first; None without any."""
    if not decisions:
        return None
    last = decisions[0]
    ends = ", ".join(end_of(one) for one in last["deliveries"])
    # One mail to several addresses is cancelled for one reason or for several: each is said once.
    whys = dict.fromkeys(one["explanation"] for one in last["deliveries"] if one["explanation"])
    return " ".join([f"{last['explanation']} {ends}{'.' if whys else ''}".strip(), *whys])


def end_of(mail: Json) -> str:
    """Return where a mail is, as it is shown; of one that waits, until when."""
    waits = mail["state"] == State.QUEUED.value and mail["nextAttemptAt"] is not None
    due = f", to be tried at {in_words(mail['nextAttemptAt'])}" if waits else ""
    return f"{mail['address']}: {mail['state']}{due}"
