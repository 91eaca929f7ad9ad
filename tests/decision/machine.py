"""Whatever happens in whichever order, Rejoinder decides what the oracle says it must.

``play(url)`` makes Hypothesis' state machine for a database. Each rule happens to both; then all
that was decided, when, why, and what the mails say, is compared.
"""

from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.actions import converse, edit, found_app, look, opt_out, people, prefer, read, say
from core.model.message import MessageKind
from core.model.participant import Notify
from core.model.session import UserSession
from core.moment import SECOND
from core.store import waits
from core.store.database import Session
from tests.decision.oracle import TICK, Oracle, Page
from tests.decision.stage import BEGIN, Stage

PEOPLE, ROOMS = ["ann", "bo", "cy"], ["bike", "car"]
ROLES = {"default": (30, 90), "quick": (0, 40), "slow": (60, 20)}
_NOTIFY = {"all": Notify.ALL, "MentionsOnly": Notify.MENTIONS_ONLY, "nothing": Notify.NOTHING}

a_person, a_room = st.sampled_from(PEOPLE), st.sampled_from(ROOMS)
a_page = st.sampled_from(["tab", "phone"])
NIGHTS = [None, "none", "22:00-07:00", "10:20-11:50", "02:10-02:40"]
ZONES = ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"]
COUNTS = [None, 1, 2, 3]
some_time = st.integers(1, 12).map(lambda ticks: ticks * TICK)


def play(url: str) -> "type[Happenings]":
    """Return the machine that plays on a database."""

    class Play(Happenings):
        """What may happen, on this database."""

        where = url

    return Play


