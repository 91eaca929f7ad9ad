"""Who gets which mail, and when? Said once more, as plainly as can be, from the promises alone.

It knows no database, no queue and no worker: every ten seconds it looks at everything anew. All
times are seconds since the play began, and tens. What it says and what Rejoinder does must agree.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

TICK = 10
IDLE = 60
NO_ROLE = (120, 900)
AT_ONCE = -(10**9)
GAPS = (600, 3600, 6 * 3600, 24 * 3600)


@dataclass
class Page:
    """What an open page of somebody last said, until when it is believed, and its place in time."""

    room: str
    focus: bool
    typing: bool
    end: int
    order: int
    touched: int | None


@dataclass
class Said:
    """One message."""

    number: int
    author: str | None
    at: int
    order: int
    mentions: frozenset[str]
    gone: bool = False
    critical: bool = False


@dataclass
class Person:
    """Somebody, and what they want; by room where it is of a room."""

    role: str = "default"
    notify: dict[str, str] = field(default_factory=dict)
    muted: dict[str, int] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)
    pages: dict[str, Page] = field(default_factory=dict)
    quiet: str | None = None
    zone: str = "UTC"
    visited: dict[str, int] = field(default_factory=dict)


@dataclass
class Debt:
    """From which message on somebody is owed word, since when, and when to ask again."""

    first: int
    since: int
    again: int = AT_ONCE
    waits_for: str = ""


@dataclass(frozen=True)
class Told:
    """A decision: when, of whom, where, why, and of which messages a mail was made."""

    at: int
    who: str
    room: str
    why: str
    messages: tuple[int, ...] = ()


class Oracle:
    """What must come of what happens."""

    def __init__(
        self, people: list[str], rooms: list[str], roles: dict[str, tuple[int, int]], begin: int
    ) -> None:
        """Begin: everybody is in every room; ``roles``: each one's timeout and maximum wait."""
        self.now, self.order = 0, 0
        self.people = {one: Person() for one in people}
        self.rooms: dict[str, list[Said]] = {one: [] for one in rooms}
        self.said_at = dict.fromkeys(rooms, AT_ONCE)
        self.typed_at = dict.fromkeys(rooms, AT_ONCE)
        self.roles, self.begin = roles, begin
        self.nights: dict[str, str] = {}
        self.bypass: set[str] = set()
        self.caps: dict[str, tuple[int | None, int | None, int | None]] = {}
        self.debts: dict[tuple[str, str], Debt] = {}
        self.told: list[Told] = []

    def say(
        self, room: str, author: str | None, mentions: frozenset[str], *, critical: bool = False
    ) -> None:
        """Let somebody say something, or the system: that owes nobody."""
        self.order += 1
        said = self.rooms[room]
        number = len(said) + 1
        said.append(Said(number, author, self.now, self.order, mentions, critical=critical))
        self.said_at[room] = self.now
        if author is None:
            return
        self.read(author, room)
        for name, one in self.people.items():
            wants = one.notify.get(room, "all")
            if name != author and (
                wants == "all" or (wants == "MentionsOnly" and name in mentions)
            ):
                debt = self.debts.setdefault((name, room), Debt(number, self.now))
                if critical:
                    timeout, _ = self.roles.get(one.role, NO_ROLE)
                    debt.again = min(debt.again, self.now + timeout)

    def read(self, name: str, room: str) -> None:
        """Let somebody read all: nothing is owed of it."""
        self.people[name].read[room] = len(self.rooms[room])
        self.debts.pop((name, room), None)

    def page(self, name: str, page_id: str, page: Page | None) -> None:
        """Let a page tell of itself, or close."""
        self.order += 1
        pages = self.people[name].pages
        before = pages.pop(page_id, None)
        if before is not None and before.typing and self.now < before.end:
            self.typed_at[before.room] = max(self.typed_at[before.room], self.now)
        watched = before.room if before and before.focus and self.now < before.end else None
        self._wake(name, watched, "a_page")
        if page is not None:
            if page.focus and page.room != watched:
                self.people[name].visited[page.room] = self.now
                self._wake(name, page.room, "back_off")
            page.order = self.order
            if page.typing:
                self.typed_at[page.room] = self.now
            pages[page_id] = page

    def _wake(self, name: str, room: str | None, waits_for: str) -> None:
        """Ask again now, if what is owed waits for this."""
        debt = self.debts.get((name, room or ""))
        if debt is not None and debt.waits_for == waits_for:
            debt.again = AT_ONCE

    def wait(self, seconds: int) -> None:
        """Let time pass, ten seconds after ten seconds."""
        for _ in range(seconds // TICK):
            self.now += TICK
            self.look()

    def ask_again(self, name: str) -> None:
        """Look anew at all that somebody is owed: what they, or their role, want has changed."""
        for (who, _), debt in self.debts.items():
            debt.again = AT_ONCE if who == name else debt.again

    def set_back(self, seconds: int) -> None:
        """Set the clock back; what began in what is now the future is looked at anew."""
        self.now -= seconds
        for debt in self.debts.values():
            debt.again = AT_ONCE if debt.since > self.now else debt.again
        self.look()

    def look(self) -> None:
        """Decide on all that is due."""
        for room in self.rooms:
            ends = [p.end for one in self.people.values() for p in one.pages.values()
                    if p.typing and p.room == room]  # fmt: skip
            latest = [self.typed_at[room], *(min(end, self.now) for end in ends)]
            self.typed_at[room] = max(latest)
        for (name, room), debt in list(self.debts.items()):
            if self.now >= debt.again and self._is_due(name, room, debt):
                self._decide(name, room, debt)

    def _is_due(self, name: str, room: str, debt: Debt) -> bool:
        """Tell whether the talk has paused for long enough, or went on for too long."""
        timeout, most = self.roles.get(self.people[name].role, NO_ROLE)
        since = debt.since = min(debt.since, self.now)  # the clock may have been set back
        if self.now >= since + max(timeout, most):
            return True
        typing = any(p.typing and p.room == room and self.now < p.end
                     for one in self.people.values() for p in one.pages.values())  # fmt: skip
        active = min(max(self.said_at[room], self.typed_at[room]), self.now)
        return not typing and self.now >= max(since, active) + timeout

    def _decide(self, name: str, room: str, debt: Debt) -> None:
        """Decide: why not, or which messages a mail is made of."""
        one = self.people[name]
        first = max(debt.first, one.read.get(room, 0) + 1)
        missed = [said for said in self.rooms[room]
                  if said.number >= first and not said.gone and said.author != name]  # fmt: skip
        mentioned = any(name in said.mentions for said in missed)
        why = self._why_not(one, room, missed, mentioned=mentioned)
        if why is None:
            watching = [p for p in one.pages.values() if p.room == room and p.focus
                        and self.now < p.end and self._sits_there(p, missed[-1], debt)]  # fmt: skip
            if any(page.order > missed[-1].order for page in watching):
                why = "looking"
            elif watching:
                debt.again, debt.waits_for = min(page.end for page in watching), "a_page"
                return
        if why is None and one.role not in self.roles:
            why = "role_unknown"
        held_back = None if why else self._held_back(name, room)
        passes = one.role in self.bypass and any(said.critical for said in missed)
        if held_back is not None and not passes:
            debt.again, debt.waits_for = held_back
            return
        del self.debts[name, room]
        numbers = () if why else tuple(said.number for said in missed)
        passed = "critical" if held_back else None
        why = why or passed or ("mentioned" if mentioned else "missed")
        self.told.append(Told(self.now, name, room, why, numbers))

    def _held_back(self, name: str, room: str) -> tuple[int, str] | None:
        """Return when to ask again, and why, of who sleeps or has had enough mails for now."""
        one = self.people[name]
        nights = self.nights.get(one.role) if one.quiet is None else one.quiet
        until = night_until(nights, one.zone, self.begin + self.now) if nights else None
        if until is not None:
            return until - self.begin, "quiet_hours"
        hourly, daily, after = self.caps.get(one.role, (None, None, None))
        mine = [told for told in self.told if told.who == name and told.messages]
        mine = sorted((told for told in mine if told.at <= self.now), key=lambda told: -told.at)
        seen = max(
            [one.read.get(room, 0), *(s.number for s in self.rooms[room] if s.author == name)]
        )
        unseen = [t for t in mine if t.room == room and t.at > one.visited.get(room, AT_ONCE)
                  and max(t.messages) > seen]  # fmt: skip
        if after is not None and len(unseen) >= after:
            until = unseen[0].at + GAPS[min(len(unseen) - after, len(GAPS) - 1)]
            if until > self.now:
                return min(until, self.now + GAPS[0]), "back_off"
        ends = [mine[most - 1].at + lasts for most, lasts in ((hourly, 3600), (daily, 86400))
                if most and len(mine) >= most and mine[most - 1].at + lasts > self.now]  # fmt: skip
        return (max(ends), "cap") if ends else None

    def _why_not(
        self, one: Person, room: str, missed: list[Said], *, mentioned: bool
    ) -> str | None:
        """Return why they are not to be told, whatever they look at."""
        if not any(said.author for said in missed):
            return "nothing_left"
        wants = one.notify.get(room, "all")
        if wants == "nothing":
            return "notify_off"
        if wants == "MentionsOnly" and not mentioned:
            return "not_mentioned"
        if one.muted.get(room, AT_ONCE) > self.now:
            return "muted"
        return "opted_out" if one.out & {"*", room} else None

    def _sits_there(self, page: Page, newest: Said, debt: Debt) -> bool:
        """Tell whether somebody had touched a page within a minute when a message came."""
        came = newest.at if newest.at <= self.now else debt.since
        return page.touched is None or page.touched + IDLE > came


def night_until(nights: str, zone: str, now: int) -> int | None:
    """Return when the night ends, by walking with the wall clock; None if it is day.

    Something begins when the clock shows its time, or a later one, for the first time.
    """
    if nights == "none":
        return None
    begin, end = map(time.fromisoformat, nights.split("-"))
    at = now - now % 300 - 48 * 3600
    latest = started = datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None)
    quiet, past = False, set[tuple[datetime, bool]]()
    while quiet or at <= now:
        latest = max(latest, datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None))
        days = [latest.date() - timedelta(days=1), latest.date()]
        events = {(datetime.combine(day, t), t == begin) for day in days for t in (begin, end)}
        for event in sorted(events - past):
            if started < event[0] <= latest:
                past.add(event)
                quiet = event[1]
        if at > now and not quiet:
            return at
        if at > now - 300 and not quiet:
            return None
        at += 300
    return None
