"""The template: filled in, mistakes told with their lines, and a hostile one kept on its chair."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.errors import Cancelled, EngineError
from karyogui.model.report.facts import ReportFacts, report_facts
from karyogui.report.gather import CaseData
from karyogui.report.template import ReportTemplateError, fill_template
from karyogui.report.templates import SHIPPED, ReportTemplate

Own = Callable[[str], ReportTemplate]


@pytest.fixture
def facts(data: CaseData) -> ReportFacts:
    return report_facts(
        data.case,
        data.records,
        {},
        bundles=data.bundles,
        laboratory="Lab",
        program="karyogui 1",
        day=data.case.created.date(),
        draft=False,
    )


def test_the_shipped_template_says_everything(facts: ReportFacts) -> None:
    html = fill_template(ReportTemplate(SHIPPED), facts)
    expected = (
        *("B26-1 Müller", "47,XX,+8[2]/46,XX[3]", "bone marrow &lt;&amp;&gt;", "24 h culture", "Lab", "acquired"),
        *("5 evaluated: 5 counted, 5 analysed, 0 karyotyped", "550", "karyogui 1", "Reviewed by Ann", "Approved by"),
        *("placed by hand", "cell 5", "+8"),
    )
    assert [each for each in expected if each not in html] == []


def test_the_shipped_template_bears_an_empty_case(data: CaseData, facts: ReportFacts) -> None:
    empty = report_facts(
        replace(data.case, specimen={}), (), {}, bundles=(), laboratory="", program="k", day=facts.day, draft=True
    )
    assert "No karyotype" in fill_template(ReportTemplate(SHIPPED), empty)


def test_mosaicism_and_findings_are_told(data: CaseData, facts: ReportFacts) -> None:
    normal = [record for record in data.records if record.counts.is_normal]
    told = report_facts(data.case, normal, {}, bundles=(), laboratory="", program="k", day=facts.day, draft=False)
    assert "by 3 normal cells: 53.6 % or more at 90 % confidence" in fill_template(ReportTemplate(SHIPPED), told)


def test_what_people_wrote_is_no_html(own: Own, facts: ReportFacts) -> None:
    nasty = replace(facts, code="<script>alert(1)</script>")
    assert fill_template(own("{{ code }}"), nasty) == "&lt;script&gt;alert(1)&lt;/script&gt;"
    with pytest.raises(ReportTemplateError, match="line 1: No filter named 'safe'"):
        fill_template(own("{{ code | safe }}"), nasty)


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n{{ nope }}", 2, "'nope' is undefined"),
        ("a\n\n{% for each in sheet %}{{ each.foo }}{% endfor %}", 3, "no attribute 'foo'"),
        ("{% if code %}", 1, "end of template|Unexpected end"),
        ("a{% nonsense %}", 1, "unknown tag 'nonsense'"),
        ("\n{{ summary.cells / 0 }}", 2, "division by zero"),
        ("{% macro m() %}{{ m() }}{% endmacro %}\n{{ m() }}", 1, "calls itself without end"),
    ],
)
def test_a_mistake_is_told_with_its_line(own: Own, facts: ReportFacts, text: str, line: int, what: str) -> None:
    with pytest.raises(ReportTemplateError, match=rf"^The template own\.html has a mistake in line {line}: .*({what})"):
        fill_template(own(text), facts)


def test_a_mistake_in_a_part_names_the_part(own: Own, facts: ReportFacts) -> None:
    own("x\n{{ code.nope }}", "_part.html")  # type: ignore[call-arg]
    with pytest.raises(ReportTemplateError, match=r"_part\.html has a mistake in line 2"):
        fill_template(own("{% include '_part.html' %}"), facts)


@pytest.mark.parametrize(
    "text",
    [
        "{{ code.__class__.__mro__ }}",
        "{{ sheet[0].entry.__init__.__globals__ }}",
        "{{ ''['__class__'] }}",
        "{{ code.format(1) }}",
        "{{ 'a' * 99999999 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ 9 ** 9999999 }}",
        "{{ code | center(999999999) }}",
        "{{ sheet | join('x' ~ code) | join('y') | join('z' ~ code) | join('long' ~ code) | join('er') }}" * 2,
        "{{ lipsum() }}",
        "{{ cycler.__init__ }}",
        "{% import 'os' as os %}",
    ],
)
def test_a_template_reaches_nothing(own: Own, facts: ReportFacts, text: str) -> None:
    with pytest.raises(ReportTemplateError):
        fill_template(own(text), facts)


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{% for a in 'x' * 1 ~ code %}{% endfor %}" + "{% for a in range(99999) %}.{% endfor %}" * 6,
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}",
    ],
)
def test_a_template_does_not_go_on_for_ever(own: Own, facts: ReportFacts, text: str) -> None:
    with pytest.raises(ReportTemplateError, match=r"without end|numbers only"):
        fill_template(own(text), facts, most_steps=20_000)


@pytest.mark.parametrize(
    "text",
    [
        "{% set a = code ~ code ~ code ~ code %}" + "{% set a = a ~ a ~ a ~ a %}" * 12 + "{{ a }}",
        "{% set a = sheet + sheet %}" + "{% set a = a + a + a + a %}" * 14 + "{{ a | length }}",
        "{% set a = code %}" + "{% set a = a | list | join(a) %}" * 5 + "{{ a }}",
    ],
)
def test_a_template_does_not_grow_for_ever(own: Own, facts: ReportFacts, text: str) -> None:
    with pytest.raises(ReportTemplateError, match="too large"):
        fill_template(own(text), facts)


@pytest.mark.parametrize("name", ["../outside.html", "nope.html", "/etc/passwd", "..\\outside.html"])
def test_a_template_includes_its_neighbours_only(own: Own, facts: ReportFacts, name: str) -> None:
    template = own(f"{{% include '{name.replace(chr(92), chr(92) * 2)}' %}}")
    assert template.folder is not None
    (template.folder.parent / "outside.html").write_text("secret")
    with pytest.raises(ReportTemplateError, match="not in the folder"):
        fill_template(template, facts)


def test_a_template_in_another_coding(own: Own, facts: ReportFacts) -> None:
    template = own("")
    assert template.folder is not None
    (template.folder / template.name).write_bytes("Müller".encode("latin-1"))
    with pytest.raises(EngineError, match=r"^The template own\.html is no text in UTF-8; save"):
        fill_template(template, facts)


def test_the_user_can_stop_it(own: Own, facts: ReportFacts) -> None:
    class Stopped:
        def report(self, done: int, total: int, message: str = "") -> None: ...

        def check_cancelled(self) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        fill_template(own("{% for a in range(9000) %}.{% endfor %}"), facts, Stopped())