class Happenings(RuleBasedStateMachine):
    """What may happen, and what must hold after each of it."""

    where = ""
    steps = 0  # played so far, by all of a kind

    def __init__(self) -> None:
        """Begin with three people in two rooms, where nothing was said."""
        super().__init__()
        self.stage = Stage(self.where, ROLES)
        self.stage.people(PEOPLE, ROOMS)
        self.oracle = Oracle(PEOPLE, ROOMS, dict(ROLES), BEGIN // SECOND)
        self.ids: dict[tuple[str, int], str] = {}

    def teardown(self) -> None:
        """Let go of the database."""
        self.stage.close()

    @rule(
        room=a_room,
        author=st.sampled_from([*PEOPLE, None]),
        mentions=st.frozensets(a_person, max_size=1),
        critical=st.sampled_from([False, False, False, True]),
    )
    def say(
        self,
        room: str,
        author: str | None,
        mentions: frozenset[str],
        critical: bool,  # noqa: FBT001  Hypothesis names it
    ) -> None:
        """Somebody says something, or the system does."""
        number = len(self.oracle.rooms[room]) + 1
        kind = MessageKind.USER if author else MessageKind.SYSTEM
        text = f"word{number}x"
        words = say.Words(self.stage.app, room, author, text, kind)
        words = replace(words, mentions=mentions, critical=critical)
        said = self._write(say.say, words)
        self.ids[room, number] = said.id
        self.oracle.say(room, author, mentions, critical=critical)

    @rule(name=a_person, room=a_room, data=st.data())
    def tell(self, name: str, room: str, data: st.DataObject) -> None:
        """Let a page tell what it shows, or close."""
        draw, now, page_id = data.draw, self.stage.clock.moment, data.draw(a_page)
        if draw(st.integers(0, 4)) == 0:
            self.stage.write(lambda s: look.leave(s, self.stage.app, name, page_id, now))
            self.oracle.page(name, page_id, None)
            return
        focus, typing, lives = draw(st.booleans()), draw(st.booleans()), draw(some_time)
        idle = draw(st.sampled_from([None, 0, 40, 80]))
        session = UserSession(
            app_id=self.stage.app,
            user_id=name,
            id=page_id,
            selected_conversation_id=room,
            has_focus=focus,
            is_typing=typing,
            active_at=None if idle is None else now - idle * SECOND,
            told_at=now,
            expires_at=now + lives * SECOND,
        )
        self.stage.write(lambda s: look.look(s, session))
        touched = None if idle is None else self.oracle.now - idle
        end = self.oracle.now + lives
        self.oracle.page(name, page_id, Page(room, focus, typing, end, 0, touched))

    @rule(name=a_person, room=a_room)
    def read(self, name: str, room: str) -> None:
        """Somebody reads all there is."""
        self._write(read.mark_read, (self.stage.app, room, name), None)
        self.oracle.read(name, room)

    @rule(data=st.data(), gone=st.booleans())
    def change(self, data: st.DataObject, gone: bool) -> None:  # noqa: FBT001  Hypothesis names it
        """Edit a message, or delete it."""
        there = [(room, one) for room in ROOMS for one in self.oracle.rooms[room] if not one.gone]
        if not there:
            return
        room, one = data.draw(st.sampled_from(there))
        id_ = self.ids[room, one.number]
        if gone:
            self._write(edit.delete, self.stage.app, id_)
            one.gone = True
        else:
            text = f"Better: word{one.number}x"
            self._write(edit.edit, self.stage.app, id_, {"text": text})

    @rule(name=a_person, room=a_room, wants=st.sampled_from(sorted(_NOTIFY)))
    def want(self, name: str, room: str, wants: str) -> None:
        """Somebody wants word of all of a room, of what mentions them, or of nothing."""
        self._write(converse.change, (self.stage.app, room, name), None, _NOTIFY[wants])
        self.oracle.people[name].notify[room] = wants

    @rule(name=a_person, room=a_room, lasts=some_time)
    def mute(self, name: str, room: str, lasts: int) -> None:
        """Somebody mutes a room for a while."""
        until = self.stage.clock.moment + lasts * SECOND
        self._write(converse.mute, (self.stage.app, room, name), until)
        self.oracle.people[name].muted[room] = self.oracle.now + lasts

    @rule(name=a_person, scope=st.sampled_from(["*", *ROOMS]))
    def opt(self, name: str, scope: str) -> None:
        """Somebody opts out of a room or of all, or in again."""
        who, out = (self.stage.app, name), self.oracle.people[name].out
        if scope in out:
            self._write(opt_out.opt_in, who, scope)
            out.remove(scope)
        else:
            self._write(opt_out.opt_out, who, scope, "page")
            out.add(scope)

    @rule(name=a_person, role=st.sampled_from([*ROLES, "nobody's"]))
    def switch(self, name: str, role: str) -> None:
        """Somebody gets another role, be it one that does not exist."""
        self._write(people.put_user, self.stage.app, name, {"role": role})
        if self.oracle.people[name].role != role:
            self.oracle.people[name].role = role
            self.oracle.ask_again(name)

    @rule(role=st.sampled_from(sorted(ROLES)), timeout=some_time, most=some_time)
    def patience(self, role: str, timeout: int, most: int) -> None:
        """Let a role wait for longer, or not so long."""
        given = {"timeout_seconds": timeout, "max_wait_seconds": most}
        self._write(found_app.put_role, self.stage.app, role, given)
        self.oracle.roles[role] = (timeout, most)
        for name, one in self.oracle.people.items():
            if one.role == role:
                self.oracle.ask_again(name)

    @rule(name=a_person, nights=st.sampled_from(NIGHTS))
    def sleep(self, name: str, nights: str | None) -> None:
        """Let somebody choose their quiet hours, or none, or leave it to their role."""
        self._write(prefer.prefer, self.stage.app, name, {"quiet_hours": nights})
        if self.oracle.people[name].quiet != nights:
            self.oracle.people[name].quiet = nights
            self.oracle.ask_again(name)

    @rule(name=a_person, zone=st.sampled_from(ZONES))
    def move(self, name: str, zone: str) -> None:
        """Let somebody go to another zone."""
        self._write(people.put_user, self.stage.app, name, {"time_zone": zone})
        if self.oracle.people[name].zone != zone:
            self.oracle.people[name].zone = zone
            self.oracle.ask_again(name)

    @rule(role=st.sampled_from(sorted(ROLES)), nights=st.sampled_from(NIGHTS))
    def nights_of(self, role: str, nights: str | None) -> None:
        """Let a role have quiet hours."""
        self._write(found_app.put_role, self.stage.app, role, {"quiet_hours": nights})
        self.oracle.nights[role] = nights or "none"
        for name, one in self.oracle.people.items():
            if one.role == role:
                self.oracle.ask_again(name)

    @rule(role=st.sampled_from(sorted(ROLES)), counts=st.tuples(*[st.sampled_from(COUNTS)] * 3))
    def restrain(self, role: str, counts: tuple[int | None, int | None, int | None]) -> None:
        """Let a role cap mails an hour and a day, and back off after some."""
        names = ("mails_per_hour", "mails_per_day", "back_off_after")
        self._write(found_app.put_role, self.stage.app, role, dict(zip(names, counts, strict=True)))
        self.oracle.caps[role] = counts
        for name, one in self.oracle.people.items():
            if one.role == role:
                self.oracle.ask_again(name)

    @rule(role=st.sampled_from(sorted(ROLES)), lets=st.booleans())
    def bypass(self, role: str, lets: bool) -> None:  # noqa: FBT001  Hypothesis names it
        """Let a role's people be told of what is critical at any time, or not."""
        self._write(found_app.put_role, self.stage.app, role, {"critical_bypass": lets})
        (self.oracle.bypass.add if lets else self.oracle.bypass.discard)(role)
        for name, one in self.oracle.people.items():
            if one.role == role:
                self.oracle.ask_again(name)

    @rule(hours=st.integers(1, 9))
    def sit_out(self, hours: int) -> None:
        """Let hours pass."""
        self.wait(hours * 3600)

    @rule(seconds=some_time)
    def wait(self, seconds: int) -> None:
        """Time passes."""
        self.stage.wait(seconds)
        self.oracle.wait(seconds)

    @rule()
    def kill(self) -> None:
        """Let a worker die with what it claims next; nobody notices."""
        self.stage.kill()

    @rule(seconds=some_time)
    def set_ahead(self, seconds: int) -> None:
        """Set the clock ahead: what came due on the way is done late, at one moment."""
        self.stage.clock.move(seconds * SECOND)
        self.oracle.now += seconds

    @rule(seconds=some_time)
    def set_back(self, seconds: int) -> None:
        """Set the clock back; pages are closed until they notice and tell anew."""
        now = self.stage.clock.moment
        for name, one in self.oracle.people.items():
            for page_id in list(one.pages):
                self.stage.write(
                    partial(look.leave, app_id=self.stage.app, user_id=name, session_id=page_id,
                            now=now)
                )  # fmt: skip
                self.oracle.page(name, page_id, None)
        self._compare()
        self.stage.clock.move(-seconds * SECOND)
        self._write(waits.clock_set_back)
        self.oracle.set_back(seconds)

    @invariant()
    def agree(self) -> None:
        """Do what is due, and see that both say the same."""
        self._compare()

    def _compare(self) -> None:
        type(self).steps += 1
        self.stage.work()
        self.oracle.look()
        ours, theirs = self.stage.told(), self.oracle.told
        assert sorted(ours, key=repr) == sorted(theirs, key=repr), (
            set(ours) ^ set(theirs),
            self.oracle.now,
        )

    def _write(self, verb: Any, *given: Any) -> Any:
        """Let a verb happen now."""
        now = self.stage.clock.moment

        def work(session: Session) -> Any:
            return verb(session, *given, now)

        return self.stage.write(work)
