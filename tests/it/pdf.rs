//! The PDF reader, on files written here: fonts that are not embedded need no font file, only codes.

use std::fmt::Write;

use zhinan::finding::FindingKind;
use zhinan::source::pdf::read;
use zhinan::source::{Decoded, Limits};

/// Numbered objects of a file, in order; the first is the catalogue and the second the page tree.
struct File {
    objects: Vec<String>,
    pages: Vec<usize>,
    trailer: &'static str,
}

/// STSong-Light with the codes of UTF-16, SimSun with the codes of GBK, and Helvetica. All as /F1, /F2, /F3 of each page.
const FONTS: [&str; 5] = [
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
    "<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/GBK-EUC-H/DescendantFonts[6 0 R]>>",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[1/fi/alpha/uni4E2D/nosuchglyph]>>>>",
    "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/W[1 95 500 814 939 500]\
     /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>>>",
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-V/DescendantFonts[6 0 R]>>",
];

impl File {
    fn new() -> Self {
        let objects = ["<</Type/Catalog/Pages 2 0 R>>", ""].into_iter().chain(FONTS).map(String::from).collect();
        File { objects, pages: vec![], trailer: "" }
    }

    fn object(&mut self, body: impl Into<String>) -> usize {
        self.objects.push(body.into());
        self.objects.len()
    }

    fn stream(&mut self, dict: &str, content: &str) -> usize {
        self.object(format!("<<{dict}/Length {}>>stream\n{content}\nendstream", content.len()))
    }

    fn page(self, content: &str) -> Self {
        self.page_with("", "", content)
    }

    fn page_with(mut self, attributes: &str, resources: &str, content: &str) -> Self {
        let content = self.stream("", content);
        let page = self.object(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{attributes}/Contents {content} 0 R\
             /Resources<</Font<</F1 3 0 R/F2 4 0 R/F3 5 0 R/F4 7 0 R>>{resources}>>>>"
        ));
        self.pages.push(page);
        self
    }

    fn bytes(mut self) -> Vec<u8> {
        let kids: String = self.pages.iter().map(|page| format!("{page} 0 R ")).collect();
        self.objects[1] = format!("<</Type/Pages/Kids[{kids}]/Count {}>>", self.pages.len());
        let (mut out, mut table) = (String::from("%PDF-1.4\n"), String::from("0000000000 65535 f \n"));
        for (i, object) in self.objects.iter().enumerate() {
            writeln!(table, "{:010} 00000 n ", out.len()).unwrap();
            writeln!(out, "{} 0 obj\n{object}\nendobj", i + 1).unwrap();
        }
        let (start, size) = (out.len(), self.objects.len() + 1);
        write!(out, "xref\n0 {size}\n{table}trailer<</Size {size}/Root 1 0 R{}>>\nstartxref\n{start}\n%%EOF\n", self.trailer).unwrap();
        out.into_bytes()
    }
}

/// `text` with its first character at `x`, its base line `y` above the lower edge.
fn show(x: f32, y: f32, size: f32, text: &str) -> String {
    let codes: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("BT /F1 {size} Tf {x} {y} Td <{codes}> Tj ET\n")
}

/// Lines below one another.
fn show_lines(x: f32, y: f32, lines: &[&str]) -> String {
    lines.iter().enumerate().map(|(i, line)| show(x, y - 16.0 * i as f32, 10.0, line)).collect()
}

fn decoded(file: File) -> Decoded {
    read(&file.bytes(), &Limits::default()).unwrap()
}

fn text(content: &str) -> String {
    decoded(File::new().page(content)).text
}

fn messages(decoded: &Decoded) -> Vec<(FindingKind, &str)> {
    decoded.findings.iter().map(|finding| (finding.kind, finding.message.as_str())).collect()
}

