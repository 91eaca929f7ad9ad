"""``rejoinder init``: from a flag or two to files a process can start from."""

import stat
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from core.config.loading import load
from gateway.cli.commands import add_to


def init(file: Path, *words: str) -> Result:
    """Run the command; the test's standard input is no terminal."""
    group = typer.Typer()
    add_to(group)
    return CliRunner().invoke(group, ["init", "--config", str(file), *words])


def test_what_is_written_can_be_served(tmp_path: Path) -> None:
    """The file holds a fresh key and the answers; the DKIM key is where it says."""
    file = tmp_path / "rejoinder.toml"

    result = init(file, "--domain", "reply.example.org", "--from-address", "hi@example.org")

    settings = load(file, {}, {})
    assert result.exit_code == 0
    assert settings.missing() == []
    assert settings.addresses.domain == "reply.example.org"
    assert settings.dkim.key_file == tmp_path / "keys" / "s1.pem"
    assert "s1._domainkey.example.org. IN TXT" in result.stdout
    assert "rejoinder serve --config" in result.stdout


def test_only_the_owner_may_read_what_is_written(tmp_path: Path) -> None:
    """Both files hold secrets: mode 0600."""
    init(tmp_path / "rejoinder.toml")

    files = [tmp_path / "rejoinder.toml", tmp_path / "keys" / "s1.pem"]
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]


@pytest.mark.parametrize("there", ["rejoinder.toml", "keys/s1.pem"])
def test_nothing_is_overwritten_unasked(tmp_path: Path, there: str) -> None:
    """What is there stays as it is, and --force is named as the way."""
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("precious", encoding="utf-8")

    result = init(tmp_path / "rejoinder.toml")

    assert result.exit_code == 2
    assert "--force" in result.stderr
    assert (tmp_path / there).read_text(encoding="utf-8") == "precious"


def test_force_makes_both_anew(tmp_path: Path) -> None:
    """With --force the file is written again, with another key."""
    file = tmp_path / "rejoinder.toml"
    init(file)
    first = load(file, {}, {}).addresses.key_octets

    result = init(file, "--force")

    assert result.exit_code == 0
    assert load(file, {}, {}).addresses.key_octets != first


def test_a_wrong_answer_leaves_nothing_behind(tmp_path: Path) -> None:
    """An answer that cannot be served is told, and no half-written file stays."""
    file = tmp_path / "rejoinder.toml"

    result = init(file, "--domain", "not a domain")

    assert result.exit_code == 2
    assert "addresses.domain" in result.stderr
    assert not file.exists()
    assert list((tmp_path / "keys").glob("*.pem")) == []
