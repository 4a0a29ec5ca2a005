//! Each check of the contract, once true and once false.

use serde_json::{Value, json};

use crate::support::{json as definition, read_text};

/// A small call of two directions, in which the numbers can be set.
struct Call {
    directions: u32,
    countries: u32,
    projects: u32,
    total: u32,
    second: &'static str,
    end: u32,
    deadline: &'static str,
}

impl Default for Call {
    fn default() -> Self {
        Call {
            directions: 2,
            countries: 2,
            projects: 3,
            total: 300,
            second: "1.2",
            end: 2027,
            deadline: "申报截止时间为2026年5月18日17:30。",
        }
    }
}

impl Call {
    fn text(&self) -> String {
        let Call { directions, countries, projects, total, second, end, deadline } = self;
        format!(
            "2026年度政府间科技合作项目申报指南\n一、总体要求\n本年度设立{directions}个指南方向，支持与{countries}个国家开展科技合作，拟支持项目数{projects}个，国拨经费总概算{total}万元。企业、高校和科研单位均可申报。\n\
             1.1中国和法国合作项目\n拟支持项目数：1个。\n共拟支持经费：100万元。\n项目执行期2年，起止时间为2026年1月—{end}年12月。\n\
             {second}中国和德国合作项目\n拟支持项目数：2个。\n共拟支持经费：200万元。\n项目执行期：2年。\n二、申报要求\n{deadline}\n"
        )
    }

    /// Declared and computed value of the first check of `kind` on `programme`, and whether it holds.
    fn check(&self, kind: &str, programme: &str) -> (Value, Value, bool) {
        let definition = definition(&read_text(&self.text()));
        let checks = definition["checks"].as_array().expect("checks").clone();
        let found = checks.iter().find(|c| c["kind"] == kind && c["programme"] == programme);
        let check = found.unwrap_or_else(|| panic!("no {kind} on {programme} in {checks:#?}"));
        (check["declared"].clone(), check["computed"].clone(), check["ok"] == true)
    }
}

#[test]
fn total_funding() {
    assert_eq!(Call::default().check("total_funding", "/"), (json!(3000000), json!(3000000), true));
    assert_eq!(Call { total: 400, ..Call::default() }.check("total_funding", "/"), (json!(4000000), json!(3000000), false));
}

#[test]
fn project_count() {
    assert_eq!(Call::default().check("project_count", "/"), (json!(3), json!(3), true));
    assert_eq!(Call { projects: 5, ..Call::default() }.check("project_count", "/"), (json!(5), json!(3), false));
}

#[test]
fn programme_count() {
    assert_eq!(Call::default().check("programme_count", "/"), (json!(2), json!(2), true));
    assert_eq!(Call { directions: 3, ..Call::default() }.check("programme_count", "/"), (json!(3), json!(2), false));
}

#[test]
fn country_count() {
    assert_eq!(Call::default().check("country_count", "/"), (json!(2), json!(2), true));
    assert_eq!(Call { countries: 4, ..Call::default() }.check("country_count", "/"), (json!(4), json!(2), false));
}

#[test]
fn numbering() {
    assert!(Call::default().check("numbering", "/").2);
    assert!(!Call { second: "1.3", ..Call::default() }.check("numbering", "/中国和德国合作项目").2);
    assert!(Call { second: "2.0", ..Call::default() }.check("numbering", "/").2, "1.9 and 2.0 are consecutive, and so is a new chapter");
}

#[test]
fn period() {
    assert_eq!(Call::default().check("period", "/中国和法国合作项目"), (json!(24), json!(24), true));
    assert_eq!(Call { end: 2028, ..Call::default() }.check("period", "/中国和法国合作项目"), (json!(24), json!(36), false));
}

#[test]
fn completeness() {
    assert!(Call::default().check("completeness", "/中国和德国合作项目").2);
    assert!(!Call { deadline: "申报单位应具有独立法人资格。", ..Call::default() }.check("completeness", "/中国和德国合作项目").2);
}

/// The sums that the seed declares.
#[test]
fn the_sixteen_directions_add_up() {
    let path = crate::support::root("seeds/002_13e0d3101035d3a0.txt");
    let definition = definition(&crate::support::read(&path));
    for (kind, value) in [("total_funding", 411400000), ("project_count", 176), ("programme_count", 16), ("country_count", 12)] {
        let checks = definition["checks"].as_array().expect("checks");
        let check = checks.iter().find(|c| c["kind"] == kind && c["programme"] == "/").expect(kind);
        assert_eq!((&check["declared"], &check["computed"], &check["ok"]), (&json!(value), &json!(value), &json!(true)), "{kind}");
    }
}
