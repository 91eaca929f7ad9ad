"""Every script of this folder, over real sockets, against the real listener and a database."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from tests.dialogues import outcome
from tests.dialogues.runner import play
from tests.dialogues.script import read
from tests.dialogues.servers import Stage, a_stage

SCRIPTS = sorted(Path(__file__).parent.glob("*.smtp"))

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """Open one stage for all scripts; each has a conversation of its own."""
    async with a_stage(tmp_path_factory.mktemp("stage")) as opened:
        yield opened


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
async def test_the_script_is_kept_to(stage: Stage, file: Path) -> None:
    """The server answers as the script says, and the database holds what it says."""
    scene = await stage.scene(file.stem)
    script = read(file, scene.addresses)

    await play(script, stage.ports[script.place])

    assert script.outcomes, "a script says what became of it"
    for statement in script.outcomes:
        await stage.database.read(partial(outcome.check, scene=scene, statement=statement))
