"""Where the scripts play: listeners on one database, and a conversation for each script."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from core.actions import converse, say
from core.address import Keyring, Purpose, Token, local_part
from core.clock import SetClock
from core.ids import new_reference
from core.model.delivery import Delivery, State
from core.model.participant import Access, Notify
from core.store.database import Database, Session, open_database
from gateway.context import Context
from gateway.smtp.handler import MailHandler
from gateway.smtp.limits import SmtpLimits
from gateway.smtp.listener import Listening, listening
from tests.support.certificates import Authority
from tests.support.people import APP, NOW, a_user, an_app

KEYS = Keyring({1: b"a key of more than sixteen octets"}, 1)
_USUAL = SmtpLimits(message_octets=500_000, tarpit_seconds=0.0, idle_seconds=30.0)
_PLACES = {
    "usual": _USUAL,
    "plain": _USUAL,  # without a certificate
    "small": replace(_USUAL, message_octets=2_000, line_octets=200),
    "impatient": replace(_USUAL, idle_seconds=0.1, data_grace_seconds=0.1),
    "strict": replace(_USUAL, greeting_seconds=0.05),  # and trusts nobody
    "lmtp": _USUAL,
}


@dataclass(frozen=True, slots=True)
class Scene:
    """A conversation of one script's own: its ids, and the addresses the script may name."""

    room: str
    bo: str
    delivery: str
    addresses: dict[str, str]


@dataclass(frozen=True, slots=True)
class Stage:
    """A database and the ports of the listeners that receive into it."""

    database: Database
    ports: dict[str, int]
    app_number: int

    async def scene(self, name: str) -> Scene:
        """Set a conversation up: Ann writes, Bo too and as Bob, Cy reads, Di is revoked."""
        return await self.database.write(lambda session: _scene(session, name, self.app_number))


@asynccontextmanager
async def a_stage(folder: Path) -> AsyncIterator[Stage]:
    """Open a database in a folder and listen, until left."""
    database = open_database(f"sqlite:///{folder}/rejoinder.db")
    await database.migrate()
    number = await database.write(lambda session: an_app(session).number)
    Authority(folder).server("localhost")
    certificate = folder / "localhost.pem"
    at = Context(database, SetClock(NOW), KEYS, "http://api.test", "reply.test")
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.close)
        ports = {}
        for name, limits in _PLACES.items():
            pem = certificate if name != "plain" else None
            trusted = () if name == "strict" else ("127.0.0.0/8",)
            place = Listening(
                tls_certificate=pem,
                tls_key=pem,
                limits=limits,
                trusted=trusted,
                lmtp=name == "lmtp",
            )
            listener = await stack.enter_async_context(listening(place, MailHandler(at)))
            ports[name] = listener.port
        yield Stage(database, ports, number)


def _scene(session: Session, name: str, number: int) -> Scene:
    converse.put(session, APP, name, {"subject": "Order 1"}, NOW)
    people = dict.fromkeys(("ann", "bo", "bob", "di"), Access.READ_WRITE) | {"cy": Access.READ}
    joined = {who: _joined(session, name, who, access) for who, access in people.items()}
    tokens = {who: Token(Purpose.REPLY, number, *told) for who, told in joined.items()}
    converse.revoke_address(session, (APP, name, f"di-{name}"))
    say.say(session, say.Words(APP, name, f"ann-{name}", "Is it there?"), NOW)
    delivery = _delivered(session, name)
    reply, bounce = _address(tokens["bo"]), Token(Purpose.BOUNCE, number, delivery.reference)
    addresses = {
        "reply": reply,
        "mangled": reply.swapcase(),
        "dotted": reply.replace("+", ".", 1),
        "quoted": '"{}"@{}'.format(*reply.split("@")),
        "escaped": '"r\\+{}"@{}'.format(*reply[2:].split("@")),
        "rooted": f"{reply}.",
        "forged": reply[:-15] + ("b" if reply[-15] == "a" else "a") + reply[-14:],
        "second": _address(tokens["bob"]),
        "other": _address(tokens["ann"]),
        "readonly": _address(tokens["cy"]),
        "revoked": _address(tokens["di"]),
        "unknown": _address(replace(tokens["bo"], reference=4_711)),
        "optout": _address(replace(tokens["bo"], purpose=Purpose.OPT_OUT)),
        "bounce": _address(bounce),
    }
    return Scene(name, f"bo-{name}", delivery.id, addresses)


def _joined(session: Session, room: str, who: str, access: Access) -> tuple[int, int]:
    """Add a user to a conversation, and return what names them in an address."""
    email = "bo@example.net" if who == "bob" else f"{who}@example.net"
    user = a_user(session, f"{who}-{room}", email=[email])
    one = converse.join(session, (APP, room, user.id), access, Notify.ALL, NOW)
    return one.reference, one.address_epoch


def _delivered(session: Session, room: str) -> Delivery:
    """Add a mail to Bo that a relay took."""
    delivery = Delivery(
        app_id=APP,
        id=f"dlv-{room}",
        notification_id=f"ntf-{room}",
        conversation_id=room,
        user_id=f"bo-{room}",
        address="bo@example.net",
        state=State.ACCEPTED,
        reference=new_reference(),
        message_id=f"<{room}@x>",
        created_at=NOW,
    )
    session.add(delivery)
    session.flush()
    return delivery


def _address(token: Token) -> str:
    return f"{local_part(token.purpose, KEYS.sign(token))}@reply.test"
