"""The Dockerfile, the compose file and what is told of them fit the command line and each other."""

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from mockserver import __version__
from mockserver.check.command import check
from mockserver.cli import main
from mockserver.hosts import HOSTS
from mockserver.serving.command import serve
from mockserver.serving.configuration import variable
from mockserver.serving.health import health

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "examples" / "compose"
TOLD = (ROOT / "docs" / "container.md").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
FAKE, USER = COMPOSE["services"]["mockserver"], COMPOSE["services"]["client"]
OPTIONS = {variable(each): each for each in serve.params}


def instructions(folder: Path) -> list[tuple[str, str]]:
    """What a Dockerfile says, line by line: a word and its arguments."""
    text = re.sub(r"^#.*\n", "", (folder / "Dockerfile").read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def stage(name: str) -> dict[str, list[str]]:
    """The instructions of one stage, by their word."""
    found: dict[str, list[str]] = {}
    at = ""
    for word, rest in instructions(ROOT):
        at = rest.split(" AS ")[-1] if word == "FROM" else at
        if at == name:
            found.setdefault(word, []).append(rest)
    return found


def variables(name: str) -> dict[str, str]:
    """The environment that a stage sets."""
    return dict(each.split("=", 1) for rest in stage(name)["ENV"] for each in shlex.split(rest))


SERVER = stage("server")
ENVIRONMENT = variables("server")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TOLD, re.MULTILINE | re.DOTALL)
COMMANDS = [line for language, block in BLOCKS if language == "sh" for line in block.splitlines()]


def mounted(service: dict) -> dict[str, str]:
    """The folders of a service's volumes, by volume."""
    return {each["source"]: each["target"] for each in service["volumes"]}


@pytest.mark.parametrize("environment", [ENVIRONMENT, FAKE["environment"]], ids=["Dockerfile", "compose"])
def test_every_variable_is_an_option_and_its_value_one_that_it_takes(environment):
    ours = {name: value for name, value in environment.items() if name.startswith("MOCKSERVER_")}
    assert len(ours) == 3
    assert set(ours) <= set(OPTIONS)
    with serve.make_context("serve", []) as context:
        for name, value in ours.items():
            option = OPTIONS[name]
            option.type_cast_value(context, value.split() if option.multiple else value)


def test_the_image_runs_serve_and_any_other_command():
    assert [*map(json.loads, SERVER["ENTRYPOINT"])] == [["mockserver"]]
    assert json.loads(SERVER["CMD"][0])[0] in main.list_commands(None)
    assert json.loads(stage("check")["CMD"][0])[0] in main.list_commands(None)


def test_the_image_is_checked_by_a_command_that_listens_to_the_same_variables():
    (check,) = SERVER["HEALTHCHECK"]
    assert check.endswith(' CMD ["mockserver", "health"]')
    asks = {variable(each) for each in health.params}
    assert {"MOCKSERVER_PORT", "MOCKSERVER_TLS", "MOCKSERVER_CERT"} <= asks
    assert "test" not in FAKE["healthcheck"]


def test_the_server_is_what_is_built_if_no_stage_is_named():
    assert instructions(ROOT)[-1] == ("FROM", "server")


def test_the_image_is_stopped_as_servers_are_and_runs_as_nobody():
    assert SERVER["STOPSIGNAL"] == ["SIGTERM"]
    assert SERVER["USER"] == ["10001:10001"]
    assert "USER 10002:10002" in (CLIENT / "Dockerfile").read_text()


def test_the_folders_that_are_written_to_belong_to_the_server_and_are_told():
    (made,) = re.findall(r"install -d -o 10001 -g 10001 (.+)", SERVER["RUN"][0])
    folders = made.split()
    assert set(SERVER["VOLUME"] + SERVER["WORKDIR"] + [ENVIRONMENT["MOCKSERVER_TLS_FOLDER"]]) <= set(folders)
    assert sorted(re.findall(r"^\| `(/\w+)` \|", TOLD, re.MULTILINE)) == sorted(folders)


