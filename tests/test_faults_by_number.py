"""What the plan of faults (F1 to F17) asks for, by number: the tests that show it, each still there under its name."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
SHOWN_BY = {
    "F1 a digest run that is killed at every commit, and at random": (
        "bot/test_digest_process.py::test_a_run_that_is_killed_at_any_commit_gives_each_reader_one_digest",
        "bot/test_digest_process.py::test_random_kills_and_a_failing_line_lose_nothing_and_double_nothing",
    ),
    "F2 the same over a line on which everything goes wrong": (
        "bot/test_digest_process.py::test_random_kills_and_a_failing_line_lose_nothing_and_double_nothing",
        "bot_api/test_server.py::test_trouble_is_the_same_for_the_same_seed_whatever_the_order",
    ),
    "F3 updates under kills, polling and webhook": (
        "bot/test_process.py::test_kills_lose_nothing_repeat_nothing_and_keep_the_order",
        "bot/test_together.py::test_whichever_is_killed_nothing_is_lost_or_doubled_and_order_and_pace_are_kept",
    ),
    "F4 a million updates that no hand wrote": (
        "bot/messenger/test_fuzz.py::test_no_update_breaks_or_holds_up_the_bot",
        "bot/messenger/test_fuzz.py::test_nor_does_one_of_a_million_nor_do_they_make_it_grow",
    ),
    "F5 hostile feeds, a good one beside them": (
        "retrieval/ingest/test_hostile.py::test_every_hostile_feed_is_survived",
        "retrieval/ingest/test_hostile.py::test_miniflux_feeds_and_xml_bombs_are_survived",
        "retrieval/ingest/test_hostile.py::test_a_flood_is_bounded_and_the_next_feed_is_read",
    ),
    "F6 addresses that must not be reached": (
        "retrieval/ingest/test_fetch_addresses.py::test_no_forbidden_host_in_any_shape_is_connected_to",
        "retrieval/ingest/test_fetch_addresses.py::test_no_forbidden_host_is_reached_by_redirect",
        "retrieval/ingest/test_fetch_addresses.py::test_a_name_that_changes_its_address_is_judged_at_every_connection",
        "retrieval/ingest/test_fetch_addresses.py::test_the_public_controls_are_connected_to",
    ),
    "F7 what is shown, through a strict reader of markup": (
        (
            "bot/messenger/paragraphs/test_hostile.py::"
            "test_no_text_breaks_the_markup_or_links_where_it_should_not_or_makes_a_message_too_long"
        ),
    ),
    "F8b a model that obeys every order": (
        "generation/test_traitor.py::test_no_order_in_an_article_is_seen_in_the_answer",
        "generation/test_traitor.py::test_what_telegram_is_sent_links_to_the_source_alone",
    ),
    "F9 the same with orders that are changed": (
        "generation/test_traitor.py::test_no_order_that_is_changed_to_be_overlooked_leaves",
        "generation/test_traitor.py::test_whatever_a_model_writes_every_sentence_rests_on_a_quote",
    ),
    "F10 Chroma under kills": (
        "retrieval/index/test_writing_killed.py::test_two_hundred_killed_processes_leave_right_answers",
        "retrieval/index/test_writing_killed.py::test_two_hundred_kills_of_a_server_leave_right_answers",
        "retrieval/index/test_damage.py::test_damaged_folders_are_rebuilt_from_the_database",
        (
            "bot/benchmarks/test_rebuild.py::"
            "test_what_the_database_holds_is_made_anew_without_an_encoder_beside_one_collection"
        ),
    ),
    "F11 a language model that fails in any way": (
        "generation/engines/openai/test_broken.py::test_a_refused_connection_fails_at_once",
        "generation/engines/openai/test_broken.py::test_a_server_that_hangs_before_its_reply_is_given_up",
        "generation/engines/openai/test_broken.py::test_a_stream_that_stalls_ends_and_what_was_written_stands",
        "generation/engines/openai/test_broken.py::test_whatever_json_comes_is_text_or_an_error",
        "generation/engines/openai/test_turns.py::test_closing_the_iterator_is_seen_by_the_server",
        "generation/engines/openai/test_turns.py::test_a_prompt_that_would_wait_behind_too_many_is_turned_away_at_once",
        "bot/test_served_model.py::test_with_a_broken_model_the_sources_are_quoted_and_it_is_said",
    ),
    "F12 a database that fails, and one in a hundred uses of every port": (
        "storage/test_endurance.py::test_a_full_disk_is_said_and_loses_nothing",
        "storage/test_database.py::test_every_write_to_a_locked_database_says_that_it_is_locked",
        "storage/test_database.py::test_a_database_that_may_not_be_written_says_so",
        "bot/test_faults.py::test_with_faults_at_every_port_all_is_answered_once_in_order_and_nothing_is_unforeseen",
    ),
    "F13 clocks that jump, in thirty-seven zones": (
        "flows/test_schedule.py::test_there_is_one_digest_a_local_day",
        "flows/test_schedule.py::test_no_local_slot_comes_twice_however_clocks_jump_and_readers_move",
    ),
    "F14 what is forgotten": (
        "bot/test_forget_canary.py::test_no_byte_is_left_of_what_a_reader_said_did_or_had_read",
    ),
    "F15 a day at speed": (
        "bot/test_soak.py::test_a_day_of_ten_thousand_readers_leaves_memory_files_and_disk_as_they_should_be",
    ),
    "F16 what is in the log": (
        "test_canary.py::test_in_a_long_test_whatever_was_written_is_found_in_whatever_line",
    ),
    "F17 the Bot API server of the tests, under two clients": (
        "bot_api/test_server.py::test_another_client_talks_to_it",
        "bot_api/test_server.py::test_a_request_against_the_specification_is_a_violation",
        "bot_api/test_another_library.py::test_every_update_is_of_the_shape_that_is_specified",
        "bot_api/test_every_method.py::test_every_method_that_the_bot_calls_is_among_them",
    ),
}  # fmt: skip
"""F8, orders in real articles before a real model on an accelerator, is `tidings evaluate injection`, and no test."""


@pytest.mark.parametrize("fault", SHOWN_BY)
def test_every_fault_of_the_plan_has_its_tests(fault: str) -> None:
    for test in SHOWN_BY[fault]:
        file, _, name = test.partition("::")
        tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
        names = {each.name for each in tree.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in names, f"{fault}: {test}"
