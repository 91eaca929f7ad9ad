"""Why nobody was told is the truth of when it was said, whatever was changed since."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.member import Member
from core.model.message import Message
from core.model.participant import Access, Notify, Participant
from core.model.past_settings import PastSettings, Stay
from core.rules.audience import owed
from core.rules.unowed import ParticipantHistory, Unowed, unowed

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("notify"), st.sampled_from(Notify)),
        st.tuples(st.just("access"), st.sampled_from(Access)),
        st.tuples(st.sampled_from(["leave", "join"]), st.none()),
        st.tuples(st.just("say"), st.booleans()),
    ),
    max_size=40,
)


@dataclass
class _World:
    """A participant whose settings change, and what was true of each message when it was said."""

    now: Participant = field(
        default_factory=lambda: Participant(
            app_id="a", conversation_id="c", user_id="bo", joined_at=0, reference=1
        )
    )
    past: dict[int, PastSettings] = field(default_factory=dict)
    said: list[tuple[Message, Unowed | None]] = field(default_factory=list)

    def keep(self) -> None:
        """Keep how they stand, as the verb does: the first at a number counts."""
        seq = len(self.said)
        stay = Stay.HERE if self.now.left_at is None else Stay.LEFT
        one = PastSettings(
            app_id="a", conversation_id="c", user_id="bo", until_seq=seq, stay=stay,
            access=self.now.access, notify=self.now.notify, ended_at=seq,
        )  # fmt: skip
        if seq:
            self.past.setdefault(seq, one)

    def step(self, what: str, value: Notify | Access | bool | None) -> None:  # noqa: FBT001
        """Let one thing happen."""
        if what == "say":
            self.say(mentioned=bool(value))
            return
        self.keep()
        match what, value:
            case "notify", Notify():
                self.now.notify = value
            case "access", Access():
                self.now.access = value
            case "leave", _:
                self.now.left_at = self.now.left_at or 1
            case _:
                self.now.left_at = None

    def say(self, *, mentioned: bool) -> None:
        """Say something, and note why they are owed nothing of it, by the rule that decides."""
        number = len(self.said) + 1
        mentions = ["bo"] if mentioned else None
        message = Message(
            app_id="a", id=f"m{number}", conversation_id="c", seq=number, sender_id="ann",
            mentions=mentions, created_at=number,
        )  # fmt: skip
        member = Member("bo", self.now.access, self.now.notify, self.now.left_at, 120)
        is_owed = bool(owed([member], "ann", mentions or ()))
        self.said.append((message, None if is_owed else self.why()))

    def why(self) -> Unowed:
        """Return the reason of this moment."""
        if self.now.left_at is not None:
            return Unowed.HAD_LEFT
        if self.now.access is Access.NONE:
            return Unowed.NO_ACCESS
        return Unowed.NOTIFY_OFF if self.now.notify is Notify.NOTHING else Unowed.NOT_MENTIONED


@given(STEPS)
@settings(deadline=None)  # the first also tells the ORM of its columns
def test_each_message_has_the_reason_of_its_time(
    steps: list[tuple[str, Notify | Access | bool | None]],
) -> None:
    """As the rule that decided then would have said."""
    world = _World()
    for what, value in steps:
        world.step(what, value)

    history = ParticipantHistory(world.now, [world.past[seq] for seq in sorted(world.past)])

    told = [(message.seq, unowed(message, history)) for message, why in world.said if why]
    assert told == [(message.seq, why) for message, why in world.said if why]
