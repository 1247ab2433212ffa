"""Bringing a trained bundle into use for a stain, and an earlier one back; nothing in use is ever deleted."""

from dataclasses import replace
from datetime import UTC, datetime

from engine.bundle import (
    Bundle,
    BundleEntry,
    default_bundle,
    list_bundles,
    load_bundle,
    user_bundle_folder,
    write_bundle,
)
from engine.current import Currents, Turn, read_currents, write_currents
from engine.errors import BundleError
from engine.types import Stain

SURE = "use it anyway"
"""What a person types to bring a worse bundle into use."""


def promote(
    bundle: str | Bundle, stain: Stain, *, note: str = "", verdict: str = "", typed: str = ""
) -> BundleEntry | None:
    """Bring a bundle into use for a stain.

    Parameters
    ----------
    bundle : the name of an installed one, or a candidate, which is installed first.
    note : kept with it.
    verdict : of the comparison with the bundle in use: `better`, `same`, `worse`, or empty where none was made.
    typed : must be `SURE` if the verdict is `worse`.

    Returns
    -------
    Where a candidate was installed; None for one that was installed before.

    Raises
    ------
    BundleError
        If it was found worse and nobody insisted, is not for this stain, is damaged, or cannot be written.
    """
    if verdict == "worse" and typed.strip().lower() != SURE:
        name = bundle if isinstance(bundle, str) else bundle.card.name
        raise BundleError(f"{name} is worse than the bundle in use; it is taken only if you type “{SURE}”.")
    loaded = load_bundle(bundle) if isinstance(bundle, str) else bundle
    if not loaded.card.suits(stain):
        raise BundleError(f"The bundle {loaded.card.name} is not made for {stain.upper()} bands.")
    replaced = in_use().get(stain, "")
    entry = None if isinstance(bundle, str) else install_candidate(bundle)
    _turn(Turn(loaded.card.name, stain, _now(), replaced, note.strip(), verdict))
    return entry


def install_candidate(bundle: Bundle) -> BundleEntry:
    """Write a candidate to the user's bundles under a name that is not taken.

    Raises
    ------
    BundleError
        If another bundle has its name, or the folder cannot be written to.
    """
    name, target = bundle.card.name, user_bundle_folder() / bundle.card.name
    if any(entry.name == name for entry in list_bundles()):
        raise BundleError(f"There is already a bundle named {name}; nothing was changed.")
    try:
        write_bundle(bundle.card, bundle.networks, target)
    except OSError as error:
        raise BundleError(f"{target} cannot be written: {error.strerror or error}.") from None
    return BundleEntry(name, target, False)


def rollback(stain: Stain, to: str = "") -> str:
    """Bring an earlier bundle back into use, and return its name.

    Parameters
    ----------
    to : its name; empty: the one that was replaced by the bundle in use.

    Raises
    ------
    BundleError
        If there is none to go back to, or it is not installed any more.
    """
    now = default_bundle(stain)
    if not to:
        came = [turn for turn in history(stain) if turn.bundle == now and not turn.rollback]
        to = came[-1].replaced if came else ""
    if not to:
        raise BundleError(f"No earlier bundle is known for {stain.upper()} bands; {now} stays in use.")
    if to == now:
        raise BundleError(f"{to} is in use already.")
    bundle = load_bundle(to)
    if to not in {entry.name for entry in list_bundles()}:
        raise BundleError(f"{to} is not installed; install it first.")
    if not bundle.card.suits(stain):
        raise BundleError(f"The bundle {to} is not made for {stain.upper()} bands.")
    _turn(Turn(to, stain, _now(), now, rollback=True))
    return to


def set_note(bundle: str, note: str) -> None:
    """Write down a person's words about an installed bundle, in place of what was written before.

    Raises
    ------
    BundleError
        If it is not installed, or the note cannot be written.
    """
    if bundle not in {entry.name for entry in list_bundles()}:
        raise BundleError(f"There is no bundle {bundle} any more.")
    before = read_currents(user_bundle_folder())
    _write(replace(before, notes={**before.notes, bundle: note.strip()}), "the note was not kept")


def note_of(bundle: str) -> str:
    """Return what was last written about a bundle."""
    stored = read_currents(user_bundle_folder())
    told = [turn.note for turn in stored.turns if turn.bundle == bundle and turn.note]
    return stored.notes.get(bundle, told[-1] if told else "")


def history(stain: Stain) -> tuple[Turn, ...]:
    """Return what came into use for a stain, oldest first."""
    return tuple(turn for turn in read_currents(user_bundle_folder()).turns if turn.stain == stain)


def in_use() -> dict[Stain, str]:
    """Return the name of the bundle each stain is classified with; a stain without one is left out."""
    found = {}
    stains: tuple[Stain, ...] = ("g", "q")
    for stain in stains:
        try:
            found[stain] = default_bundle(stain)
        except BundleError:
            continue
    return found


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _turn(turn: Turn) -> None:
    before = read_currents(user_bundle_folder())
    if turn.replaced == turn.bundle:
        turn = replace(turn, replaced="")
    notes = {**before.notes, turn.bundle: turn.note} if turn.note else before.notes
    after = Currents({**before.in_use, turn.stain: turn.bundle}, (*before.turns, turn), notes)
    _write(after, "the old bundle stays")


def _write(currents: Currents, else_: str) -> None:
    folder = user_bundle_folder()
    try:
        write_currents(folder, currents)
    except OSError as error:
        raise BundleError(f"{folder} cannot be written: {error.strerror or error}; {else_}.") from None
