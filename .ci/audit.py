"""Ask which of the locked packages have known vulnerabilities: the OSV service, by names and versions alone.

Exit status 1 says that there are some, each in one line with the version that mends it. Where the service can't be
asked that is said, and is no failure: nothing is known by it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from lock import LOCKED, entries, version

SERVICE = "https://api.osv.dev"
SECONDS = 20.0
AT_ONCE = 1_000
"""Packages that may be asked about in one request, by the service's documentation."""


@dataclass(frozen=True, order=True)
class Found:
    """A vulnerability of a locked package."""

    package: str
    version: str
    identifier: str
    known_as: frozenset[str]
    summary: str
    mended_in: tuple[str, ...]

    def __str__(self) -> str:
        mended = f"mended in {', '.join(self.mended_in)}" if self.mended_in else "not mended in any version"
        return f"{self.package} {self.version}: {self.identifier}, {self.summary or 'without a summary'} ({mended})"


def locked(folder: Path) -> dict[str, str]:
    """The version of each package that is locked."""
    texts = (file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.txt")))
    return {name: version(each) for text in texts for name, each in entries(text).items()}


def hits(client: httpx.Client, versions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Packages, and the identifiers of what is known of them."""
    asked = [
        (name, {"package": {"name": name, "ecosystem": "PyPI"}, "version": each}) for name, each in versions.items()
    ]
    while asked:
        batch, asked = asked[:AT_ONCE], asked[AT_ONCE:]
        answered = client.post("/v1/querybatch", json={"queries": [query for _name, query in batch]})
        results: Sequence[Mapping[str, Any]] = answered.raise_for_status().json()["results"]
        for (name, query), result in zip(batch, results, strict=True):
            yield from ((name, each["id"]) for each in result.get("vulns", ()))
            if token := result.get("next_page_token"):
                asked.append((name, query | {"page_token": token}))


def found(client: httpx.Client, versions: Mapping[str, str]) -> Iterator[Found]:
    """What is known of these packages and was not taken back."""
    for name, identifier in sorted(set(hits(client, versions))):
        told: Mapping[str, Any] = client.get(f"/v1/vulns/{identifier}").raise_for_status().json()
        if "withdrawn" in told:
            continue
        concerned = [
            each for each in told.get("affected", ()) if each.get("package", {}).get("name", "").lower() == name
        ]
        events = [each for one in concerned for span in one.get("ranges", ()) for each in span["events"]]
        yield Found(
            package=name,
            version=versions[name],
            identifier=identifier,
            known_as=frozenset({identifier, *told.get("aliases", ())}),
            summary=told.get("summary", ""),
            # Of a range of commits the event is a commit, which helps nobody to choose a version.
            mended_in=tuple(sorted({each["fixed"] for each in events if "." in each.get("fixed", "")})),
        )


def main() -> None:
    """Ask, and say what is known."""
    parser = argparse.ArgumentParser(description="Ask which locked packages have known vulnerabilities.")
    parser.add_argument("--service", default=SERVICE, help="the root of a service that speaks OSV's protocol")
    parser.add_argument("--locked", type=Path, default=LOCKED, help="the folder of requirements files")
    parser.add_argument("--accept", action="append", default=[], metavar="ID", help="one that is known and borne")
    given = parser.parse_args()
    versions = locked(given.locked)
    try:
        with httpx.Client(base_url=given.service, timeout=SECONDS) as client:
            every = sorted(found(client, versions))
    except httpx.TransportError as e:
        sys.stdout.write(f"audit: not done, {given.service} cannot be asked ({type(e).__name__})\n")
        return
    except httpx.HTTPStatusError as e:
        said = f"{given.service} answered {e.response.status_code}"
        if e.response.is_server_error or e.response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            sys.stdout.write(f"audit: not done, {said}\n")
            return
        sys.exit(f"audit: {said}: what it is asked is wrong")
    told: set[tuple[str, str]] = set()
    open_ones = []
    for each in every:
        # One and the same is listed by more than one body, each with a name of its own.
        names = {(each.package, name) for name in each.known_as}
        if not (each.known_as & {*given.accept} or names & told):
            open_ones.append(each)
        told |= names
    sys.stdout.writelines(f"{each}\n" for each in open_ones)
    sys.stdout.write(f"audit: {len(versions)} packages, {len(open_ones)} known vulnerabilities\n")
    sys.exit(bool(open_ones))


if __name__ == "__main__":
    main()
