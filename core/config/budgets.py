"""The settings of how much mail one address may bring in a day."""

from pydantic import Field

from core.config.section import Count, Section

_MEGABYTE = 1024 * 1024


class BudgetSettings(Section):
    """How much mail one address may bring in a day, which is one of UTC's.

    Of a participant's three addresses in a conversation together, but a budget for each of what
    becomes of the mails, so that nobody's use up another's. The first mail of a day has room
    whatever its size.
    """

    reply_mails: Count = Field(
        500,
        description="How many replies of their own a person may post in one conversation in a day; "
        "the next is answered 452, and comes again.",
    )
    reply_bytes: Count = Field(
        250 * _MEGABYTE, description="How many octets those may have together."
    )
    held_mails: Count = Field(
        200,
        description="How many mails to one address whose sender is in doubt are held in a day; the "
        "next is answered 452. At most 100 wait at once.",
    )
    held_bytes: Count = Field(100 * _MEGABYTE, description="How many octets those may have.")
    unposted_mails: Count = Field(
        100,
        description="How many mails with no message in them (reports, opt-outs, machines' mails) "
        "are kept whole in a day. They are taken, and do what they ask for, whatever the day: of "
        "what comes then, as many more are kept by their headers, and after that none.",
    )
    unposted_bytes: Count = Field(
        25 * _MEGABYTE, description="How many octets those that are kept whole may have together."
    )
    operator_mails: Count = Field(
        200,
        description="How many mails to postmaster@ and abuse@ are kept in a day; the next is "
        "answered 452.",
    )
    operator_bytes: Count = Field(
        30 * _MEGABYTE, description="How many octets those may have together."
    )
