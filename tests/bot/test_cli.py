"""The command line's contract, on a real instance: its JSON, its exit statuses, its one clear line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from filelock import FileLock

from bot.cli import cli
from bot.texts import say
from retrieval.index.shipped import SHIPPED
from tests.bot.program import ARTICLES, Program, jsonl

pytestmark = pytest.mark.early

ROOT = Path(__file__).resolve().parents[2]


def test_search_reports_articles_under_the_ids_they_came_with(filled: Program) -> None:
    found = filled.json("search", "rebuilding the dam", "--k", "2")

    assert set(found) == {"results", "without", "ms"}
    assert found["results"][0]["article_id"] == "dam-1"
    assert set(found["results"][0]) == {
        "article_id", "url", "title", "source", "published", "language", "score", "passage",
    }  # fmt: skip
    assert found["results"][0]["published"] == "2026-11-20T08:00:00+00:00"


def test_search_keeps_to_its_bounds(filled: Program) -> None:
    def ids(*bounds: str) -> set[str]:
        return {hit["article_id"] for hit in filled.json("search", "news 大桥 dam ferries", *bounds)["results"]}

    assert ids() == {"dam-1", "ferry-1", "zh-1"}
    assert ids("--language", "zh") == ids("--language", "zh-CN") == {"zh-1"}
    assert ids("--since", "2026-11-19") == {"dam-1"}
    assert ids("--until", "2026-11-18") == {"ferry-1"}
    assert ids("--source", "lake news") == {"ferry-1"}
    assert ids("--source", "LAKE") == {"ferry-1"}
    assert ids("--source", "courier") == {"dam-1"}
    assert ids("--source", "nobody") == set()
    assert "nobody: no article comes from a source of this name" in filled.errors


def test_a_search_for_what_is_not_in_the_news_finds_nothing(filled: Program) -> None:
    assert filled.json("search", "how to prune roses in winter")["results"] == []
    assert filled("search", "how to prune roses in winter") == "Nothing close to that was found.\n"


def test_an_answer_quotes_its_source_word_for_word(filled: Program) -> None:
    answer = filled.json("ask", "How much will the rebuilding of the Kestrel dam cost?")

    assert set(answer) == {
        "answer", "sentences", "citations", "refused", "as_of", "engine", "conflicting", "unexplained", "told_in",
        "untold", "meant", "lapse", "without", "language", "ms",
    }  # fmt: skip
    assert "48 million crowns" in answer["answer"]
    assert answer["refused"] is False
    assert answer["as_of"] == "2026-11-20T08:00:00+00:00"
    texts = {row["id"]: row["text"] for row in ARTICLES}
    assert answer["citations"]
    for citation in answer["citations"]:
        assert citation["quote"] in texts[citation["article_id"]]
    numbers = {citation["n"] for citation in answer["citations"]}
    assert all(sentence["citations"] and set(sentence["citations"]) <= numbers for sentence in answer["sentences"])


def test_a_chinese_question_is_answered_from_chinese_news(filled: Program) -> None:
    answer = filled.json("ask", "东门大桥重建要投资多少？")

    assert answer["language"] == "zh"
    assert "三亿元" in answer["answer"]


def test_a_question_the_sources_do_not_answer_is_refused(filled: Program) -> None:
    answer = filled.json("ask", "Who won the chess world championship in Reykjavik?")

    assert answer["refused"] is True
    assert (answer["sentences"], answer["citations"], answer["as_of"]) == ([], [], None)


def test_a_batch_answers_each_question_as_of_its_own_time(filled: Program, tmp_path: Path) -> None:
    questions = jsonl(
        tmp_path / "questions.jsonl",
        [
            {"id": "now", "question": "How much will the Kestrel dam cost?"},
            {"id": "before", "question": "How much will the Kestrel dam cost?", "asked_at": "2026-11-19"},
            {"id": "no words", "question": "???"},
            {"id": "broken"},
        ],
    )

    lines = [json.loads(line) for line in filled("ask", "--questions", str(questions), status=1).splitlines()]

    assert [line["id"] for line in lines] == ["now", "before", "no words"]
    assert lines[2]["refused"]
    assert "dam-1" in {citation["article_id"] for citation in lines[0]["citations"]}
    assert "dam-1" not in {citation["article_id"] for citation in lines[1]["citations"]}
    assert f"{questions}:3: '???': has no words in it\n" in filled.errors
    assert f"{questions}:4: no question\n" in filled.errors


def test_bad_lines_of_a_batch_are_named_in_words(filled: Program, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    rows = [
        '\ufeff{"question": "ferries?"}',
        "no JSON",
        "[1]",
        '{"question": 7}',
        '{"question": "x", "asked_at": "soon"}',
    ]
    questions.write_text("\n".join(rows), encoding="utf-8")

    lines = filled("ask", "--questions", str(questions), status=1).splitlines()

    assert [json.loads(line)["id"] for line in lines] == [1]
    assert filled.errors.splitlines() == [
        f"tidings: {questions}:2: not JSON",
        f"tidings: {questions}:3: not a JSON object",
        f"tidings: {questions}:4: question is not a string",
        f"tidings: {questions}:5: 'soon': write a time as 24h, 7d, 2w, 2026-11-20 or 2026-11-20T08:00Z",
    ]


def test_a_batch_search_gives_a_line_a_question(filled: Program, tmp_path: Path) -> None:
    questions = jsonl(
        tmp_path / "questions.jsonl", [{"id": 6, "question": "???"}, {"id": 7, "question": "ferries on the lake"}]
    )

    output = filled("search", "--questions", str(questions), "--k", "1", status=1)

    unusable, found = [json.loads(line) for line in output.splitlines()]
    assert (unusable["id"], unusable["results"]) == (6, [])
    assert (found["id"], found["results"][0]["article_id"]) == (7, "ferry-1")


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize("question", ["what is it", "the of and", "的 了 吗"])
def test_a_question_of_stop_words_alone_is_told_what_it_lacks(filled: Program, command: str, question: str) -> None:
    filled(command, question)

    assert filled.errors == f"tidings: {question!r}: has only words that nearly every text has; name what it is about\n"


@pytest.mark.parametrize("question", ["🚗", "🙂🙂", "…", ""])
def test_a_question_without_words_is_refused(filled: Program, question: str) -> None:
    filled("search", question, status=2)

    assert filled.errors == f"tidings: {question!r}: has no words in it\n"


@pytest.mark.parametrize("query", ["🚗 dam 🙂", "大桥 and the Kestrel dam", "Кестрел dam", "\u202edam\u2066", "DAM!!!"])
def test_mixed_scripts_and_emoji_find_what_their_words_find(filled: Program, query: str) -> None:
    found = filled.json("search", query)["results"]

    assert "dam-1" in {hit["article_id"] for hit in found[:2]}
    assert filled.errors == ""


@pytest.mark.parametrize("command", ["ask How much will the dam cost?", "search dam", "hot", "brief dam", "digest ada"])
def test_where_no_news_is_in_the_reply_says_so_and_what_to_do(tidings: Program, command: str) -> None:
    output = tidings(*command.split())

    assert output.endswith(f"{say('en', 'cli_no_news')}\n")
    assert "My sources" not in output


def test_where_the_indexes_are_gone_as_after_a_restore_a_refusal_says_so(filled: Program) -> None:
    question = ("ask", "How much will the Kestrel dam cost?")
    answered = filled(*question)
    for index in ("lexical", "chroma"):
        shutil.rmtree(Path(os.environ["TIDINGS_HOME"]) / index)

    refused = filled(*question)

    assert answered.startswith("The work will cost")
    assert refused.startswith("My sources don't say.\n")
    assert "not indexed yet" in refused or "`tidings reindex`" in refused


def test_a_story_is_shown_with_what_is_known_of_it_and_a_snippet_cut_between_words(
    filled: Program, tmp_path: Path
) -> None:
    long = {
        "id": "otters",
        "title": "Otters",
        "text": "The otters of the harbour were counted again. " * 2 + "So " * 99,
    }
    filled.json("ingest", "--jsonl", str(jsonl(tmp_path / "more.jsonl", [long])))

    shown = filled("search", "otters of the harbour", "--k", "1").splitlines()
    dam = filled("search", "rebuilding the dam", "--k", "1").splitlines()

    assert shown[0] == "1. Otters"
    assert shown[1].startswith("   The otters of the harbour were counted again. The otters")
    assert shown[1].endswith("So So…")
    assert dam[0] == "1. Kestrel dam to be rebuilt — The Courier, 2026-11-20"


def test_a_rebuilt_index_finds_the_same(filled: Program) -> None:
    def passages() -> list[tuple[str, str]]:
        found = filled.json("search", "rebuilding the dam")["results"]
        return [(hit["article_id"], hit["passage"]) for hit in found]

    before = passages()

    report = filled.json("reindex")

    assert report["encoded"] == 0, "vectors come from the database"
    assert passages() == before


def test_an_index_folder_full_of_garbage_costs_nothing_but_a_rebuild(filled: Program, home: Path) -> None:
    for name in ("chroma", "lexical"):
        for path in (home / name).rglob("*"):
            if path.is_file():
                path.write_bytes(b"garbage")

    filled.json("reindex")

    assert filled.json("search", "rebuilding the dam")["results"][0]["article_id"] == "dam-1"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["ask", "？"], 2, "tidings: '？': has no words in it\n"),
        (["search", "x", "--language", "klingon"], 2, "--language takes a code of two or three letters"),
        (["chat", "--language", "xx"], 2, "a language that is spoken here, en or zh, not 'xx'"),
        (["digest", "ada", "--language", "klingon"], 2, "a language that is spoken here, en or zh, not 'klingon'"),
        (["export", "ada", "--language", "de"], 2, "a language that is spoken here, en or zh, not 'de'"),
        (["ask", "x" * 100_000], 2, "100000 characters"),
        (["ask"], 2, "give a question"),
        (["search", "x", "--since", "someday"], 2, "'someday'"),
        (["search", "x", "--since", "999999w"], 2, "'999999w'"),
        (["search", "x", "--k", "0"], 2, "--k"),
        (["ask", "--reader", "ada", "--questions", "pyproject.toml"], 2, "--reader"),
        (["ingest", "--feed", "not a url"], 2, "not a url"),
        (["feeds", "import", "pyproject.toml"], 1, "pyproject.toml"),
        (["feeds", "remove", " "], 2, "source: say which, by its number in the list, its name or address"),
        (["feeds", "remove", "https://nowhere.example/"], 2, "https://nowhere.example/: is not among the sources"),
        (["feeds", "add", "http://127.0.0.1:9/feed"], 1, "127.0.0.1"),
        (["feeds", "add", "file:///etc/passwd"], 1, "file:///etc/passwd"),
        (["ingest", "--jsonl", "nowhere.jsonl"], 2, "nowhere.jsonl"),
        (["evaluate", "extraction", "--data", "."], 2, "ground-truth.json"),
        (["serve"], 2, "TELEGRAM_BOT_TOKEN"),
        (["serve", "--role", "worker"], 2, "TELEGRAM_BOT_TOKEN: is missing: get one from @BotFather"),
        (["serve", "--role", "worker"], 2, "and TIDINGS_DATABASE_URL: --role worker needs a PostgreSQL"),
        (["search", "dam", "--subject", "gardening"], 2, "--subject takes one of politics, world"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_bad_input_is_named_in_one_line(tidings: Program, arguments: list[str], status: int, said: str) -> None:
    tidings(*arguments, status=status)

    assert said in tidings.errors
    assert "Traceback" not in tidings.errors


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("TIDINGS_ENCODR", "x", "TIDINGS_ENCODR: is no setting; did you mean TIDINGS_ENCODER?"),
        ("TIDINGS_HOME", "~nobody-of-this-name/x", "TIDINGS_HOME"),
        ("TIDINGS_INGEST_EVERY", "999999999999", "TIDINGS_INGEST_EVERY"),
        ("TIDINGS_FEEDS", "pyproject.toml", "TIDINGS_FEEDS"),
    ],
)
def test_an_unusable_setting_is_named_in_one_line(
    tidings: Program, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)

    tidings("feeds", "list", status=2)

    assert said in tidings.errors
    assert tidings.errors.count("\n") == 1


def test_a_settings_file_that_is_not_text_is_named(
    tidings: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"TIDINGS_LOG_LEVEL=\xff\xfe")

    tidings("feeds", "list", status=2)

    assert tidings.errors == "tidings: .env: is not UTF-8 text\n"


def commands(group: click.Group = cli) -> Iterator[click.Command]:
    for command in group.commands.values():
        yield command
        if isinstance(command, click.Group):
            yield from commands(command)


@pytest.mark.parametrize("command", list(commands()), ids=lambda command: str(command.name))
def test_the_help_of_a_command_is_whole(command: click.Command) -> None:
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]

    assert not command.get_short_help_str(limit=62).endswith("...")
    assert all(option.help for option in options)


@pytest.mark.usefixtures("filled")
def test_output_survives_a_terminal_that_knows_no_chinese() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}

    def tidings(*arguments: str) -> str:
        command = [sys.executable, "-m", "bot", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, check=True, cwd=ROOT, timeout=60)
        return done.stdout.decode("latin-1")

    assert "?" in tidings("search", "大桥", "--k", "1")
    found = json.loads(tidings("search", "大桥", "--k", "1", "--json"))
    assert "东门大桥" in found["results"][0]["passage"]


def test_a_database_that_is_none_is_one_clear_line(tidings: Program, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "tidings.db").write_bytes(b"not a database at all" * 100)

    tidings("search", "x", status=1)

    assert str(home / "tidings.db") in tidings.errors
    assert tidings.errors.count("\n") == 1


def test_a_home_that_cannot_be_made_is_named(tidings: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TIDINGS_HOME", str(tmp_path / "file" / "home"))

    tidings("feeds", "list", status=2)

    assert "TIDINGS_HOME" in tidings.errors


def test_news_cannot_drive_the_terminal(tidings: Program, tmp_path: Path) -> None:
    hostile = {"id": "h", "title": "Dam \x1b]0;owned\x07 news", "text": "The dam \x1b[31mfails\x1b[0m badly today."}
    tidings.json("ingest", "--jsonl", str(jsonl(tmp_path / "news.jsonl", [hostile])))

    output = tidings("search", "dam")

    assert "dam" in output.lower()
    assert "\x1b" not in output
    assert "\x07" not in output


def test_beside_a_running_instance_nothing_pretends_to_have_indexed(
    filled: Program, home: Path, tmp_path: Path
) -> None:
    with FileLock(home / "index.lock"):
        late = {"id": "late-1", "text": "A late story about otters in the harbour."}
        report = filled.json("ingest", "--jsonl", str(jsonl(tmp_path / "late.jsonl", [late])))
        warned = filled.errors
        filled("reindex", status=1)
        refused = filled.errors
        filled("hot")
        lacking = filled.errors
        unfound = filled("search", "otters")
        checks = {check["name"]: check for check in filled.json("doctor", status=1)["checks"]}

    assert report["new"] == 1
    assert "1 article is not indexed yet and in no story; `tidings ingest` goes on where it stopped" in lacking
    assert "1 article is not indexed yet and cannot be found" in unfound
    assert [name for name, check in checks.items() if not check["ok"]] == ["indexing"]
    assert "another tidings is running" in warned
    assert "another tidings is running" in refused


def test_an_index_of_less_than_is_stored_says_so(filled: Program) -> None:
    watermark = Path(os.environ["TIDINGS_HOME"], "lexical", "watermark.json")
    watermark.write_text(watermark.read_text().replace('"layout": ', '"layout": 9'))
    shutil.rmtree(Path(os.environ["TIDINGS_HOME"], "chroma"))

    lacking = filled("search", "dam")

    assert "was written by another version of Tidings; `tidings reindex` makes it anew" in lacking
    assert "the index of meaning holds 0 of 3 passages; `tidings reindex` completes it" in lacking
    filled("reindex")
    filled("search", "dam")
    assert filled.errors == ""


def test_after_a_change_of_encoder_the_old_one_answers_until_the_new_one_has_everything(
    filled: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SHIPPED
    small = f"{full} int8"
    monkeypatch.setenv("TIDINGS_ENCODER_PRECISION", "float32")

    answer = filled.json("ask", "How much will the rebuilding of the Kestrel dam cost?")
    told = filled.errors
    examined = {check["name"]: check for check in filled.json("doctor")["checks"]}
    filled("reindex")
    switched = filled.errors
    found = filled.json("search", "rebuilding the dam")["results"]

    change = f"from {small} to {full}: 0 of 3 passages; `tidings chat` and `serve` go on with it in the background"
    assert "48 million crowns" in answer["answer"]
    assert change in told
    assert change in examined["change of encoder"]["detail"]
    assert examined["dense index"]["detail"] == "3 of 3 passages"
    assert f"searches now use the encoder {full}" in switched
    assert found[0]["article_id"] == "dam-1"
    assert filled.errors == ""


def test_an_encoder_that_cannot_be_loaded_leaves_the_old_one_serving_and_is_named(
    filled: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TIDINGS_ENCODER", "no-such/model")
    monkeypatch.setenv("TIDINGS_ENCODER_PRECISION", "float32")
    late = {"id": "late-1", "text": "A late story about otters in the harbour."}

    report = filled.json("ingest", "--jsonl", str(jsonl(tmp_path / "late.jsonl", [late])))
    told = filled.errors
    found = filled.json("search", "otters")["results"]
    examined = {check["name"]: check for check in filled.json("doctor", status=1)["checks"]}
    filled("reindex", status=1)

    assert report["new"] == 1
    assert "encoder no-such/model: " in told
    assert "searches go on with the encoder they use, set TIDINGS_ENCODER to one that works" in told
    assert told.count("no-such/model") == 1
    assert found[0]["article_id"] == "late-1"
    assert "no-such/model: " in examined["encoder"]["detail"]
    assert examined["encoder"]["detail"].endswith(f"searches go on with {SHIPPED} int8")
    assert examined["change of encoder"]["detail"].endswith("it waits for a model that can be loaded")
    assert examined["encoder"]["remedy"] == "set TIDINGS_ENCODER to a model that can be loaded"
    assert "encoder no-such/model: " in filled.errors


def test_a_source_cited_twice_is_listed_once(filled: Program) -> None:
    output = filled("ask", "Why will the Kestrel dam be rebuilt?")

    assert output.count("— The Courier") == 1
    assert "[1][2]" in output


def test_a_topic_is_told_at_a_glance(filled: Program) -> None:
    made = filled.json("brief", "the Kestrel dam")

    assert set(made) >= {"title", "background", "timeline", "agreed", "differs", "unsettled", "citations"}
    assert made["timeline"][0]["date"] == "2026-11-20"
    numbers = {citation["n"] for citation in made["citations"]}
    assert {n for moment in made["timeline"] for n in moment["citations"]} <= numbers
    texts = {row["id"]: row["text"] for row in ARTICLES}
    assert all(citation["quote"] in texts[citation["article_id"]] for citation in made["citations"])
    assert "What became known when\n  2026-11-20: " in filled("brief", "the Kestrel dam")


def test_of_an_unknown_topic_there_is_no_brief(filled: Program) -> None:
    assert filled("brief", "whale songs") == "My sources don't say.\n"
    assert filled.json("brief", "whale songs")["citations"] == []