#[test]
fn fonts_that_are_not_embedded_keep_half_and_full_width() {
    assert_eq!(text(&show(60.0, 700.0, 12.0, "经费300万元，（２年）2:1")), "经费300万元，（２年）2:1\n");
    let gbk = "BT /F2 12 Tf 60 700 Td <beadb7d1333030cdf2d4aaa3aca3a832c4eaa3a9> Tj ET";
    assert_eq!(text(gbk), "经费300万元，（2年）\n");
}

#[test]
fn latin_fonts_are_read_by_glyph_names_and_words_by_gaps() {
    assert_eq!(text("BT /F3 12 Tf 60 700 Td (Energy) Tj 44 0 Td (density) Tj ET"), "Energy density\n");
    assert_eq!(text("BT /F3 12 Tf 60 700 Td (pro\\001t \\002 \\003) Tj ET"), "profit α 中\n");
    assert_eq!(text("BT /F3 12 Tf 60 700 Td [(A) -30 (B) -600 (C)] TJ ET"), "AB C\n");
}

#[test]
fn two_columns_are_read_one_after_the_other() {
    let left =
        ["左栏第一行写满了十二个字呢", "左栏第二行写满了十二个字呢", "左栏第三行写满了十二个字呢", "左栏第四行写满了十二个字呢", "左栏完"];
    let right =
        ["右栏第一行写满了十二个字呢", "右栏第二行写满了十二个字呢", "右栏第三行写满了十二个字呢", "右栏第四行写满了十二个字呢", "右栏完"];
    let page = [
        show(100.0, 770.0, 14.0, "两栏上方的标题横跨整个版面宽度为此写得长一些"),
        // The columns do not share their base lines, and the file draws the right one first.
        show_lines(310.0, 725.0, &right),
        show_lines(60.0, 730.0, &left),
        show(60.0, 560.0, 8.0, "①脚注在页脚"),
        show(290.0, 40.0, 9.0, "— 1 —"),
    ];
    let expected =
        format!("两栏上方的标题横跨整个版面宽度为此写得长一些\n\n{}\n{}\n\n①脚注在页脚\n\n— 1 —\n", left.join("\n"), right.join("\n"));
    assert_eq!(text(&page.concat()), expected);
}

#[test]
fn a_list_without_lines_is_read_row_by_row() {
    let names = show_lines(60.0, 700.0, &["方向一", "方向二十", "方向三", "方向四", "方向五"]);
    let grants = show_lines(200.0, 700.0, &["300万元", "50万元", "100万元", "20万元", "1亿元"]);
    let expected = "方向一 300万元\n方向二十 50万元\n方向三 100万元\n方向四 20万元\n方向五 1亿元\n";
    assert_eq!(text(&(names + &grants)), expected);
}

/// Three columns and four rows between 60 and 360, 700 and 580; the first two cells of the first column are one.
fn table() -> String {
    let upright: String = [60, 160, 260, 360].iter().map(|x| format!("{x} 580 m {x} 700 l S\n")).collect();
    let level = "60 700 m 360 700 l S 160 670 m 360 670 l S 60 640 300 0.5 re f 60 610 m 360 610 l S 60 580 m 360 580 l S\n";
    let cells = [
        show(65.0, 665.0, 10.0, "方向"),
        show(165.0, 680.0, 10.0, "国别"),
        show(265.0, 680.0, 10.0, "经费"),
        show(165.0, 650.0, 10.0, "德国"),
        show(265.0, 650.0, 10.0, "300万元"),
        show(65.0, 627.0, 10.0, "新能源汽车与智能网"),
        show(65.0, 614.0, 10.0, "联汽车"),
        show(165.0, 620.0, 10.0, "法国"),
        show(65.0, 590.0, 10.0, "合计"),
        show(265.0, 590.0, 10.0, "≤1×10"),
        show(300.0, 594.0, 6.0, "-6"),
        show(306.5, 590.0, 10.0, "Pa"),
    ];
    upright + level + &cells.concat()
}

