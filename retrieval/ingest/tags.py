"""Language tags as publishers write them, down to what the rest of the house uses."""

from __future__ import annotations

import re

_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]{1,32})?\s*")
# Three-letter codes that are seen in feeds, and the retired or wrong two-letter ones.
_PREFERRED = {
    "eng": "en", "zho": "zh", "chi": "zh", "cmn": "zh", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr",
    "spa": "es", "por": "pt", "rus": "ru", "jpn": "ja", "kor": "ko", "cn": "zh", "jp": "ja", "kr": "ko",
}  # fmt: skip


def primary_language(tag: object) -> str | None:
    """The ISO 639-1 code of a language tag such as `en-US`, lower case; `None` where it is none."""
    found = _TAG.fullmatch(tag) if isinstance(tag, str) else None
    if found is None:
        return None
    code = found[1].lower()
    code = _PREFERRED.get(code, code)
    return code if len(code) == 2 else None  # noqa: PLR2004  ISO 639-1 codes have two letters
