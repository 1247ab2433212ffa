"""Every action of the window as data.

One row says all: words, keys, icon, when it can be used, where it stands. Menus, toolbar, the shortcuts window and the
help are made from it (`karyogui.action_set`), so an action that is not in the table cannot be in the program. The keys
here are those of a fresh installation; which ones are in use `karyogui.keymap` knows.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Flag, auto

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.types import MARKER

CONTEXT = "Actions"
SEPARATOR = "-"


class Needs(Flag):
    """What must be there for an action to be usable."""

    NOTHING = 0
    CELL = auto()  # a cell is shown, with its chromosomes
    PAPER = auto()  # chromosomes are in front: a karyogram, or the composite
    ENTRY = auto()  # a cell stands in the list, be it still being read
    SELECTION = auto()  # chromosomes are selected
    SEVERAL = auto()  # more than one cell is open
    BUSY = auto()  # a job is under way
    ENLARGER = auto()  # an installed bundle has a super-resolution network
    CASE = auto()  # a case of the library is open
    UNDO = auto()
    REDO = auto()


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action."""

    id: str
    text: str  # with the mnemonic
    tip: str  # one sentence: what it does
    menu: str  # id of the menu it stands in; "a/b" is a submenu
    keys: tuple[str, ...] = ()  # the first one is shown
    icon: str = ""
    needs: Needs = Needs.NOTHING
    checkable: bool = False
    in_karyogram: bool = False  # the karyogram takes the keys while it has the focus; elsewhere they press buttons


def _t(text: str) -> str:
    """Mark a text for translation; it is translated when the action is made."""
    return str(QT_TRANSLATE_NOOP(CONTEXT, text))


MENUS: dict[str, str] = {
    "file": _t("&File"),
    "file/recent": _t("Open &recent"),
    "file/samples": _t("Open sa&mple cell"),
    "case": _t("Ca&se"),
    "edit": _t("&Edit"),
    "chromosome": _t("&Chromosome"),
    "chromosome/assign": _t("&Assign to"),
    "cell": _t("Ce&ll"),
    "cell/bundle": _t("&Bundle"),
    "view": _t("&View"),
    "help": _t("&Help"),
}
"""Menus in their order; a submenu after its parent."""

