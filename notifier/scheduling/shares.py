"""Which endpoints may be called now? Shares out the slots, so that none waits for another's.

An app has no more slots than it leaves free, however many endpoints it has: alone, half of all; of
several that want more than there are, each as many as any other, and as many again stay free for
who comes next. (Of a shared buffer this is the dynamic threshold: Choudhury and Hahne, "Dynamic
queue length thresholds for shared-memory packet switches", IEEE/ACM ToN 6(2), 1998.)

Within that, an endpoint is called over a few conversations at once, and over more once it has
answered. One that did not answer last time, or not soon, is called over one, and all of those
together have half of the slots, shared out among apps by the same rule: however many hang, and
however much waits for them, the others are told at once.

``closed`` names whoever is to be left alone for now; what was claimed for one of them all the
same, ``take`` refuses.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import islice

UNKNOWN = 4
ANSWERING = 12
KNOWN = 100  # of each app, the endpoints heard of last: twice as many as it may have
APPS = 1_000  # heard of last
NAMED = 5_000  # at once: a statement has at most 32,767 parameters, and `take` refuses the others

EndpointKey = tuple[str, str]  # app, endpoint


@dataclass(frozen=True, slots=True)
class Closed:
    """Who may have no slot now: whole apps, and endpoints of others, by their ids."""

    apps: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()


class Shares:
    """So many slots, and who has them."""

    def __init__(self, slots: int) -> None:
        """Begin with all slots free, and nobody known."""
        self.slots = slots
        self._held: Counter[EndpointKey] = Counter()
        self._by_app: Counter[str] = Counter()
        # By app and endpoint, the one heard of last at the end: whether it answered soon.
        self._heard: dict[str, dict[str, bool]] = {}

    def take(self, key: EndpointKey) -> bool:
        """Take a slot for an endpoint, if its app and it may have another."""
        if self._is_app_closed(key[0]) or self._is_endpoint_closed(key):
            return False
        self._held[key] += 1
        self._by_app[key[0]] += 1
        return True

    def give_back(self, key: EndpointKey) -> bool:
        """Give a slot back; True if it was wanted: what was refused may be taken now."""
        was_closed = self.closed() != Closed()
        self._held -= Counter([key])  # which forgets whoever has none left
        self._by_app -= Counter([key[0]])
        return was_closed

    def heard(self, key: EndpointKey, *, answered_soon: bool) -> None:
        """Learn whether an endpoint answers, and soon, be it with a refusal."""
        of_app = self._heard[key[0]] = self._heard.pop(key[0], {})
        if len(self._heard) > APPS:
            del self._heard[next(iter(self._heard))]
        of_app.pop(key[1], None)
        of_app[key[1]] = answered_soon
        if len(of_app) > KNOWN:  # who makes ever new ones is not remembered for ever
            del of_app[next(iter(of_app))]

    def has_too_many(self, app_id: str) -> bool:
        """Tell whether an app has more than its share, since another has come: it gives some up.

        By more than one: else the last that it may take would be given up at once.
        """
        return self._by_app[app_id] > self._free() + 1

    def closed(self) -> Closed:
        """Return who may have no slot now, as far as they are known."""
        apps = {app_id for app_id in self._by_app if self._is_app_closed(app_id)}
        endpoints = {key for key in self._held if self._is_endpoint_closed(key)}
        endpoints |= self._closed_as_silent()
        others = (endpoint_id for app_id, endpoint_id in endpoints if app_id not in apps)
        return Closed(tuple(sorted(apps)), tuple(sorted(islice(others, NAMED))))

    def _free(self) -> int:
        return self.slots - self._by_app.total()

    def _is_app_closed(self, app_id: str) -> bool:
        return self._by_app[app_id] >= self._free()

    def _is_endpoint_closed(self, key: EndpointKey) -> bool:
        answers, held = self._answers(key), self._held[key]
        if answers is False:
            return held >= 1 or self._have_silent_enough(key[0])
        return held >= (UNKNOWN if answers is None else ANSWERING)

    def _answers(self, key: EndpointKey) -> bool | None:
        """Return whether an endpoint answered soon last time, None if it is not known."""
        return self._heard.get(key[0], {}).get(key[1])

    def _have_silent_enough(self, app_id: str) -> bool:
        """Tell whether the silent endpoints of an app have all that they may have together."""
        held, free = self._held_by_silent()
        return held[app_id] >= free

    def _closed_as_silent(self) -> set[EndpointKey]:
        """Return the silent endpoints of those apps whose silent ones have enough."""
        held, free = self._held_by_silent()
        full = {app_id: of for app_id, of in self._heard.items() if held[app_id] >= free}
        return {
            (app_id, one) for app_id, of in full.items() for one, soon in of.items() if not soon
        }

    def _held_by_silent(self) -> tuple[Counter[str], int]:
        """Return how many slots the silent endpoints of each app have, and what they leave."""
        held: Counter[str] = Counter()
        for key, count in self._held.items():
            if self._answers(key) is False:
                held[key[0]] += count
        return held, (self.slots + 1) // 2 - held.total()
