"""What goes wrong with us is temporary to a peer, and in the log what it is."""

import pytest

from core.errors import StoreBroken, StoreFull, StoreUnavailable
from gateway import answers
from gateway.failure import failed


@pytest.mark.parametrize(
    ("error", "answer", "level"),
    [
        pytest.param(StoreUnavailable("away"), "451 4.3.0 ", "warning", id="the store is away"),
        pytest.param(StoreFull("no space"), "452 4.3.1 ", "error", id="its disk is full"),
        pytest.param(StoreBroken("rubbish"), "451 4.3.0 ", "error", id="what it holds is damaged"),
        pytest.param(ZeroDivisionError("a bug"), "451 4.3.0 ", "error", id="a bug of ours"),
    ],
)
def test_every_fault_of_ours_is_temporary(
    error: Exception, answer: str, level: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """RFC 3463, 3.4: a full system can be told from others; who must act is told by the level."""
    said = answers.answer(failed(error, "abcd"), reference="abcd")
    logged = capsys.readouterr().out

    assert said.startswith(answer)
    assert str(error) not in said
    assert (level in logged, str(error) in logged) == (True, True)
