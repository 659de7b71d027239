"""The Dockerfile, compose.yaml and the systemd unit, held against the program that they start.

No container is started: their linters look at them, and what they name is looked up.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.cli import cli
from bot.roles import Role
from bot.server import HttpServer, application
from bot.settings import SECRETS, Settings, variable

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
UNIT = ROOT / "bot" / "data" / "tidings.service"
OURS = re.compile(r"\b(?:TIDINGS|TELEGRAM)_[A-Z_]+")
KNOWN = {variable(name) for name in Settings.model_fields} | {f"{variable(name)}_FILE" for name in SECRETS}
GRACE = timedelta(seconds=10)
"""Within which a process ends that is asked to."""


@pytest.fixture(scope="module")
def compose() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return loaded


@pytest.fixture(scope="module")
def dockerfile() -> str:
    """Its instructions, each on one line."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return re.sub(r"\\\n\s*", "", "\n".join(lines))


def ours(compose: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The services that run Tidings."""
    return {name: each for name, each in compose["services"].items() if each["image"].startswith("tidings:")}


def mounts(service: Mapping[str, Any]) -> list[str]:
    """What the files of the checkout say that the service reads; it fails for one that is not there."""
    bound = [each for each in service.get("volumes", []) if each.startswith("./")]
    assert all(each.endswith(":ro") for each in bound)
    return [(ROOT / each.split(":")[0]).read_text(encoding="utf-8") for each in bound]


def seconds(said: str) -> timedelta:
    number, unit = re.fullmatch(r"(\d+)(s|m)", said).groups()  # type: ignore[union-attr]
    return timedelta(seconds=int(number) * (60 if unit == "m" else 1))


def passes(*command: str | Path) -> str:
    """What a linter said, which found nothing."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_their_linters_find_nothing() -> None:
    passes(BIN / "hadolint", "Dockerfile")
    passes(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")


def test_systemd_finds_nothing_and_little_is_exposed(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    unit = tmp_path / "tidings.service"
    text = UNIT.read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/tidings/bin/tidings", str(BIN / "tidings")), encoding="utf-8")

    assert passes("systemd-analyze", "verify", unit) == ""
    passes("systemd-analyze", "security", "--offline=true", "--threshold=20", unit)


@pytest.mark.parametrize("name", ["Dockerfile", "compose.yaml", "bot/data/tidings.service"])
def test_every_variable_they_name_is_a_setting(name: str) -> None:
    named = set(OURS.findall((ROOT / name).read_text(encoding="utf-8")))

    assert named
    assert named <= KNOWN


def test_all_secrets_come_from_files_and_have_no_default(compose: Mapping[str, Any]) -> None:
    mounted = {f"/run/secrets/{name}" for name in compose["secrets"]}

    assert all(each["file"] == f"./secrets/{name}" for name, each in compose["secrets"].items())
    for name, service in compose["services"].items():
        given: Mapping[str, str] = service.get("environment", {})
        files = {text for variable_, text in given.items() if variable_.endswith("_FILE")}
        assert files <= mounted, name
        files |= set(re.findall(r"/run/secrets/\w+", "".join(mounts(service))))
        assert {f"/run/secrets/{each}" for each in service.get("secrets", [])} == files, name
        assert not any(re.search("PASSWORD|SECRET|TOKEN|KEY", each) and not each.endswith("_FILE") for each in given)
    assert "POSTGRES_HOST_AUTH_METHOD" not in str(compose)


def test_the_services_start_what_there_is(compose: Mapping[str, Any]) -> None:
    roles = set()
    for service in ours(compose).values():
        command, *arguments = service["command"]
        context = cli.commands[command].make_context(command, list(arguments))
        roles.add(context.params["role"])

    assert roles == set(Role)


def test_only_loopback_is_published_and_the_stores_have_no_way_out(compose: Mapping[str, Any], dockerfile: str) -> None:
    port = re.search(r"TIDINGS_HTTP_PORT=(\d+)", dockerfile)
    assert port is not None
    assert f"EXPOSE {port[1]}" in dockerfile

    for name, service in compose["services"].items():
        assert all(re.fullmatch(r"127\.0\.0\.1:(\d+):\1", each) for each in service.get("ports", [])), name
    assert {*chain(*(each.get("ports", []) for each in ours(compose).values()))} == {f"127.0.0.1:{port[1]}:{port[1]}"}
    assert compose["networks"]["inside"]["internal"] is True
    assert all(compose["services"][each]["networks"] == ["inside"] for each in ("postgres", "chroma", "prometheus"))
    assert all(each["environment"]["TIDINGS_HTTP_PORT"] == port[1] for each in ours(compose).values())


def test_prometheus_looks_at_every_process_and_grafana_at_prometheus(compose: Mapping[str, Any]) -> None:
    services = compose["services"]
    config, _rules = (YAML(typ="safe").load(text) for text in mounts(services["prometheus"]))
    (job,) = config["scrape_configs"]
    (found,) = job["dns_sd_configs"]
    source, provider, dashboard = (YAML(typ="safe").load(text) for text in mounts(services["grafana"]))
    inside = [each.split(":")[1] for name in ("prometheus", "grafana") for each in services[name]["volumes"]]

    assert set(found["names"]) == set(ours(compose))
    assert {str(found["port"])} == {each["environment"]["TIDINGS_HTTP_PORT"] for each in ours(compose).values()}
    assert set(config["rule_files"]) <= set(inside)
    assert job["job_name"] in mounts(services["prometheus"])[1]
    assert source["datasources"][0]["url"] == "http://prometheus:9090"
    assert {each["datasource"]["uid"] for each in dashboard["panels"] if each["type"] != "row"} == {
        source["datasources"][0]["uid"]
    }
    home = services["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home in inside
    assert home.startswith(provider["providers"][0]["options"]["path"])


def test_what_they_stand_on_is_pinned(compose: Mapping[str, Any], dockerfile: str) -> None:
    stages = set(re.findall(r"^FROM \S+ AS (\S+)", dockerfile, re.MULTILINE))
    bases = set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) - stages
    images = {each["image"] for name, each in compose["services"].items() if name not in ours(compose)}

    assert all(re.search(r":v?\d+\.\d+", each) for each in bases | images)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    client = next(each for each in project["dependencies"] if each.startswith("chromadb=="))
    assert compose["services"]["chroma"]["image"] == f"chromadb/chroma:{client.partition('==')[2]}"


def test_nobody_is_root_and_little_may_be_written(compose: Mapping[str, Any], dockerfile: str) -> None:
    for target in ("cpu", "gpu"):
        stage = dockerfile.partition(f"FROM runtime AS {target}\n")[2].partition("\nFROM ")[0]
        assert stage.strip().splitlines()[-1] == "USER 10001:10001"
    assert dockerfile.rstrip().rpartition("FROM ")[2].startswith("runtime AS cpu")
    for service in ours(compose).values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_there_is_time_to_end(compose: Mapping[str, Any], dockerfile: str) -> None:
    assert "STOPSIGNAL SIGTERM" in dockerfile
    assert all(seconds(each["stop_grace_period"]) > GRACE for each in ours(compose).values())
    stop = re.search(r"^TimeoutStopSec=(\d+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    assert stop is not None
    assert timedelta(seconds=int(stop[1])) > GRACE


def test_the_image_has_all_that_the_wheel_is_made_of(dockerfile: str) -> None:
    stage = dockerfile.partition("AS wheel\n")[2].partition("\nFROM ")[0]
    copied = {name for line in re.findall(r"^COPY (.+) \S+$", stage, re.MULTILINE) for name in line.split()}
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])

    assert copied == packages | {"pyproject.toml", project["project"]["readme"], "LICENSE"}
    assert let_in == copied | {".ci/locked"}


@pytest.mark.parametrize("path", ["/healthz", "/elsewhere"])
async def test_the_health_check_asks_what_the_program_answers(dockerfile: str, path: str) -> None:
    line = re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", dockerfile, re.MULTILINE)
    assert line is not None
    command: list[str] = json.loads(line[1].replace("/healthz", path))

    async def ready() -> Mapping[str, bool]:
        return {}

    server = HttpServer(application(ready=ready), host="127.0.0.1", port=0)
    serving = asyncio.create_task(server.run())
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *command[1:], env={"TIDINGS_HTTP_PORT": str(server.port)}
        )
        assert (await asyncio.wait_for(process.wait(), 20) == 0) is (path == "/healthz")
    finally:
        server.stop()
        await serving
