"""Which of two copies of one mail stands: the one that came first, or this one?

The one that came first, unless it swallowed this one's words. The copies have the same words or the
same body; what else they have tells of whoever sent them. Anybody whom a mail was copied to may
send its body ahead, under headers of their own that make it a machine's, a list's or a stranger's.
So each row of ``stands`` asks two things: what became of the first copy, and who can have sent it.

    taken        stands: its words are there. Unless nothing showed its author, or it was shown to
                 be another's; its words are others, and this copy's author is shown
    discarded    stands for what is discarded as well, and for nothing else; a loop that the
                 detector found is the mail's own, unless only this copy is shown
    held         stands for what is held as well, unless this one is better shown: then both wait
    held, and    gives way if it was doubted for its way, came from another author, or only this
    this taken   copy is shown. What its author wrote at a machine's hand is so in every copy
"""

from dataclasses import dataclass

from core.email_address import comparable
from core.model.held import AuthorProof
from core.verdict import Reason

_SHOWN = frozenset({AuthorProof.PROVEN, AuthorProof.AUTHOR_ONLY})
_OF_ITS_WAY = frozenset(
    {
        Reason.SENDER_MISMATCH.value,
        Reason.SENDER_UNPROVEN.value,
        Reason.MAILING_LIST.value,
        # Forwarders and lists put such headers, or take the sender off the envelope.
        Reason.AUTO_SUBMITTED.value,
        Reason.AUTO_REPLY_HEADER.value,
        Reason.NULL_REVERSE_PATH.value,
    }
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose a copy says it is, what shows that, and the keys of its words (none: says nothing).

    ``authors``: as ``authors_of`` gives them; empty where it was never held, or nobody knows.
    """

    authors: frozenset[str] = frozenset()
    proof: AuthorProof = AuthorProof.UNCHECKED
    words: frozenset[str] = frozenset()

    @property
    def is_shown(self) -> bool:
        """Whether its author's domain says that they wrote it."""
        return self.proof in _SHOWN

    def may_be_anothers(self, other: "Claim") -> bool:
        """Whether another copy says it is somebody else's, as far as that is known of both."""
        return bool(self.authors and other.authors) and self.authors != other.authors

    def says_otherwise(self, other: "Claim") -> bool:
        """Whether both say something, and not the same."""
        return bool(self.words and other.words) and self.words.isdisjoint(other.words)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A copy that came before: its receipt's id, how it was judged, which message it became."""

    id: str
    verdict: str
    reason: str
    message_id: str | None
    claim: Claim = Claim()


def authors_of(sender: str) -> frozenset[str]:
    """Return the mailboxes of a text that names one or several, parted by commas."""
    return frozenset(comparable(one) for one in sender.split(",") if one.strip())


def stands(before: Earlier, verdict: str, claim: Claim) -> bool:
    """Tell whether a copy that came before answers for this one.

    ``verdict``: this one's, as if it had come first, by its name on receipts.
    """
    if before.verdict == "accept":
        # A reply that the owner let go of may be a stranger's, and shown to be the stranger's.
        theirs = before.claim.is_shown and not claim.may_be_anothers(before.claim)
        return (
            theirs
            or claim.proof is not AuthorProof.PROVEN
            or not claim.says_otherwise(before.claim)
        )
    if verdict == "discard":
        return True
    if before.verdict == "discard" and before.reason != Reason.BREAKER.value:
        return False
    if verdict == "hold":
        return not waits_beside(before, claim)
    return not gives_way(before, claim)


def waits_beside(before: Earlier, claim: Claim) -> bool:
    """Tell whether a held copy is to be asked about, though another of the same mail is held."""
    other = before.claim
    if claim.may_be_anothers(other) and claim.says_otherwise(other):
        return True
    return claim.is_shown and (not other.is_shown or claim.may_be_anothers(other))


def gives_way(before: Earlier, claim: Claim) -> bool:
    """Tell whether a copy that was kept back lets one be taken against which nothing is held."""
    if before.reason in _OF_ITS_WAY or claim.may_be_anothers(before.claim):
        return True
    return claim.proof is AuthorProof.PROVEN and before.claim.proof is not AuthorProof.PROVEN


def is_doubted(before: Earlier) -> bool:
    """Tell whether a copy was kept back for its way here, and not for what it is."""
    return before.verdict in ("hold", "discard") and before.reason in _OF_ITS_WAY