#[test]
fn a_ruled_table_gives_its_rows() {
    let page = show(60.0, 720.0, 10.0, "表1 支持方向") + &table() + &show(60.0, 560.0, 10.0, "表下的正文");
    let expected = "表1 支持方向\n方向\t国别\t经费\n\t德国\t300万元\n新能源汽车与智能网联汽车\t法国\t\n合计\t\t≤1×10-6Pa\n表下的正文\n";
    assert_eq!(text(&page), expected);
}

#[test]
fn a_frame_is_no_table() {
    let frame = "50 500 400 300 re S 50 700 m 450 700 l S\n";
    assert_eq!(text(&(frame.to_string() + &show(60.0, 650.0, 10.0, "框内正文"))), "框内正文\n");
}

#[test]
fn paragraphs_of_a_cell_stay_apart() {
    let lines = "60 700 m 460 700 l S 60 600 m 460 600 l S 60 600 m 60 700 l S 160 600 m 160 700 l S 460 600 m 460 700 l S\n";
    let cells = show(65.0, 680.0, 10.0, "考核指标")
        + &show_lines(165.0, 680.0, &["1.申请发明专利5项；", "2.形成样机2台，并在三家以上单位示范应用。"]);
    assert_eq!(text(&(lines.to_string() + &cells)), "考核指标\t1.申请发明专利5项；\u{2028}2.形成样机2台，并在三家以上单位示范应用。\n");
}

#[test]
fn bold_by_overprinting_and_raised_figures() {
    let bold = show(60.0, 700.0, 12.0, "总经费11万元") + &show(60.4, 700.0, 12.0, "总经费11万元");
    assert_eq!(text(&bold), "总经费11万元\n");
    let raised = show(60.0, 700.0, 12.0, "真空度1×10") + &show(126.0, 704.0, 7.0, "-6") + &show(133.5, 700.0, 12.0, "Pa以下");
    assert_eq!(text(&raised), "真空度1×10-6Pa以下\n");
}

#[test]
fn room_on_the_page_is_a_blank_line() {
    let page = show(60.0, 780.0, 9.0, "页眉") + &show_lines(60.0, 700.0, &["第一行", "第二行"]) + &show(280.0, 30.0, 9.0, "— 3 —");
    assert_eq!(text(&page), "页眉\n\n第一行\n第二行\n\n— 3 —\n");
}

#[test]
fn turned_vertical_and_hidden_text_is_text() {
    let turned = File::new().page_with("/Rotate 90", "", &show_lines(60.0, 700.0, &["旋转的页", "第二行"]));
    assert_eq!(decoded(turned).text, "旋转的页\n第二行\n");
    let upwards = "q 0 1 -1 0 300 100 cm\n".to_string() + &show_lines(0.0, 0.0, &["横表一", "横表二"]) + "Q";
    assert_eq!(text(&upwards), "横表一\n横表二\n");
    let vertical = "BT /F4 12 Tf 400 700 Td <7AD66392> Tj -20 0 Td <7B2C4E8C884C> Tj ET";
    assert_eq!(text(vertical), "竖排\n第二行\n");
    assert_eq!(text(&("3 Tr\n".to_string() + &show(60.0, 700.0, 12.0, "识别的文字"))), "识别的文字\n");
}

#[test]
fn forms_and_replacement_text() {
    let mut file = File::new();
    let form = file.stream("/Type/XObject/Subtype/Form/BBox[0 0 500 500]/Resources<</Font<</F1 3 0 R>>>>", &show(0.0, 0.0, 12.0, "表单里"));
    let resources = format!("/XObject<</X {form} 0 R>>");
    let content =
        "q 1 0 0 1 60 700 cm /X Do Q\n".to_string() + "/Span<</ActualText<FEFF7532>>> BDC BT /F3 12 Tf 60 650 Td (\\004) Tj ET EMC";
    let decoded = decoded(file.page_with("", &resources, &content));
    assert_eq!(decoded.text, "表单里\n\n甲\n");
}

