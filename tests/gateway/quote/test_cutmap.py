"""The cut map is written when somebody asks, and is then as good as a tuple of cuts."""

import copy

from gateway.mail.body import Body
from gateway.quote.cutmap import Cut, CutMap, Rule
from gateway.quote.extract import extract

CUTS = (Cut("Yes.", True, Rule.WRITTEN), Cut("> Well?", False, Rule.QUOTED, "quoted"))
TEXT = "Yes.\n\nOn Tue, Jun 3, 2025 at 10:15 AM Ada <ada@example.net> wrote:\n> Well?\n"


def _map() -> CutMap:
    return CutMap(["Yes.", "> Well?"], [Rule.WRITTEN, Rule.QUOTED], ["", "quoted"])


def test_cuts_are_read_as_a_tuple_is() -> None:
    """One line, several, all in order or their number: each is there, and written only once."""
    cuts = _map()

    assert [tuple(cuts), cuts[0], cuts[1:], len(cuts)] == [CUTS, CUTS[0], CUTS[1:], 2]
    assert cuts[0] is next(iter(cuts))


def test_cuts_compare_and_show_as_what_is_written() -> None:
    """A map equals another of the same cuts, and the tuple of them; nothing else."""
    cuts, same = _map(), _map()

    assert cuts == same
    assert hash(cuts) == hash(same)
    assert CUTS == cuts != CUTS[:1]
    assert cuts != "Yes."
    assert repr(cuts) == repr(CUTS)


def test_a_reply_can_be_compared_and_copied() -> None:
    """Two readings of one mail are equal, and so is a copy whose cuts nobody asked for yet."""
    reply = extract(Body(text=TEXT))

    assert copy.deepcopy(reply) == reply == extract(Body(text=TEXT))


def test_the_rules_that_folded_are_those_of_the_cuts() -> None:
    """What a receipt keeps is what the cut map would say, without writing it."""
    beyond = extract(Body(text=TEXT + "\n" * 12_000))
    plain = extract(Body(text="Yes.\n\nSee you."))

    assert beyond.folded == {cut.rule for cut in beyond.cuts if not cut.kept}
    assert beyond.folded == {Rule.ATTRIBUTION, Rule.QUOTED, Rule.LIMIT}
    assert plain.folded == frozenset()
