"""Makes the seed corpora, fuzz/corpus/<target>/, from small files written here. The fixtures of the tests are read where they are.

    python3 fuzz/seeds.py

The bytes are the same at each run.
"""

import io
import pathlib
import shutil
import zipfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
CORPUS = ROOT / "fuzz/corpus"


def put(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


# PDF


def pdf(objects, trailer="", index=True):
    out, offsets = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body if isinstance(body, bytes) else body.encode())
    start = len(out)
    if index:
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
        out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer.encode(), start)


def stream(data, dictionary=""):
    data = data if isinstance(data, bytes) else data.encode()
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (dictionary.encode(), len(data), data)


def page(content, fonts, more=()):
    """A file of one page: its fonts are objects from 5 on, what they need stands after them."""
    names = "".join(f"/F{i} {i + 4} 0 R" for i in range(1, len(fonts) + 1))
    resources = f"<</Font<<{names}>>/XObject<</X {5 + len(fonts)} 0 R>>>>"
    return [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources{resources}>>",
        stream(content),
        *fonts,
        *more,
    ]


def show(x, y, text, font="F1"):
    return f"BT /{font} 12 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"


def pdfs():
    cid = "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500]/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>"
    song = f"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[{cid}]>>"
    gbk = f"<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[{cid}]>>"
    named = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 65/Widths[600 500]/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1/fi/alpha/uni4E2D]>>>>"
    lines = "".join(f"60 {y} m 300 {y} l S\n" for y in (700, 670, 640)) + "".join(f"{x} 640 m {x} 700 l S\n" for x in (60, 180, 300))
    table = lines + show(70, 680, "指标") + show(190, 680, "金额") + show(70, 650, "论文") + show(190, 650, "60万元")
    form = stream(show(60, 600, "不超过2年"), "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Matrix[1 0 0 1 5 5]")
    put("pdf", "table.pdf", pdf(page(table + "q .5 0 0 .5 0 0 cm /X Do Q\n", [song], [form])))
    content = "BT /F1 12 Tf 60 700 Td <beadb7d1333030cdf2d4aa> Tj ET\nBT /F2 12 Tf 14 TL 60 680 Td [(A) -30 (B\\001) -600 (C)] TJ T* (x) ' 1 2 (y) \" ET\n"
    put("pdf", "simple-fonts.pdf", pdf(page(content, [gbk, named])))
    cmap = "begincmap 1 begincodespacerange <0000><ffff> endcodespacerange 2 beginbfchar <0001><9879> <0002><76EE> endbfchar 1 beginbfrange <0003><0009><4e00> endbfrange endcmap"
    mapped = f"<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+X/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[{cid}]>>"
    turned = "BT /F1 12 Tf 0 1 -1 0 100 100 Tm 3 Ts 50 Tz 2 Tc <000100020003> Tj ET\nBI /W 1 /H 1 /BPC 8 /CS /G ID x EI\n"
    put("pdf", "to-unicode.pdf", pdf(page("BT /F1 12 Tf 60 700 Td <000100020003> Tj ET\n" + turned, [mapped], [stream(cmap)]), index=False))
    # Objects inside an object stream, found by a reference stream.
    inside = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<</Font<</F1 {named}>>>>>>"]
    table, body = "", ""
    for number, one in enumerate(inside, 1):
        table, body = table + f"{number} {len(body)} ", body + one + " "
    out = b"%PDF-1.5\n4 0 obj\n" + stream("BT /F1 9 Tf 9 9 Td (AB) Tj ET") + b"\nendobj\n"
    objects = len(out)
    out += b"5 0 obj\n" + stream(zlib.compress((table + body).encode()), f"/Type/ObjStm/N 3/First {len(table)}/Filter/FlateDecode") + b"\nendobj\n"
    start = len(out)
    rows = [(0, 0, 255), (2, 5, 0), (2, 5, 1), (2, 5, 2), (1, 9, 0), (1, objects, 0), (1, start, 0)]
    index = b"".join(bytes([kind]) + at.to_bytes(2, "big") + bytes([last]) for kind, at, last in rows)
    out += b"6 0 obj\n" + stream(index, "/Type/XRef/Size 7/W[1 2 1]/Root 1 0 R") + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    put("pdf", "object-stream.pdf", out)


