"""The marker of a digest."""

import re

from notifier.rendering.digest import marker_of


def test_a_marker_is_stable_and_its_own() -> None:
    """A notification has one marker, another notification another."""
    assert re.fullmatch("rjd-[0-9a-f]{12}", marker_of("ntf_1"))
    assert marker_of("ntf_1") == marker_of("ntf_1")
    assert marker_of("ntf_1") != marker_of("ntf_2")
