//! Word documents: small packages made here -> exact texts.

use std::io::Write;

use zhinan::source::docx::read;
use zhinan::source::{Decoded, Limits};
use zhinan::table::Tables;
use zip::write::SimpleFileOptions;

const W: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" xmlns:wps=\"urn:wps\" xmlns:v=\"urn:schemas-microsoft-com:vml\"";

/// A package of these members.
fn package(members: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        zip.start_file(*name, SimpleFileOptions::default()).expect("a member");
        zip.write_all(text.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

/// A document with this body, and other parts by their names.
fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document {W}><w:body>{body}</w:body></w:document>");
    let others: Vec<(String, String)> =
        parts.iter().map(|(name, inner)| (format!("word/{name}.xml"), format!("<w:{name} {W}>{inner}</w:{name}>"))).collect();
    let mut members = vec![("word/document.xml", document.as_str())];
    members.extend(others.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    package(&members)
}

fn try_read(bytes: &[u8]) -> Result<Decoded, String> {
    let tables = Tables::built_in().expect("the built-in tables load");
    read(bytes, &Limits { text: 8 << 20, ..Limits::default() }, &tables.lexicon.notation)
}

fn text(body: &str, parts: &[(&str, &str)]) -> String {
    try_read(&docx(body, parts)).expect("a document").text
}

/// A paragraph.
fn p(text: &str) -> String {
    format!("<w:p>{}</w:p>", r(text))
}

/// A run.
fn r(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

/// A paragraph of a list.
fn item(list: u32, level: u32, text: &str) -> String {
    format!("<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>{}</w:p>", r(text))
}

fn styled(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{}</w:p>", r(text))
}

/// A level of a list, counting from 1.
fn level(at: u32, format: &str, text: &str, more: &str) -> String {
    format!("<w:lvl w:ilvl=\"{at}\"><w:start w:val=\"1\"/><w:numFmt w:val=\"{format}\"/>{more}<w:lvlText w:val=\"{text}\"/></w:lvl>")
}

fn definition(id: u32, levels: &[String]) -> String {
    format!("<w:abstractNum w:abstractNumId=\"{id}\">{}</w:abstractNum>", levels.concat())
}

fn list(id: u32, definition: u32, more: &str) -> String {
    format!("<w:num w:numId=\"{id}\"><w:abstractNumId w:val=\"{definition}\"/>{more}</w:num>")
}

/// 一、（一）1. on three levels.
fn headings() -> String {
    definition(
        0,
        &[
            level(0, "chineseCountingThousand", "%1、", ""),
            level(1, "japaneseCounting", "（%2）", ""),
            level(2, "decimal", "%3.", ""),
            level(3, "decimal", "%1.%2.%4", "<w:isLgl/>"),
        ],
    )
}

#[test]
fn lists_write_their_numbers() {
    let body = [
        item(1, 0, "总体要求"),
        item(1, 1, "领域"),
        item(1, 2, "能源"),
        item(1, 2, "材料"),
        item(1, 1, "要求"),
        item(1, 0, "附则"),
        item(1, 1, "解释"),
    ];
    let numbering = headings() + &list(1, 0, "");
    assert_eq!(
        text(&body.concat(), &[("numbering", &numbering)]),
        "一、总体要求\n（一）领域\n1. 能源\n2. 材料\n（二）要求\n二、附则\n（一）解释\n"
    );
}

#[test]
fn legal_numbers_are_arabic_on_all_levels() {
    let body = [item(1, 0, "甲"), item(1, 0, "乙"), item(1, 1, "丙"), item(1, 3, "丁")];
    assert_eq!(text(&body.concat(), &[("numbering", &(headings() + &list(1, 0, "")))]), "一、甲\n二、乙\n（一）丙\n2.1.1 丁\n");
}

#[test]
fn overrides_start_anew_and_change_levels() {
    let over = "<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"5\"/></w:lvlOverride>";
    let level = format!("<w:lvlOverride w:ilvl=\"0\">{}</w:lvlOverride>", level(0, "upperRoman", "%1）", ""));
    let numbering = [headings(), list(1, 0, ""), list(2, 0, over), list(3, 0, &level)].concat();
    let body = [
        item(1, 0, "甲"),
        item(1, 0, "乙"),
        item(2, 0, "丙"),
        item(2, 0, "丁"),
        item(1, 0, "戊"),
        item(3, 0, "己"),
        item(0, 0, "庚"),
        item(9, 0, "辛"),
    ];
    assert_eq!(
        text(&body.concat(), &[("numbering", &numbering)]),
        "一、甲\n二、乙\n五、丙\n六、丁\n七、戊\nVIII）己\n庚\n辛\n",
        "lists of one definition count on; an override starts once; 0 and a list that is not there number nothing"
    );
}

#[test]
fn a_level_begins_again_where_it_says() {
    let levels = |restart: &str| {
        definition(0, &[level(0, "decimal", "%1.", ""), level(1, "decimal", "%2）", ""), level(2, "lowerLetter", "%3", restart)])
    };
    let body = [item(1, 0, "甲"), item(1, 2, "乙"), item(1, 1, "丙"), item(1, 2, "丁"), item(1, 0, "戊"), item(1, 2, "己")].concat();
    for (restart, texts) in [
        ("", "1. 甲\na 乙\n1）丙\na 丁\n2. 戊\na 己\n"),
        ("<w:lvlRestart w:val=\"0\"/>", "1. 甲\na 乙\n1）丙\nb 丁\n2. 戊\nc 己\n"),
        ("<w:lvlRestart w:val=\"1\"/>", "1. 甲\na 乙\n1）丙\nb 丁\n2. 戊\na 己\n"),
    ] {
        assert_eq!(text(&body, &[("numbering", &(levels(restart) + &list(1, 0, "")))]), texts, "{restart}");
    }
}

#[test]
fn styles_number_paragraphs() {
    let styles = "<w:style w:type=\"paragraph\" w:styleId=\"A\"><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"B\"><w:basedOn w:val=\"A\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"C\"><w:basedOn w:val=\"A\"/><w:pPr><w:numPr><w:ilvl w:val=\"2\"/></w:numPr></w:pPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"D\"><w:basedOn w:val=\"B\"/><w:pPr><w:numPr><w:numId w:val=\"0\"/></w:numPr></w:pPr></w:style>";
    let levels = [
        level(0, "chineseCounting", "第%1章", "<w:pStyle w:val=\"A\"/>"),
        level(1, "chineseCounting", "第%2条", "<w:pStyle w:val=\"B\"/>"),
        level(2, "decimal", "%3.", "<w:suff w:val=\"nothing\"/>"),
    ];
    let numbering = definition(0, &levels) + &list(1, 0, "");
    let body = [styled("A", "总则"), styled("B", "目的"), styled("B", "依据"), styled("C", "甲"), styled("D", "无号"), styled("A", "附则")];
    assert_eq!(
        text(&body.concat(), &[("styles", styles), ("numbering", &numbering)]),
        "第一章总则\n第一条目的\n第二条依据\n1.甲\n无号\n第二章附则\n"
    );
}

#[test]
fn a_list_may_stand_in_a_numbering_style() {
    let styles = "<w:style w:type=\"numbering\" w:styleId=\"S\"><w:pPr><w:numPr><w:numId w:val=\"7\"/></w:numPr></w:pPr></w:style>";
    let numbering = definition(0, &[level(0, "ideographTraditional", "%1、", "<w:styleLink w:val=\"S\"/>")])
        + "<w:abstractNum w:abstractNumId=\"1\"><w:numStyleLink w:val=\"S\"/></w:abstractNum>"
        + &list(7, 0, "")
        + &list(8, 1, "");
    let body = [item(8, 0, "一"), item(8, 0, "二")].concat();
    assert_eq!(text(&body, &[("styles", styles), ("numbering", &numbering)]), "甲、一\n乙、二\n");
}

/// The formats of `ST_NumberFormat` that East Asian documents use, at 1, 10, 11, 20, 101 and 1234.
#[test]
fn every_east_asian_format_writes_its_numbers() {
    for (format, numbers) in [
        ("chineseCounting", "一 十 十一 二十 一○一 一二三四"),
        ("chineseCountingThousand", "一 十 十一 二十 一百零一 一千二百三十四"),
        ("chineseLegalSimplified", "壹 壹拾 壹拾壹 贰拾 壹佰零壹 壹仟贰佰叁拾肆"),
        ("ideographDigital", "一 一〇 一一 二〇 一〇一 一二三四"),
        ("ideographTraditional", "甲 癸 11 20 101 1234"),
        ("ideographZodiac", "子 酉 戌 20 101 1234"),
        ("ideographZodiacTraditional", "甲子 癸酉 甲戌 癸未 101 1234"),
        ("ideographLegalTraditional", "壹 壹拾 壹拾壹 貳拾 壹佰零壹 壹仟貳佰參拾肆"),
        ("ideographEnclosedCircle", "㈠ ㈩ 11 20 101 1234"),
        ("decimalEnclosedCircle", "① ⑩ ⑪ ⑳ 101 1234"),
        ("decimalEnclosedCircleChinese", "① ⑩ ⑪ ⑳ 101 1234"),
        ("decimalEnclosedFullstop", "⒈ ⒑ ⒒ ⒛ 101 1234"),
        ("decimalEnclosedParen", "⑴ ⑽ ⑾ ⒇ 101 1234"),
        ("decimalFullWidth", "１ １０ １１ ２０ １０１ １２３４"),
        ("decimalFullWidth2", "１ １０ １１ ２０ １０１ １２３４"),
        ("decimalHalfWidth", "1 10 11 20 101 1234"),
        ("decimalZero", "01 10 11 20 101 1234"),
        ("taiwaneseCounting", "一 十 十一 二十 一○一 一二三四"),
        ("taiwaneseCountingThousand", "一 十 十一 二十 一百零一 一千二百三十四"),
        ("taiwaneseDigital", "一 一○ 一一 二○ 一○一 一二三四"),
        ("japaneseCounting", "一 十 十一 二十 百一 千二百三十四"),
        ("japaneseDigitalTenThousand", "一 一〇 一一 二〇 一〇一 一二三四"),
        ("japaneseLegal", "壱 壱拾 壱拾壱 弐拾 壱百壱 壱阡弐百参拾四"),
        ("koreanCounting", "일 십 십일 이십 백일 천이백삼십사"),
        ("koreanDigital", "일 일영 일일 이영 일영일 일이삼사"),
        ("koreanDigital2", "一 一零 一一 二零 一零一 一二三四"),
        ("koreanLegal", "하나 열 열하나 스물 101 1234"),
        ("aiueo", "ｱ ｺ ｻ ﾄ ｹ ﾖ"),
        ("aiueoFullWidth", "ア コ サ ト ケ ヨ"),
        ("iroha", "ｲ ﾇ ﾙ ﾈ ﾎ ｴ"),
        ("irohaFullWidth", "イ ヌ ル ネ ホ エ"),
        ("chosung", "ㄱ ㅊ ㅋ ㅂ ㄷ ㄴ"),
        ("ganada", "가 차 카 바 다 나"),
        ("numberInDash", "- 1 - - 10 - - 11 - - 20 - - 101 - - 1234 -"),
        ("upperRoman", "I X XI XX CI MCCXXXIV"),
        ("none", "     "),
    ] {
        let numbering: String = [1, 10, 11, 20, 101, 1234]
            .iter()
            .map(|n| {
                let over = format!("<w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"{n}\"/></w:lvlOverride>");
                list(*n, 0, &over)
            })
            .collect();
        let numbering = definition(0, &[level(0, format, "%1", "<w:suff w:val=\"nothing\"/>")]) + &numbering;
        let body: String = [1, 10, 11, 20, 101, 1234].iter().map(|n| item(*n, 0, "")).collect();
        let read = text(&body, &[("numbering", &numbering)]);
        assert_eq!(read.trim_end_matches('\n').replace('\n', " "), numbers.trim_end(), "{format}");
    }
}

#[test]
fn custom_and_unknown_formats_fall_back() {
    let custom = |pattern: &str| {
        format!(
            "<w:lvl w:ilvl=\"0\"><w:start w:val=\"3\"/><mc:AlternateContent><mc:Choice Requires=\"w14\"><w:numFmt w:val=\"custom\" w:format=\"{pattern}\"/></mc:Choice><mc:Fallback><w:numFmt w:val=\"decimal\"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val=\"%1\"/></w:lvl>"
        )
    };
    for (levels, line) in [
        (custom("001, 002, 003, ..."), "003 甲\n"),
        (custom("①, ②, ③, ..."), "③ 甲\n"),
        (custom("α, β, γ, ..."), "3 甲\n"),
        (level(0, "klingon", "%1.", ""), "1. 甲\n"),
        (level(0, "bullet", "\u{F0B7}", "<w:rPr><w:rFonts w:ascii=\"Symbol\"/></w:rPr>"), "• 甲\n"),
        (level(0, "bullet", "\u{E123}", ""), "• 甲\n"),
        (level(0, "bullet", "—", ""), "— 甲\n"),
    ] {
        let numbering = definition(0, &[levels]) + &list(1, 0, "");
        assert_eq!(text(&item(1, 0, "甲"), &[("numbering", &numbering)]), line);
    }
    let numbering = definition(0, &[level(0, "klingon", "%1.", "")]) + &list(1, 0, "");
    let findings = try_read(&docx(&item(1, 0, "甲"), &[("numbering", &numbering)])).expect("a document").findings;
    assert_eq!(findings[0].message, "numbers in the format \"klingon\" are written in Arabic digits");
}

#[test]
fn insertions_stay_and_deletions_go() {
    let mark = |name: &str| format!("<w:p><w:pPr><w:rPr><w:{name} w:id=\"1\"/></w:rPr></w:pPr>{}</w:p>", r("上"));
    for (body, line) in [
        (
            format!("<w:p>{}<w:ins>{}</w:ins><w:del><w:r><w:delText>60</w:delText></w:r></w:del>{}</w:p>", r("支持"), r("80"), r("万元")),
            "支持80万元\n",
        ),
        (format!("<w:p><w:moveFrom>{}</w:moveFrom>{}<w:moveTo>{}</w:moveTo></w:p>", r("甲"), r("乙"), r("甲")), "乙甲\n"),
        (mark("del") + &p("下"), "上下\n"),
        (mark("ins") + &p("下"), "上\n下\n"),
        (mark("del"), "上\n"),
    ] {
        assert_eq!(text(&body, &[]), line, "{body}");
    }
}

#[test]
fn hidden_text_is_left_out() {
    let styles = "<w:style w:type=\"character\" w:styleId=\"H\"><w:rPr><w:vanish/></w:rPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"HP\"><w:rPr><w:vanish/></w:rPr></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"X\"><w:basedOn w:val=\"Y\"/></w:style><w:style w:type=\"paragraph\" w:styleId=\"Y\"><w:basedOn w:val=\"X\"/></w:style>";
    let run = |properties: &str, text: &str| format!("<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>");
    let in_style = |style: &str, runs: &str| format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{runs}</w:p>");
    for (body, line) in [
        (format!("<w:p>{}{}</w:p>", run("<w:vanish/>", "密"), run("<w:vanish w:val=\"0\"/>", "见")), "见\n"),
        (format!("<w:p>{}{}</w:p>", run("<w:rStyle w:val=\"H\"/>", "密"), r("见")), "见\n"),
        (
            in_style("HP", &(r("密") + &run("<w:rStyle w:val=\"H\"/>", "两次则见") + &run("<w:vanish w:val=\"false\"/>", "见"))),
            "两次则见见\n",
        ),
        (in_style("HP", &r("密")) + &p("见"), "见\n"),
        (in_style("X", &r("圆圈")), "圆圈\n"),
        ("<w:p><w:r><w:rPr><w:webHidden/></w:rPr><w:t>页上可见</w:t></w:r></w:p>".into(), "页上可见\n"),
    ] {
        assert_eq!(text(&body, &[("styles", styles)]), line, "{body}");
    }
}

#[test]
fn notes_stand_at_the_end() {
    let note = |name: &str, id: u32| format!("<w:r><w:{name}Reference w:id=\"{id}\"/></w:r>");
    let body = format!("<w:p>{}{}{}{}</w:p>{}", r("每项60万元"), note("endnote", 2), note("footnote", 3), r("。"), p("下段"));
    let foot = format!(
        "<w:footnote w:id=\"1\">{}</w:footnote><w:footnote w:id=\"3\"><w:p><w:r><w:footnoteRef/></w:r>{}</w:p></w:footnote>",
        p("没有引用"),
        r(" 含间接费用。")
    );
    let end = format!("<w:endnote w:id=\"2\">{}</w:endnote>", p("尾注。"));
    assert_eq!(text(&body, &[("footnotes", &foot), ("endnotes", &end)]), "每项60万元。\n下段\n含间接费用。\n尾注。\n");
}

#[test]
fn fields_show_their_result_and_not_their_code() {
    let part = |kind: &str| format!("<w:r><w:fldChar w:fldCharType=\"{kind}\"/></w:r>");
    let code = "<w:r><w:instrText> PAGEREF _Toc1 </w:instrText></w:r>";
    for (body, line) in [
        (format!("<w:p>{}{code}{}{}{}{}</w:p>", part("begin"), r("代码"), part("separate"), r("结果"), part("end")), "结果\n"),
        (format!("<w:p>{}{code}</w:p>{}", part("begin"), p("下段")), "\n下段\n"),
        (format!("<w:p><w:fldSimple w:instr=\"DATE\">{}</w:fldSimple><w:hyperlink>{}</w:hyperlink></w:p>", r("二〇二六"), r("网址")), "二〇二六网址\n"),
        ("<w:p><w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData><w:checkBox><w:default w:val=\"1\"/></w:checkBox></w:ffData></w:fldChar></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t>是</w:t></w:r></w:p>".into(), "☑是\n"),
    ] {
        assert_eq!(text(&body, &[]), line, "{body}");
    }
}

#[test]
fn signs_breaks_and_wrappers_are_read_once() {
    let boxed = format!("<w:txbxContent>{}</w:txbxContent>", p("框内"));
    let shape = format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx>{boxed}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{boxed}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>{}</w:p>",
        r("框外")
    );
    for (body, line) in [
        (shape, "框外\n框内\n"),
        ("<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>丁</w:t></w:r></w:p>".into(), "甲 乙\n丙-丁\n"),
        ("<w:p><w:r><w:sym w:font=\"Symbol\" w:char=\"F0B3\"/><w:t>400</w:t><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/></w:r></w:p>".into(), "≥400☑\n"),
        ("<w:p><w:r><w:rPr><w:rFonts w:ascii=\"Symbol\"/></w:rPr><w:t>\u{F0A3}</w:t></w:r></w:p>".into(), "≤\n"),
        (format!("<w:p><w:r><w:ruby><w:rt>{}</w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r></w:p>", r("zhǐ"), r("指")), "指\n"),
        (format!("<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt><w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", p("单击此处"), p("内容")), "内容\n"),
        (format!("<w:p><w:commentRangeStart/>{}<w:r><w:commentReference w:id=\"1\"/></w:r></w:p>", r("正文")), "正文\n"),
        ("<w:p><m:oMath><m:r><m:t>1×</m:t></m:r><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>-6</m:t></m:r></m:sup></m:sSup><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f><m:d><m:e><m:r><m:t>x</m:t></m:r></m:e></m:d></m:oMath></w:p>".into(), "1×10-6a/b(x)\n"),
    ] {
        assert_eq!(text(&body, &[]), line, "{body}");
    }
    let unknown = try_read(&docx("<w:p><w:r><w:sym w:font=\"Odd\" w:char=\"F041\"/></w:r></w:p>", &[])).expect("a document");
    assert_eq!(
        (unknown.text.as_str(), unknown.findings[0].message.as_str()),
        ("\n", "the sign F041 of the font \"Odd\" is not known and left out")
    );
}

fn tc(properties: &str, inner: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>")
}

fn tr(properties: &str, cells: &[String]) -> String {
    format!("<w:tr><w:trPr>{properties}</w:trPr>{}</w:tr>", cells.concat())
}

fn tbl(rows: &[String]) -> String {
    format!("<w:tbl><w:tblPr/>{}</w:tbl>", rows.concat())
}

#[test]
fn rows_are_lines_and_merged_cells_stand_once() {
    let table = tbl(&[
        tr("", &[tc("", &p("方向")), tc("<w:gridSpan w:val=\"2\"/>", &p("经费"))]),
        tr("", &[tc("<w:vMerge w:val=\"restart\"/>", &p("能源")), tc("", &(p("电池") + &p("储能"))), tc("", &p("300"))]),
        tr("", &[tc("<w:vMerge/>", &p("不可见")), tc("", &p("氢能")), tc("", &p(""))]),
        tr("<w:del/>", &[tc("", &p("删")), tc("", &p("删")), tc("", &p("删"))]),
        tr("<w:gridBefore w:val=\"1\"/><w:gridAfter w:val=\"1\"/>", &[tc("", &p("合计"))]),
        tr("", &[tc("", &p("完")), tc("", &p("短"))]),
    ]);
    let lines = "前\n方向\t经费\t\n能源\t电池\u{2028}储能\t300\n\t氢能\t\n\t合计\t\n完\t短\t\n后\n";
    assert_eq!(text(&(p("前") + &table + &p("后")), &[]), lines);
}

#[test]
fn cells_carry_the_numbers_of_their_lists() {
    let table = tbl(&[tr("", &[tc("", &item(1, 0, "")), tc("", &p("甲"))]), tr("", &[tc("", &item(1, 0, "")), tc("", &p("乙"))])]);
    assert_eq!(text(&table, &[("numbering", &(headings() + &list(1, 0, "")))]), "一、\t甲\n二、\t乙\n");
}

#[test]
fn a_table_that_is_only_layout_is_paragraphs() {
    let long = |n: usize| (0..n).map(|_| p(&"研究内容的一段说明文字".repeat(6))).collect::<String>();
    let inner = tbl(&[tr("", &[tc("", &p("甲")), tc("", &p("乙"))])]);
    for (table, lines) in [
        (tbl(&[tr("", &[tc("", &(p("一列") + &p("两段")))]), tr("", &[tc("", &p("下格"))])]), "一列\n两段\n下格\n".to_string()),
        (tbl(&[tr("", &[tc("", &p("外")), tc("", &(inner + &p("")))])]), "外\n甲\t乙\n\n".to_string()),
        (
            tbl(&[tr("", &[tc("", &p("标题")), tc("", &long(4))])]),
            format!("标题\n{}", format!("{}\n", "研究内容的一段说明文字".repeat(6)).repeat(4)),
        ),
    ] {
        assert_eq!(text(&table, &[]), lines);
    }
}

#[test]
fn parts_are_found_by_their_relationships() {
    let strict = "xmlns:x=\"http://purl.oclc.org/ooxml/wordprocessingml/main\"";
    let relations = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let document = format!(
        "<x:document {strict}><x:body><x:p><x:pPr><x:numPr><x:numId x:val=\"1\"/></x:numPr></x:pPr><x:r><x:t>要求</x:t></x:r></x:p></x:body></x:document>"
    );
    let numbering =
        format!("<n:numbering {}>{}</n:numbering>", strict.replace(":x", ":n"), (headings() + &list(1, 0, "")).replace("w:", "n:"));
    let bytes = package(&[
        ("_rels/.rels", &relations("officeDocument", "/Main/Doc.xml")),
        ("main/doc.xml", &document),
        ("Main/_rels/Doc.xml.rels", &relations("numbering", "../lists.xml")),
        ("lists.xml", &numbering),
    ]);
    assert_eq!(try_read(&bytes).expect("a document").text, "一、要求\n");
}

#[test]
fn what_is_no_word_document_is_refused_with_its_reason() {
    let main = |xml: &str| package(&[("word/document.xml", xml)]);
    let bomb = docx(&p(&"万".repeat(4 << 20)), &[]);
    let amplified = {
        let numbering = definition(0, &[level(0, "decimal", &"申".repeat(250), "")]) + &list(1, 0, "");
        docx(&item(1, 0, "").repeat(40_000), &[("numbering", &numbering)])
    };
    let laughs = format!(
        "<!DOCTYPE w:document [<!ENTITY a \"哈哈\"><!ENTITY b \"&a;&a;&a;\">]><w:document {W}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
    );
    let deep = format!(
        "<w:document {W}><w:body>{}{}</w:body></w:document>",
        "<w:tbl><w:tr><w:tc>".repeat(50_000),
        "</w:tc></w:tr></w:tbl>".repeat(50_000)
    );
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    for (bytes, words) in [
        (bomb, "the ZIP file unpacks to more than 8 MiB"),
        (amplified, "more than 8 MiB of text"),
        (main(&laughs), "declares a document type"),
        (main("<a>&b;</a>"), "an entity of its own"),
        (main(&deep), "nested more than 256 deep"),
        (main("<w:workbook xmlns:w=\"urn:x\"/>"), "its main part is a <workbook>"),
        (main("<w:document"), "word/document.xml of the Word document: broken XML"),
        (package(&[("xl/workbook.xml", "<a/>")]), "an Excel workbook, no Word document"),
        (package(&[("a.txt", "a")]), "a ZIP file, no Word document: it has no word/document.xml"),
        (b"PK\x03\x04".to_vec(), "a broken or cut-off ZIP file"),
    ] {
        let error = try_read(&bytes).map(|read| read.text.len()).expect_err(words);
        assert!(error.contains(words), "{words}: {error}");
    }
}

/// Nesting as deep as is allowed is read on the small stack of a thread.
#[test]
fn deep_documents_need_no_deep_stack() {
    Tables::built_in().expect("the built-in tables load");
    let nested = |open: &str, close: &str, times: usize| format!("{}{}{}", open.repeat(times), p("深"), close.repeat(times));
    for body in [
        nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 80),
        nested("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", 120),
        nested("<w:p><w:r><w:pict><w:txbxContent>", "</w:txbxContent></w:pict></w:r></w:p>", 60),
        format!("<w:p>{}{}{}</w:p>", "<w:smartTag>".repeat(240), r("深"), "</w:smartTag>".repeat(240)),
    ] {
        let bytes = docx(&body, &[]);
        let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(move || try_read(&bytes));
        let read = thread.expect("a thread").join().expect("no overflow").expect("a document");
        assert_eq!(read.text.replace('\n', ""), "深");
    }
}

/// A document of all kinds of parts, for damage.
fn sample() -> Vec<u8> {
    let table = tbl(&[tr("", &[tc("", &p("甲")), tc("<w:gridSpan w:val=\"2\"/>", &item(1, 1, "乙"))])]);
    let body = [item(1, 0, "总则"), table, "<w:p><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>".into()].concat();
    let foot = format!("<w:footnote w:id=\"1\">{}</w:footnote>", p("注"));
    docx(&body, &[("numbering", &(headings() + &list(1, 0, ""))), ("footnotes", &foot)])
}

#[test]
fn a_cut_off_file_is_an_error() {
    let whole = sample();
    assert_eq!(try_read(&whole).expect("whole").text, "一、总则\n甲\t（一）乙\t\n\n注\n");
    for tenth in 0..10 {
        let cut = &whole[..whole.len() * tenth / 10];
        let error = try_read(cut).map(|read| read.text).expect_err("cut off");
        assert!(error.contains("a broken or cut-off ZIP file"), "{tenth}: {error}");
    }
}

/// Damage gives an error or a text, never a panic; fixed numbers, so that each run is the same.
#[test]
fn damage_never_panics() {
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    let packed = sample();
    let mut errors = 0;
    for _ in 0..400 {
        let mut bytes = packed.clone();
        for _ in 0..1 + next() % 4 {
            let at = next() % bytes.len();
            bytes[at] = next() as u8;
        }
        errors += usize::from(try_read(&bytes).is_err());
    }
    assert!(errors > 200, "{errors}");
    // And damage that the checksums of the archive do not catch.
    let xml = format!("<w:document {W}><w:body>{}{}</w:body></w:document>", item(1, 0, "总则"), tbl(&[tr("", &[tc("", &p("甲"))])]));
    for _ in 0..400 {
        let mut bytes = xml.clone().into_bytes();
        for _ in 0..1 + next() % 3 {
            let at = next() % bytes.len();
            bytes[at] = b"<>/&\"= :w;\x00"[next() % 11];
        }
        let damaged = String::from_utf8_lossy(&bytes).into_owned();
        if let Err(error) = try_read(&package(&[("word/document.xml", &damaged)])) {
            assert!(error.contains("Word document"), "{error}");
        }
    }
}

#[test]
fn names_in_an_archive_keep_their_bytes() {
    let bytes = package(&[("附件1.docx", "甲"), ("b.txt", "乙")]);
    let mut archive = zhinan::source::zip::Archive::open(&bytes, 3).expect("an archive");
    assert_eq!(archive.names().collect::<Vec<_>>(), ["附件1.docx".as_bytes(), b"b.txt"]);
    assert_eq!(archive.find("B.TXT"), Some(1));
    assert_eq!(archive.read(1).expect("three bytes"), "乙".as_bytes());
    assert_eq!(archive.read(0).expect_err("the allowance is used up"), "the ZIP file unpacks to more than 0 MiB; it is not read");
}
