"""What can be said of a mail that is to be shown or tested, and how what is found is told."""

from typing import Any

from core.actions.preview_mail import About
from core.check_finding import Finding
from core.mail_preview import MailPreview, TestSent
from core.outcome import Accepted, Deferred, Failed, Outcome, PeerReply, Uncertain
from gateway.http.bodies.apps import RoleBody
from gateway.http.bodies.base import Address, Id, JsonBody, LocaleTag, Name

Json = dict[str, Any]


class PreviewBody(JsonBody):
    """Of what a mail is to be shown: of a conversation for a user, or made up without both."""

    conversation_id: Id | None = None
    user_id: Id | None = None
    role: Name | None = None
    locale: LocaleTag | None = None
    settings: RoleBody | None = None

    def about(self) -> About:
        """Return it as the verb takes it."""
        return About(
            conversation=self.conversation_id,
            user=self.user_id,
            role=self.role,
            locale=self.locale,
            settings=self.settings.changes() if self.settings else {},
        )


class TestBody(PreviewBody):
    """The same, and to whom the test is sent."""

    __test__ = False  # pytest: no test of its own

    to: Address


def preview_shape(mail: MailPreview, about: About) -> Json:
    """Return a mail that was not sent. ``raw``: its octets, which are ASCII or UTF-8."""
    return {
        "madeUp": about.conversation is None,
        "subject": mail.subject,
        "from": mail.sender,
        "to": mail.recipient,
        "language": mail.language,
        "text": mail.text,
        "html": mail.html,
        "dark": mail.dark,
        "narrow": mail.narrow,
        "rtl": mail.rtl,
        "raw": mail.raw.decode(errors="replace"),
        "size": {
            "mail": len(mail.raw),
            "html": len(mail.html.encode(errors="replace")),
            "text": len(mail.text.encode(errors="replace")),
        },
        "findings": [finding_shape(one) for one in mail.findings],
    }


def test_shape(sent: TestSent, address: str) -> Json:
    """Return what the relay said of a test mail."""
    cause, said = _heard(sent.outcome)
    return {
        "to": address,
        "outcome": type(sent.outcome).__name__.lower(),
        "cause": cause,
        "code": said.code if said else None,
        "enhanced": said.enhanced if said else None,
        "said": said.text if said else None,
        "messageId": sent.message_id,
        "findings": [finding_shape(one) for one in sent.findings],
    }


def _heard(outcome: Outcome) -> tuple[str | None, PeerReply | None]:
    """Return the cause of what became of a mail, if there is one, and the words of the relay."""
    match outcome:
        case Accepted(reply):
            return None, reply
        case Deferred(why, reply) | Failed(why, reply):
            return why.value, reply
        case Uncertain(detail):
            return None, PeerReply(0, None, detail)


def finding_shape(one: Finding) -> Json:
    """Return a finding: its stable name, how grave it is, a sentence, how to mend it."""
    return {
        "name": one.name,
        "gravity": one.gravity.value,
        "sentence": one.sentence,
        "mend": one.mend,
    }
