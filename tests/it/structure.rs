//! Where programmes begin and end, and on which of them a fact stands: wordings put together for this.

use serde_json::Value;

use crate::support::{json, read_text};

fn programmes(text: &str) -> Vec<Value> {
    json(&read_text(text))["programmes"].as_array().expect("programmes").clone()
}

fn titles(programmes: &[Value]) -> Vec<&str> {
    programmes.iter().filter_map(|programme| programme["title"].as_str()).collect()
}

fn of<'p>(programmes: &'p [Value], title: &str, kind: &str) -> &'p [Value] {
    let found = programmes.iter().find(|programme| programme["title"] == title || programme["id"] == title);
    found.and_then(|programme| programme[kind].as_array()).map_or(&[], Vec::as_slice)
}

const HEAD: &str = "某省科技计划2026年度项目申报指南\n\n各有关单位：\n现组织申报科技计划项目，企业、高校和科研院所均可申报。\n\n";

#[test]
fn numbers_with_a_word_go_on_with_their_own_series_only() {
    let text = format!(
        "{HEAD}一、支持方向\n专题一：新型材料\n项目1：高强铝合金\n支持强度：每项不超过100万元。\n\
         项目2：耐蚀涂层\n支持强度：每项不超过200万元。\n专题二：绿色能源\n项目3：制氢装备\n支持强度：每项不超过300万元。\n\
         二、申报条件\n（一）项目负责人年龄不超过57周岁。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["新型材料", "高强铝合金", "耐蚀涂层", "绿色能源", "制氢装备"]);
    let id = found.last().expect("programmes")["id"].as_str().expect("an id");
    assert!(id.contains("绿色能源"), "below its own topic: {id}");
    assert_eq!(of(&found, "/", "conditions").len(), 1, "the section behind them is the call's own");
}

#[test]
fn a_programme_is_named_by_its_number_and_not_where_it_is_left_out() {
    let text = format!(
        "{HEAD}一、支持专题\n专题一 国际合作项目\n支持强度：每项不超过100万元。\n专题二 外国专家项目\n支持强度：每项不超过50万元。\n\
         二、推荐名额\n专题二每个推荐单位限报3项。\n三、申报要求\n1.除专题二外，自筹经费与财政经费的比例不低于1:1。\n"
    );
    let found = programmes(&text);
    assert_eq!(of(&found, "外国专家项目", "quotas")[0]["max"], 3);
    assert_eq!(of(&found, "/", "conditions")[0]["metric"], "own_funds_ratio");
}

#[test]
fn labels_behind_a_list_of_fields_are_the_programmes_own() {
    let text = format!(
        "{HEAD}二、支持内容\n1．中国和德国合作项目\n合作协议：《科技合作联合声明》。\n领域方向：\n1.1 清洁水；\n1.2 智能制造；\n1.3 动力电池回收。\n拟支持项目数：15项。\n\
         支持强度：每项不超过300万元。\n实施周期：3年，自2026年7月1日起。\n"
    );
    let found = programmes(&text);
    assert_eq!(of(&found, "中国和德国合作项目", "projects")[0]["max"], 15);
    assert_eq!(of(&found, "中国和德国合作项目", "topics").len(), 3);
    let period = &of(&found, "中国和德国合作项目", "period")[0];
    assert_eq!((&period["max_months"], &period["start"]), (&36.into(), &"2026-07-01".into()), "a length keeps its start");
    assert_eq!(period.get("end"), None);
}

#[test]
fn fields_parted_by_commas_are_names_and_no_sentence() {
    let text = |fields: &str| format!("{HEAD}（一）区域创新项目\n主要支持方向：{fields}。\n支持强度：每项不超过25万元。\n");
    let listed = programmes(&text("电驱系统多物理场耦合，智能底盘线控机理，轻量化材料成形与连接"));
    assert_eq!(of(&listed, "区域创新项目", "topics").len(), 3);
    let said = programmes(&text("面向产业需求，突破关键技术，形成示范应用"));
    assert_eq!(of(&said, "区域创新项目", "topics").len(), 0);
}

#[test]
fn directions_behind_a_label_that_says_all_in_its_line_are_programmes() {
    let text = format!(
        "{HEAD}一、征集范围\n专题一、软科学研究\n经费额度：每项资助15万元。\n申报主体要求：申请人年龄不超过45周岁。\n\
         方向1、创新生态评估\n研究内容：构建评价指标体系。\n方向2、产业培育机制\n研究内容：提出政策建议。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["软科学研究", "创新生态评估", "产业培育机制"]);
    assert_eq!(of(&found, "软科学研究", "conditions").len(), 1);
}

#[test]
fn directions_with_an_aim_are_programmes_inside_a_programme() {
    let content = "针对轻质化选择性差等瓶颈，研究分子结构与反应性能的关系，发展定向转化的新方法。";
    let text = format!(
        "{HEAD}一、石油化工领域\n（一）集成项目\n1.重油高效定向转化\n{content}\n预期目标：建立数据库1个。\n\
         2.储层智能预测\n{content}\n预期目标：建立示范区2个。\n二、限项申请规定\n1.申请人同年只能申请1项集成项目。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["石油化工领域", "集成项目", "重油高效定向转化", "储层智能预测"]);
    assert_eq!(of(&found, "重油高效定向转化", "kpis")[0]["metric"], "databases");
}

#[test]
fn a_code_of_four_digits_numbers_a_direction() {
    let text = format!(
        "{HEAD}一、支持方向\n专题一：先进材料\n1101 高强铝合金制备技术\n研究内容：开展成分设计。\n考核指标：申请专利3件。\n\
         1102 耐蚀涂层技术\n研究内容：开展结构设计。\n考核指标：申请专利4件。\n二、申报时间\n2026年3月1日前提交申报书。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["先进材料", "高强铝合金制备技术", "耐蚀涂层技术"]);
    assert_eq!(of(&found, "耐蚀涂层技术", "kpis")[0]["min"], 4);
}
