"""Makes one HTML file of a report: pictures inside, nothing fetched, and on a draft the word across it."""

import re
from html import escape

from engine.progress import Reporter
from karyogui.report.page import Page, draft_word, purpose
from karyogui.report.pictures import Pictures

_SOURCE = re.compile(r"""(\bsrc\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_HEAD, _BODY_END = re.compile(r"<head\b[^>]*>", re.IGNORECASE), re.compile(r"</body\s*>", re.IGNORECASE)

# A template from elsewhere must not fetch anything or run anything when the report is opened.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
_STYLE = """
html { background: #ffffff; color: #22252a }
body { font: 12px/1.35 "Liberation Sans", Arial, Helvetica, sans-serif; max-width: 674px; margin: 40px auto }
img { max-width: 100%; height: auto }
td, th { font-size: inherit }
h1, h2, h3, h4 { break-after: avoid }
tr, img { break-inside: avoid }
@page { margin: 15mm }
@media print { body { margin: 0 auto } }
.karyogui-foot { margin-top: 32px; padding-top: 5px; border-top: 1px solid #8b929b; font-size: 10px }
.karyogui-draft { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center;
  pointer-events: none; font: bold 150px "Liberation Sans", Arial, sans-serif; color: rgba(0, 0, 0, 0.13) }
.karyogui-draft span { transform: rotate(-55deg) }
"""


def html_bytes(html: str, pictures: Pictures, page: Page, reporter: Reporter) -> bytes:
    """Return a report as one HTML file; the reporter hears of each picture and can cancel before it.

    Parameters
    ----------
    html
        What the template made. Addresses of pictures in it are replaced by the pictures; others lead nowhere.
    page
        For the foot, and the word across a draft.
    """
    pieces: list[str] = []
    found = list(_SOURCE.finditer(html))
    end = 0
    for number, match in enumerate(found):
        reporter.check_cancelled()
        reporter.report(number, len(found))
        name = match[2] if match[2] is not None else match[3]
        pieces += [html[end : match.start()], f'{match[1]}"{pictures.data_address(name) or "data:,"}"']
        end = match.end()
    whole = "".join(pieces) + html[end:]
    head = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n<style>{_STYLE}</style>\n'
    foot = f'<div class="karyogui-foot">{escape(page.foot)}  ·  {escape(purpose())}</div>\n'
    if page.draft:
        foot += f'<div class="karyogui-draft" aria-hidden="true"><span>{escape(draft_word())}</span></div>\n'
    return _with(_with(whole, _HEAD, head, after=True), _BODY_END, foot, after=False).encode("utf-8")


def _with(html: str, place: re.Pattern[str], added: str, *, after: bool) -> str:
    """Put something in at a tag; without the tag, at the beginning or at the end."""
    match = place.search(html)
    if match is None:
        return added + html if after else html + added
    at = match.end() if after else match.start()
    return f"{html[:at]}\n{added}{html[at:]}"
