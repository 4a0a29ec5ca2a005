//! Tables inside a text, whatever parts their cells: what each row becomes, and which words each fact quotes.

use serde_json::Value;

use crate::support::{json, read_text};

const HEAD: &str = "2026年度科技合作项目申报指南\n各企业、高校、科研单位可申报财政资助的项目。\n";

fn ingest(body: &str) -> Value {
    json(&read_text(&format!("{HEAD}{body}")))
}

/// Title, number and facts of every programme below the call: `array min..max words`.
fn rows(definition: &Value) -> Vec<String> {
    let programmes = definition["programmes"].as_array().expect("programmes");
    let below = programmes.iter().skip(1);
    below.map(|p| format!("{} {}: {}", p["number"].as_str().unwrap_or("-"), p["id"].as_str().unwrap_or(""), facts(p).join("; "))).collect()
}

fn facts(programme: &Value) -> Vec<String> {
    let mut out = Vec::new();
    for (array, ends) in [("funding", ["min", "max"]), ("projects", ["min", "max"]), ("period", ["min_months", "max_months"])] {
        for fact in programme[array].as_array().into_iter().flatten() {
            let end = |key: &str| fact[key].as_i64().map_or(String::new(), |n| n.to_string());
            let role = fact["role"].as_str().unwrap_or(array);
            out.push(format!("{role} {}..{} {:?}", end(ends[0]), end(ends[1]), fact["evidence"]["text"].as_str().unwrap_or("")));
        }
    }
    out
}

/// Every evidence is the source between its offsets, though the head of the column is read with each cell.
fn is_grounded(body: &str, value: &Value) {
    let text: Vec<char> = format!("{HEAD}{body}").chars().collect();
    match value {
        Value::Object(fields) => {
            if let (Some(start), Some(end), Some(words)) = (fields.get("start"), fields.get("end"), fields.get("text")) {
                let at = |v: &Value| v.as_u64().expect("an offset") as usize;
                let source: String = text[at(start)..at(end)].iter().collect();
                assert_eq!(words.as_str(), Some(source.as_str()));
            }
            fields.values().for_each(|v| is_grounded(body, v));
        }
        Value::Array(items) => items.iter().for_each(|v| is_grounded(body, v)),
        _ => {}
    }
}

#[test]
fn a_row_is_a_programme_and_the_head_gives_the_unit() {
    let expected = [
        "1 /人工智能: per_project 2000000..2000000 \"200\"; projects 3..3 \"3\"; period 24..36 \"2~3\"",
        "2 /新能源: per_project ..3000000 \"不超过300\"; projects ..5 \"不超过5\"; period 36..36 \"3年\"",
    ];
    let cells = [
        ["序号", "方向", "支持经费（万元）", "项目数", "执行期（年）"],
        ["1", "人工智能", "200", "3", "2~3"],
        ["2", "新能源", "不超过300", "不超过5项", "3年"],
    ];
    let with = |joint: &str| cells.iter().map(|row| row.join(joint)).collect::<Vec<_>>().join("\n");
    let framed = format!("| {} |", with(" | ").replace('\n', " |\n| ")).replacen("\n", "\n|---|---|---|---|---|\n", 1);
    for table in [with("\t"), with(" | "), with("｜"), framed] {
        let body = format!("一、支持方向\n{table}\n二、其他\n另行通知。\n");
        let definition = ingest(&body);
        let found: Vec<String> = rows(&definition).iter().map(|row| row.replace("不超过5项", "不超过5")).collect();
        assert_eq!(found, expected, "{table}");
        is_grounded(&body, &definition);
    }
}

#[test]
fn names_in_two_columns_are_nested_and_a_merged_cell_holds_for_the_rows_below_it() {
    let body = "（单位：万元）\n计划类别\t项目类型\t支持标准\t拟支持数量\n重点研发计划\t重大项目\t不超过500\t5\n\t一般项目\t50-100\t20\n基金\t面上项目\t10\t100\n";
    let expected = [
        "- /重点研发计划: ",
        "- /重点研发计划/重大项目: per_project ..5000000 \"不超过500\"; projects 5..5 \"5\"",
        "- /重点研发计划/一般项目: per_project 500000..1000000 \"50-100\"; projects 20..20 \"20\"",
        "- /基金: ",
        "- /基金/面上项目: per_project 100000..100000 \"10\"; projects 100..100 \"100\"",
    ];
    assert_eq!(rows(&ingest(body)), expected);
}

#[test]
fn a_head_of_two_rows_is_read_as_one() {
    let body = "项目类型\t支持经费（万元）\t\t项目数\n\t单项经费\t总经费\t\n重大项目\t100\t500\t5\n一般项目\t20\t200\t10\n";
    let expected = [
        "- /重大项目: per_project 1000000..1000000 \"100\"; total 5000000..5000000 \"500\"; projects 5..5 \"5\"",
        "- /一般项目: per_project 200000..200000 \"20\"; total 2000000..2000000 \"200\"; projects 10..10 \"10\"",
    ];
    assert_eq!(rows(&ingest(body)), expected);
}

#[test]
fn a_sum_belongs_to_what_the_table_stands_in() {
    let definition = ingest("方向\t项目数\t支持经费（万元）\n人工智能\t3\t200\n新能源\t5\t300\n合计\t8\t500\n");
    assert_eq!(facts(&definition["programmes"][0]), ["total 5000000..5000000 \"500\"", "projects 8..8 \"8\""]);
    assert_eq!(rows(&definition).len(), 2);
}

