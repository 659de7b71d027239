"""The audit of what is locked, against a server that speaks the protocol of the service it asks."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.bot_api.http import HttpServer, Request
from tests.chroma import free_port

AUDIT = Path(__file__).resolve().parents[1] / ".ci" / "audit.py"
HASH = "sha256:" + "0" * 64


def told(identifier: str, package: str, **more: Any) -> dict[str, Any]:
    """What the service tells of a vulnerability, in its schema."""
    spans = [
        {"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "0f3c"}]},
        {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.4.1"}]},
    ]
    affected = [{"package": {"name": package, "ecosystem": "PyPI"}, "ranges": spans}]
    return {"id": identifier, "summary": f"{identifier} of {package}", "affected": affected, **more}


KNOWN: dict[str, dict[str, Any]] = {
    each["id"]: each
    for each in (
        told("GHSA-1", "harbour", aliases=["CVE-1"]),
        told("PYSEC-1", "harbour", aliases=["CVE-1"]),
        told("PYSEC-2", "harbour", withdrawn="2026-01-01T00:00:00Z"),
        told("PYSEC-3", "Ferry"),
    )
}
HELD: Mapping[tuple[str, str], list[str]] = {
    ("harbour", "1.4.0"): ["GHSA-1", "PYSEC-1", "PYSEC-2"],
    ("ferry", "2.0"): ["PYSEC-3"],
}


class Service:
    """It gives one vulnerability a page, and answers with a status of its own where it is given one."""

    def __init__(self) -> None:
        self.status = 200
        self.server = HttpServer(self.answer)

    async def answer(self, request: Request) -> tuple[int, bytes]:
        if self.status != 200:
            return self.status, b"{}"
        if request.path.startswith("/v1/vulns/"):
            return 200, json.dumps(KNOWN[request.path.rpartition("/")[2]]).encode()
        assert request.path == "/v1/querybatch"
        results = []
        for query in json.loads(request.body)["queries"]:
            assert query["package"]["ecosystem"] == "PyPI"
            found = HELD.get((query["package"]["name"], query["version"]), [])
            page = int(query.get("page_token", "0"))
            result: dict[str, Any] = {"vulns": [{"id": each} for each in found[page : page + 1]]} if found else {}
            results.append(result | ({"next_page_token": str(page + 1)} if page + 1 < len(found) else {}))
        return 200, json.dumps({"results": results}).encode()


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    service = Service()
    await service.server.start()
    yield service
    await service.server.close()


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """Three packages, of which the service knows something of two."""
    (tmp_path / "program.txt").write_text(
        "".join(f"{each} \\\n    --hash={HASH}\n" for each in ("harbour==1.4.0", "quay==3.1 ; os_name == 'nt'"))
    )
    (tmp_path / "dev.txt").write_text(f"ferry==2.0 \\\n    --hash={HASH}\n")
    return tmp_path


async def audit(port: int, lock: Path, *arguments: str) -> tuple[int | None, list[str]]:
    """How it ended, and the lines that it said."""
    service = ("--service", f"http://127.0.0.1:{port}", "--locked", str(lock), *arguments)
    run = await asyncio.create_subprocess_exec(
        sys.executable, str(AUDIT), *service, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _none = await run.communicate()
    return run.returncode, said.decode().splitlines()


async def test_a_known_vulnerability_fails_and_is_told_once_with_its_remedy(service: Service, lock: Path) -> None:
    ended, said = await audit(service.server.port, lock)

    assert ended == 1
    assert said == [
        "ferry 2.0: PYSEC-3, PYSEC-3 of Ferry (mended in 1.4.1)",
        "harbour 1.4.0: GHSA-1, GHSA-1 of harbour (mended in 1.4.1)",
        "audit: 3 packages, 2 known vulnerabilities",
    ]


async def test_what_is_known_and_borne_does_not_fail_under_any_of_its_names(service: Service, lock: Path) -> None:
    ended, said = await audit(service.server.port, lock, "--accept", "CVE-1", "--accept", "PYSEC-3")

    assert (ended, said) == (0, ["audit: 3 packages, 0 known vulnerabilities"])


async def test_where_nobody_answers_it_is_said_in_a_line_and_nothing_fails(service: Service, lock: Path) -> None:
    ended, said = await audit(port := free_port(), lock)
    assert (ended, said) == (0, [f"audit: not done, http://127.0.0.1:{port} cannot be asked (ConnectError)"])

    service.status = 503
    ended, (line,) = await audit(service.server.port, lock)
    assert ended == 0
    assert line.endswith("answered 503")


async def test_a_question_that_the_service_refuses_is_a_failure(service: Service, lock: Path) -> None:
    service.status = 400

    ended, said = await audit(service.server.port, lock)

    assert ended == 1
    assert "what it is asked is wrong" in said[-1]
