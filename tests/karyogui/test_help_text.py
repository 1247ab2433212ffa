"""The help names actions that exist, with the keys of now, and links that lead somewhere."""

import re

import pytest
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from karyogui.actions import ACTIONS, plain_text
from karyogui.help_text import topics
from karyogui.keymap import KeyMap, native
from resources import resource


def test_every_topic_has_a_title_and_every_text_is_a_topic(qtbot: QtBot) -> None:
    found = topics(KeyMap())
    assert all(topic.title and topic.text.startswith("# ") for topic in found)
    files = {file.name.removesuffix(".md") for file in resource("help").iterdir() if file.name.endswith(".md")}
    assert {topic.name for topic in found} == files
    assert not any("{" in topic.text for topic in found)  # nothing is left to fill in


def test_links_lead_to_topics(qtbot: QtBot) -> None:
    found = topics(KeyMap())
    links = {link for topic in found for link in re.findall(r"\]\(([^)]+)\)", topic.text)}
    assert links
    assert links <= {topic.name for topic in found}


def test_keys_are_the_users(qtbot: QtBot) -> None:
    keymap = KeyMap()
    text = {topic.name: topic.text for topic in topics(keymap)}["karyogram"]
    assert "**F**: upside down" in text
    keymap.give("flip", ["Ctrl+B"])
    keymap.give("mirror", [])
    text = {topic.name: topic.text for topic in topics(keymap)}["karyogram"]
    assert "**Ctrl+B**: upside down" in text
    assert "(no key): left and right" in text


def test_every_action_stands_in_the_table_of_keys_with_what_it_does(qtbot: QtBot) -> None:
    keymap = KeyMap()
    keymap.give("flip", ["*", "Ctrl+|"])
    document = QTextDocument()
    document.setMarkdown({topic.name: topic.text for topic in topics(keymap)}["keys"])
    lines = document.toPlainText().split("\n")
    rows = set(zip(lines, lines[1:], lines[2:], strict=False))
    for spec in ACTIONS:
        if spec.text:
            assert (plain_text(spec.id), native(keymap.keys(spec.id)), spec.tip) in rows


def test_lines_about_what_is_not_there_are_left_out(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "karyogui.help_text._read", lambda name: "# T\n{with:flip}Flip.\n{with:fly}Fly {key:fly}.\nEnd."
    )
    assert topics(KeyMap())[0].text == "# T\nFlip.\nEnd."


def test_an_action_that_does_not_exist_is_noticed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("karyogui.help_text._read", lambda name: "# Title\n{key:fly}")
    with pytest.raises(KeyError, match="fly"):
        topics(KeyMap())