#[test]
fn a_map_of_the_font_comes_first() {
    let mut file = File::new();
    let map =
        "1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> <4E2D> endbfchar 1 beginbfrange <42> <43> <6587> endbfrange";
    let map = file.stream("", map);
    let font =
        file.object(format!("<</Type/Font/Subtype/TrueType/BaseFont/ABCDEF+X/FirstChar 65/Widths[1000 1000 1000]/ToUnicode {map} 0 R>>"));
    let content = format!("BT /G{font} 12 Tf 60 700 Td (AB) Tj ET");
    let file =
        file.page_with("", &format!("/ExtGState<</E<</Font[{font} 0 R 12]>>>>"), &content.replace(&format!("/G{font} 12 Tf"), "/E gs"));
    assert_eq!(decoded(file).text, "中文\n");
}

#[test]
fn endless_forms_come_to_an_end() {
    let mut file = File::new();
    let own = file.objects.len() + 1;
    file.stream(&format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X {own} 0 R>>>>"), "/X Do");
    let decoded =
        decoded(file.page_with("", &format!("/XObject<</X {own} 0 R>>"), &("/X Do\n".to_string() + &show(60.0, 700.0, 12.0, "完"))));
    assert_eq!(decoded.text, "完\n");
}

#[test]
fn characters_without_unicode_are_a_finding() {
    let bad = "BT /F3 12 Tf 60 700 Td (abc\\004) Tj ET";
    let decoded = decoded(File::new().page(bad).page(&show(60.0, 700.0, 12.0, "好")).page(bad));
    assert_eq!(decoded.text, "abc\u{FFFD}\n\u{c}好\n\u{c}abc\u{FFFD}\n");
    let message = "pages 1, 3: 25% of the characters have no way to Unicode (fonts Helvetica); the text there is not to be trusted";
    assert_eq!(messages(&decoded), [(FindingKind::Illegible, message)]);
}

#[test]
fn text_read_with_the_wrong_table_is_a_finding() {
    let decoded = decoded(File::new().page(&show(60.0, 700.0, 12.0, "¹ú¼Ò¿Æ¼¼¼Æ»®")));
    assert_eq!(messages(&decoded).first().map(|(kind, _)| *kind), Some(FindingKind::Illegible));
}

const PICTURE: &str = "q 595 0 0 842 0 0 cm BI /W 1/H 1/BPC 8/CS/G ID x EI Q\n";

#[test]
fn pages_without_text_are_named() {
    let text = show(60.0, 700.0, 12.0, "有文字的一页不是扫描件而是正文");
    let file = File::new()
        .page(&text)
        .page(PICTURE)
        .page(&(PICTURE.to_string() + &show(290.0, 30.0, 9.0, "3")))
        .page("")
        .page("10 10 m 90 80 20 40 5 6 c f");
    let message = "no text layer on pages 2–3, 5; run OCR, for instance ocrmypdf -l chi_sim IN OUT";
    assert_eq!(messages(&decoded(file)), [(FindingKind::NoTextLayer, message)]);
    let scan = File::new().page(PICTURE).page(PICTURE).bytes();
    let why = read(&scan, &Limits::default()).unwrap_err();
    assert_eq!(why, "no text layer on pages 1–2; run OCR, for instance ocrmypdf -l chi_sim IN OUT");
}

#[test]
fn limits_say_what_was_not_read() {
    let file = || (1..=5).fold(File::new(), |file, _| file.page(&show(60.0, 700.0, 12.0, "页"))).bytes();
    let decoded = read(&file(), &Limits { pages: 2, ..Limits::default() }).unwrap();
    assert_eq!((decoded.text.as_str(), decoded.has_pages), ("页\n\u{c}页\n", true));
    assert_eq!(messages(&decoded), [(FindingKind::NotRead, "pages 3–5 not read: the limit of 2 pages")]);
    let decoded = read(&file(), &Limits { text: 5, ..Limits::default() }).unwrap();
    assert_eq!(messages(&decoded), [(FindingKind::NotRead, "pages 3–5 not read: the limit of 5 bytes of text")]);
    let why = read(&file(), &Limits { seconds: 0, ..Limits::default() }).unwrap_err();
    assert!(why.contains("pages 1–5 not read: the time limit of 0 s"), "{why}");
}

#[test]
fn a_password_is_asked_for() {
    let mut file = File::new().page(&show(60.0, 700.0, 12.0, "密"));
    file.trailer = "/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]\
        /Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O<0000000000000000000000000000000000000000000000000000000000000000>\
        /U<0000000000000000000000000000000000000000000000000000000000000000>>>";
    let why = read(&file.bytes(), &Limits::default()).unwrap_err();
    assert_eq!(
        why,
        "an encrypted PDF file that needs a password; save an unprotected copy, for instance qpdf --decrypt --password=… IN OUT"
    );
}

/// Encrypted so that only changing it needs the password; `tests/data/pdf/make.sh` makes it.
#[test]
fn an_owner_password_does_not_keep_readers_out() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/pdf/owner-password.pdf")).expect("the fixture");
    assert_eq!(read(&bytes, &Limits::default()).unwrap().text, "Grant 300\n");
}

