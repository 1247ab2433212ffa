"""How a karyogram is looked at: a value of its own, never part of the data."""

from dataclasses import dataclass

from karyogui.model.arrangement import Arrangement
from karyogui.model.ideogram import BandLevel
from karyogui.model.tone import AS_SCANNED, Tone


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """One value for all open cells, so that they can be compared."""

    tone: Tone = AS_SCANNED
    inverted: bool = False  # bright on black paper
    straightened: bool = False  # every chromosome along its own axis
    superresolved: bool = False  # enlarged by a network; single chromosomes may differ from it
    ideograms: BandLevel | None = None  # beside each pair, at so many bands
    group_letters: bool = False  # A..G over the groups
    arrangement: Arrangement = "sex_last"