def test_the_image_says_which_version_it_is_and_on_what_it_stands():
    labels = dict(each.split("=", 1) for each in shlex.split(SERVER["LABEL"][0]))
    assert labels["org.opencontainers.image.version"] == __version__
    bases = {rest.split()[0] for word, rest in instructions(ROOT) if word == "FROM" and ":" in rest}
    assert {f"docker.io/library/{each}" for each in bases} == {labels["org.opencontainers.image.base.name"]}


def test_what_is_copied_is_there_and_let_in():
    copied = {
        each for word, rest in instructions(ROOT) if word == "COPY" and "--from" not in rest for each in rest.split()[:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"
    assert {each[1:] for each in ignored if each.startswith("!")} == copied
    assert all((ROOT / each).exists() for each in copied)


def test_dependencies_are_installed_before_the_sources_are_there():
    words = [f"{word} {rest}" for word, rest in instructions(ROOT)]
    installed = next(at for at, each in enumerate(words) if "--target /opt/dependencies" in each)
    assert installed < words.index("COPY mockserver mockserver")


def test_in_its_network_the_fake_is_the_vendors_hosts():
    assert set(FAKE["networks"]["default"]["aliases"]) == set(HOSTS)
    assert FAKE["environment"]["MOCKSERVER_PORT"] == "443"
    assert FAKE["sysctls"] == {"net.ipv4.ip_unprivileged_port_start": "0"}
    assert FAKE["environment"]["MOCKSERVER_TLS_NAME"] == "mockserver"


def test_the_client_knows_nothing_of_the_fake():
    code = (CLIENT / "client.py").read_text()
    assert "mockserver" not in code
    assert "host=" not in code
    assert HOSTS[1] in code


def test_the_client_finds_its_secrets_where_compose_puts_them():
    asked = set(re.findall(r'environ\["(\w+)"\]', (CLIENT / "client.py").read_text()))
    assert asked | {"SSL_CERT_FILE"} == set(USER["environment"])


def test_the_client_trusts_what_the_fake_hands_out():
    assert set(COMPOSE["volumes"]) == set(mounted(FAKE)) == set(mounted(USER))
    assert mounted(FAKE)["authority"] == ENVIRONMENT["MOCKSERVER_TLS_FOLDER"]
    assert USER["environment"]["SSL_CERT_FILE"] == f"{mounted(USER)['authority']}/ca.pem"
    assert all(each["read_only"] for each in USER["volumes"])
    assert USER["depends_on"] == {"mockserver": {"condition": "service_healthy"}}


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_nobody_has_rights_that_are_not_needed(service):
    told = COMPOSE["services"][service]
    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert all(each.startswith("127.0.0.1:") for each in told.get("ports", []))
    assert "privileged" not in told
    assert "cap_add" not in told


def test_what_is_built_is_there():
    assert (ROOT / FAKE["build"] / "Dockerfile").is_file()
    assert (ROOT / USER["build"]).samefile(CLIENT)
    names = {path.name for path in CLIENT.iterdir() if not path.name.startswith((".", "__"))}
    assert names == {"Dockerfile", "client.py", "requirements.txt"}


@pytest.mark.parametrize("command", [each for each in COMMANDS if re.search(r"mockserver(-check)? \w", each)])
def test_a_command_that_is_told_is_one(command):
    name, *arguments = shlex.split(re.split(r" mockserver(?:-check)? ", command)[1])
    assert name in main.list_commands(None)
    told = CliRunner().invoke(main, [name, *arguments, "--help"])
    assert told.exit_code == 0, told.output


def test_options_that_are_told_are_options():
    known = {each for command in (serve, check) for option in command.params for each in option.opts}
    told = set(re.findall(r"(?:serve|check|`)\S* ?(--[a-z-]+) /\w+", TOLD))
    assert {"--state", "--junit"} <= told <= known


def test_every_variable_that_is_told_is_an_option():
    told = set(re.findall(r"MOCKSERVER_[A-Z_]+", TOLD))
    assert told <= set(OPTIONS)
    assert {name for name in ENVIRONMENT if name.startswith("MOCKSERVER_")} <= told


@pytest.mark.parametrize("block", [block for language, block in BLOCKS if language == "yaml"])
def test_a_block_of_yaml_is_yaml(block):
    assert isinstance(yaml.safe_load(block), dict)
