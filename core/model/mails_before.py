"""Mails before: what somebody was sent lately, as far as it keeps the next one waiting."""

from dataclasses import dataclass

from core.moment import Moment


@dataclass(frozen=True, slots=True)
class MailsBefore:
    """When digests were made before, newest first: for a person, and those they left unseen here.

    As many as matter, no more. ``unseen``: since they last read, visited or answered.
    """

    for_person: tuple[Moment, ...] = ()
    unseen: tuple[Moment, ...] = ()


NO_MAILS_BEFORE = MailsBefore()
