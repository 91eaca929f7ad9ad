"""Who asks? A request has one principal, and these are all there are.

A principal is a value: it says who was proven to ask, never how the proof travelled. A route says
which of them it is for (``gateway/http/needs``); the verbs beneath know of none. So a new kind of
caller is a class here, a proof in ``gateway/http/credentials``, and a name in the routes that are
for it.
"""

from dataclasses import dataclass

from core.address import Purpose
from core.moment import Moment


@dataclass(frozen=True, slots=True)
class AppKey:
    """A back end that holds a secret key of its app: it may do all that the app may."""

    app_id: str


@dataclass(frozen=True, slots=True)
class AppToken:
    """A back end with a token that a key of its app has signed (RFC 7519; talkjs-spec, 8).

    It may do what the key may, and its key never travels.
    """

    app_id: str


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever could open the admin socket: the mode of its file has decided, and no key is asked.

    May do for every app what its key may, and what belongs to no app.
    """


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whoever holds a link out of a mail. No login stands behind it: the link is the key.

    ``may`` is the one thing it was signed for, ``app_number`` and ``reference`` name what that is
    done with, and of an address ``epoch`` says which. ``until``: when it ends, None for never.
    ``reader``: of a file's link, to whom it was sent.
    """

    may: Purpose
    app_number: int
    reference: int
    epoch: int = 0
    until: Moment | None = None
    reader: int = 0

    def holds(self, now: Moment) -> bool:
        """Tell whether the link has not expired."""
        return self.until is None or now < self.until
