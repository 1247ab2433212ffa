"""The chromosomes of a cell as a table: CSV for the spreadsheet, JSON for programs."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from karyogui.export.content import Exportable, ExportContent, content_of
from karyogui.export.files import write_file
from karyogui.model.karyogram import reading_order

_COLUMNS = ("file", "label", "order", "accepted", "model_label", "confidence", "rotation_deg", "mirrored", "centromere")


def export_csv(path: Path, document: Exportable) -> None:
    """Write one line per chromosome, in the order of the karyogram; raises as `export_png`."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(_rows(content_of(document)))
    # The mark tells spreadsheet programs that the text is UTF-8.
    write_file(path, text.getvalue().encode("utf-8-sig"))


def export_json(path: Path, document: Exportable) -> None:
    """Write the cell with its chromosomes in the order of the karyogram; raises as `export_png`."""
    content = content_of(document)
    bundle = content.bundle
    everything = {
        "cell": content.cell.name,
        "stain": content.cell.stain,
        "karyotype": content.karyotype,
        "bundle": {"name": bundle.name, "version": bundle.version} if bundle else None,
        "to_review": content.to_review,
        "date": content.day.isoformat(),
        "chromosomes": _rows(content),
        "annotations": [
            {"file": content.cell.chromosome(a.chromosome_id).source, "kind": a.kind, "text": a.text}
            for a in content.annotations
        ],
    }
    write_file(path, (json.dumps(everything, indent=2, ensure_ascii=False) + "\n").encode())


def _rows(content: ExportContent) -> list[dict[str, Any]]:
    placements = {placement.chromosome_id: placement for placement in content.placements}
    rows = []
    for chromosome_id in reading_order(content.placements):
        chromosome, placement = content.cell.chromosome(chromosome_id), placements[chromosome_id]
        prediction = chromosome.prediction
        alternatives = prediction.alternatives if prediction else ()
        rows.append(
            {
                "file": chromosome.source,
                "label": placement.label,
                "order": placement.order,
                "accepted": placement.accepted,
                "model_label": prediction.label if prediction else None,
                "confidence": round(prediction.confidence, 4) if prediction else None,
                "rotation_deg": round(placement.rotation_deg, 2),
                "mirrored": placement.mirrored,
                "centromere": round(placement.centromere, 4),
                "alternatives": [{"label": a.label, "probability": round(a.probability, 4)} for a in alternatives],
            }
        )
    return rows
