r"""What became of a dialogue: the statements after ``=>``, asked of the database.

messages 1                    so many messages came by mail into the script's conversation
says Yes, it is.\nReally.      the newest of them, whole
receipts 1 discard report     so many mails were recorded; each with this verdict, this reason
opted out                     Bo gets no more mail of this conversation
bounced                       the delivery of {bounce} is known not to have arrived
"""

from core.model.message import Message
from core.model.receipt import Receipt
from core.store import deliveries, messages, opt_outs, receipts
from core.store.database import Session
from tests.dialogues.script import octets_of
from tests.dialogues.servers import Scene
from tests.support.people import APP


def check(session: Session, scene: Scene, statement: str) -> None:
    """Hold a statement to what the database says."""
    words = statement.split()
    match words:
        case ["messages", count]:
            posted = _posted(session, scene)
            assert len(posted) == int(count), f"posted {[one.text for one in posted]}"
        case ["says", *_]:
            wanted = octets_of(statement.removeprefix("says ")).decode()
            newest = [one.text for one in _posted(session, scene)][:1]
            assert newest == [wanted], f"said {newest}"
        case ["nowhere", *_]:
            words_of_others = statement.removeprefix("nowhere ")
            assert not [
                one for one in _posted(session, scene) if words_of_others in (one.text or "")
            ]
        case ["receipts", count, *fate]:
            kept = [[one.verdict, one.reason][: len(fate)] for one in _kept(session, scene)]
            assert kept == [fate] * int(count), f"kept {kept}"
        case ["opted", "out"]:
            assert opt_outs.find(session, APP, scene.bo, scene.room) is not None
        case ["bounced"] | ["not", "bounced"]:
            delivery = deliveries.find(session, APP, scene.delivery)
            assert delivery is not None
            assert (delivery.state == "bounced") is (words == ["bounced"])
        case _:
            raise ValueError(statement)


def _posted(session: Session, scene: Scene) -> list[Message]:
    found = messages.page(session, APP, scene.room, 50, None)
    return [one for one in found if one.origin == "email"]


def _kept(session: Session, scene: Scene) -> list[Receipt]:
    found = receipts.listed(session, APP, 9_999)
    return [one for one in found if one.conversation_id == scene.room]
