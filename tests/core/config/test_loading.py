"""What is the configuration, and what is said when it is wrong?"""

from pathlib import Path

import pytest

from core.config.loading import known_names, load, not_ours
from core.config.settings import Settings
from core.errors import SettingsError

KEY = "0f" * 32


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def a_file(text: str) -> Path:
    """Write a settings file and return its path."""
    file = Path("rejoinder.toml")
    file.write_text(text, encoding="utf-8")
    return file


def complaint(*args: object) -> list[str]:
    """Load what must be refused and return what is told, line by line."""
    with pytest.raises(SettingsError) as told:
        load(*args)  # type: ignore[arg-type]
    return str(told.value).splitlines()


def test_nothing_given_is_the_defaults() -> None:
    """Without file, environment and flags every setting has its default."""
    settings = load(None, {}, {})

    assert settings == Settings()


def test_settings_that_do_not_go_together_are_named() -> None:
    """The fault names both, and where either was given is not guessed."""
    (told,) = complaint(None, {}, {"relay.timeout_seconds": "300"})

    assert told.startswith("notifier.lease_seconds: 900 is too short: with this relay.timeout_s")
    assert told.endswith("one claim may need 4230")


@pytest.mark.parametrize(
    ("environment", "flags", "port"),
    [
        pytest.param({}, {}, 26, id="the file wins over the default"),
        pytest.param({"REJOINDER_SMTP__PORT": "27"}, {}, 27, id="the environment over the file"),
        pytest.param(
            {"REJOINDER_SMTP__PORT": "27"}, {"smtp.port": 28}, 28, id="a flag over the environment"
        ),
        pytest.param({}, {"smtp.port": None}, 26, id="a flag that is None was not given"),
        pytest.param({"REJOINDER_SMTP__PORT": ""}, {}, 26, id="an empty variable was not given"),
        pytest.param({"PORT": "1", "SMTP__PORT": "1"}, {}, 26, id="others' variables are theirs"),
    ],
)
def test_a_later_source_wins(
    environment: dict[str, str], flags: dict[str, object], port: int
) -> None:
    """Default, then file, then environment, then flag; what is not touched stays."""
    file = a_file("[smtp]\nport = 26\nhostname = 'mx.example.org'\n")

    settings = load(file, environment, flags)

    assert (settings.smtp.port, settings.smtp.hostname) == (port, "mx.example.org")


def test_the_file_in_the_working_directory_is_read_unasked() -> None:
    """``rejoinder.toml`` is found where the process starts."""
    a_file("[http]\nport = 81\n")

    settings = load(None, {}, {})

    assert settings.http.port == 81


def test_a_variable_may_name_the_file() -> None:
    """REJOINDER_CONFIG says which file is read, as a container wants it."""
    other = Path("other.toml")
    other.write_text("[http]\nport = 82\n")

    settings = load(None, {"REJOINDER_CONFIG": "other.toml"}, {})

    assert settings.http.port == 82


def test_a_secret_may_lie_in_a_file() -> None:
    """A variable that ends in _FILE names the file of its value; the final newline is not in it."""
    Path("password").write_text("p@ss\n")
    environment = {
        "REJOINDER_RELAY__USERNAME": "me",
        "REJOINDER_RELAY__PASSWORD_FILE": "password",
    }

    settings = load(None, environment, {})

    assert settings.relay.password is not None
    assert settings.relay.password.get_secret_value() == "p@ss"


def test_a_setting_that_is_a_file_keeps_its_name() -> None:
    """``dkim.key_file`` is a setting, so its variable is taken by its word."""
    environment = {
        "REJOINDER_DKIM__KEY_FILE": "no-such.pem",
        "REJOINDER_DKIM__DOMAIN": "example.org",
    }

    settings = load(None, environment, {})

    assert settings.dkim.key_file == Path("no-such.pem")


def test_signing_keys_come_one_by_one_and_together() -> None:
    """Keys in the file and in the environment are one ring."""
    file = a_file(f'[addresses]\ncurrent_key = 2\n[addresses.keys]\n1 = "{KEY}"\n')

    settings = load(file, {"REJOINDER_ADDRESSES__KEYS__2": "ab" * 16}, {})

    assert settings.addresses.key_octets == {1: b"\x0f" * 32, 2: b"\xab" * 16}


def test_a_list_may_be_text() -> None:
    """Networks come from a variable parted by commas."""
    environment = {"REJOINDER_SMTP__TRUSTED_NETWORKS": "10.0.0.0/8, 2001:db8::/32,"}

    settings = load(None, environment, {})

    assert [str(one) for one in settings.smtp.trusted_networks] == ["10.0.0.0/8", "2001:db8::/32"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            "[smtp]\nprot = 25\n",
            "smtp.prot: unknown setting; did you mean smtp.port? (rejoinder.toml, line 2)",
            id="a misspelled setting",
        ),
        pytest.param(
            "\n[smpt]\nport = 25\n",
            "smpt: unknown setting; did you mean smtp? (rejoinder.toml, line 3)",
            id="a misspelled section",
        ),
        pytest.param(
            "[weather]\n", "weather: unknown setting (rejoinder.toml, line 1)", id="nothing near it"
        ),
        pytest.param(
            "smtp.port = 'x'\n",
            "smtp.port: should be a valid integer, unable to parse string as an integer "
            "(rejoinder.toml, line 1)",
            id="a value of another kind, under a dotted name",
        ),
        pytest.param(
            "smtp = { prot = 25 }\n",
            "smtp.prot: unknown setting; did you mean smtp.port? (rejoinder.toml)",
            id="a setting in a table of one line",
        ),
        pytest.param(
            "smtp = 25\n",
            "smtp: should be a valid dictionary or instance of SmtpSettings"
            " (rejoinder.toml, line 1)",
            id="a value where a section belongs",
        ),
        pytest.param(
            "[smtp\n",
            "rejoinder.toml: is no TOML: Expected ']' at the end of a table declaration "
            "(at line 1, column 6)",
            id="a file that is no TOML",
        ),
    ],
)
def test_a_fault_in_the_file_is_told_with_its_line(text: str, told: str) -> None:
    """What is wrong in the file is named, explained and found at its line."""
    lines = complaint(a_file(text), {}, {})

    assert lines == [told]


