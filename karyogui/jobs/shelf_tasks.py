"""What the engine is asked to do with the installed models: list, bring into use, go back, export, import, delete."""

from collections.abc import Callable
from pathlib import Path

from engine.progress import Reporter
from engine.types import Stain
from karyogui.model.descent import descent
from karyogui.model.teaching import ShelfRow

Work = Callable[[Reporter], object]


def list_shelf() -> Callable[[Reporter], list[ShelfRow]]:
    """List the installed models with what they are and what they are used for."""

    def work(reporter: Reporter) -> list[ShelfRow]:
        from engine.bundle import list_bundles, read_card, user_bundle_folder
        from engine.current import read_currents
        from engine.errors import BundleError
        from engine.promotion import in_use, note_of

        used = in_use()
        turns = read_currents(user_bundle_folder()).turns
        rows = []
        for entry in list_bundles():
            stains = tuple(stain for stain, name in used.items() if name == entry.name)
            own = [turn for turn in turns if turn.bundle == entry.name]
            note = note_of(entry.name)
            try:
                card = read_card(entry.path)
                stain, facts = card.stain, "\n".join(descent(card.parent, card.training, card.metrics, card.sources))
            except BundleError as error:
                stain, facts = "any", str(error)
            when = own[-1].when if own else ""
            rows.append(ShelfRow(entry.name, stain, entry.shipped, stains, note, when, facts))
        return rows

    return work


def promote(model: object, stain: Stain, *, note: str, verdict: str, typed: str) -> Callable[[Reporter], str]:
    """Bring a candidate, or an installed model named by its name, into use; gives its name."""

    def work(reporter: Reporter) -> str:
        from engine.bundle import Bundle
        from engine.promotion import promote as bring

        assert isinstance(model, str | Bundle)  # noqa: S101 - what `learn` gave
        bring(model, stain, note=note, verdict=verdict, typed=typed)
        return model if isinstance(model, str) else model.card.name

    return work


def roll_back(stain: Stain, to: str) -> Callable[[Reporter], str]:
    """Bring an earlier model back into use; gives its name."""

    def work(reporter: Reporter) -> str:
        from engine.promotion import rollback

        return rollback(stain, to)

    return work


def export_model(name: str, target: Path) -> Callable[[Reporter], str]:
    """Write an installed model to a `.kbundle` file; gives the file's name."""

    def work(reporter: Reporter) -> str:
        from engine.bundle import pack_bundle

        pack_bundle(name, target)
        return target.name

    return work


def import_model(source: Path) -> Callable[[Reporter], str]:
    """Install a model from a `.kbundle` file; gives its name. It is not used before it is chosen."""

    def work(reporter: Reporter) -> str:
        from engine.bundle import install_bundle

        return install_bundle(source).name

    return work


def set_note(name: str, note: str) -> Callable[[Reporter], str]:
    """Write down a person's words about an installed model; gives its name."""

    def work(reporter: Reporter) -> str:
        from engine.promotion import set_note as write

        write(name, note)
        return name

    return work


def delete_model(name: str) -> Callable[[Reporter], str]:
    """Delete one of the user's own models that is not in use; gives its name."""

    def work(reporter: Reporter) -> str:
        from engine.bundle import list_bundles, remove_bundle
        from engine.errors import BundleError

        for entry in list_bundles():
            if entry.name == name:
                remove_bundle(entry)
                return name
        raise BundleError(f"There is no model {name} any more.")

    return work