#[test]
fn a_row_that_bears_the_title_of_a_section_speaks_of_it() {
    let body = "一、项目类别\n（一）政府间合作项目\n支持联合研究。项目执行期2年。\n（二）联合实验室项目\n支持平台建设。项目执行期3年。\n二、支持强度\n项目类别\t单项经费（万元）\n政府间合作项目\t50\n联合实验室项目\t不超过200\n";
    let expected = [
        "（一） /政府间合作项目: per_project 500000..500000 \"50\"; period 24..24 \"2年\"",
        "（二） /联合实验室项目: per_project ..2000000 \"不超过200\"; period 36..36 \"3年\"",
    ];
    assert_eq!(rows(&ingest(body)), expected);
}

#[test]
fn rows_without_money_are_topics_targets_or_dates() {
    let definition = ingest(
        "一、重点支持领域\n序号\t领域\t主要内容\n1\t新一代信息技术\t量子信息\n2\t生物医药\t创新药物\n二、绩效目标\n指标名称\t单位\t目标值\n发表论文\t篇\t300\n申请发明专利\t件\t≥50\n三、时间安排\n事项\t时间\n网上申报\t2026年3月1日至2026年4月10日17:00\n推荐截止\t2026年4月20日\n",
    );
    let call = &definition["programmes"][0];
    let texts = |array: &str, key: &str| -> Vec<String> {
        call[array].as_array().expect("a list").iter().map(|v| v[key].as_str().unwrap_or("").to_string()).collect()
    };
    assert_eq!(texts("topics", "title"), ["新一代信息技术", "生物医药"]);
    assert_eq!(texts("kpis", "metric"), ["papers", "patents"]);
    assert_eq!(texts("kpis", "label"), ["发表论文", "申请发明专利"]);
    assert_eq!(texts("kpis", "unit"), ["篇", "件"]);
    assert_eq!(texts("deadlines", "role"), ["application_open", "application_close", "recommendation_close"]);
    assert_eq!(texts("deadlines", "at"), ["2026-03-01", "2026-04-10T17:00+08:00", "2026-04-20"]);
}

#[test]
fn two_columns_without_a_head_are_names_and_values() {
    let definition = ingest("申报开始时间\t2026年3月1日\n咨询电话\t025-12345678\n支持经费（万元）\t不超过80\n");
    let call = &definition["programmes"][0];
    assert_eq!(call["deadlines"][0]["at"], "2026-03-01");
    assert_eq!(call["contacts"][0]["value"], "025-12345678");
    assert_eq!(facts(call), ["per_project ..800000 \"不超过80\""]);
}

#[test]
fn a_line_with_a_tab_is_no_table() {
    let definition = ingest("一、资助\t方式\n每项支持经费不超过60万元。\n\t项目执行期2年。\n");
    assert_eq!(facts(&definition["programmes"][0]), ["per_project ..600000 \"不超过60万元\"", "period 24..24 \"2年\""]);
}

#[test]
fn a_row_of_limits_limits_whom_it_names() {
    let quotas = |body: &str| -> Vec<String> {
        let definition = ingest(body);
        let quotas = definition["programmes"][0]["quotas"].as_array().expect("quotas").clone();
        let told = |key: &str, quota: &Value| quota[key].as_str().unwrap_or("-").to_string();
        quotas.iter().map(|q| format!("{} {} {} {}", told("label", q), told("applies_to", q), q["max"], told("unit", q))).collect()
    };
    let plain = "五、推荐名额\n单位\t推荐名额\n合肥市科技局\t5\n芜湖市科技局\t3\n";
    assert_eq!(quotas(plain), ["合肥市科技局 - 5 项", "芜湖市科技局 - 3 项"]);
    let columns = "各单位按下表名额择优推荐。\n推荐单位\t面上项目\t重点项目\n合肥市\t5\t2\n";
    assert_eq!(quotas(columns), ["合肥市 面上项目 5 项", "合肥市 重点项目 2 项"]);
}

/// 单位 heads a column of units, or one of applicants.
#[test]
fn a_column_of_units_gives_them_to_the_row() {
    let kpis = ingest("三、考核指标\n指标\t单位\t数值\n申请发明专利\t件\t5\n发表论文\t篇\t3\n")["programmes"][0]["kpis"].clone();
    let units: Vec<&str> = kpis.as_array().expect("kpis").iter().filter_map(|kpi| kpi["unit"].as_str()).collect();
    assert_eq!(units, ["件", "篇"]);
}

/// Under a unit that stands above, each cell of a table of bare numbers is an amount of its row and column, whatever the heads are.
#[test]
fn amounts_may_be_told_by_the_unit_above_alone() {
    let table =
        |unit: &str| format!("一、补助标准\n按下表给予补助{unit}。\n载体类型\t优秀\t良好\n国家级孵化器\t100\t60\n省级孵化器\t50\t40\n");
    let definition = ingest(&table("（单位：万元）"));
    let amounts = facts(&definition["programmes"][0]);
    let ends = [("1000000", "100"), ("600000", "60"), ("500000", "50"), ("400000", "40")];
    assert_eq!(amounts, ends.map(|(end, words)| format!("per_project {end}..{end} {words:?}")));
    assert_eq!(facts(&ingest(&table(""))["programmes"][0]), [""; 0]);
}
