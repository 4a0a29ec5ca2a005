//! The reader of web pages: exact text of pages written here.

use zhinan::source::Limits;
use zhinan::source::html::{is_html, read};

fn text(markup: &str) -> String {
    read(markup.as_bytes(), &Limits::default()).expect("a page").0.text
}

fn page(body: &str) -> String {
    format!("<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>某市科技局</title></head><body>{body}</body></html>")
}

const BODY: &str =
    "<p>各有关单位：</p><p>每项支持经费不超过60万元，项目执行期2年，企业和高校均可申报。</p><p>申报截止时间为2026年5月30日。</p>";
const LINES: &str = "各有关单位：\n每项支持经费不超过60万元，项目执行期2年，企业和高校均可申报。\n申报截止时间为2026年5月30日。";

#[test]
fn the_frame_goes_and_the_document_stays() {
    let framed = page(&format!(
        r#"<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/a">政务公开</a></li><li><a href="/b">互动交流</a></li></ul></div>
        <div class="crumb">您当前的位置：<a href="/">首页</a></div>
        <div class="wrap"><div class="article"><h1>关于组织申报2026年度合作项目的通知</h1>
        <div class="info"><span>发布时间：2026-03-30</span></div>
        <div class="TRS_Editor">{BODY}</div>
        <ul><li><a href="a.docx">附件1：申报书.docx</a></li></ul>
        <div class="print"><a href="javascript:window.print()">打印</a></div></div>
        <div class="list"><a href="1.html">其他通知一</a><a href="2.html">其他通知二</a><a href="3.html">其他通知三</a></div></div>
        <div class="footer">主办单位：某市科技局 ICP备123号</div><script>var a = "<p>no</p>";</script>"#
    ));
    assert_eq!(text(&framed), format!("关于组织申报2026年度合作项目的通知\n发布时间：2026-03-30\n{LINES}\n附件1：申报书.docx"));
}

#[test]
fn the_title_and_date_of_the_page_stand_once() {
    let head =
        "<html><head><title>关于组织申报合作项目的通知 - 某市科技局</title><meta name='PubDate' content='2026-03-30 09:00'></head><body>";
    assert_eq!(text(&format!("{head}{BODY}</body></html>")), format!("关于组织申报合作项目的通知\n{LINES}\nPubDate: 2026-03-30"));
    let titled = "<p>关于组织申报</p><p>合作项目的通知</p>";
    assert_eq!(
        text(&format!("{head}<h1>关于组织申报合作项目的通知</h1>{titled}{BODY}<p>2026年3月30日</p>")),
        format!("关于组织申报\n合作项目的通知\n{LINES}\n2026年3月30日")
    );
}

#[test]
fn however_lines_are_marked_up_they_are_the_same() {
    let lines: Vec<&str> = LINES.lines().collect();
    let paragraphs = lines.iter().map(|l| format!("<p>{l}</p>")).collect::<String>();
    let breaks = lines.join("<br/>\n");
    let soup = lines
        .iter()
        .map(|l| l.chars().map(|c| format!("<span><b>{c}</b>{}</span>", if c.is_ascii() { "" } else { "\n" })).collect::<String>())
        .map(|l| format!("<div><div>{l}</div></div>"));
    for body in [paragraphs, breaks, soup.collect::<String>()] {
        assert_eq!(text(&body), LINES);
        assert_eq!(text(&page(&body)), LINES);
    }
}

#[test]
fn tables_of_data_are_rows() {
    let table = "<table><caption>安排表</caption><tr><th>国别</th><th colspan=2>支持</th></tr><tr><td rowspan=2>法国</td><td>每项<br>30万元</td><td>2项</td></tr><tr><td><p>50万元</p></td><td>1项</td></tr><tr><td>&nbsp;</td></tr></table>";
    let rows = "安排表\n国别\t支持\t\n法国\t每项\u{2028}30万元\t2项\n\t50万元\t1项";
    assert_eq!(text(table), rows);
    assert_eq!(text("<tbody><tr><td>一</td><td>二</td></tr></tbody>"), "一\t二");
}

#[test]
fn tables_of_layout_are_paragraphs_and_forms_are_lines() {
    assert_eq!(
        text(&format!("<table><tr><td>左\t栏</td><td><table><tr><td>甲</td><td>乙</td></tr></table>{BODY}</td></tr></table>")),
        format!("左 栏\n甲\t乙\n{LINES}")
    );
    let form = "<table><tr><td>索 引 号：</td><td>A-1</td><td>发文字号：</td><td>苏科发〔2026〕1号</td></tr><tr><td>标题：</td><td>某通知</td><td>成文日期：</td><td>2026年3月30日</td></tr></table>";
    assert_eq!(text(form), "索 引 号：A-1\n发文字号：苏科发〔2026〕1号\n标题：某通知\n成文日期：2026年3月30日");
}

#[test]
fn ordered_lists_keep_their_numbers() {
    assert_eq!(
        text("<ol start=3><li>甲</li><li value=7><p>乙</p></li><li>丙<ol type=a><li>丁</li></ol></li></ol><ul><li>戊</li></ul>"),
        "3. 甲\n7. 乙\n8. 丙\na. 丁\n戊"
    );
    assert_eq!(text("<ol><li>1、甲</li><li>（二）乙</li></ol>"), "1、甲\n（二）乙");
}