# Word

W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="urn:wps" xmlns:v="urn:schemas-microsoft-com:vml"'
)


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def para(text, properties=""):
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


def parts(body, styles="", numbering="", footnotes=""):
    """The form that the target packs by itself: the parts, with a zero byte between them."""
    inner = [("document", f"<w:body>{body}</w:body>"), ("styles", styles), ("numbering", numbering), ("footnotes", footnotes)]
    return "\0".join(f"<w:{name} {W}>{text}</w:{name}>" for name, text in inner)


def docxs():
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate([("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%1.%2.%3"), ("upperRoman", "%4")])
    )
    numbering = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    numbering += '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    styles = '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    styles += '<w:style w:type="paragraph" w:styleId="b"><w:rPr><w:vanish/></w:rPr></w:style>'
    item = '<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'
    listed = "".join(para("总体目标", item.format(i, n)) for i, n in [(0, 1), (1, 1), (2, 1), (0, 2), (3, 1)])
    put("docx", "list", parts(listed + para("隐藏", '<w:pStyle w:val="a"/>'), styles, numbering))
    cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
    inner = "<w:tbl><w:tr><w:tc>" + para("内") + "</w:tc></w:tr></w:tbl>"
    rows = [
        [('<w:gridSpan w:val="2"/>', para("指标"))],
        [('<w:vMerge w:val="restart"/>', para("论文")), ("", para("60") + para("万元"))],
        [("<w:vMerge/>", para("")), ("", inner)],
    ]
    rows = "".join("<w:tr>" + "".join(cell.format(*one) for one in row) + "</w:tr>" for row in rows)
    put("docx", "table", parts(f'<w:tbl><w:tblGrid><w:gridCol w:w="9"/><w:gridCol w:w="9"/></w:tblGrid>{rows}</w:tbl>'))
    odd = '<w:p><w:ins><w:r><w:t>插入</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    odd += '<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    odd += '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:tab/><w:br/><w:noBreakHyphen/><w:footnoteReference w:id="1"/></w:r>'
    odd += "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>3</m:t></m:r></m:den></m:f></m:oMath>"
    odd += f"<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><wps:txbx><w:txbxContent>{para('框')}</w:txbxContent></wps:txbx></mc:Choice>"
    odd += f"<mc:Fallback><v:textbox><w:txbxContent>{para('框')}</w:txbxContent></v:textbox></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    put("docx", "odd", parts(odd + f"<w:sdt><w:sdtContent>{para('控件')}</w:sdtContent></w:sdt>", footnotes=f'<w:footnote w:id="1">{para("注")}</w:footnote>'))


# Web pages


def htmls():
    table = "<table><tr><th rowspan=2>序号<th colspan=2>指标</tr><tr><td>论文<td>60万元<br>以内</tr><tr><td>1<td><table><tr><td>内</table></table>"
    put("html", "part.html", f"<p>一、申报条件&nbsp;&#x4E00;</p><ol start=3><li>甲<ul><li>乙</ul></ol>{table}<pre> 1\n2</pre><div hidden>x</div>")
    page = "<!DOCTYPE html><html><head><meta charset=gb2312><title>申报指南</title></head><body><div class=nav><a href=a>首页</a></div><div id=content><h1>申报指南</h1><p>发布日期：2026-01-02</p><p>每项不超过60万元。</p></div><script>var a='<p>';</script></body></html>"
    put("html", "gb2312.html", page.encode("gb18030"))
    mhtml = "MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html; charset=\"utf-8\"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><p>=E6=8C=87=E5=8D=97</p></body></html>\r\n--b--\r\n"
    put("html", "page.mhtml", mhtml)
    put("html", "page.xhtml", '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p style="display:none"/><svg><p>指南</p></svg><select><option>一</select></body></html>')


# Text, archives, everything

TEXT = "项目申报指南：每项支持经费不超过60万元，执行期2年。\n"
TRADITIONAL = "計畫徵求書：每項補助經費不超過60萬元，執行期2年。\n"


