"""The help as data: one text for each topic in `resources/help`, with the keys that are in use now.

In the texts `{key:flip}` stands for the key of an action, `{action:flip}` for its name, `{all_keys}` for the table of
all. A line that begins with `{with:report}` is left out where there is no such action. A text in the user's language
lies in a folder of that name, as `help/de/start.md`.
"""

import re
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from karyogui.actions import ACTIONS, LABEL_KEYS, MENUS, plain_text, tr
from karyogui.keymap import KeyMap, native
from resources import resource

_MARK = re.compile(r"\{(key|action):([\w:]+)\}|\{(all_keys)\}")
_WITH = re.compile(r"\{with:(\w+)\}")
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the help."""

    name: str  # links name it: [Review](review)
    title: str
    text: str  # Markdown


def topics(keymap: KeyMap) -> list[Topic]:
    """Return the help in its order.

    Raises
    ------
    KeyError
        A text names an action that does not exist.
    """
    found = []
    for name in resource("help/index.txt").read_text("utf-8").split():
        lines = (_line(line) for line in _read(name).split("\n"))
        text = _MARK.sub(lambda mark: _filled(mark, keymap), "\n".join(line for line in lines if line is not None))
        found.append(Topic(name, text.partition("\n")[0].removeprefix("# "), text))
    return found


def _read(name: str) -> str:
    own = resource(f"help/{QLocale().name().partition('_')[0]}/{name}.md")
    return (own if own.is_file() else resource(f"help/{name}.md")).read_text("utf-8")


def _line(line: str) -> str | None:
    """Return a line without its condition; None where that does not hold."""
    condition = _WITH.match(line)
    if condition is None:
        return line
    return line[condition.end() :] if condition[1] in {spec.id for spec in ACTIONS} else None


def _filled(mark: re.Match[str], keymap: KeyMap) -> str:
    kind, action_id, _ = mark.groups()
    if kind == "action":
        return f"*{_plain(plain_text(action_id))}*"
    if kind == "key":
        key = keymap.shown(action_id)
        return f"**{_plain(key)}**" if key else QCoreApplication.translate("Help", "(no key)")
    return "\n".join(_tables(keymap))


def _tables(keymap: KeyMap) -> list[str]:
    """Return every action with its keys and what it does, a table for each menu."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for spec in ACTIONS:
        if spec.text:
            menu = tr(MENUS[spec.menu.partition("/")[0]]).replace("&", "")
            groups.setdefault(menu, []).append((spec.id, tr(spec.tip)))
    groups[QCoreApplication.translate("Help", "In the karyogram")] = [(action_id, "") for action_id in LABEL_KEYS]
    head = [QCoreApplication.translate("Help", word) for word in ("Action", "Keys", "What it does")]
    lines: list[str] = []
    for menu, rows in groups.items():
        lines += ["", f"## {_plain(menu)}", "", f"| {' | '.join(head)} |", "|---|---|---|"]
        for action_id, tip in rows:
            lines.append(f"| {' | '.join(map(_plain, (plain_text(action_id), native(keymap.keys(action_id)), tip)))} |")
    return lines


def _plain(text: str) -> str:
    """A text that Markdown takes as it is."""
    return _SPECIAL.sub(r"\\\1", text)