/// Files that hold all that the reader knows.
fn fixtures() -> Vec<Vec<u8>> {
    let columns =
        show_lines(60.0, 700.0, &["左栏第一行写满了十二个字呢"; 6]) + &show_lines(310.0, 700.0, &["右栏第一行写满了十二个字呢"; 6]);
    vec![
        File::new().page(&table()).page(&columns).bytes(),
        File::new().page("BT /F2 12 Tf 60 700 Td <beadb7d1333030cdf2d4aaa3aca3a832c4eaa3a9> Tj ET").page(PICTURE).bytes(),
        File::new().page("BT /F3 12 Tf 60 700 Td [(A) -30 (B)] TJ ET").page("BT /F4 12 Tf 400 700 Td <7AD66392> Tj ET").bytes(),
    ]
}

#[test]
fn a_file_cut_off_says_so() {
    for file in fixtures() {
        for tenth in 0..10 {
            match read(&file[..file.len() * tenth / 10], &Limits::default()) {
                Ok(decoded) => {
                    let last = decoded.findings.last().map(|finding| finding.message.as_str()).unwrap_or("nothing");
                    assert!(last.starts_with("the end of the PDF file is missing"), "{tenth}: {last}");
                }
                Err(why) => assert!(why.contains("cut off"), "{tenth}: {why}"),
            }
        }
    }
}

#[test]
fn damage_never_panics() {
    let mut seed = 0x2545_F491_4F6C_DD1Du64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed as usize % below
    };
    for file in fixtures() {
        for round in 0..150 {
            let mut damaged = file.clone();
            for _ in 0..1 + round % 40 {
                let at = random(damaged.len());
                damaged[at] = random(256) as u8;
            }
            let limits = Limits { seconds: 5, ..Limits::default() };
            if let Err(why) = read(&damaged, &limits) {
                assert!(!why.contains("its reader does not know"), "{why}");
            }
        }
    }
}

#[test]
fn a_page_that_unpacks_to_too_much_is_left_out() {
    // Run lengths of run lengths: 2 bytes become 128, twice.
    let runs = [0x81, b'x'].repeat(60_000);
    let mut file = File::new().page(&show(60.0, 700.0, 12.0, "页")).bytes();
    let text = String::from_utf8_lossy(&file).replace("/Length", "/Filter[/RL/RL/RL/RL]/Length");
    file = text.into_bytes();
    file.extend(runs);
    let why = read(&file, &Limits::default()).unwrap_err();
    assert!(why.contains("missing, broken or too large"), "{why}");
}
