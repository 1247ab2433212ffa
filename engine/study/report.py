"""Everything a study has so far, as files: tables, figures, and one page that shows it all without any network."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from engine.study.figures import confusion_svg, embedded, embedding_svg
from engine.study.methods import FIGURE_8, METHODS, TABLE_2, TABLE_3
from engine.study.runs import StudySettings, read_runs
from engine.study.tables import NOT_RUN, Table, labels_table, methods_table, pooled_confusion, to_csv, to_markdown
from engine.whole_file import write_whole_text

_STYLE = """
body { font: 14px/1.5 system-ui, sans-serif; margin: 32px auto; max-width: 1080px; color: #222; padding: 0 16px }
h1 { font-size: 22px } h2 { font-size: 17px; margin-top: 40px }
table { border-collapse: collapse; margin: 16px 0 } td, th { padding: 4px 12px; border-bottom: 1px solid #ddd }
td, th { text-align: right } td:first-child, th:first-child { text-align: left } th { font-weight: 600 }
.missing { color: #888; font-style: italic } svg { max-width: 100%; height: auto }
"""


def write_report(out: Path, data: str, settings: StudySettings) -> None:
    """Write tables (Markdown, CSV), figures (SVG) and `index.html` of the runs in `out`.

    Parameters
    ----------
    data : name of the labelled folder.
    """
    runs = read_runs(out, list(METHODS.values()))
    notes = _notes(data, settings)
    stand_in = f" ({settings.stand_in})" if settings.stand_in else ""
    tables: list[tuple[str, str, Table]] = [
        ("table2", "Table 2: methods compared", methods_table(TABLE_2, runs)),
        ("table3", "Table 3: what each module adds", methods_table(TABLE_3, runs)),
        ("table4", "Table 4: SRAS-net by label", labels_table(runs["sras"])),
    ]
    for name, title, table in tables:
        write_whole_text(out / f"{name}.md", to_markdown(title, table, notes))
        write_whole_text(out / f"{name}.csv", to_csv(table))
    figures = {
        "fig7": _figure_7(out, runs["sras"], stand_in),
        **{f"fig8_{key}": _figure_8(out, key, runs[key], stand_in) for key in FIGURE_8},
    }
    write_whole_text(out / "index.html", _page(data, notes, tables, figures))


def _notes(data: str, settings: StudySettings) -> list[str]:
    protocol = "whole cells" if settings.protocol == "by-cell" else "single images, as in the paper"
    on = (
        f"Data: {data}. Folds of {protocol}: {settings.folds}. Figures on real images of the test part alone; "
        "SMOTE and rotation touch the training part alone; "
        + ("the last epoch is kept." if settings.one_cycle else "the validation part chooses the epoch.")
    )
    beside = (
        "The paper's figures stand beside for orientation: it split by image, stopped early on its test part, and its "
        "accuracies of X fit only a test part with synthetic images in it."
    )
    epoch = (
        "An epoch shows every image once, in a random rotation by a multiple of 15 degrees; the paper's shows each in "
        "all 24 rotations, and is worth 24 of these."
    )
    notes = [on, beside, epoch]
    if settings.sr_given:
        notes.append(f"Super-resolution: {settings.sr_given}, trained elsewhere; its card says on what.")
    else:
        notes.append("Super-resolution: SRAFBN, small, x2, trained on the training part of each fold.")
    reduced = settings.reduced()
    notes.append("Reduced: " + "; ".join(reduced) + "." if reduced else "Settings: the paper's.")
    return notes


def _figure_7(out: Path, runs: Sequence[dict[str, Any]], stand_in: str) -> str | None:
    if not runs:
        return None
    drawn = confusion_svg(pooled_confusion(runs), f"SRAS-net{stand_in}, {len(runs)} runs")
    write_whole_text(out / "fig7.svg", drawn)
    return drawn


def _figure_8(out: Path, key: str, runs: Sequence[dict[str, Any]], stand_in: str) -> str | None:
    if not runs or len(runs[0]["truth"]) < 4:
        return None
    run = runs[0]
    title = f"{METHODS[key].title}{stand_in}, fold {run['fold'] + 1}, seed {run['seed']}"
    drawn = embedding_svg(embedded(run["features"]), np.array(run["truth"]), title)
    write_whole_text(out / f"fig8_{key}.svg", drawn)
    return drawn


def _page(
    data: str, notes: Sequence[str], tables: Sequence[tuple[str, str, Table]], figures: dict[str, str | None]
) -> str:
    parts = [
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>SRAS-net on {escape(data)}</title>',
        f"<style>{_STYLE}</style><h1>SRAS-net on {escape(data)}</h1>",
        "<ul>" + "".join(f"<li>{escape(note)}</li>" for note in notes) + "</ul>",
    ]
    for _, title, table in tables:
        parts += [f"<h2>{escape(title)}</h2>", _html_table(table)]
    parts.append("<h2>Figure 7: confusion matrix of SRAS-net</h2>")
    parts.append(figures["fig7"] or f'<p class="missing">{NOT_RUN}</p>')
    parts.append("<h2>Figure 8: t-SNE of the penultimate features of the test part</h2>")
    for key in FIGURE_8:
        drawn = figures[f"fig8_{key}"]
        parts.append(drawn or f'<p class="missing">{escape(METHODS[key].title)}: {NOT_RUN}</p>')
    return "\n".join(parts) + "\n</html>\n"


def _html_table(table: Table) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in table[0])
    body = "".join("<tr>" + "".join(map(_html_cell, row)) + "</tr>" for row in table[1:])
    return f"<table><tr>{head}</tr>{body}</table>"


def _html_cell(cell: str) -> str:
    return f'<td class="missing">{cell}</td>' if cell == NOT_RUN else f"<td>{escape(cell)}</td>"
