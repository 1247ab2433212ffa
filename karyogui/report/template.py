"""Fills in a report's template. A template is a guest: it sees values, and can neither stay for ever nor reach out.

It may have come from elsewhere, so it runs in Jinja's sandbox, reads no file but its neighbours, calls nothing but a
few filters, and every turn of a loop is counted. A mistake in it is one sentence with its line.
"""

import traceback
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError, nodes, pass_eval_context
from jinja2.filters import do_join
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from PySide6.QtCore import QCoreApplication

from engine.errors import EngineError
from engine.progress import Reporter, SilentReporter
from karyogui.model.report.facts import ReportFacts
from karyogui.report.templates import ReportTemplate

MOST_STEPS = 500_000
"""Turns of loops, calls and pieces of text; the report of 100 cells takes about 5,000."""

LONGEST = 2 << 20
"""Letters of a filled-in template; that report has about 60,000."""

_FILTERS = frozenset(
    {
        *("abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "float", "forceescape"),
        *("groupby", "int", "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject"),
        *("rejectattr", "reverse", "round", "select", "selectattr", "sort", "string", "striptags", "sum", "title"),
        *("trim", "truncate", "unique", "upper", "wordcount"),
    }
)
"""Those that turn values into values. `safe` would let a patient's name be read as HTML, `center` fill the memory."""

_METHODS = frozenset({"items", "keys", "values", "get", "startswith", "endswith", "strip", "upper", "lower", "split"})
_NUMERIC = frozenset({"*", "**", "%"})  # of texts they make texts of any length
_LARGEST_NUMBER, _LARGEST_POWER, _LONGEST_VALUE = 1e9, 8, 200_000


class ReportTemplateError(EngineError):
    """The template cannot be filled in; `str(error)` names the file, the line and the mistake."""


def fill_template(
    template: ReportTemplate, facts: ReportFacts, reporter: Reporter | None = None, *, most_steps: int = MOST_STEPS
) -> str:
    """Return the HTML of a report.

    Parameters
    ----------
    reporter
        Can cancel while the template is being filled in.

    Raises
    ------
    ReportTemplateError
        The template is not there, cannot be read, or has a mistake.
    """
    counter = _Counter(reporter or SilentReporter(), most_steps)
    environment = _Sandbox(template, counter)
    values = {field.name: getattr(facts, field.name) for field in fields(facts)}
    try:
        pieces: list[str] = []
        for piece in environment.get_template(template.name).generate(values):
            counter.step()
            counter.wrote(len(piece))
            pieces.append(piece)
        return "".join(pieces)
    except EngineError:
        raise
    except TemplateSyntaxError as error:
        raise _mistake(error.name or template.name, error.lineno, error.message or "") from error
    except TemplateNotFound as error:
        raise ReportTemplateError(_tr("The template %s is not in the folder of templates.") % error.name) from error
    except RecursionError as error:
        raise _mistake(*_place(error, template), _tr("it calls itself without end")) from error
    except Exception as error:  # whatever an expression of a template can raise
        raise _mistake(*_place(error, template), str(error)) from error


class _Counter:
    """Ends a template that goes on and on, and lets the user end any."""

    def __init__(self, reporter: Reporter, most: int) -> None:
        self._reporter, self._left, self._room = reporter, most, LONGEST

    def step(self) -> None:
        self._left -= 1
        if self._left % 256 == 0:
            self._reporter.check_cancelled()
        if self._left < 0:
            raise ValueError(_tr("it goes on without end"))

    def wrote(self, letters: int) -> None:
        self._room -= letters
        if self._room < 0:
            raise ValueError(_tr("it writes more than a report can hold"))

    def each(self, values: Iterable[Any]) -> Iterator[Any]:
        for value in values:
            self.step()
            yield value


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = _NUMERIC | {"+"}

    def __init__(self, template: ReportTemplate, counter: _Counter) -> None:
        super().__init__(
            loader=FunctionLoader(template.read),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._counter = counter
        self.filters = {name: each for name, each in self.filters.items() if name in _FILTERS}
        self.filters |= {"counted": counter.each, "bounded": _bounded, "join": _join}
        self.globals = {"range": self.globals["range"]}

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805 - as in Jinja
        """Count what is called."""
        __self._counter.step()
        return super().call(__context, __obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Keep results small: numbers a person would write, texts and lists that fit on pages."""
        values = (_bounded(left), _bounded(right))
        if operator in _NUMERIC and not all(isinstance(value, int | float) for value in values):
            raise ValueError(_tr("%s takes numbers only") % operator)
        if operator == "**" and abs(right) > _LARGEST_POWER:
            raise ValueError(_tr("%s makes too large a number") % operator)
        return super().call_binop(context, operator, *values)

    def wrap_str_format(self, value: Any) -> None:
        """Leave `format` alone, which could be told to fill the memory; as any other method it is then refused."""

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Let templates read fields and call a few harmless methods."""
        return super().is_safe_attribute(obj, attr, value) and (not callable(value) or attr in _METHODS)

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        """Count the turns of every loop, those too that write nothing, and bound what is written together with `~`."""
        for loop in source.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "counted", [], [], None, None, lineno=loop.lineno)
        for joined in source.find_all(nodes.Concat):
            joined.nodes = [nodes.Filter(n, "bounded", [], [], None, None, lineno=n.lineno) for n in joined.nodes]
        return str(super()._generate(source, *args, **kwargs))


def _bounded(value: Any) -> Any:
    """Pass on what is not too large to go on reckoning with."""
    large = abs(value) > _LARGEST_NUMBER if isinstance(value, int | float) else False
    if large or (isinstance(value, str | list | tuple) and len(value) > _LONGEST_VALUE):
        raise ValueError(_tr("it makes a value too large for a report"))
    return value


@pass_eval_context
def _join(context: EvalContext, values: Iterable[Any], between: str = "", attribute: str | None = None) -> Any:
    parts = list(values)
    if len(parts) * len(_bounded(between)) + sum(len(str(part)) for part in parts) > _LONGEST_VALUE:
        raise ValueError(_tr("it makes a value too large for a report"))
    return do_join(context, parts, between, attribute)


def _place(error: BaseException, template: ReportTemplate) -> tuple[str, int]:
    """File and line of a template in which an error was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    found = next((frame for frame in reversed(frames) if template.holds(frame.filename)), None)
    return (found.filename, found.lineno or 0) if found else (template.name, 0)


def _mistake(name: str, line: int, what: str) -> ReportTemplateError:
    what = " ".join(what.split()).rstrip(".")
    if line:
        return ReportTemplateError(_tr("The template %s has a mistake in line %d: %s.") % (name, line, what))
    return ReportTemplateError(_tr("The template %s has a mistake: %s.") % (name, what))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Report", text)
