"""Tables from runs: means, spread over seeds, what was not run, files that can be read back."""

import csv
import io

from engine.study.methods import TABLE_3
from engine.study.tables import NOT_RUN, PAPER_TABLE_4, labels_table, methods_table, to_csv, to_markdown
from engine.types import CLASS_LABELS


def run(fold: int, seed: int, wrong: int, context: float | None = 0.9) -> dict[str, object]:
    truth = [0] * 10 + [22] * 10
    answer = [1] * wrong + truth[wrong:]
    accuracy = 1 - wrong / 20
    return {
        "fold": fold,
        "seed": seed,
        "truth": truth,
        "answer": answer,
        "accuracy": accuracy,
        "context_accuracy": context,
    }


def test_means_and_spread_over_seeds() -> None:
    runs = {"inception": [run(0, 1, 2), run(1, 1, 4), run(0, 2, 0), run(1, 2, 2)], "smote": [run(0, 1, 1, None)]}
    heading, first, second, third, *_ = methods_table(TABLE_3, runs)
    assert heading[1] == "Acc. (%)"
    assert first == ["Inception-ResNet-v2", "90.00", "7.07", "100.00", "", "90.00", "4 (2 x 2)", "91.69"]
    assert second == ["SMOTE", "95.00", "", "100.00", "", "", "1 (1 x 1)", "93.30"]
    assert third[1] == NOT_RUN
    assert third[-1] == "96.83"


def test_the_table_of_labels_adds_up() -> None:
    table = labels_table([run(0, 1, 3)])
    by_label = {row[0]: row for row in table[1:]}
    assert by_label["1"][1:5] == ["10", "7", "0", "3"]
    assert by_label["2"][1:5] == ["0", "0", "3", "0"]
    assert by_label["2"][7:9] == ["", "0.00"]
    assert by_label["all"][1:5] == ["20", "17", "3", "3"]
    assert by_label["all"][7] == "85.00"
    assert float(by_label["all"][5]) > 98
    missing = labels_table([])
    assert [row[1] for row in missing[1:]] == [NOT_RUN] * 24
    assert tuple(PAPER_TABLE_4) == CLASS_LABELS


def test_csv_and_markdown_hold_the_same_cells() -> None:
    table = methods_table(TABLE_3, {})
    assert list(csv.reader(io.StringIO(to_csv(table)))) == table
    text = to_markdown("Table 3", table, ["reduced"])
    assert text.startswith("# Table 3\n\n- reduced\n\n| Method |")
    assert text.count(NOT_RUN) == len(TABLE_3)