_CHOSEN = Needs.PAPER | Needs.SELECTION

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open_files", _t("&Open images…"), _t("Open the chromosome images of one or several cells"), "file",
               ("Ctrl+O",), "open"),
    ActionSpec("open_folder", _t("Open &folder…"), _t("Open a folder of images, or a folder of such folders"), "file",
               ("Ctrl+Shift+O",), "folder"),
    ActionSpec("menu:file/recent", "", "", "file"),
    ActionSpec("menu:file/samples", "", "", "file"),
    ActionSpec(SEPARATOR, "", "", "file"),
    ActionSpec("export", _t("&Export karyogram…"), _t("Write the karyogram to a PNG, PDF or other file"), "file",
               ("Ctrl+E",), "export", Needs.CELL),
    ActionSpec("export_png", _t("Export as P&NG…"), _t("Write the karyogram to a PNG picture"), "file",
               ("Ctrl+Shift+E",), "", Needs.CELL),
    ActionSpec("export_pdf", _t("Export as P&DF…"), _t("Write the karyogram to a PDF page for the report"), "file",
               ("Ctrl+Shift+P",), "", Needs.CELL),
    ActionSpec("print", _t("&Print…"), _t("Show the karyogram as it would be printed, and print it"), "file",
               ("Ctrl+P",), "print", Needs.CELL),
    ActionSpec(SEPARATOR, "", "", "file"),
    ActionSpec("user", _t("&Your name…"), _t("Say under which name you work; the trail keeps it"), "file",
               ("Ctrl+Alt+N",)),
    ActionSpec("preferences", _t("Preference&s…"), _t("Where the library lies, and who approves"), "file",
               ("Ctrl+,",)),
    ActionSpec(SEPARATOR, "", "", "file"),
    ActionSpec("close_cell", _t("&Close cell"), _t("Close the shown cell; a case keeps it as it is"), "file",
               ("Ctrl+W",), "", Needs.ENTRY),
    ActionSpec("quit", _t("&Quit"), _t("Close the program; asks if there are changes"), "file", ("Ctrl+Q",)),
    ActionSpec("new_case", _t("&New case…"), _t("Begin a case; what is opened then goes into it"), "case", ("Ctrl+N",)),
    ActionSpec("rename", _t("&Rename…"), _t("Give the chosen cell or case another name"), "case",
               ("F2",)),
    ActionSpec("move_cell", _t("&Move cell to a case…"), _t("Put the chosen cell into another case, or into a new one"),
               "case", ("Ctrl+M",)),
    ActionSpec("delete", _t("&Delete…"), _t("Delete the chosen cell or case for good; asks first"), "case",
               ("Ctrl+Shift+Del",)),
    ActionSpec(SEPARATOR, "", "", "case"),
    ActionSpec("review_done", _t("Mark as re&viewed"), _t("The review of this cell is over"), "case", ("Ctrl+Return",),
               "", Needs.CELL),
    ActionSpec("approve", _t("&Approve"), _t("Approve this reviewed cell; it is read-only then"), "case",
               ("Ctrl+Shift+Return",), "", Needs.CELL),
    ActionSpec("approve_case", _t("Approve reviewed &cells…"),
               _t("Approve all reviewed cells of the chosen case; asks first"), "case", ("Ctrl+Shift+A",)),
    ActionSpec("reopen", _t("Re&open…"), _t("Open this cell for changes again; an approved one needs a reason"), "case",
               ("Ctrl+Alt+Return",), "", Needs.CELL),
    ActionSpec(SEPARATOR, "", "", "case"),
    ActionSpec("export_case", _t("&Export case file…"), _t("Write the chosen case with all its cells into one file"),
               "case", ("Ctrl+Alt+E",)),
    ActionSpec("import_case", _t("&Import case file…"), _t("Take a case out of a file into the library"), "case",
               ("Ctrl+Alt+I",)),
    ActionSpec(SEPARATOR, "", "", "case"),
    ActionSpec("report", _t("Report of the ca&se…"), _t("Put together the report of the open case, as PDF or HTML"),
               "case", ("Ctrl+R",), "", Needs.CASE),
    ActionSpec("show_trail", _t("Trai&l"), _t("Show who did what when in the open case, or go back"), "case",
               ("Shift+F4",), "", Needs.CASE),
    ActionSpec("edit_template", _t("Edit report &template…"),
               _t("Change words and looks of reports, in a folder of your own"), "case", ("Ctrl+Shift+R",)),
    ActionSpec("undo", _t("&Undo"), _t("Take back the last change"), "edit", ("Ctrl+Z",), "undo", Needs.UNDO),
    ActionSpec("redo", _t("&Redo"), _t("Do again what was taken back"), "edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo",
               Needs.REDO),
    ActionSpec(SEPARATOR, "", "", "edit"),
    ActionSpec("select_all", _t("Select &all"), _t("Select all chromosomes of the cell"), "edit", ("Ctrl+A",), "",
               Needs.PAPER),
    ActionSpec("copy", _t("&Copy karyogram"), _t("Put the karyogram on the clipboard, as a picture"), "edit",
               ("Ctrl+C",), "", Needs.CELL),
    ActionSpec(SEPARATOR, "", "", "edit"),
    ActionSpec("add_arrow", _t("Add arro&w…"), _t("Point at a place on a chromosome, with or without a text"), "edit",
               ("A",), "arrow", Needs.CELL),
    ActionSpec("add_text", _t("Add &text…"), _t("Write a text at a place on a chromosome"), "edit",
               ("Shift+A",), "text", Needs.CELL),
    ActionSpec("flip", _t("&Flip upside down"), _t("Turn the selected chromosomes upside down"), "chromosome",
               ("F",), "flip", _CHOSEN),
    ActionSpec("mirror", _t("&Mirror"), _t("Swap left and right of the selected chromosomes"), "chromosome",
               ("H",), "mirror", _CHOSEN),
    ActionSpec("rotate_left", _t("Rotate &left"), _t("Turn the selected chromosomes counter-clockwise"),
               "chromosome", ("R",), "rotate-left", _CHOSEN),
    ActionSpec("rotate_right", _t("Rotate &right"), _t("Turn the selected chromosomes clockwise"),
               "chromosome", ("Shift+R",), "rotate-right", _CHOSEN),
    ActionSpec("upright", _t("Turn &upright"), _t("Bring the p arm up again, as the program proposed"),
               "chromosome", ("U",), "upright", _CHOSEN),
    ActionSpec("move_left", _t("Mo&ve left in its class"), _t("Exchange the chromosome with its left neighbour"),
               "chromosome", ("Ctrl+Left",), "", _CHOSEN, in_karyogram=True),
    ActionSpec("move_right", _t("Move ri&ght in its class"), _t("Exchange the chromosome with its right neighbour"),
               "chromosome", ("Ctrl+Right",), "", _CHOSEN, in_karyogram=True),
    ActionSpec("centromere_up", _t("C&entromere up"), _t("Move the centromere up by one pixel"),
               "chromosome", ("Ctrl+Up",), "", _CHOSEN, in_karyogram=True),
    ActionSpec("centromere_down", _t("Centromere &down"), _t("Move the centromere down by one pixel"),
               "chromosome", ("Ctrl+Down",), "", _CHOSEN, in_karyogram=True),
    ActionSpec(SEPARATOR, "", "", "chromosome"),
    ActionSpec("menu:chromosome/assign", "", "", "chromosome"),
    ActionSpec("to_tray", _t("Move to &tray"), _t("Take the selected chromosomes out of their classes"),
               "chromosome", ("T",), "tray", _CHOSEN),
    ActionSpec(SEPARATOR, "", "", "chromosome"),
    ActionSpec("cut", _t("Cut or &split…"), _t("Split a chromosome, take a part out of it, or wipe at its edge"),
               "chromosome", ("K",), "cut", Needs.CELL | Needs.SELECTION),
    ActionSpec("join", _t("&Join…"), _t("Make one chromosome of the two selected ones"),
               "chromosome", ("J",), "", Needs.CELL | Needs.SELECTION),
    ActionSpec(SEPARATOR, "", "", "chromosome"),
    ActionSpec("next_uncertain", _t("&Next to review"), _t("Go to the next chromosome the program is unsure of"),
               "chromosome", ("Space", "N"), "next-to-review", Needs.PAPER, in_karyogram=True),
    ActionSpec("previous_uncertain", _t("&Back in the review"), _t("Go back to the chromosome reviewed before"),
               "chromosome", ("Shift+Space", "Shift+N"), "", Needs.PAPER, in_karyogram=True),
    ActionSpec("accept", _t("A&ccept, and next"), _t("The label is right: accept it and go on with the review"),
               "chromosome", ("Return", "Enter"), "accept", _CHOSEN, in_karyogram=True),
    ActionSpec("classify", _t("&Classify"), _t("Classify this cell with the chosen bundle; corrections stay in undo"),
               "cell", ("Ctrl+K",), "classify", Needs.CELL),
    ActionSpec("classify_all", _t("Classify &all cells"), _t("Classify the new cells of this case in the background"),
               "cell", ("Ctrl+Shift+K",)),
    ActionSpec("auto_classify", _t("Classify when &opened"), _t("Classify each cell as soon as it is read"), "cell",
               ("Ctrl+Alt+K",), "", checkable=True),
    ActionSpec("cancel", _t("Ca&ncel"), _t("Stop reading and classifying"), "cell", ("Esc", "Ctrl+."), "cancel",
               Needs.BUSY),
    ActionSpec("menu:cell/bundle", "", "", "cell"),
    ActionSpec("edit_karyotype", _t("&Karyotype"), _t("Write the karyotype of the cell; it is checked as you type"),
               "cell", ("Ctrl+L",), "", Needs.CELL),
    ActionSpec(SEPARATOR, "", "", "cell"),
    ActionSpec("next_cell", _t("N&ext cell"), _t("Show the next cell of the list"), "cell", ("Ctrl+PgDown",),
               "", Needs.SEVERAL),
    ActionSpec("previous_cell", _t("&Previous cell"), _t("Show the previous cell of the list"), "cell",
               ("Ctrl+PgUp",), "", Needs.SEVERAL),
    ActionSpec("zoom_in", _t("Zoom &in"), _t("Show the karyogram larger"), "view", ("Ctrl++", "Ctrl+="), "zoom-in",
               Needs.PAPER),
    ActionSpec("zoom_out", _t("Zoom &out"), _t("Show the karyogram smaller"), "view", ("Ctrl+-",), "zoom-out",
               Needs.PAPER),
    ActionSpec("zoom_fit", _t("&Fit"), _t("Show the whole karyogram"), "view", ("Ctrl+0",), "zoom-fit", Needs.PAPER),
    ActionSpec("zoom_100", _t("Ori&ginal size"), _t("Show one image pixel as one screen pixel"), "view",
               ("Ctrl+1",), "", Needs.PAPER),
    ActionSpec(SEPARATOR, "", "", "view"),
    ActionSpec("lens", _t("&Lens"), _t("Enlarge what is under the pointer; hold the key to look for a moment"), "view",
               ("L",), "", Needs.CELL, checkable=True, in_karyogram=True),
    ActionSpec("compare", _t("Co&mpare homologs"), _t("Show the two homologs large, and where they differ"), "view",
               ("C",), "", checkable=True),
    ActionSpec(SEPARATOR, "", "", "view"),
    ActionSpec("superresolved", _t("Su&per-resolved"),
               _t("Show all chromosomes super-resolved, or in their original pixels; data stay"), "view",
               ("O",), "superresolved", Needs.CELL | Needs.ENLARGER, checkable=True),
    ActionSpec("superresolve_selected", _t("Sup&er-resolve selected"),
               _t("Show the selected chromosomes super-resolved, or in their original pixels again"), "view",
               ("Shift+O",), "", Needs.CELL | Needs.SELECTION | Needs.ENLARGER),
    ActionSpec("straightened", _t("Straighte&ned"), _t("Show every chromosome along its own axis"), "view",
               ("S",), "", Needs.PAPER, checkable=True),
    ActionSpec("ideograms", _t("I&deograms"), _t("Show the ideogram beside each class, scaled to its chromosomes"),
               "view", ("I",), "", Needs.PAPER, checkable=True),
    ActionSpec("group_letters", _t("Group le&tters"), _t("Write A to G over the groups"), "view", ("G",), "",
               Needs.CELL, checkable=True),
    ActionSpec("inverted", _t("In&verted"), _t("Show the karyogram bright on black; exports ask separately"), "view",
               ("Ctrl+I",), "", Needs.PAPER, checkable=True),
    ActionSpec("view_settings", _t("Vie&w settings…"), _t("Contrast, gamma, sharpening, arrangement; never the data"),
               "view", ("V",), "", Needs.CELL, checkable=True),
    ActionSpec(SEPARATOR, "", "", "view"),
    ActionSpec("show_cells", _t("&Cells"), _t("Show or fold away the list of cells"), "view", ("F7",), "",
               checkable=True),
    ActionSpec("show_inspector", _t("In&spector"), _t("Show or fold away the inspector"), "view", ("F8",), "",
               checkable=True),
    ActionSpec("show_history", _t("&History"), _t("Show every step that was done; a click goes back to it"), "view",
               ("F9",), "", checkable=True),
    ActionSpec("show_composite", _t("Composite, side &by side"),
               _t("Show all copies of a chromosome over the cells, or go back"), "view", ("F6",)),
    ActionSpec("show_case", _t("C&ase"), _t("Show count sheet, clones and specimen of the open case, or go back"),
               "view", ("F4",)),
    ActionSpec("show_training", _t("T&raining"), _t("Teach the model with corrected cells, or go back"),
               "view", ("Ctrl+T",)),
    ActionSpec("full_screen", _t("F&ull screen"), _t("Give the karyogram the whole screen"), "view", ("F11",), "",
               checkable=True),
    ActionSpec("help", _t("&Help"), _t("Read what the program does and how it is used"), "help", ("F1",)),
    ActionSpec("shortcuts", _t("&Keyboard shortcuts…"), _t("Show all keys, and change them"), "help", ("Ctrl+F1",)),
    ActionSpec("open_log", _t("Show &log folder"), _t("Open the folder with the program's log file"), "help",
               ("Ctrl+Shift+L",)),
    ActionSpec("about", _t("&About"), _t("Version, licence and purpose of the program"), "help", ("Shift+F1",)),
)  # fmt: skip
"""All actions, in the order of their menus."""