@pytest.mark.parametrize(
    "variable",
    ["SERVICE_HOST", "SERVICE_PORT_SMTP", "PORT", "PORT_25_TCP", "PORT_25_TCP_ADDR", "REPO"],
)
def test_what_others_say_under_our_prefix_is_told_and_left(variable: str) -> None:
    """Kubernetes names the ports of a service so, in every container beside it."""
    given = {f"REJOINDER_{variable}": "tcp://10.0.0.7:25", "REJOINDER_SMTP__PORT": "2525"}

    assert load(None, given, {}).smtp.port == 2525
    assert not_ours(given) == [f"REJOINDER_{variable}"]


@pytest.mark.parametrize(
    "variable", ["SMTP_PORT", "SMPT_PORT", "SMTP", "HTTP_PUBLIC_URL", "DATABSE_URL", "PORT__SMTP"]
)
def test_what_may_be_meant_as_a_setting_is_not_left(variable: str) -> None:
    """A single underscore for two, a section misspelt: it would be missed at three in the night."""
    name = f"REJOINDER_{variable}"

    assert not_ours({name: "25"}) == []
    assert name in complaint(None, {name: "25"}, {})[0]


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        pytest.param(
            "REJOINDER_SMPT__PORT",
            "25",
            "smpt: unknown setting; did you mean smtp? (REJOINDER_SMPT__PORT)",
            id="a misspelled section is not ignored",
        ),
        pytest.param(
            "REJOINDER_HTTP__PORTS",
            "25",
            "http.ports: unknown setting; did you mean http.port? (REJOINDER_HTTP__PORTS)",
            id="a misspelled setting",
        ),
        pytest.param(
            "REJOINDER_SMTP__PORT__NUMBER",
            "25",
            "smtp.port: should be a valid integer (REJOINDER_SMTP__PORT__NUMBER)",
            id="a name that goes too deep",
        ),
        pytest.param(
            "REJOINDER_RELAY__PASSWORD_FILE",
            "absent",
            "relay.password: absent cannot be read: No such file or directory "
            "(REJOINDER_RELAY__PASSWORD_FILE)",
            id="a secret's file that is not there",
        ),
    ],
)
def test_a_fault_in_the_environment_is_told_with_its_variable(
    variable: str, value: str, told: str
) -> None:
    """What is wrong in the environment names the variable to mend."""
    lines = complaint(None, {variable: value}, {})

    assert lines == [told]


def test_a_value_beside_deeper_names_is_told() -> None:
    """A value where a table belongs does not hide, whatever else is given under it."""
    environment = {"REJOINDER_ADDRESSES__KEYS": "x", "REJOINDER_ADDRESSES__KEYS__1": KEY}

    lines = complaint(None, environment, {})

    assert lines == ["addresses.keys: should be a valid dictionary (REJOINDER_ADDRESSES__KEYS__1)"]


def test_a_secret_given_twice_is_refused() -> None:
    """A value and a file for one setting: nobody should have to guess which one counts."""
    environment = {"REJOINDER_RELAY__PASSWORD": "x", "REJOINDER_RELAY__PASSWORD_FILE": "y"}

    lines = complaint(None, environment, {})

    assert lines[0] == (
        "relay.password: given twice (REJOINDER_RELAY__PASSWORD_FILE and REJOINDER_RELAY__PASSWORD)"
    )


def test_a_file_that_was_named_must_be_there() -> None:
    """A file somebody asked for is not silently left out."""
    lines = complaint(Path("absent.toml"), {}, {})

    assert lines == ["absent.toml: cannot be read: No such file or directory"]


def test_everything_wrong_is_told_at_once() -> None:
    """One start shows every fault, each on a line of its own, whatever its source."""
    file = a_file("[smtp]\nprot = 25\n\n[log]\nlevel = 'loud'\n")

    lines = complaint(file, {"REJOINDER_HTTP__PORT": "99999"}, {"relay.hots": "x"})

    assert sorted(lines) == [
        "http.port: should be less than or equal to 65535 (REJOINDER_HTTP__PORT)",
        "log.level: should be 'debug', 'info', 'warning' or 'error' (rejoinder.toml, line 5)",
        "relay.hots: unknown setting; did you mean relay.host? (flag relay.hots)",
        "smtp.prot: unknown setting; did you mean smtp.port? (rejoinder.toml, line 2)",
    ]


def test_a_fault_never_repeats_a_secret() -> None:
    """A key that is wrong is told by its id, not by its octets."""
    lines = complaint(None, {"REJOINDER_ADDRESSES__KEYS__1": "deadbeef"}, {})

    assert lines == [
        "addresses.keys: key 1 is shorter than 16 octets (REJOINDER_ADDRESSES__KEYS__1)"
    ]


def test_names_are_dotted_and_whole() -> None:
    """Suggestions come from every setting of every section."""
    names = known_names()

    assert {"smtp.port", "database.url", "log.format"} <= set(names)
    assert all(name.count(".") == 1 for name in names)
