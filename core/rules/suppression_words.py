"""What is said of a suppression: which answer or act it is from, since when, and until when."""

from core.model.suppression import Suppression
from core.moment import Moment, in_words
from core.rules.suppression_terms import COMPLAINT, terms


def sentence(one: Suppression, now: Moment) -> str:
    """Return it in one sentence; of one that is over, how it ended."""
    told = f"{one.cause}{_evidence(one)}"
    since = in_words(one.made_at)
    if one.lifted_at is not None:
        return (
            f"Nothing was sent to {one.address} from {since} ({told});"
            f" that was lifted at {in_words(one.lifted_at)} by {one.lifted_by}."
        )
    if one.expires_at is not None and one.expires_at <= now:
        over = in_words(one.expires_at)
        return f"Nothing was sent to {one.address} from {since} ({told}); that ended at {over}."
    return f"Nothing is sent to {one.address} since {since}, {_until(one)} ({told})."


def change(one: Suppression) -> str:
    """Return what ends a suppression."""
    lifted = f"`rejoinder suppression lift {one.address}`"
    if one.cause == COMPLAINT:
        return f"They must ask for all mails again on the page of a mail, or {lifted}."
    if one.expires_at is None:
        return f"It must be lifted: {lifted}."
    return f"It ends by itself {in_words(one.expires_at)}, or is lifted: {lifted}."


def means(one: Suppression) -> str:
    """Return what its cause means, empty for one that is not known any more."""
    term = terms().get(one.cause)
    return term.means if term is not None else ""


def _until(one: Suppression) -> str:
    if one.expires_at is not None:
        return f"until {in_words(one.expires_at)}"
    return "until its reader asks again" if one.cause == COMPLAINT else "until it is lifted"


def _evidence(one: Suppression) -> str:
    """Return what it is known from; what the evidence begins with the cause, it says once."""
    if not one.evidence or one.evidence == one.cause:
        return ""
    return f": {one.evidence.removeprefix(f'{one.cause}: ')}"