TOOLBAR: tuple[str, ...] = (
    "open_files", "open_folder", SEPARATOR, "classify", "cancel", SEPARATOR, "undo", "redo", SEPARATOR,
    "flip", "mirror", "rotate_left", "rotate_right", "upright", "to_tray", "cut", SEPARATOR,
    "next_uncertain", "accept", SEPARATOR,
    "add_arrow", "add_text", SEPARATOR, "superresolved", SEPARATOR,
    "zoom_out", "zoom_fit", "zoom_in", SEPARATOR, "export",
)  # fmt: skip


def tr(text: str) -> str:
    """Translate a text of this table."""
    return QCoreApplication.translate(CONTEXT, text)


def assign_id(label: str) -> str:
    """Return under which id a label has its keys in the table of labels."""
    return f"assign:{label}"


LABEL_KEYS: dict[str, tuple[str, ...]] = {assign_id("X"): ("X",), assign_id("Y"): ("Y",), assign_id(MARKER): ("M",)}
"""Keys that move the selected chromosomes to a class, in the karyogram. 1 to 22 are typed as digits."""

LABEL_TEXTS: dict[str, str] = {
    assign_id("X"): _t("Move to X"),
    assign_id("Y"): _t("Move to Y"),
    assign_id(MARKER): _t("Move to markers"),
}


def plain_text(action_id: str) -> str:
    """Return what an action is called, without mnemonic and dots."""
    return tr(LABEL_TEXTS.get(action_id) or _TEXTS[action_id]).replace("&", "").removesuffix("…")


_TEXTS = {spec.id: spec.text for spec in ACTIONS if spec.text}


def needs_of(
    *,
    cell: bool,
    paper: bool,
    entry: bool,
    selection: bool,
    cells: int,
    busy: bool,
    undo: bool,
    redo: bool,
    enlarger: bool = False,
    case: bool = False,
) -> Needs:
    """Sum up what is there."""
    facts: Collection[tuple[bool, Needs]] = (
        (cell, Needs.CELL),
        (paper, Needs.PAPER),
        (entry, Needs.ENTRY),
        (selection, Needs.SELECTION),
        (cells > 1, Needs.SEVERAL),
        (busy, Needs.BUSY),
        (enlarger, Needs.ENLARGER),
        (undo, Needs.UNDO),
        (redo, Needs.REDO),
        (case, Needs.CASE),
    )
    there = Needs.NOTHING
    for is_there, need in facts:
        if is_there:
            there |= need
    return there
