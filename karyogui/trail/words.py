"""Lines of the trail in words. A line that cannot be read is shown as it is stored: nothing is left out."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from karyogui.model.store.trail import Entry

_MOST = 3
"""Changes of one gesture that are told one by one."""


class Kind(Enum):
    """What a line is about; for the filter."""

    IMPORT = "import"
    CLASSIFICATION = "classification"
    CORRECTION = "correction"
    SHEET = "sheet"
    STATE = "state"
    EXPORT = "export"
    CASE = "case"


_KINDS: dict[str, Kind] = {
    "cell added": Kind.IMPORT,
    "case imported": Kind.IMPORT,
    "classified": Kind.CLASSIFICATION,
    "placements changed": Kind.CORRECTION,
    "cell changed": Kind.CORRECTION,
    "annotations changed": Kind.CORRECTION,
    "sheet changed": Kind.SHEET,
    "karyotype changed": Kind.SHEET,
    "in review": Kind.STATE,
    "reviewed": Kind.STATE,
    "approved": Kind.STATE,
    "reopened": Kind.STATE,
    "exported": Kind.EXPORT,
}


def kind_of(entry: "Entry") -> Kind:
    """Return what a line is about; what is no cell's is the case's."""
    return _KINDS.get(entry.action, Kind.CASE)


def kind_word(kind: Kind) -> str:
    """Return the name of a kind, for the filter."""
    return {
        Kind.IMPORT: _tr("Import"),
        Kind.CLASSIFICATION: _tr("Classification"),
        Kind.CORRECTION: _tr("Corrections"),
        Kind.SHEET: _tr("Count sheet and karyotype"),
        Kind.STATE: _tr("Review and approval"),
        Kind.EXPORT: _tr("Export"),
        Kind.CASE: _tr("Case"),
    }[kind]


def words(entry: "Entry") -> str:
    """Say what was done, in one sentence without a full stop."""
    facts = entry.facts()
    tell = _TELLERS.get(entry.action)
    try:
        if tell is not None and facts:
            return tell(facts)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        pass  # of another version of the program, or changed
    return f"{entry.action}: {entry.details}"


def _case_created(facts: Mapping[str, Any]) -> str:
    return _tr("Case %s begun") % (facts["code"],)


def _case_renamed(facts: Mapping[str, Any]) -> str:
    return _tr("Case %s is now %s") % (facts["before"], facts["after"])


def _case_deleted(facts: Mapping[str, Any]) -> str:
    return _tr("Case %s deleted") % (facts["code"],)


def _case_imported(facts: Mapping[str, Any]) -> str:
    text = _tr("Imported from %s as %s") % (facts["file"], facts["code"])
    return _tr("%s, anonymous") % text if facts["anonymous"] else text


def _case_changed(facts: Mapping[str, Any]) -> str:
    names = {
        "constitutional": _tr("kind of change"),
        "sex": _tr("sex"),
        "karyotype": _tr("karyotype of the case"),
        "note": _tr("note"),
    }
    kinds = {True: _tr("constitutional"), False: _tr("acquired")}
    parts = []
    for name, after in facts["after"].items():
        if name == "specimen":
            before = facts["before"]["specimen"]
            parts += [_set(key, text) for key, text in after.items() if before.get(key) != text]
            parts += [_tr("%s removed") % key for key in before if key not in after]
        elif name == "constitutional":
            parts.append(_set(names[name], kinds[after]))
        else:
            parts.append(_set(names.get(name, name), after))
    return ", ".join(parts)


def _cell_added(facts: Mapping[str, Any]) -> str:
    return _tr("Imported with %d chromosomes from %d files") % (facts["chromosomes"], len(facts["files"]))


def _cell_renamed(facts: Mapping[str, Any]) -> str:
    return _tr("%s is now %s") % (facts["before"], facts["after"])


def _cell_deleted(facts: Mapping[str, Any]) -> str:
    return _tr("Deleted with %d chromosomes") % (facts["chromosomes"],)


def _classified(facts: Mapping[str, Any]) -> str:
    bundle = facts["bundle"]
    text = _tr("Classified with %s %s") % (bundle["name"], bundle["version"])
    return _with_details(text, [facts["karyotype"]] if facts["karyotype"] else [])


def _placements_changed(facts: Mapping[str, Any]) -> str:
    return _with_details(facts["gesture"], _moves(facts["changes"]))


def _cell_changed(facts: Mapping[str, Any]) -> str:
    parts = []
    if facts["added"]:
        parts.append(_tr("new: %s") % ", ".join(_number(number) for number in facts["added"]))
    if facts["retired"]:
        parts.append(_tr("put aside: %s") % ", ".join(_number(number) for number in facts["retired"]))
    return _with_details(facts["gesture"], [*parts, *_moves(facts["changes"])])


def _annotations_changed(facts: Mapping[str, Any]) -> str:
    texts = [f"“{each['text']}”" for each in facts["annotations"] if each.get("text")]
    return _with_details(facts["gesture"], texts)


def _sheet_changed(facts: Mapping[str, Any]) -> str:
    names = {
        "counted": _tr("counted"),
        "analysed": _tr("analysed"),
        "karyotyped": _tr("karyotyped"),
        "band_level": _tr("band level"),
        "quality": _tr("quality"),
        "note": _tr("note"),
    }
    before, after = facts["before"], facts["after"]
    return ", ".join(_set(word, after[name]) for name, word in names.items() if before[name] != after[name])


def _karyotype_changed(facts: Mapping[str, Any]) -> str:
    (before, _), (after, findings) = facts["before"], facts["after"]
    text = _tr("Karyotype %s, before %s") % (after or _tr("none"), before or _tr("none"))
    return _with_details(text, findings) if before == after else text


def _state(text: str) -> Callable[[Mapping[str, Any]], str]:
    def tell(facts: Mapping[str, Any]) -> str:
        return _with_details(_tr(text), [facts["reason"]] if facts["reason"] else [])

    return tell


def _exported(facts: Mapping[str, Any]) -> str:
    kinds = {
        "report": _tr("Report"),
        "karyogram": _tr("Karyogram"),
        "case file": _tr("Case file"),
        "trail": _tr("Trail"),
    }
    text = _tr("%s written to %s") % (kinds.get(facts["kind"], facts["kind"]), facts["file"])
    return _tr("%s, anonymous") % text if facts.get("anonymous") else text


_TELLERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "case created": _case_created,
    "case renamed": _case_renamed,
    "case changed": _case_changed,
    "case deleted": _case_deleted,
    "case imported": _case_imported,
    "cell added": _cell_added,
    "cell renamed": _cell_renamed,
    "cell deleted": _cell_deleted,
    "classified": _classified,
    "placements changed": _placements_changed,
    "cell changed": _cell_changed,
    "annotations changed": _annotations_changed,
    "sheet changed": _sheet_changed,
    "karyotype changed": _karyotype_changed,
    "in review": _state("Put into review"),
    "reviewed": _state("Marked as reviewed"),
    "approved": _state("Approved"),
    "reopened": _state("Reopened"),
    "exported": _exported,
}


def _moves(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    """The changes of placements that say something; those that only made room for others come last and are counted."""
    told = [text for change in changes if (text := _move(change))]
    rest = len(changes) - min(len(told), _MOST)
    return [*told[:_MOST], *([_tr("%d more") % rest] if rest and told else [])]


def _move(change: Mapping[str, Any]) -> str:
    """One chromosome: from which label to which, how it was turned, or that it was accepted."""
    before, after = change["before"], change["after"]
    who = _number(change["chromosome"])
    if before is None:
        return _tr("%s in %s") % (who, _place(after[0]))
    label, _, turn, mirrored, centromere, accepted = before
    parts = []
    if label != after[0]:
        parts.append(_tr("from %s to %s") % (_place(label), _place(after[0])))
    if mirrored != after[3]:
        parts.append(_tr("mirrored"))
    elif turn != after[2]:
        parts.append(_tr("turned by %d°") % round((after[2] - turn) % 360))
    elif centromere != after[4]:
        parts.append(_tr("centromere moved"))
    if not parts and accepted != after[5]:
        parts.append(_accepted(after[0]) if after[5] else _tr("no longer accepted"))
    return f"{who} {', '.join(parts)}" if parts else ""


def _accepted(label: str | None) -> str:
    return _tr("left in the tray") if label is None else _tr("accepted as %s") % (label,)


def _number(chromosome_id: int) -> str:
    """A chromosome by its number; `no.`, for a bare number would be taken for its label."""
    return _tr("no. %d") % (int(chromosome_id) + 1)


def _place(label: str | None) -> str:
    return _tr("the tray") if label is None else str(label)


def _set(name: str, value: object) -> str:
    if value is True:
        return name
    if value is False:
        return _tr("not %s") % name
    return _tr("%s removed") % name if value in (None, "") else f"{name}: {value}"


def _with_details(text: str, details: Sequence[str]) -> str:
    return f"{text}: {', '.join(details)}" if details else text


def _tr(text: str) -> str:
    return QCoreApplication.translate("Trail", text)
