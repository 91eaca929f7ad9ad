"""All nouns in one place, so that the migrations and the store see every table."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from core.model.app import ApiKey, App
from core.model.attachment import Attachment
from core.model.change import Change
from core.model.conversation import Conversation
from core.model.day_budget import DayBudget
from core.model.delivery import Attempt, Delivery
from core.model.fan_out import FanOut
from core.model.held import HeldReply
from core.model.known_block import KnownBlocks
from core.model.lane_state import LaneState
from core.model.message import Message
from core.model.notification import Notification
from core.model.opt_out import OptOut
from core.model.participant import Participant
from core.model.past_settings import PastSettings
from core.model.pending import Pending
from core.model.preference import Preference
from core.model.reaction import Reaction
from core.model.receipt import Receipt
from core.model.role import Role
from core.model.session import UserSession
from core.model.suppression import Suppression
from core.model.user import User
from core.model.webhook import WebhookAttempt, WebhookEndpoint, WebhookStream

TABLES: tuple[type[SQLModel], ...] = (
    App,
    ApiKey,
    Role,
    User,
    Preference,
    Conversation,
    Participant,
    PastSettings,
    Message,
    Attachment,
    Reaction,
    UserSession,
    Pending,
    FanOut,
    Notification,
    Delivery,
    Attempt,
    LaneState,
    Receipt,
    HeldReply,
    KnownBlocks,
    DayBudget,
    OptOut,
    Suppression,
    Change,
    WebhookEndpoint,
    WebhookStream,
    WebhookAttempt,
)


def metadata() -> MetaData:
    """Return the description of every table."""
    return SQLModel.metadata
