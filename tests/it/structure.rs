//! Where programmes begin and end, and on which of them a fact stands: wordings put together for this.

use serde_json::Value;
use zhinan::normalise::normalise;
use zhinan::outline::outline;
use zhinan::segment::{Dictionary, Segmenter, segment};
use zhinan::table::Tables;

use crate::support::{json, read_text};

fn programmes(text: &str) -> Vec<Value> {
    json(&read_text(text))["programmes"].as_array().expect("programmes").clone()
}

/// The titles of programmes, or of topics.
fn titles(found: &[Value]) -> Vec<&str> {
    found.iter().filter_map(|one| one["title"].as_str()).collect()
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

#[test]
fn a_name_in_brackets_is_the_heading_of_its_article() {
    let text = format!(
        "{HEAD}第一章 总则\n第一条 为扩大对外合作，制定本指南。\n第二章 支持类别与标准\n\
         第二条 【海外孵化器】支持企业在境外设立孵化器，按年度租金的30%给予补贴，每年最高20万元。\n\
         第三条 【联合研究项目】每项资助40万元。\n项目结题时应达到以下指标：一是申请专利3件；二是实现新增销售收入200万元。\n\
         第四条 【申报条件】企业注册满2年。\n第三章 申报与审核\n第五条 市科技局组织评审、公示并下达年度经费计划。\n\
         第六条 申报单位于2026年5月20日前提交申报书。\n第四章 附则\n第七条 本指南有效期2年。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["海外孵化器", "联合研究项目"]);
    assert_eq!(of(&found, "海外孵化器", "funding")[0]["rate_max"], 30);
    assert_eq!(of(&found, "联合研究项目", "kpis").len(), 2, "indicators, money among them");
    assert_eq!(of(&found, "/", "conditions")[0]["metric"], "registered_years", "a name of an attribute is no programme");
    assert_eq!(of(&found, "/", "deadlines").len(), 1);
}

#[test]
fn an_article_with_a_short_name_is_a_heading_and_one_with_a_sentence_is_none() {
    let text = format!(
        "{HEAD}第一条 国际联合实验室。对新认定的给予一次性奖励50万元。\n\
         第二条 市科技主管部门会同有关部门统筹安排年度工作计划。对成绩突出的企业给予补助10万元。\n"
    );
    assert_eq!(titles(&programmes(&text))[1..], ["国际联合实验室"]);
}

#[test]
fn the_line_that_addresses_the_readers_ends_no_section() {
    let text = "某省重点研发计划2026年度项目申报指南\n\n各有关单位：现组织申报，企业和高校均可申报。\n\n一、支持方向\n专题一：智能汽车\n支持强度：每项500万元。\n\
                专题二：生物制造\n支持强度：每项200万元。\n二、限项要求\n（一）同一负责人限报1项。\n";
    let found = programmes(text);
    assert_eq!(titles(&found)[1..], ["智能汽车", "生物制造"]);
    assert_eq!(of(&found, "/", "quotas").len(), 1);
}

#[test]
fn a_serial_number_in_brackets_is_no_part_of_the_title() {
    let text = format!(
        "{HEAD}专题一：先进储能材料（专题编号：20260001）\n项目1：固态电解质\n支持强度：每项不超过100万元。\n\
         专题二：绿色氢能（项目代码：A-02）\n支持强度：每项不超过50万元。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["先进储能材料", "固态电解质", "绿色氢能"]);
    assert_eq!(of(&found, "绿色氢能", "funding")[0]["max"], 500_000);
}

#[test]
fn tasks_with_their_aims_are_programmes_and_the_category_is_a_group() {
    let text = format!(
        "{HEAD}附件\n某省揭榜挂帅任务榜单\n一、量子科技\n（一）量子重力仪\n揭榜任务：突破真空与激光系统等技术。\n预期目标：申请专利3件。\n\
         （二）量子测控系统\n揭榜任务：突破高密度信号集成等技术。\n预期目标：形成解决方案2套。\n\
         二、清洁氢\n（一）电解制氢系统\n揭榜任务：突破电堆密封等技术。\n预期目标：建成示范项目2个。\n实施周期：18个月。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["量子科技", "量子重力仪", "量子测控系统", "清洁氢", "电解制氢系统"]);
    assert_eq!(of(&found, "量子测控系统", "kpis")[0]["metric"], "schemes");
    assert_eq!(of(&found, "电解制氢系统", "period")[0]["max_months"], 18);
}

#[test]
fn a_length_behind_its_dates_is_counted_in_its_own_unit() {
    let text =
        format!("{HEAD}一、支持方向\n（一）联合实验室项目\n执行期限：2026年9月1日至2029年8月31日（3年）。\n支持强度：每项80万元。\n");
    let found = programmes(&text);
    assert_eq!(of(&found, "联合实验室项目", "period")[0]["max_months"], 36);
}

#[test]
fn an_article_may_bear_its_name_in_round_brackets() {
    let text = format!(
        "{HEAD}第一条（支持对象） 在本市注册满1年的企业。\n第二条（研发投入补助） 按研发费用增量的10%给予补助，最高100万元。\n\
         第三条 （海外引才奖励）引进海外人才的企业，每家每年最高奖励30万元。\n第四条（施行日期） 本办法有效期3年。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["研发投入补助", "海外引才奖励"]);
    assert_eq!(of(&found, "/", "conditions")[0]["min"], 1);
}

#[test]
fn labels_in_brackets_are_labels() {
    let text = format!(
        "{HEAD}一、先进制造领域\n（一）数控机床精度保持技术\n【需求描述】突破关键部件精度保持机理。\n【考核指标】申请专利5件；研制样机2台。\n\
         【榜单金额】800万元。\n（二）工业软件内核\n【需求描述】突破约束求解技术。\n【考核指标】形成软件1套。\n二、申报要求\n（一）企业注册满2年。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["先进制造领域", "数控机床精度保持技术", "工业软件内核"]);
    let first = &of(&found, "数控机床精度保持技术", "kpis")[0];
    assert_eq!((&first["metric"], &first["label"]), (&"patents".into(), &"申请专利".into()));
    assert_eq!(of(&found, "数控机床精度保持技术", "funding")[0]["role"], "total");
}

#[test]
fn articles_that_are_labels_make_a_programme_of_their_chapter() {
    let text = format!(
        "{HEAD}第一章 总则\n第一条 本措施适用于本区企业。\n第二条 本区科技局负责组织实施。\n第二章 离岸孵化器\n\
         第三条 支持对象。在境外设立孵化器的企业。\n第四条 支持标准。按年度租金的30%给予补助，每年最高80万元。\n\
         第三章 监督管理\n第五条 区科技局对资金使用情况开展监督检查，并按年度发布支持计划。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["离岸孵化器"]);
    assert_eq!(of(&found, "离岸孵化器", "funding")[0]["max"], 800_000);
}

#[test]
fn a_dotted_number_behind_its_word_names_a_programme_and_what_stands_among_holds_for_its_part() {
    let text = format!(
        "{HEAD}1.1 中国和法国合作项目\n支持强度：每项100万元。\n实施周期：2年。\n1.2 中国和荷兰合作项目\n支持强度：每项80万元。\n实施周期：3年。\n\
         附件\n推荐限额\n1. 指南方向1.2每个牵头单位限报1项。\n2. 高校每所限报6项，其中中国和法国合作项目不少于3项；科研院所每家限报2项。\n"
    );
    let found = programmes(&text);
    assert_eq!(of(&found, "中国和荷兰合作项目", "quotas")[0]["max"], 1);
    assert_eq!(of(&found, "中国和法国合作项目", "quotas")[0]["min"], 3);
    assert_eq!(of(&found, "/", "quotas").len(), 2);
}

#[test]
fn a_tier_hangs_under_the_money_that_is_paid_at_it() {
    let text = format!("{HEAD}（一）离岸创新基地\n给予运营补贴20万元。年度引进项目5个以上的，另给予一次性奖励40万元。\n");
    let found = programmes(&text);
    let paid = of(&found, "离岸创新基地", "funding");
    assert_eq!((&paid[1]["max"], &paid[1]["when"][0]["min"]), (&400_000.into(), &5.into()));
    assert_eq!(of(&found, "离岸创新基地", "conditions").len(), 0);
}

/// However two programmes are numbered, each has its own money and targets, and what stands behind them is the call's own.
#[test]
fn every_way_of_numbering_heads_programmes() {
    for (first, second) in [
        ("一、前沿材料联合研究项目", "二、智能制造联合研究项目"),
        ("（一）前沿材料联合研究项目", "（二）智能制造联合研究项目"),
        ("1．前沿材料联合研究项目", "2．智能制造联合研究项目"),
        ("1.1 前沿材料", "1.2 智能制造"),
        ("Ⅰ、前沿材料联合研究项目", "Ⅱ、智能制造联合研究项目"),
        ("A. 前沿材料联合研究项目", "B. 智能制造联合研究项目"),
        ("A类　前沿材料联合研究项目", "B类　智能制造联合研究项目"),
        ("A01 前沿材料", "A02 智能制造"),
        ("1101 前沿材料", "1102 智能制造"),
        ("第一类：前沿材料项目", "第二类：智能制造项目"),
        ("专题一：前沿材料", "专题二：智能制造"),
        ("需求1 前沿材料", "需求2 智能制造"),
        ("【方向一】前沿材料", "【方向二】智能制造"),
        ("1.项目名称：前沿材料", "2.项目名称：智能制造"),
        ("## 1. 前沿材料项目", "## 2. 智能制造项目"),
        ("前沿材料联合研究项目", "智能制造联合研究项目"),
        ("榜单编号：A01\n榜单名称：前沿材料", "榜单编号：A02\n榜单名称：智能制造"),
        ("● 前沿材料联合研究项目", "● 智能制造联合研究项目"),
    ] {
        let part = |heading: &str, amount: u32| {
            format!(
                "{heading}\n研究内容：围绕应用需求开展研究。\n考核指标：申请发明专利不少于3件。\n支持方式：每项支持经费不超过{amount}万元。\n"
            )
        };
        let text = format!(
            "{HEAD}第一部分 支持内容\n{}{}第二部分 申报要求\n每个单位限报2项。\n申报截止时间为2026年6月30日17:00。\n",
            part(first, 50),
            part(second, 30)
        );
        let found = programmes(&text);
        let grants: Vec<&Value> = found[1..].iter().map(|programme| &programme["funding"][0]["max"]).collect();
        assert_eq!(grants, [&Value::from(500_000), &Value::from(300_000)], "{first}: {:?}", titles(&found));
        assert!(found[1..].iter().all(|programme| programme["kpis"][0]["metric"] == "patents"), "{first}");
        assert_eq!((of(&found, "/", "quotas").len(), of(&found, "/", "deadlines").len()), (1, 1), "{first}");
    }
}

#[test]
fn a_full_line_that_is_a_heading_does_not_run_into_its_text() {
    let filler = "各单位要高度重视项目申报工作，认真组织好科研项目的申报和审核，确保质量，\n".repeat(6);
    let text = format!(
        "某省科技计划2026年度项目申报指南\n{filler}按时报送。\n1.1 面向有关国家的先进材料关键技术攻关项目（指南代码：26A0101）\n\
         研究内容：围绕应用需求，与有关国家的科研机构开展合作，突破关键技术，形成可\n推广的成果。支持经费不超过300万元。\n\
         1.2 面向有关国家的智能制造关键技术攻关项目（指南代码：26A0102）\n支持有关单位开展联合攻关，每项支持经费不超过200万元，执行期不超过3年，完\n成示范应用。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["面向有关国家的先进材料关键技术攻关项目", "面向有关国家的智能制造关键技术攻关项目"]);
}

#[test]
fn a_list_in_the_line_of_its_label_goes_on_in_the_next() {
    let text = format!(
        "{HEAD}一、资助类别\n（一）联合项目\n1.种业联合专项\n研究方向：（1）水稻、玉米育种的遗传基础；\n（2）园艺作物品质形成；（3）水产种质创新。\n资助强度：每项25万元。\n\
         2.深海联合专项\n研究方向：A.深海材料；B.冷泉生态。\n资助强度：每项50万元。\n两个专项资助期限均为3年。\n二、申报条件\n（一）申请人年龄不超过45周岁。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["联合项目", "种业联合专项", "深海联合专项"]);
    let topics = |title: &str| titles(of(&found, title, "topics"));
    assert_eq!(topics("种业联合专项"), ["水稻、玉米育种的遗传基础", "园艺作物品质形成", "水产种质创新"]);
    assert_eq!(topics("深海联合专项"), ["深海材料", "冷泉生态"]);
    assert_eq!(of(&found, "联合项目", "period")[0]["max_months"], 36, "what is said of both stands above them");
    assert_eq!(of(&found, "/", "conditions").len(), 1);
}

#[test]
fn series_may_have_a_word_more_and_kinds_a_letter() {
    let text = format!(
        "{HEAD}一、征集方向\n合作方向1：产业研发合作项目\n■ 资助额度：每项不超过100万元。\n合作方向2：创新合作项目\n■ 资助额度：每项80万元。\n\
         二、项目类别\nA类：未来伙伴专项\n资助额度：每项200万元。\nB类：人才交流专项\nB1 杰出学者\n资助额度：每人10万元。\n资助期限：1年。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["产业研发合作项目", "创新合作项目", "未来伙伴专项", "人才交流专项", "杰出学者"]);
    assert_eq!(of(&found, "创新合作项目", "funding")[0]["min"], 800_000);
    assert_eq!(of(&found, "杰出学者", "period")[0]["max_months"], 12);
}

#[test]
fn names_of_attributes_with_a_year_or_joined_are_no_programmes() {
    let text = format!(
        "{HEAD}一、2026年度资助研究方向\n（一）培育项目\n研究方向如下：\n1. 地下冰的探测。\n2. 微生物的响应。\n（二）重点项目\n研究方向如下：\n1. 水循环的观测。\n\
         二、2026年度资助计划\n本年度拟资助直接费用约400万元。\n1. 培育项目：拟资助5项。\n三、财政资助与研究周期\n本批经费总额不超过500万元。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["培育项目", "重点项目"]);
    assert_eq!(of(&found, "培育项目", "topics").len(), 2);
    assert_eq!(of(&found, "/", "funding").len(), 2);
}

#[test]
fn conditions_alone_on_their_line_are_of_the_call_where_programmes_say_all_in_one_line() {
    let text = format!(
        "{HEAD}1. 基础前沿\n1.1 新原理与新方法\n研究内容：探索太空制造的新原理。\n考核指标：申请发明专利不少于5件。\n1.2 个性化植入物示范\n研究内容：面向临床开展示范。\n\
         考核指标：建成生产线2条。\n申报资格要求\n（1）项目负责人年龄不超过60周岁。\n"
    );
    let found = programmes(&text);
    assert_eq!(of(&found, "/", "conditions")[0]["metric"], "age");
    assert_eq!(of(&found, "个性化植入物示范", "kpis").len(), 1);
}

#[test]
fn from_and_until_are_one_validity() {
    let found = programmes(&format!("{HEAD}一、附则\n本办法自2026年3月20日起施行，有效期至2028年12月31日。\n"));
    let period = of(&found, "/", "period");
    assert_eq!(period.len(), 1);
    assert_eq!((&period[0]["start"], &period[0]["end"]), (&"2026-03-20".into(), &"2028-12-31".into()));
}

#[test]
fn numbers_that_run_through_all_groups_stay_in_theirs() {
    let text = format!(
        "{HEAD}一、指南方向\n（一）高端装备\n1．低碳发动机\n支持1项，财政资金不超过200万元。\n2．工业机器人\n支持2项，每项不超过100万元。\n（二）海洋科技\n\
         3．深海养殖装备\n支持1项，财政资金不超过80万元。\n4．极地酶资源\n支持1项，财政资金30万元。\n二、申报条件\n负责人年龄不超过57周岁。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["高端装备", "低碳发动机", "工业机器人", "海洋科技", "深海养殖装备", "极地酶资源"]);
    assert!(found[5]["id"].as_str().is_some_and(|id| id.contains("海洋科技")));
}

#[test]
fn directions_may_have_nothing_but_a_text() {
    let about = "针对极端条件下开发效果差的难题，研究多尺度演化机制与协同优化理论，为高效开发提供科学依据。";
    let text = format!(
        "{HEAD}第一部分 集成项目\n（一）深层储层的流动理论\n{about}\n（二）长寿命服役的科学基础\n{about}\n第二部分 重点支持项目\n（一）能源领域\n\
         本领域拟资助20项左右，主要研究方向：\n1. 界面调控机理；\n2. 催化裂解的反应基础。\n第三部分 申请要求\n（一）申请人年龄不超过60周岁。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["集成项目", "深层储层的流动理论", "长寿命服役的科学基础", "重点支持项目", "能源领域"]);
    assert_eq!(of(&found, "能源领域", "projects")[0]["max"], 20);
    assert_eq!(of(&found, "能源领域", "topics").len(), 2, "a label that ends its paragraph opens a list");
}

#[test]
fn a_table_limits_by_programme_where_its_heads_name_them() {
    let text = format!(
        "{HEAD}一、支持类别\n（一）现代产业园项目\n每项不超过100万元。\n（二）特色产业集群项目\n每项不超过50万元。\n二、申报名额\n申报数量见下表。\n\n\
         表1 申报名额上限（单位：个）\n申报地区\t现代产业园项目\t特色产业集群项目\n东部\t2\t3\n中部\t4\t5\n"
    );
    let found = programmes(&text);
    let limits = |title: &str| of(&found, title, "quotas").iter().map(|quota| quota["max"].clone()).collect::<Vec<_>>();
    assert_eq!((limits("现代产业园项目"), limits("特色产业集群项目")), (vec![2.into(), 4.into()], vec![3.into(), 5.into()]));
    assert_eq!(of(&found, "现代产业园项目", "quotas")[0]["unit"], "个");
}

#[test]
fn heads_of_columns_and_ways_to_pay_are_of_the_programmes_that_they_name_in_short() {
    let text = format!(
        "{HEAD}一、支持重点\n（一）智能制造领域项目。重点支持数控机床、工业软件、机器人等方向的关键技术攻关。\n（二）现代农业领域项目。支持种业攻关。\n\
         二、支持方式\n（一）前补助。智能制造领域项目每项不超过100万元；现代农业领域项目每项不超过60万元。前补助项目实施周期为2年。\n\
         三、推荐限额\n推荐限额分配表\n单位：项\n推荐单位\t智能制造领域\t现代农业领域\n东部\t30\t12\n中部\t20\t8\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["智能制造领域项目", "现代农业领域项目"]);
    assert_eq!(of(&found, "现代农业领域项目", "funding")[0]["max"], 600_000);
    let topics = titles(of(&found, "智能制造领域项目", "topics"));
    assert_eq!(topics, ["数控机床", "工业软件", "机器人"]);
    let limits = |title: &str| of(&found, title, "quotas").iter().map(|quota| quota["max"].clone()).collect::<Vec<_>>();
    assert_eq!((limits("智能制造领域项目"), limits("现代农业领域项目")), (vec![30.into(), 20.into()], vec![12.into(), 8.into()]));
}

#[test]
fn what_pays_may_stand_in_items_below_a_heading_on_funding() {
    let text = format!(
        "{HEAD}一、受理范围和资助额度\n（一）按照原资助办法执行的专利资助项目：\n1、受理范围：\n（1）专利申请日在2023年2月1日及之前的专利。\n\
         （2）授权公告日在2023年1月1日至6月30日期间的专利。\n2、资助额度：\n（1）获得授权的发明专利每件资助3000元。\n（2）通过其他途径申请的，每件资助15000元。\n"
    );
    let found = programmes(&text);
    let title = "按照原资助办法执行的专利资助项目";
    assert_eq!(titles(&found)[1..], [title]);
    assert!(of(&found, title, "funding").iter().all(|funding| funding["role"] == "award" && funding["per"] == "件"));
    let days = of(&found, title, "conditions").iter().map(|condition| (condition["date"].as_str(), condition["bound"].as_str()));
    let expected = [(Some("2023-02-01"), None), (Some("2023-01-01"), Some("not_before")), (Some("2023-06-30"), None)];
    assert_eq!(days.collect::<Vec<_>>(), expected, "a day is one condition, two days between which something was done are two");
}

#[test]
fn a_short_form_in_brackets_names_its_programme() {
    let text = format!(
        "{HEAD}现组织申报发展中国家技术培训班（以下简称“培训班”）和青年科学家来华计划（以下简称“青年计划”）。\n一、发展中国家技术培训班\n拟支持50期，每期资助40万元。\n\
         二、青年科学家来华计划\n拟支持20项。\n三、申报时间\n培训班项目的网上填报截止时间为2026年8月17日。\n青年计划的申报截止时间为2026年9月28日。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["发展中国家技术培训班", "青年科学家来华计划"]);
    let close = |title: &str| of(&found, title, "deadlines")[0]["at"].clone();
    assert_eq!((close("发展中国家技术培训班"), close("青年科学家来华计划")), ("2026-08-17".into(), "2026-09-28".into()));
    assert_eq!(of(&found, "发展中国家技术培训班", "projects")[0]["max"], 50);
}

#[test]
fn a_programme_lists_its_fields_and_goes_on_with_labels() {
    let text = format!(
        "{HEAD}1. 青年科学家项目\n支持青年科研人员围绕以下方向开展基础研究，实施周期不超过3年。\n（1）农田微塑料迁移转化机制；\n（2）有害生物抗药性形成机理。\n\
         考核指标：每个项目发表论文不少于5篇。\n2. 科技型企业项目\n申报单位职工总数不超过500人。\n支持方向：\n（1）信息技术：人工智能、物联网终端；\n（2）生物医药：创新药物、医疗器械。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["青年科学家项目", "科技型企业项目"]);
    assert_eq!((of(&found, "青年科学家项目", "kpis").len(), of(&found, "青年科学家项目", "topics").len()), (1, 2));
    let fields: Vec<&Value> =
        of(&found, "科技型企业项目", "topics").iter().flat_map(|topic| topic["topics"].as_array().into_iter().flatten()).collect();
    assert_eq!(fields.iter().map(|field| &field["title"]).collect::<Vec<_>>(), ["人工智能", "物联网终端", "创新药物", "医疗器械"]);
}

#[test]
fn a_column_of_indicators_names_no_rows() {
    let text = format!(
        "{HEAD}一、支持类别\n（一）重点合作项目\n支持联合研究。\n（二）一般合作项目\n支持人员交流。\n各类别的额度和指标见附件。\n附件\n\n\
         序号\t项目类别\t拟支持数\t支持额度\t单项绩效指标\n1\t重点合作项目\t10项\t每项50万元\t合作发表论文不少于3篇；互访不少于10人次\n\
         2\t一般合作项目\t40项\t每项10万元\t培养研究生2名以上\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["重点合作项目", "一般合作项目"]);
    assert_eq!((of(&found, "重点合作项目", "kpis").len(), of(&found, "一般合作项目", "projects")[0]["max"].clone()), (2, 40.into()));
}

#[test]
fn paragraphs_that_a_web_page_runs_together_are_parted_at_their_ordinals() {
    let text = format!(
        "{HEAD}一、支持类别\n（一）国际联合研发项目。支持联合开展共性技术研究。1.对周边国家合作方向。重点支持与周边国家的合作研究，拟支持20项左右。2.对其他国家合作方向。\
         支持与其他国家的科研机构开展合作研究，拟支持10项。\n二、支持方式\n（一）对周边国家合作方向每项支持50万元。（二）对其他国家合作方向每项支持30万元。\n\
         三、限项要求\n1.每家企业限报2项。2.同一项目负责人限报1项。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["国际联合研发项目", "对周边国家合作方向", "对其他国家合作方向"]);
    assert_eq!(
        (of(&found, "对周边国家合作方向", "projects")[0]["max"].clone(), of(&found, "对其他国家合作方向", "funding")[0]["max"].clone()),
        (20.into(), 300_000.into())
    );
    assert_eq!(of(&found, "/", "quotas").len(), 2);
}

#[test]
fn an_ordinal_in_brackets_behind_a_heading_opens_a_paragraph_where_line_ends_were_lost() {
    let long = "各地要加强统筹协调，落实工作责任，做好服务保障。".repeat(30);
    let text = format!(
        "某省科技计划2026年度项目申报指南　　一、总体要求　　{long}　　二、支持政策　　（一）激励增产。对增产的企业给予最高50万元奖励。　　\
         （二）支持转产（含改造）。对转产的企业给予最高20万元奖励。"
    );
    assert_eq!(titles(&programmes(&text))[1..], ["激励增产", "支持转产（含改造）"]);
}

#[test]
fn labels_may_stand_before_a_full_stop() {
    let text = format!(
        "{HEAD}一、项目类型\n（一）产业强镇\n申报条件。合作社不少于5家。\n建设任务。培训骨干不少于300人次。\n奖补标准。每个镇补助300万元。\n\
         （二）产业集群\n申报条件。年产值不低于10亿元。\n奖补标准。每个集群补助500万元。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["产业强镇", "产业集群"]);
    assert_eq!((of(&found, "产业强镇", "conditions").len(), of(&found, "产业强镇", "kpis").len()), (1, 1));
}

#[test]
fn what_is_said_of_this_kind_stands_on_the_programme_of_that_kind() {
    let text = format!(
        "{HEAD}一、专项类别\n【类别A】联合攻关\n支持联合攻关。\nA1 车规级芯片封装\n补助额度：不超过40万元。\nA2 叠层光伏组件\n补助额度：不超过30万元。\n\
         本类别项目执行期2年。\n【类别B】平台奖补\n对新认定的平台，一次性奖励10万元。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["联合攻关", "车规级芯片封装", "叠层光伏组件", "平台奖补"]);
    assert_eq!(of(&found, "联合攻关", "period")[0]["max_months"], 24);
}

#[test]
fn fields_in_the_line_of_their_label_are_all_fields() {
    let text = format!(
        "{HEAD}一、国际合作项目\n支持开展联合研究。涉及领域：量子信息、人工智能、聚变能源。\n每项补助50万元。\n每个项目须完成下列任务中的至少1项：①发表论文3篇；②举办会议1次。\n"
    );
    assert_eq!(titles(of(&programmes(&text), "国际合作项目", "topics")), ["量子信息", "人工智能", "聚变能源"]);
}

#[test]
fn a_title_goes_on_in_brackets_below_it() {
    let definition = json(&read_text(
        "某省科技计划2026年度项目申报指南\n（国际科技合作）\n\n各有关单位：\n企业、高校和科研院所均可申报科技计划项目。\n",
    ));
    assert_eq!(definition["title"], "某省科技计划2026年度项目申报指南（国际科技合作）");
}

#[test]
fn a_table_may_be_drawn_with_gaps_and_name_its_rows_by_number() {
    let text = format!(
        "{HEAD}第一部分 指南方向\n专题一：新材料\n方向1.1  高温合金粉末\n    考核指标：建成产线1条。\n方向1.2  光伏清洁装备\n    考核指标：形成样机2台。\n\n表1  支持计划\n\n\
         方向编号    立项数（项）  单项经费（万元）  执行期（年）\n1.1           2            100            3\n1.2           4            50             2\n\n\
         第二部分 联系方式\n    高新技术处    魏某某    0123-5550100\n    农村科技处    马某某    0123-5550101\n    社会发展处    杨某某    0123-5550102\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["新材料", "高温合金粉末", "光伏清洁装备"]);
    let grants = |title: &str| (of(&found, title, "projects")[0]["max"].clone(), of(&found, title, "funding")[0]["max"].clone());
    assert_eq!(grants("高温合金粉末"), (2.into(), 1_000_000.into()));
    assert_eq!(grants("光伏清洁装备"), (4.into(), 500_000.into()));
    assert_eq!(of(&found, "光伏清洁装备", "period")[0]["max_months"], 24);
    let people = of(&found, "/", "contacts").iter().filter(|contact| contact["kind"] == "person").count();
    assert_eq!(people, 3, "lines with gaps and no head are lines");
}

#[test]
fn codes_may_run_into_their_text_and_name_their_programme() {
    let text = format!(
        "{HEAD}一、支持重点\nA类　国际联合研发项目\n每项资助30万元。\nB类　平台提升项目\nB-1　国际联合实验室。面向运行良好的实验室。每项资助95万元，立项2项。\nB-2　海外研发机构。每家资助70万元，立项3项。\n\
         二、资金安排\n安排省科技发展专项资金1500万元，其中A类600万元、B类900万元。\n三、推荐名额\nB-1每个实验室限报1项。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["国际联合研发项目", "平台提升项目", "国际联合实验室", "海外研发机构"]);
    assert_eq!(of(&found, "国际联合实验室", "quotas")[0]["max"], 1);
    let total = of(&found, "平台提升项目", "funding").iter().find(|funding| funding["role"] == "total");
    assert_eq!(total.map(|total| &total["max"]), Some(&9_000_000.into()));
}

#[test]
fn a_cell_that_wraps_goes_on_with_the_one_above() {
    let text = format!(
        "{HEAD}榜单1　新型调制器\n所属领域\t光电子\n需求背景\t带宽遇到瓶\n\t颈。\n技术指标\t插入损\n\t耗≤1.5dB；建成示范线1\n\t条\n榜单金额\t300万元\n完成时限\t36个月\n"
    );
    let found = programmes(&text);
    let labels: Vec<&Value> = of(&found, "新型调制器", "kpis").iter().map(|kpi| &kpi["label"]).collect();
    assert_eq!(labels, ["插入损耗", "示范线"]);
}

#[test]
fn labels_that_lead_to_programmes_stand_beside_each_other() {
    let labels = 2000;
    let text = format!("{HEAD}{}", "项目：\n".repeat(labels));
    let tables = Tables::built_in().expect("tables");
    let segmenter = Segmenter::new(tables, Dictionary::load());
    let normalised = normalise(&text, tables);
    let outline = outline(&segment(&normalised, &segmenter, tables), tables);
    let deepest = (0..outline.nodes.len()).map(|node| outline.chain(node).count()).max();
    assert!(outline.nodes.len() > labels && deepest < Some(8), "{deepest:?}");
}

#[test]
fn a_row_may_bear_the_number_of_its_programme() {
    let text = format!(
        "{HEAD}一、支持方向\n方向一：良种选育\n考核指标：选育品种1个。\n方向二：绿色防控\n考核指标：制定规程2项。\n二、支持强度\n\n支持方向\t额度\t数量\n方向一\t不超过120万元\t2项\n方向二\t80万元\t3项\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["良种选育", "绿色防控"]);
    assert_eq!((&of(&found, "绿色防控", "funding")[0]["max"], &of(&found, "绿色防控", "projects")[0]["max"]), (&800_000.into(), &3.into()));
}

#[test]
fn directions_may_stand_in_groups() {
    let direction =
        |n: u32, title: &str| format!("{n}. {title}\n研究其在复杂工况下的形成机理与演化规律，发展预测模型与主动调控方法，开展实验验证。\n");
    let text = format!(
        "{HEAD}一、重点支持项目\n原则上每个研究方向资助1项。\n（一）能源领域\n{}{}（二）环保领域\n{}{}二、申请要求\n申请人应当具有高级职称。\n",
        direction(1, "深层储层多尺度渗流规律"),
        direction(2, "低浓度废气捕集吸附材料"),
        direction(1, "大型机组宽负荷运行稳定性"),
        direction(2, "河口湿地水文生态响应机制")
    );
    assert_eq!(titles(&programmes(&text))[1..].len(), 7, "the project, two groups, four directions");
}

#[test]
fn a_row_may_bear_the_beginning_of_a_title_that_no_other_has() {
    let text = format!(
        "{HEAD}一、国别计划\n（一）本省-芬兰产业研发合作计划\n资助额度：每项不超过100万元。\n执行期：2年。\n（二）本省-捷克应用研究合作计划\n资助额度：每项80万元。\n执行期：3年。\n\n\
         附件\n主管机构联系方式\n国别计划\t主管机构\t联系人\t电子邮箱\n本省-芬兰\t芬兰某署\tAnna Beispiel\ta@example.org\n本省-捷克\t捷克某署\tJan Beispiel\tb@example.org\n"
    );
    let found = programmes(&text);
    let of_people =
        |title: &str| of(&found, title, "contacts").iter().find(|contact| contact["kind"] == "person").map(|c| c["value"].clone());
    assert_eq!(of_people("本省-芬兰产业研发合作计划"), Some("Anna Beispiel".into()));
    assert_eq!(of_people("本省-捷克应用研究合作计划"), Some("Jan Beispiel".into()));
}

#[test]
fn whom_to_ask_stands_below_its_heading() {
    let text =
        format!("{HEAD}申报程序\n申报单位登录系统填报。\n\n联系方式\n对外合作处：张小某　0123-5550100\n规划处：李　某　0123-5550101\n");
    let found = programmes(&text);
    let people = of(&found, "/", "contacts").iter().filter(|contact| contact["kind"] == "person");
    assert_eq!(people.map(|person| person["value"].as_str()).collect::<Vec<_>>(), [Some("张小某"), Some("李某")]);
}

#[test]
fn a_list_of_fields_may_name_those_of_each() {
    let text = format!(
        "{HEAD}（一）重点研发\n【支持领域】①集成电路：设计工具、先进封装；②物联网：智能传感、边缘计算；③新材料。\n【资助额度】每项50万元。\n"
    );
    let found = programmes(&text);
    let topics = of(&found, "重点研发", "topics");
    assert_eq!(titles(topics), ["集成电路", "物联网", "新材料"]);
    assert_eq!(topics[0]["topics"][1]["title"], "先进封装");
}

#[test]
fn an_annex_may_be_wrapped_by_hand_where_the_notice_is_not() {
    let notice = "为落实科技合作协议，支持高校、科研院所和企业与境外伙伴联合开展研究，按照年度工作安排，现将有关事项通知如下，请各单位认真组织，严格审核把关，并在规定的时间之内完成网上填报。\n".repeat(3);
    let item = "双方人员互访累计不少\n于8人次。项目实施过程中应当加强数据共享和成果交流，推动形\n成长期稳定的合作机制，按照任务书约定的进度完成各项考核内\n容，并在结题时提交完整的技术资料和研究数据，供合作各方使用\n与核验。\n";
    let text = format!(
        "{HEAD}{notice}附件\n项目申报指南\n{}",
        (1..=6).map(|n| format!("{n}．合作项目\n    考核指标：项目完成时形成样机，{item}")).collect::<String>()
    );
    let found = programmes(&text);
    let visits =
        found.iter().flat_map(|p| p["kpis"].as_array().into_iter().flatten()).filter(|kpi| kpi["metric"] == "visits" && kpi["min"] == 8);
    assert!(visits.clone().count() == 6 && visits.clone().all(|kpi| kpi["max"].is_null()), "{:?}", visits.collect::<Vec<_>>());
}

/// What changes is named, where the change starts from is no target, and a price by the unit has its bound.
#[test]
fn a_target_is_where_a_change_ends() {
    let text = format!(
        "{HEAD}一、考核指标\n1.电池能量密度由300Wh/kg提高到400Wh/kg以上。\n2.电解槽成本降至1500元/kW以下。\n\
         二、支持方式\n立项后首期支付600万元，验收通过后拨付剩余资金400万元。\n"
    );
    let programmes = programmes(&text);
    let kpi = |kpi: &Value| format!("{} {}..{}", kpi["label"].as_str().unwrap_or("-"), kpi["min"], kpi["max"]);
    let kpis: Vec<String> = of(&programmes, "/", "kpis").iter().map(kpi).collect();
    assert_eq!(kpis, ["电池能量密度 400..null", "电解槽成本 null..1500"]);
    let roles: Vec<&str> = of(&programmes, "/", "funding").iter().filter_map(|fact| fact["role"].as_str()).collect();
    assert_eq!(roles, ["other", "other"]);
}

/// A list of fields that are titles alone has no labels: they are the programme's.
#[test]
fn labels_behind_titles_in_one_line_are_the_programmes_own() {
    let text = format!(
        "{HEAD}1. 中国和法国政府间科技合作项目\n1.1 领域方向：（1）人工智能；（2）量子信息；（3）碳中和技术\n\
         拟支持项目数：5个左右\n共拟支持经费：1500万元\n联系人：王小五、李　娜，电话：5550100。\n"
    );
    let programmes = programmes(&text);
    assert_eq!(titles(&programmes[1..]), ["中国和法国政府间科技合作项目"]);
    let topics: Vec<&str> = titles(of(&programmes, "中国和法国政府间科技合作项目", "topics"));
    assert_eq!(topics, ["人工智能", "量子信息", "碳中和技术"]);
    assert_eq!(of(&programmes, "中国和法国政府间科技合作项目", "projects").len(), 1);
    let contacts = programmes.iter().flat_map(|programme| programme["contacts"].as_array().expect("contacts"));
    let names: Vec<&str> = contacts.filter(|contact| contact["kind"] == "person").filter_map(|contact| contact["value"].as_str()).collect();
    assert_eq!(names, ["王小五", "李娜"]);
}

/// A table of steps says when each is done; none of them is a programme or runs for that long.
#[test]
fn a_table_of_steps_has_deadlines() {
    let text = format!(
        "{HEAD}四、进度\n环节\t起止时间\t责任单位\n网上填报\t2026年3月6日9:00—4月7日17:30\t申报单位\n\
         审核推荐\t2026年4月8日—4月14日\t推荐单位\n纸质材料报送\t2026年4月21日前\t推荐单位\n专家评审\t2026年4月24日—5月31日\t科技厅\n"
    );
    let programmes = programmes(&text);
    assert_eq!(programmes.len(), 1, "{:?}", titles(&programmes));
    assert_eq!(of(&programmes, "/", "period").len(), 0);
    let deadline = |fact: &Value| format!("{} {}", fact["role"].as_str().unwrap_or("-"), fact["at"].as_str().unwrap_or("-"));
    let deadlines: Vec<String> = of(&programmes, "/", "deadlines").iter().map(deadline).collect();
    let expected = [
        "application_open 2026-03-06T09:00+08:00",
        "application_close 2026-04-07T17:30+08:00",
        "other 2026-04-08",
        "recommendation_close 2026-04-14",
        "paper_close 2026-04-21",
        "other 2026-04-24",
        "other 2026-05-31",
    ];
    assert_eq!(deadlines, expected);
}

/// Behind the last of several programmes a paragraph may speak of the one that holds them.
#[test]
fn a_paragraph_that_opens_with_the_programme_above_is_of_it() {
    let text = format!(
        "{HEAD}一、支持方向\n（一）国际科技创新合作项目\n1.政府间合作项目。每项资助50万元，拟立项5项。\n2.联合研发项目。每项资助30万元，拟立项15项。\n\
         国际科技创新合作项目执行期内，应联合发表论文2篇以上。\n"
    );
    let programmes = programmes(&text);
    assert_eq!(of(&programmes, "国际科技创新合作项目", "kpis").len(), 1);
    assert_eq!(of(&programmes, "联合研发项目", "kpis").len(), 0);
}

/// A floor and a ceiling side by side are one interval; of two things each has its own.
#[test]
fn bounds_side_by_side_are_one_interval() {
    let text = format!(
        "{HEAD}二、支持强度\n单个项目资助额度不低于500万元、不高于1000万元。\n三、申报条件\n\
         研发费用占营业收入的比例不低于3%，资产负债率不超过70%。申请人年龄须在25周岁以上、40周岁以下。\n"
    );
    let programmes = programmes(&text);
    let interval = |fact: &Value| format!("{}..{}", fact["min"], fact["max"]);
    assert_eq!(of(&programmes, "/", "funding").iter().map(interval).collect::<Vec<_>>(), ["5000000..10000000"]);
    let conditions: Vec<String> = of(&programmes, "/", "conditions").iter().map(interval).collect();
    assert_eq!(conditions, ["3..null", "null..70", "25..40"]);
}

/// The label of an amount, or the head of its column, may say that it is the most.
#[test]
fn a_label_may_bound_its_amount() {
    let text = format!(
        "{HEAD}一、支持强度\n1.最高资助额度：100万元。\n2.资助额度（上限）：60万元。\n3.资助额度：30万元。\n\
         二、类别\n项目类别\t拟支持数\t最高资助额（万元）\n重点项目\t5项\t80\n青年项目\t不超过10项\t20\n"
    );
    let programmes = programmes(&text);
    let interval = |fact: &Value| format!("{}..{}", fact["min"], fact["max"]);
    let all: Vec<String> = of(&programmes, "/", "funding").iter().map(interval).collect();
    assert_eq!(all, ["null..1000000", "null..600000", "300000..300000"]);
    assert_eq!(of(&programmes, "重点项目", "funding").iter().map(interval).collect::<Vec<_>>(), ["null..800000"]);
}

/// A number alone is an ordinal where the first of its parts follows; a cell is labelled however long its label is.
#[test]
fn chapters_may_have_a_number_alone() {
    let text = "某重点实验室2026年度开放课题申请指南\n\n现发布开放课题申请指南，欢迎国内外科研人员申请。\n\
                1 资助类别\n1.1 重点开放课题\n每项资助20万元，研究期限2年。\n1.2 一般开放课题\n每项资助8万元，研究期限2年。\n\
                2 成果要求与署名\n2.1 重点开放课题须发表SCI论文不少于3篇。\n3 其他要求\n3.1 每位申请人限申请1项。\n";
    let programmes = programmes(text);
    assert_eq!(titles(&programmes)[1..], ["重点开放课题", "一般开放课题"]);
    assert_eq!(of(&programmes, "重点开放课题", "kpis").len(), 1);
    assert_eq!(of(&programmes, "/", "quotas").len(), 1);
}

/// A section whose heading opens with the title of a programme elsewhere speaks of it; what follows may name an attribute.
#[test]
fn a_section_titled_with_a_programme_speaks_of_it() {
    let text = format!(
        "{HEAD}一、支持类别\n（一）重点合作项目。每项支持100万元，执行期3年。\n（二）一般合作项目。每项支持30万元，执行期2年。\n\
         二、支持方向\n（一）重点合作项目支持方向\n1.新材料\n2.生物医药\n（二）一般合作项目支持方向：现代农业、人工智能、先进制造。\n\
         三、申报条件\n（一）重点合作项目申报条件\n1.申报单位上年度研发投入不低于500万元。\n2.合作单位不少于2家。\n\
         （二）一般合作项目申报条件\n1.项目负责人年龄不超过55周岁。重点合作项目负责人年龄不超过60周岁。\n\
         四、联系方式\n重点合作项目、一般合作项目：合作处 张某 0551-12345678\n"
    );
    let programmes = programmes(&text);
    assert_eq!(titles(&programmes)[1..], ["重点合作项目", "一般合作项目"]);
    let fields = |title: &str| titles(of(&programmes, title, "topics"));
    assert_eq!(fields("重点合作项目"), ["新材料", "生物医药"]);
    assert_eq!(fields("一般合作项目"), ["现代农业", "人工智能", "先进制造"]);
    assert_eq!(fields("/"), [""; 0]);
    // A sentence that names another programme is of that one.
    assert_eq!(of(&programmes, "重点合作项目", "conditions").len(), 3);
    assert_eq!(of(&programmes, "一般合作项目", "conditions").len(), 1);
    assert_eq!(of(&programmes, "/", "contacts").len(), 2);
}

/// A table of limits below a line that opens with a programme's title is of that programme.
#[test]
fn a_table_of_limits_may_be_titled_with_a_programme() {
    let text = format!(
        "{HEAD}一、支持类别\n（一）重点合作项目。每项支持100万元。\n（二）一般合作项目。每项支持30万元。\n\n附件1\n\
         重点合作项目推荐名额分配表\n推荐单位\t名额（项）\n合肥市\t15\n芜湖市\t8\n"
    );
    let programmes = programmes(&text);
    assert_eq!(of(&programmes, "重点合作项目", "quotas").len(), 2);
    assert_eq!(of(&programmes, "/", "quotas").len(), 0);
}

/// A column of sentences names no rows, whatever its head is; the items of a cell are of its label.
#[test]
fn a_column_of_sentences_names_no_rows_and_a_cell_may_hold_items() {
    let text = format!(
        "{HEAD}一、榜单\n序号\t榜单名称\t主要任务\t考核指标\t资助额度（万元）\n\
         1\t高纯材料制备技术\t开展提纯研究，解决进口问题。\t1.纯度≥99%；2.灰分≤5ppm；3.批量供货不少于200套。\t800\n\
         2\t分布式推进系统\t研制高功率电机，完成验证。\t电机功率密度≥6kW/kg；研制样机2套。\t1000\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["高纯材料制备技术", "分布式推进系统"]);
    assert_eq!(of(&found, "高纯材料制备技术", "funding")[0]["max"], 8_000_000);
    let targets: Vec<&str> = of(&found, "高纯材料制备技术", "kpis").iter().filter_map(|kpi| kpi["label"].as_str()).collect();
    assert_eq!(targets, ["纯度", "灰分", "批量供货"]);
    assert_eq!(of(&found, "高纯材料制备技术", "conditions").len(), 0);
}

/// A table right below a line that says that the limits follow is one, and its columns are of the programmes at their heads.
#[test]
fn a_table_of_limits_may_follow_a_sentence_that_says_so() {
    let text = format!(
        "{HEAD}一、支持类别\n（一）重点合作项目。每项支持100万元。\n（二）一般合作项目。每项支持30万元。\n\n二、推荐限额\n\
         各单位实行限额推荐，名额分配如下：\n推荐单位\t重点合作项目\t一般合作项目\n东海大学\t2项\t5项\n其他高校\t各1项\t各3项\n"
    );
    let programmes = programmes(&text);
    let quotas = |title| -> Vec<(String, i64)> {
        let quotas = of(&programmes, title, "quotas").iter();
        quotas.map(|quota| (quota["label"].as_str().unwrap_or_default().to_string(), quota["max"].as_i64().unwrap_or_default())).collect()
    };
    assert_eq!(quotas("重点合作项目"), [("东海大学".into(), 2), ("其他高校".into(), 1)]);
    assert_eq!(quotas("一般合作项目"), [("东海大学".into(), 5), ("其他高校".into(), 3)]);
    assert_eq!(quotas("/"), []);
}

/// Each line of a list of whom to ask is a paragraph, and a name set apart between an office and a number stays apart.
#[test]
fn whom_to_ask_is_told_line_by_line() {
    let text = format!(
        "{HEAD}一、联系方式\n东海省科学技术厅　　邵某明　025-55501001\n西海省科学技术厅　楼　莹　0571-55501002\n科技合作处　王　芳　0571-55501003\n"
    );
    let contacts = of(&programmes(&text), "/", "contacts").to_vec();
    let told = |key: &str, kind: &str| -> Vec<String> {
        let of_kind = contacts.iter().filter(|contact| contact["kind"] == kind);
        of_kind.filter_map(|contact| Some(contact[key].as_str()?.to_string())).collect()
    };
    assert_eq!(told("value", "person"), ["邵某明", "楼莹", "王芳"]);
    assert_eq!(told("label", "phone"), ["东海省科学技术厅", "西海省科学技术厅", "科技合作处"]);
}

/// Codes of what is on offer in a year head programmes, whose labels may be numbered; the row of a table may bear such an ordinal too.
#[test]
fn codes_of_a_year_head_programmes_and_rows_may_bear_ordinals() {
    let text = format!(
        "{HEAD}附件1\n序号\t课题编号\t课题名称\n1\t重2026N012\t大尺寸单晶制备关键技术研发\n2\t重2026N034\t高速收发芯片关键技术研发\n\
         重2026N012 大尺寸单晶制备关键技术研发\n一、考核指标\n（一）申请专利不少于8件。\n二、资助金额：不超过500万元\n\
         重2026N034 高速收发芯片关键技术研发\n一、考核指标\n（一）申请专利不少于6件。\n二、资助金额：不超过600万元\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["大尺寸单晶制备关键技术研发", "高速收发芯片关键技术研发"]);
    assert_eq!(found[1]["number"], "重2026N012");
    assert_eq!(of(&found, "高速收发芯片关键技术研发", "funding")[0]["max"], 6_000_000);

    let text = format!(
        "{HEAD}一、重点任务\n任务1.1 盐碱地农机装备研制\n预期目标：研制样机2台。\n任务1.2 海洋牧场养护技术\n预期目标：申请专利3件。\n\n\
         附表\n序号\t任务名称\t支持项目数\t资金上限（万元）\n1\t任务1.1 盐碱地农机装备研制\t2\t800\n2\t任务1.2 海洋牧场养护技术\t1\t1000\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["盐碱地农机装备研制", "海洋牧场养护技术"]);
    assert_eq!(of(&found, "海洋牧场养护技术", "projects")[0]["max"], 1);
}

/// Directions may have nothing but a goal; what stands behind the last of them, and none before it is told, is said of all.
#[test]
fn labels_behind_the_last_programme_may_be_of_all() {
    let directions = |first: &str, last: &str| {
        format!(
            "{HEAD}一、乡村振兴科技专项\n（一）油稻轮作新品种选育\n绩效目标：选育通过省级审定的新品种不少于2个，集成栽培技术规程1套，建立示范基地3个，培训农民500人次。\n\
             {first}（二）淡水产品保鲜与精深加工\n绩效目标：开发新产品不少于4个，建成示范生产线1条，申请发明专利5件，产品货架期延长30%以上。\n\
             支持方式：{last}每项支持不超过50万元，拟支持30项。\n"
        )
    };
    let found = programmes(&directions("", ""));
    assert_eq!(titles(&found)[1..], ["乡村振兴科技专项", "油稻轮作新品种选育", "淡水产品保鲜与精深加工"]);
    assert_eq!(of(&found, "乡村振兴科技专项", "funding").len(), 1);
    assert_eq!(of(&found, "乡村振兴科技专项", "projects")[0]["max"], 30);
    let found = programmes(&directions("支持方式：每项支持不超过80万元。\n", ""));
    assert_eq!(of(&found, "油稻轮作新品种选育", "funding")[0]["max"], 800_000);
    assert_eq!(of(&found, "淡水产品保鲜与精深加工", "funding")[0]["max"], 500_000);
    let found = programmes(&directions("", "本方向"));
    assert_eq!(of(&found, "乡村振兴科技专项", "funding").len(), 0);
    assert_eq!(of(&found, "淡水产品保鲜与精深加工", "funding")[0]["max"], 500_000);
}

/// How many of its things a call is to bring about is said of the call, whichever of its programmes bears their name.
#[test]
fn a_target_of_the_call_counts_what_a_programme_is_called() {
    for begin in ["到2027年底，新建", "新建"] {
        let text = format!(
            "{HEAD}一、总体目标\n{begin}国际联合创新平台8个，向境外转移先进适用技术并且示范推广40项以上，培训技术人员500人次。\n\
             二、支持方向\n（一）国际联合创新平台\n每项支持100万元。\n（二）先进适用技术示范推广\n每项支持50万元。\n"
        );
        let found = programmes(&text);
        assert_eq!((of(&found, "/", "kpis").len(), of(&found, "国际联合创新平台", "kpis").len()), (3, 0), "{begin}");
    }
}

/// The only period behind several programmes that are each given something is that of all.
#[test]
fn one_period_behind_several_programmes_is_of_all() {
    let text = |periods: [&str; 2]| {
        format!(
            "{HEAD}一、对外科技合作专项\n（一）政府间合作项目\n绩效目标：联合发表论文不少于2篇。\n（二）港澳台合作项目\n绩效目标：引进成果1项以上。\n\
             二、支持方式\n政府间合作项目每项支持50万元{}，港澳台合作项目每项支持20万元{}。\n",
            periods[0], periods[1]
        )
    };
    let found = programmes(&text(["", "，实施周期2年"]));
    assert_eq!(of(&found, "港澳台合作项目", "funding").len(), 1);
    assert_eq!(of(&found, "对外科技合作专项", "period").len(), 1);
    let found = programmes(&text(["，实施周期3年", "，实施周期2年"]));
    assert_eq!(of(&found, "政府间合作项目", "period")[0]["max_months"], 36);
    assert_eq!(of(&found, "港澳台合作项目", "period")[0]["max_months"], 24);
}

/// Behind the full stop of a list that semicolons part, a paragraph is none of its last item's, nor of the label that the list is of.
#[test]
fn a_paragraph_behind_a_list_is_none_of_its_items() {
    let text = format!(
        "{HEAD}一、合作专项\n（一）对口协作项目\n支持方向：\n1.棉花高效生产；\n2.煤炭清洁利用；\n3.储能技术。\n\
         支持企业与高校联合攻关。每项支持80万元，执行期2年。\n（二）成果转化项目\n每项支持60万元，执行期3年。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["合作专项", "对口协作项目", "成果转化项目"]);
    assert_eq!(of(&found, "对口协作项目", "topics").len(), 3);
    assert_eq!(of(&found, "对口协作项目", "funding")[0]["max"], 800_000);
}

/// The items that a paragraph leads to speak of the programme that it opens with.
#[test]
fn items_speak_of_the_programme_that_their_paragraph_opens_with() {
    let text = format!(
        "{HEAD}一、支持类别\n（一）揭榜项目。每项支持500万元。\n（二）国际科技合作项目。每项支持50万元。\n\
         二、考核要求\n国际科技合作项目执行期内须完成以下任务中的至少2项：（1）发表论文2篇以上；（2）申请发明专利不少于2件；（3）互访不少于6人次。\n"
    );
    let found = programmes(&text);
    assert_eq!(of(&found, "国际科技合作项目", "kpis").len(), 3);
    assert_eq!(of(&found, "/", "kpis").len(), 0);
    // So do those below an ordinal, and a paragraph behind them.
    let text = format!(
        "{HEAD}一、支持类别\n（一）揭榜项目。每项支持500万元。\n（二）国际科技合作项目。每项支持50万元。\n二、有关要求\n\
         （一）国际科技合作项目结题时，应至少达到以下指标中的2项：①发表论文2篇以上；②申请发明专利2件以上。\n\
         （二）国际科技合作项目实行限额推荐，名额如下：\n推荐单位\t名额\n东海大学\t2\n西海大学\t3\n省级基地每家可单独推荐1项。\n"
    );
    let found = programmes(&text);
    let choices: Vec<&Value> = of(&found, "国际科技合作项目", "kpis").iter().map(|kpi| &kpi["any_of"]).collect();
    assert_eq!(choices, ["以下指标中的2项"; 2]);
    assert_eq!(of(&found, "国际科技合作项目", "quotas").len(), 3);
    assert_eq!(of(&found, "/", "conditions").len() + of(&found, "/", "quotas").len(), 0);
}

/// A label in the middle of a paragraph that has said its fields holds no programmes that follow: its section is a group of them.
#[test]
fn programmes_behind_fields_that_are_told_in_line_stand_in_their_section() {
    let text = format!(
        "{HEAD}一、支持类别\n（一）国际科技合作\n支持与境外机构开展合作。重点支持领域：先进制造、生物医药、新材料。\n\
         1.联合研发项目\n每项资助40万元，拟支持20项。\n2.港澳合作项目\n每项资助20万元。\n\
         以上国际合作类项目，执行期均为2年。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["国际科技合作", "联合研发项目", "港澳合作项目"]);
    assert_eq!(found[2]["parent"], "/国际科技合作");
    assert_eq!(titles(of(&found, "国际科技合作", "topics")), ["先进制造", "生物医药", "新材料"]);
    assert_eq!(of(&found, "国际科技合作", "period").len(), 1, "a paragraph that opens with all of them is of the group");
}

/// A length, the day from which it runs and the last day are one period.
#[test]
fn an_end_may_stand_behind_a_length_and_its_start() {
    let text = format!("{HEAD}一、实施期限\n项目实施期限为3年，起始时间统一填写2026年7月1日，最迟应于2029年6月30日前完成。\n");
    let found = programmes(&text);
    let period = &of(&found, "/", "period")[0];
    assert_eq!((&period["start"], &period["end"], &period["max_months"]), (&"2026-07-01".into(), &"2029-06-30".into(), &36.into()));
    assert_eq!(of(&found, "/", "period").len(), 1);
}

/// A title that fills its line does not run into the number below it, and the labels at the head of a page are no title.
#[test]
fn the_head_of_a_document_is_read_line_by_line() {
    let body = "　　为深入推进科技创新，现组织开展项目申报工作，企业、高校、科研院所均可申报，有关事\n项通知如下：项目应符合产业发展需要，具有较好的工作基础，申报材料真实有效，\n不得重复申报。\n";
    let text = format!(
        "某省科学技术厅\n关于组织申报2026年度某省重点研发计划（科技示范工程）项目的通知\n某科字〔2026〕37号\n\n各市科技局，各有关单位：\n{body}"
    );
    let definition = json(&read_text(&text));
    assert_eq!(definition["title"], "关于组织申报2026年度某省重点研发计划（科技示范工程）项目的通知");
    assert_eq!(definition["document_number"], "某科字〔2026〕37号");
    let text = format!(
        "[ 索引号 ] 115/2026-1　[ 发文字号 ] 某科局发〔2026〕58号\n[ 主题分类 ] 科技、教育　　　[ 体裁分类 ] 通知\n\n\
         某市科学技术局\n关于组织申报2026年度重点项目的通知\n\n各有关单位：\n{body}"
    );
    let definition = json(&read_text(&text));
    assert_eq!(definition["title"], "关于组织申报2026年度重点项目的通知");
    assert_eq!(definition["document_number"], "某科局发〔2026〕58号");
    let text = format!("某省科学技术厅\nDepartment of Science and Technology\n\n2026年度国际合作项目申报指南\n\n{body}");
    assert_eq!(json(&read_text(&text))["title"], "2026年度国际合作项目申报指南", "a line in another script is none of it");
}

/// The head of a column and the name of a row that stand side by side are two words, be they numerals.
#[test]
fn numerals_of_a_head_and_of_a_row_stay_apart() {
    let text = format!(
        "{HEAD}专题一 国际合作项目\n每项支持100万元。\n专题二 平台建设项目\n每项支持30万元。\n\n附件2\n推荐名额分配表\n\
         序号\t单位类别\t专题一\t专题二\n1\t三级甲等医院（每家）\t3\t2\n2\t其他高校（每家）\t5\t4\n"
    );
    let found = programmes(&text);
    let limits = |title: &str| of(&found, title, "quotas").iter().map(|quota| quota["max"].as_i64().unwrap_or(0)).collect::<Vec<_>>();
    assert_eq!((limits("国际合作项目"), limits("平台建设项目")), (vec![3, 5], vec![2, 4]));
    assert_eq!(of(&found, "国际合作项目", "quotas")[0]["label"], "三级甲等医院（每家）");
}

/// A cell may list several fields, and what ends a list is no part of its last field.
#[test]
fn fields_are_parted_in_cells_and_from_what_ends_their_list() {
    let text = format!(
        "{HEAD}一、支持方向\n优先支持下列领域：\n序号\t领域\t重点方向\t优先合作国别\n\
         1\t新能源\t光储一体化系统；绿氢制备与储运\t阿联酋、马来西亚\n2\t生命健康\t传染病快速检测；中医药临床评价\t泰国、古巴\n"
    );
    let topics = of(&programmes(&text), "/", "topics").to_vec();
    let below: Vec<&str> =
        topics.iter().flat_map(|topic| topic["topics"].as_array().unwrap()).filter_map(|t| t["title"].as_str()).collect();
    assert_eq!(below, ["光储一体化系统", "绿氢制备与储运", "传染病快速检测", "中医药临床评价"]);

    let text = format!("{HEAD}一、支持方向\n面向新型材料、先进装备、现代医药等重点产业链，由龙头企业出题。\n");
    let found = programmes(&text);
    let titles = titles(of(&found, "/", "topics"));
    assert_eq!(titles, ["新型材料", "先进装备", "现代医药"]);
}

/// The noun that stands last in what is counted tells the metric, be the same row met before it too.
#[test]
fn the_last_noun_tells_the_metric() {
    let text = format!("{HEAD}一、考核指标\n建成中试线或示范生产线1条。\n");
    assert_eq!(of(&programmes(&text), "/", "kpis")[0]["metric"], "production_lines");
}

/// What stands in an annex that bears the title of a programme is of that programme; a column that lists fields names no rows; and a
/// short form that opens with a number names no one.
#[test]
fn an_annex_with_the_title_of_a_programme_holds_what_is_of_it() {
    let text = format!(
        "{HEAD}本年度设重点研发项目和国际合作项目（以下简称“两类项目”）。\n\
         一、支持类别\n（一）重点研发项目。支持企业开展攻关，执行期3年。\n（二）国际合作项目。支持联合研发，执行期2年。\n\
         二、绩效目标\n两类项目实施期满，申请发明专利150件。\n\n附件1\n\n重点研发项目领域方向及资助额度表\n\n\
         序号\t领域\t重点方向\t资助额度（万元/项）\t拟支持项目数（项）\n1\t人工智能\t大模型训练；具身智能\t100\t12\n2\t轨道交通\t磁浮部件；山地轨道运维\t80\t6\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["重点研发项目", "国际合作项目", "人工智能", "轨道交通"]);
    assert_eq!(found[3]["parent"], "/重点研发项目");
    assert_eq!(of(&found, "人工智能", "funding")[0]["max"], 1_000_000);
    assert_eq!(of(&found, "轨道交通", "topics").len(), 2);
    assert_eq!(of(&found, "/", "kpis").len(), 1);
}

#[test]
fn directions_in_the_line_of_their_label_are_fields_of_what_is_paid() {
    let text = format!(
        "{HEAD}一、农业领域\n拟支持项目26项左右，每项支持15万元。\n二、社会发展领域\n支持方向：（1）慢病防治；（2）中药传承。\n支持额度：每项10万元，拟支持32项左右。\n三、有关要求\n须签署承诺书。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["农业领域", "社会发展领域"]);
    assert_eq!(of(&found, "社会发展领域", "funding")[0]["max"], 100_000);
    let topics = titles(of(&found, "社会发展领域", "topics"));
    assert_eq!(topics, ["慢病防治", "中药传承"]);
}

#[test]
fn a_number_that_counts_is_no_number_of_a_programme() {
    let text = format!(
        "{HEAD}一、总体安排\n共发布榜单6项，其中甲类榜单3项、乙类榜单3项，拟支持项目不超过8项。\n二、榜单\n榜单3：单孔手术机器人系统\n研究内容：研究器械的精准驱动。\n考核指标：申请专利2件。\n榜单4：钠离子储能电池\n研究内容：研究电极。\n考核指标：申请专利3件。\n"
    );
    let found = programmes(&text);
    assert_eq!(found[0]["projects"][0]["max"], 8);
}

#[test]
fn a_programme_among_other_things_is_not_spoken_of() {
    let text = format!(
        "{HEAD}项目按农业、工业、国际科技合作四个领域组织，安排财政经费1.44亿元。\n一、国际科技合作\n（一）重点合作项目\n每项支持50万元。\n（二）一般合作项目\n每项支持10万元。\n"
    );
    let found = programmes(&text);
    assert_eq!(found[0]["funding"][0]["max"], 144_000_000);
    let text = format!(
        "{HEAD}一、联合研究项目\n每项支持50万元。\n二、人员交流项目\n每项支持10万元。\n三、推荐\n每个单位推荐联合研究项目不超过5项、人员交流项目不超过3项。\n"
    );
    assert_eq!(of(&programmes(&text), "人员交流项目", "quotas")[0]["max"], 3, "each of them is counted");
}

#[test]
fn the_items_behind_a_paragraph_that_opens_with_a_programme_are_fields_of_it() {
    let text = format!(
        "{HEAD}一、项目类型\n（一）联合研究项目。双方拟共同支持10个项目。\n（二）人员交流项目。双方拟共同支持15个项目。\n二、领域方向\n联合研究项目由双方共同支持，申报的项目须属于双方商定的以下优先合作领域之一：\n1.农业科技：\n（1）抗逆育种；\n（2）食品安全检测。\n2.人类健康；\n3.先进制造。\n人员交流项目不限领域。\n"
    );
    let found = programmes(&text);
    let topics = |title: &str| titles(of(&found, title, "topics"));
    assert_eq!(topics("联合研究项目"), ["农业科技", "人类健康", "先进制造"]);
    assert!(topics("人员交流项目").is_empty() && found[0]["topics"].as_array().is_none_or(Vec::is_empty));
}

#[test]
fn a_table_of_nothing_but_targets_tells_targets() {
    let text = format!(
        "{HEAD}四、申请条件\n（一）项目组成员不少于5人；\n附　项目绩效评价（C类）\n\n一级\t二级\t指标内容\t目标值\t权重\n产出\t数量\t发表论文（其中SCI收录不少于2篇）\t≥4篇\t15\n\t数量\t申请发明专利\t≥3件\t10\n\t质量\t指标完成率\t100%\t10\n"
    );
    let found = programmes(&text);
    let kpis: Vec<_> = found[0]["kpis"].as_array().unwrap().iter().map(|kpi| (kpi["metric"].as_str(), kpi["min"].as_u64())).collect();
    // What the name of a row says is not said again by its cells.
    assert_eq!(kpis, [(Some("papers_sci"), Some(2)), (Some("other"), Some(4)), (Some("patents"), Some(3)), (Some("other"), Some(100))]);
}

#[test]
fn a_digit_behind_words_may_stand_in_the_head_of_a_table() {
    let text = format!(
        "{HEAD}（一）资助领域\n申请人须按下表选择申请代码1。\n\n序号\t资助领域\t申请代码1\n1\t量子材料\tA20、B05\n2\t水循环\tD01\n3\t植物抗逆\tC02\n"
    );
    assert_eq!(titles(of(&programmes(&text), "/", "topics")), ["量子材料", "水循环", "植物抗逆"]);
}

#[test]
fn a_paragraph_that_tells_the_sum_of_several_is_of_the_one_above() {
    let text = format!(
        "{HEAD}一、支持类别\n（一）重点合作项目\n每项资助50万元，实施期限2年。\n（二）基地绩效奖励\n每个基地给予20万元奖励。\n2026年度项目总经费2600万元左右，其中重点合作项目不超过200万元。\n二、申报要求\n须签署承诺书。\n"
    );
    let found = programmes(&text);
    assert_eq!(found[0]["funding"][0]["max"], 26_000_000);
    assert!(of(&found, "重点合作项目", "funding").iter().any(|funding| funding["max"] == 2_000_000));
}

#[test]
fn directions_of_a_programme_that_are_told_of_are_its_fields() {
    let text = format!(
        "{HEAD}一、农业领域\n加强农业技术攻关。拟支持26项，每项支持15万元。\n（一）支持方向\n1.种质资源创新。开展小麦种质资源精准鉴定与新品种选育。\n2.果业提质增效。苹果、猕猴桃省力化栽培。\n3.旱作节水。\n"
    );
    assert_eq!(titles(of(&programmes(&text), "农业领域", "topics")), ["种质资源创新", "果业提质增效", "旱作节水"]);
}

#[test]
fn a_character_that_is_folded_to_several_stays_in_the_words() {
    let text = format!("{HEAD}一、重点项目\n考核指标：研制车载Ⅳ型储氢瓶1个。\n支持经费：每项100万元。\n");
    assert_eq!(of(&programmes(&text), "重点项目", "kpis")[0]["label"], "车载Ⅳ型储氢瓶");
}

#[test]
fn a_bound_is_a_word_of_its_own() {
    let text = format!("{HEAD}一、重点项目\n考核指标：废气达标排放率100%；成本达到现有产品的60%。\n支持经费：每项100万元。\n");
    let found = programmes(&text);
    let kpis = of(&found, "重点项目", "kpis");
    assert_eq!((&kpis[0]["min"], &kpis[0]["max"]), (&100.into(), &100.into()), "no bound in 达标");
    assert_eq!((&kpis[1]["min"], &kpis[1]["max"]), (&60.into(), &Value::Null));
}

#[test]
fn items_on_what_is_to_be_done_are_fields_where_they_name_no_work() {
    let text = |items: &str| {
        format!(
            "{HEAD}一、支持方向\n方向1、中国与德国合作项目\n研究目标：联合开发新产品。\n研究内容：{items}。\n经费额度：每项资助80万元。\n方向2、其他合作项目\n经费额度：每项资助50万元。\n"
        )
    };
    let fields = programmes(&text("（1）智能制造；（2）清洁能源与环境；（3）生命健康"));
    assert_eq!(titles(of(&fields, "中国与德国合作项目", "topics")), ["智能制造", "清洁能源与环境", "生命健康"]);
    let work = programmes(&text("（1）电解槽关键部件研制技术；（2）系统集成与应用示范"));
    assert_eq!(of(&work, "中国与德国合作项目", "topics").len(), 0);
}

#[test]
fn a_day_without_a_year_is_of_the_year_of_what_was_issued() {
    let close = |line: &str| {
        let text = format!("{HEAD}一、申报条件\n申报单位须在2025年3月1日前注册。\n二、申报时间\n{line}\n某省科学技术厅\n2026年3月13日\n");
        of(&programmes(&text), "/", "deadlines")[0]["at"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(close("申报截止时间为4月30日17:30。"), "2026-04-30T17:30+08:00", "of no year of a condition before it");
    assert_eq!(close("申报截止时间为1月10日。"), "2027-01-10", "it follows the day of issue");
}

#[test]
fn a_programme_is_called_by_the_end_of_its_title() {
    let text = |intro: &str| {
        format!(
            "某省科技计划2026年度{intro}申报通知\n\n各有关单位：\n一、申报类别\n（一）国际科技合作联合研发项目\n每项资助50万元。\n（二）省国际联合实验室\n每家补助30万元。\n\
             二、申报要求\n1.联合研发项目负责人年龄不超过57周岁。\n2.每名负责人限报1项。\n三、推荐名额\n\n推荐单位\t联合研发项目（项）\t国际联合实验室（个）\n甲大学\t各20\t各3\n其他高校\t各4\t各1\n"
        )
    };
    let found = programmes(&text("指南"));
    assert_eq!(of(&found, "国际科技合作联合研发项目", "conditions")[0]["max"], 57);
    let quotas =
        |title: &str| of(&found, title, "quotas").iter().map(|quota| quota["max"].as_i64().unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!((quotas("国际科技合作联合研发项目"), quotas("省国际联合实验室")), (vec![20, 4], vec![3, 1]));
    let general = programmes(&text("联合研发项目"));
    assert_eq!(of(&general, "/", "conditions")[0]["max"], 57, "a call that is called so speaks of all its programmes");
}

#[test]
fn a_row_with_the_beginning_of_a_title_is_of_that_programme() {
    let text = format!(
        "{HEAD}一、个人类项目\n（一）高端外国专家项目\n每项资助50万元。\n（二）外国青年人才项目\n每项资助30万元。\n各类项目汇总如下：\n\
         项目类别\t年龄\t年度资助额度\n高端外国专家（短期）\t≤70\t20万元\n外国青年人才\t≤40\t30万元\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["个人类项目", "高端外国专家项目", "外国青年人才项目"]);
    assert_eq!(of(&found, "高端外国专家项目", "funding").len(), 2);
    assert_eq!(of(&found, "外国青年人才项目", "conditions")[0]["metric"], "age");
}

#[test]
fn ways_that_a_programme_pays_by_are_no_programmes() {
    let text = format!(
        "{HEAD}一、人才项目\n（一）科技特派员项目\n按派驻方式给予补助，每项不超过100万元，标准如下：\n派驻方式\t补助标准（万元/人）\n长期派驻\t15\n短期派驻\t4\n\
         （二）外国专家项目\n每项资助50万元。\n"
    );
    let found = programmes(&text);
    assert_eq!(titles(&found)[1..], ["人才项目", "科技特派员项目", "外国专家项目"]);
    assert_eq!(of(&found, "科技特派员项目", "funding").len(), 3);
}
