//! The text decoder: the right encoding on texts of every length, and plain words where it cannot tell.

use zhinan::source::encoding::decode;

const SIMPLE: &str = "关于组织申报2026年度省国际科技合作计划项目的通知。各设区市科技局，省有关单位：每项支持经费不超过60万元，项目执行期2年，申报截止时间为2026年5月30日17时。企业、高等学校和科研院所均可申报，须与外方签订合作协议；（一）申报条件：《管理办法》规定的其他要求。";
const FULL: &str = "關於辦理補助產業園區廠商研究發展計畫申請須知。各單位應於期限內提出申請，每案補助經費不超過總經費之百分之五十，計畫期間以一年為限；申請人須為依法設立之公司，並檢附計畫書、財務報表及相關證明文件，逾期不予受理。";

fn encode(text: &str, name: &str) -> Vec<u8> {
    match name {
        "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "UTF-16BE" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        _ => encoding_rs::Encoding::for_label(name.as_bytes()).expect("an encoding").encode(text).0.into_owned(),
    }
}

/// Every stretch of `length` characters.
fn stretches(text: &str, length: usize) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    chars.windows(length).map(|window| window.iter().collect()).collect()
}

#[test]
fn every_stretch_of_a_sentence_comes_back() {
    for (text, name) in
        [(SIMPLE, "UTF-8"), (SIMPLE, "GB18030"), (SIMPLE, "UTF-16LE"), (SIMPLE, "UTF-16BE"), (FULL, "Big5"), (FULL, "UTF-8")]
    {
        for length in [8, 12, 20, 30, 60, 100] {
            for stretch in stretches(text, length) {
                let (read, encoding, _) = decode(&encode(&stretch, name), None).unwrap_or_else(|e| panic!("{name} {stretch}: {e}"));
                assert_eq!((read.as_str(), encoding), (stretch.as_str(), name));
            }
        }
    }
}

#[test]
fn long_texts_leave_no_doubt() {
    for (text, name) in [(SIMPLE, "GB18030"), (FULL, "Big5"), (SIMPLE, "UTF-16LE"), (SIMPLE, "UTF-8")] {
        assert_eq!(decode(&encode(text, name), None).expect("a text").2, vec![], "{name}");
    }
}

#[test]
fn mostly_ascii_is_still_gbk() {
    let text = "Contact: office@example.org, tel 025-12345678, http://www.example.org/a/b/c.html 联系人张三。";
    let (read, encoding, _) = decode(&encode(text, "GB18030"), None).expect("a text");
    assert_eq!((read.as_str(), encoding), (text, "GB18030"));
}

#[test]
fn four_byte_characters_of_gb18030_come_back() {
    let text = "负责人㐂某某、𠮷某，每项支持经费不超过60万元。";
    assert_eq!(decode(&encode(text, "GB18030"), None).expect("a text").0, text);
}

#[test]
fn a_byte_order_mark_decides_and_is_no_character() {
    for (mark, name) in [(&b"\xEF\xBB\xBF"[..], "UTF-8"), (b"\xFF\xFE", "UTF-16LE"), (b"\xFE\xFF", "UTF-16BE")] {
        let bytes = [mark, &encode("指南\r\n", name)].concat();
        assert_eq!(decode(&bytes, Some("gbk")), Ok(("指南\r\n".to_string(), name, vec![])));
    }
}

#[test]
fn broken_utf8_stays_utf8() {
    let mut cut = SIMPLE.as_bytes().to_vec();
    cut.truncate(cut.len() - 1);
    let (read, encoding, findings) = decode(&cut, None).expect("a text");
    assert_eq!((encoding, read.chars().last(), findings.len()), ("UTF-8", Some('\u{FFFD}'), 1));
    let mut damaged = SIMPLE.as_bytes().to_vec();
    for at in [10, 40, 90] {
        damaged[at] = 0xFF;
    }
    let (read, encoding, findings) = decode(&damaged, Some("gb2312")).expect("a text");
    assert_eq!(encoding, "UTF-8");
    let marks = read.chars().filter(|c| *c == '\u{FFFD}').count();
    assert_eq!(findings[0].message, format!("{marks} replacement or control characters in the text"));
}

#[test]
fn a_declaration_is_believed_only_where_the_bytes_bear_it_out() {
    for (name, declared) in [
        ("GB18030", "utf-8"),
        ("GB18030", "big5"),
        ("UTF-8", "gb2312"),
        ("UTF-8", "big5"),
        ("GB18030", "gb2312"),
        ("GB18030", "iso-8859-1"),
    ] {
        let (read, encoding, findings) = decode(&encode(SIMPLE, name), Some(declared)).expect("a text");
        assert_eq!((read.as_str(), encoding, findings), (SIMPLE, name, vec![]), "{declared}");
    }
    // Two characters could be either; the declaration decides.
    for name in ["Big5", "GB18030"] {
        assert_eq!(decode(&encode("申請", name), Some(name)).expect("a text").1, name);
    }
}

#[test]
fn what_is_no_text_is_refused() {
    assert_eq!(decode(b"abc\0def", None), Err("binary data (a NUL byte at offset 3)".into()));
    let noise: Vec<u8> = (0..400u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8 | 0x80).collect();
    assert_eq!(decode(&noise, None), Err("neither UTF-8 nor Chinese text in GB18030 or Big5; convert it to UTF-8 first".into()));
    assert_eq!(decode(b"", None), Ok((String::new(), "UTF-8", vec![])));
}

#[test]
fn text_that_was_misread_before_is_found() {
    for text in ["申报单位锟斤拷锟斤拷", "ÉêÇëÏîÄ¿×ÊÖú¾\u{AD}·Ñ²»³¬¹ý60ÍòÔª"] {
        let (_, encoding, findings) = decode(text.as_bytes(), None).expect("a text");
        assert_eq!((encoding, findings.len(), findings[0].kind.name()), ("UTF-8", 1, "broken_text"), "{text}");
    }
}
