"""The state of a lane: is it closed, until when, why, and who said so?"""

from sqlmodel import SQLModel

from core.model.base import key, moment
from core.moment import Moment


class LaneState(SQLModel, table=True):
    """How a lane stands, for every process that sends by it and for who looks.

    ``name``: ``email``, ``email/gmail``. ``closed_until`` of 0 is open. ``troubles``: how often in
    a row it was closed. ``whole``: the refusal was said of the next hop itself. ``cause`` to
    ``text`` are what was said last, to the delivery ``said_to``. ``changed_at`` orders the changes.
    """

    __tablename__ = "lane_state"

    name: str = key()
    troubles: int = 0
    closed_until: Moment = moment(0)
    cause: str | None = None
    code: int | None = None
    enhanced: str | None = None
    text: str | None = None
    whole: bool = True
    said_to: str | None = None
    changed_at: Moment = moment(0)
