"""Renders the seeds as Word, PDF and HTML files, the fixtures of tests/it/forms.rs.

    pip install python-docx==1.2.0 reportlab==5.1.0
    python3 tests/data/forms/make.py

Each line of a seed is a paragraph, as where a text is pasted into an editor; the blank lines are lost. The PDF wraps the longest lines anew, in a
font that is not embedded, with a running head and page numbers; the web page stands in the frame of a site. The bytes are the same
at each run.
"""

import datetime
import html
import io
import pathlib
import re
import zipfile

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

HERE = pathlib.Path(__file__).parent
SEEDS = HERE.parents[2] / "seeds"
FONT = "STSong-Light"


def paragraphs(text):
    """The lines of a seed. Page breaks go: each form has pages of its own, or none."""
    lines = [line.strip() for line in text.replace("\f", "\n").splitlines()]
    return [line for line in lines if line]


def as_docx(lines, path):
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    document.core_properties.created = document.core_properties.modified = datetime.datetime(2026, 1, 1)
    raw = io.BytesIO()
    document.save(raw)
    # The parts that Word needs and no more, with one date: small files, the same at each run.
    keep = re.compile(r"^(\[Content_Types\]\.xml|_rels/.*|word/(document|styles|settings|fontTable)\.xml|word/_rels/.*|docProps/.*\.xml)$")
    with zipfile.ZipFile(raw) as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as small:
        for name in sorted(name for name in whole.namelist() if keep.match(name)):
            small.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), whole.read(name), zipfile.ZIP_DEFLATED)


def as_pdf(lines, path, title):
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    style = ParagraphStyle("body", fontName=FONT, fontSize=9, leading=16, wordWrap="CJK")

    def furniture(canvas, document):
        canvas.setFont(FONT, 9)
        canvas.drawString(72, A4[1] - 40, title)
        canvas.drawCentredString(A4[0] / 2, 36, f"— {document.page} —")

    template = SimpleDocTemplate(str(path), pagesize=A4, leftMargin=72, rightMargin=72, topMargin=72, bottomMargin=72, invariant=1)
    # A run of spaces would become one: a wide space keeps names apart that stand side by side.
    story = [Paragraph(html.escape(re.sub(" {2,}", "\u3000", line)), style) for line in lines]
    template.build(story, onFirstPage=furniture, onLaterPages=furniture)


def as_html(lines, path, title):
    body = "\n".join(f'<p style="text-indent:2em"><span>{html.escape(line)}</span></p>' for line in lines)
    page = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{html.escape(title)}-某某网站</title>
<script>var visits = 12345;</script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zw/">政务公开</a></li><li><a href="/fw/">办事服务</a></li></ul></div>
<div class="position">当前位置：<a href="/">首页</a> &gt; <a href="/tz/">通知公告</a></div>
<div class="article"><div class="content">
{body}
</div></div>
<div class="footer"><p>主办单位：某某厅 | 网站标识码：1234567890 | ICP备12345678号</p></div>
</body></html>
"""
    path.write_text(page, encoding="utf-8")


def main():
    for seed in sorted(SEEDS.glob("*.txt")):
        name = seed.stem.split("_")[0]
        lines = paragraphs(seed.read_text(encoding="utf-8"))
        as_docx(lines, HERE / f"{name}.docx")
        as_pdf(lines, HERE / f"{name}.pdf", "申报指南汇编")
        as_html(lines, HERE / f"{name}.html", "通知公告")


if __name__ == "__main__":
    main()