#[test]
fn what_is_hidden_is_left_out() {
    let hidden = "<p>甲</p><p style='DISPLAY : none'>一</p><div hidden>二</div><select><option>三</option></select><noscript>四</noscript><template>五</template><button>六</button><textarea>七</textarea><style>p{}</style><p>H<sub>2</sub>O<img alt=图>，10m<sup>2</sup></p>";
    assert_eq!(text(hidden), "甲\nH2O，10m2");
}

#[test]
fn spaces_and_entities() {
    assert_eq!(
        text("<p>\n　　第一条</b> 为&ldquo;科技&rdquo;\n合作&#9;&#12;&#8232;New\nEnergy&nbsp;30%</p>"),
        "第一条 为“科技”合作New Energy\u{a0}30%"
    );
    assert_eq!(text("<pre>甲\n  乙\t丙</pre>"), "甲\n  乙 丙");
    assert_eq!(text("甲。</br\n二、申报条件</br>乙"), "甲。\n二、申报条件\n乙");
    assert_eq!(
        text("<?xml version='1.0' encoding='utf-8'?><html><head><title/><script src='a'/></head><body><p>甲</p><div/>乙</body></html>"),
        "甲\n乙"
    );
}

#[test]
fn the_declared_encoding_is_overruled_where_it_is_wrong() {
    for (declared, actual, name) in
        [("utf-8", "gbk", "GB18030"), ("gb2312", "utf-8", "UTF-8"), ("gbk", "gbk", "GB18030"), ("big5", "gbk", "GB18030")]
    {
        let markup =
            format!("<html><head><meta http-equiv=Content-Type content='text/html; charset={declared}'></head><body>{BODY}</body></html>");
        let bytes = encoding_rs::Encoding::for_label(actual.as_bytes()).expect("an encoding").encode(&markup).0;
        let (decoded, encoding) = read(&bytes, &Limits::default()).expect("a page");
        assert_eq!((decoded.text.as_str(), encoding, decoded.findings), (LINES, name, vec![]));
    }
}

#[test]
fn a_saved_page_is_taken_out_of_its_envelope() {
    let saved = "From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"text/html\"; boundary=\"--b\"\r\n\r\n----b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<html><body><p>=E7=94=\r\n=B2</p></body></html>\r\n----b--\r\n";
    assert!(is_html(saved.as_bytes()));
    assert_eq!(text(saved), "甲");
    let empty = "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n";
    assert_eq!(
        read(empty.as_bytes(), &Limits::default()).map(|_| ()),
        Err("a saved web page (MHTML) without a page in it; save it as HTML".into())
    );
}

#[test]
fn a_page_is_known_by_its_content() {
    for markup in [
        "<!DOCTYPE html><p>a",
        "\u{FEFF}<HTML>",
        "<?xml version='1.0'?>\n<!-- a --><html>",
        "<div><p>甲</p></div>",
        "<p>甲</p>",
        "一、甲<br>二、乙<br>三、丙<br>四、丁<br>",
        "<%@ page %><!DOCTYPE html>",
    ] {
        assert!(is_html(markup.as_bytes()), "{markup}");
    }
    for plain in [
        "",
        "申报指南\n见<附件1>",
        "# 标题\n\n## 一\n\n用 <br> 换行，<b>粗</b>，<p>段</p>，<br>",
        "a < b and c > d",
        "<项目名称>",
        "<?xml version='1.0'?><rss></rss>",
        "%PDF-1.7",
    ] {
        assert!(!is_html(plain.as_bytes()), "{plain}");
    }
}

#[test]
fn deep_and_damaged_markup_is_read_all_the_same() {
    for tag in ["div", "span", "b", "a", "table", "ul", "font", "p", "table><tr><td", "blockquote"] {
        let deep = format!("{}甲{}<p>乙</p>", format!("<{tag}>").repeat(100_000), format!("</{tag}>").repeat(100_000));
        let text = text(&deep);
        assert!(text.contains('甲') && text.contains('乙'), "{tag}");
    }
    let fonts: String = (0..20_000).map(|i| format!("<font size={i}><a href={i}><i>")).collect();
    assert_eq!(text(&format!("{fonts}{}", "<p>甲".repeat(3))), "甲\n甲\n甲");
    let wide = format!("<table>{}</table>", "<tr><td colspan=100000 rowspan=100000>甲<td>乙".repeat(500));
    assert_eq!(text(&wide).lines().count(), 500);
}

#[test]
fn no_damage_makes_it_fail() {
    let whole = page(&format!("<table><tr><td>甲</td><td>乙</td></tr></table><ol><li>丙</ol>{BODY}"));
    for tenth in 0..10 {
        let cut = &whole.as_bytes()[..whole.len() * tenth / 10];
        assert!(read(cut, &Limits::default()).is_ok(), "{tenth}");
    }
    let mut seed = 7u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for _ in 0..500 {
        let mut bytes = whole.clone().into_bytes();
        for _ in 0..1 + random(20) {
            let at = random(bytes.len());
            match random(3) {
                0 => bytes[at] = random(256) as u8,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b"<>/&\"'=!"[random(8)]),
            }
        }
        // A text or a reason; never a panic.
        if let Err(why) = read(&bytes, &Limits::default()) {
            assert!(why.starts_with("binary data") || why.starts_with("neither"), "{why}");
        }
    }
}

#[test]
fn more_text_than_allowed_is_refused() {
    let limits = Limits { text: 100, ..Limits::default() };
    assert_eq!(read(page(BODY).as_bytes(), &limits).map(|_| ()), Err("a web page of more than 100 bytes of text".into()));
}