def encodings():
    for code in ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]:
        put("encoding", code, TEXT.encode(code))
    put("encoding", "big5", TRADITIONAL.encode("big5"))
    put("encoding", "rare-gb18030", "㐀𠀀é".encode("gb18030"))
    put("encoding", "cut", TEXT.encode()[:20])
    put("encoding", "misread", TEXT.encode().decode("latin-1").encode())


def packed(members, method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, method)
    return out.getvalue()


def vint(value):
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def rar5(name):
    main, end = b"\x01\x00\x00", b"\x05\x00\x00"
    file = b"\x02\x02" + vint(3) + b"\x00" + vint(3) + b"\x20\x00\x00" + vint(len(name)) + name
    block = lambda header: bytes(4) + vint(len(header)) + header
    return b"Rar!\x1a\x07\x01\x00" + block(main) + block(file) + b"abc" + block(end)


def rar4(name):
    main = bytes(2) + b"\x73" + bytes(2) + (13).to_bytes(2, "little") + bytes(6)
    file = bytes(2) + b"\x74" + (0x8000).to_bytes(2, "little") + (32 + len(name)).to_bytes(2, "little")
    file += (3).to_bytes(4, "little") + bytes(15) + len(name).to_bytes(2, "little") + bytes(4) + name + b"abc"
    return b"Rar!\x1a\x07\x00" + main + file


def archives():
    members = [("a/指南.txt", TEXT), ("b.txt", "b" * 5_000), ("__MACOSX/._b", ""), ("../up.txt", "x"), ("a/", "")]
    put("archive", "stored.zip", packed(members, zipfile.ZIP_STORED))
    put("archive", "deflated.zip", packed(members, zipfile.ZIP_DEFLATED))
    put("archive", "gbk.zip", packed([("zzzz.txt", TEXT)], zipfile.ZIP_STORED).replace(b"zzzz", "指南".encode("gbk")))
    put("archive", "empty.zip", packed([], zipfile.ZIP_STORED))
    put("archive", "five.rar", rar5("指南.txt".encode()))
    put("archive", "four.rar", rar4("指南.txt".encode("gbk")))


def sources():
    """One small file of each format, from the other corpora."""
    for name in ["pdf/table.pdf", "pdf/object-stream.pdf", "html/part.html", "html/gb2312.html", "html/page.mhtml", "encoding/gb18030"]:
        put("source", name.split("/")[1], (CORPUS / name).read_bytes())
    for name in ["encoding/utf-16", "encoding/utf-8", "archive/deflated.zip", "archive/five.rar"]:
        put("source", name.split("/")[1], (CORPUS / name).read_bytes())
    document = f"<w:document {W}><w:body>{para('指南')}</w:body></w:document>"
    put("source", "word.docx", packed([("[Content_Types].xml", "<Types/>"), ("word/document.xml", document)], zipfile.ZIP_STORED))
    put("source", "sheet.xlsx", packed([("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<x/>")], zipfile.ZIP_STORED))


def normalised():
    seed = next((ROOT / "seeds").glob("000_*.txt")).read_text()
    put("normalise", "wrapped", seed[:1_500])
    put("normalise", "table", "序号\t支持方向\t金额（万元）\n1\t人工智能\t60\n2\t新能源\u2028储能\t30\n合计\t\t90\n后文。\n")
    put("normalise", "bars", "| 类别 | 方向 | 指标 |\n|---|---|---|\n| 一 | 甲 | 论文3篇 |\n|  | 乙 | 专利２件 |\n")
    put("normalise", "pages", "".join(f"申报指南\n正文第{n}段，说明经费，\r\n- {n} -\n\f" for n in range(1, 5)))
    put("normalise", "marks", "[bookmark: a]一、目标 （一）内 容\u3000全 角１２㎡①½，http://a.cn/\nbc@d.cn\u200b\ue000\u0301\u2028\n")
    put("normalise", "flat", "一、总体目标是支持研究工作的开展。 " * 40)


if __name__ == "__main__":
    shutil.rmtree(CORPUS, ignore_errors=True)
    for make in [pdfs, docxs, htmls, encodings, archives, sources, normalised]:
        make()
