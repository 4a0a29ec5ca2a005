//! What holds for every comparison, tried a thousand times at random: a call against itself has no change; with one number, one
//! country, one title, one date or one order of sections changed, exactly that is told. The draws are the same in every run.

use std::path::PathBuf;
use std::sync::LazyLock;

use serde_json::{Value, json};
use zhinan::diff::{Call, Change, Comparison, Fate, Field, Kind, Options, Severity, TitleWords, compare};
use zhinan::table::Tables;

use crate::support::{Lot, root, seeds};

pub static WORDS: LazyLock<TitleWords> = LazyLock::new(|| {
    let lexicon = &Tables::built_in().expect("the built-in tables load").lexicon;
    TitleWords::new(&lexicon.numerals, |name| lexicon.named(name)).expect("the lists make expressions")
});

impl Lot {
    fn title(&mut self) -> String {
        const SIGNS: [&str; 24] = [
            "稻", "麦", "港", "桥", "星", "海", "药", "钢", "电", "林", "算", "种", "油", "光", "机", "船", "矿", "蚕", "雷", "核", "纸",
            "糖", "陶", "冰",
        ];
        (0..6 + self.below(6)).map(|_| *self.of(&SIGNS)).collect()
    }
}

fn read(definition: &Value) -> Call {
    Call::read(&definition.to_string()).expect("a definition")
}

fn compared<'a>(old: &'a Call, new: &'a Call) -> Comparison<'a> {
    compare(old, new, &Options { words: &WORDS, forced: &[], texts: (None, None) }).expect("nothing is forced")
}

/// The five definitions of the project.
fn extracted() -> Vec<Value> {
    let definition = |seed: &PathBuf| root("extracted").join(seed.file_name().expect("a name")).with_extension("json");
    let read = |path: PathBuf| serde_json::from_str(&std::fs::read_to_string(path).expect("UTF-8")).expect("JSON");
    seeds().iter().map(definition).map(read).collect()
}

/// A definition with a tree of some twenty programmes and facts of every kind.
fn generated(lot: &mut Lot) -> Value {
    let count = 5 + lot.below(25);
    let mut programmes: Vec<Value> = Vec::new();
    let mut order: Vec<usize> = Vec::new();
    let mut parents: Vec<Option<usize>> = vec![None];
    for at in 1..count {
        parents.push(Some(lot.below(at.min(6))));
    }
    fn walk(at: usize, parents: &[Option<usize>], order: &mut Vec<usize>) {
        order.push(at);
        (0..parents.len()).filter(|p| parents[*p] == Some(at)).for_each(|p| walk(p, parents, order));
    }
    walk(0, &parents, &mut order);
    let titles: Vec<String> = (0..count).map(|at| format!("{}{at}", lot.title())).collect();
    let mut ids = vec![String::from("/"); count];
    for at in order {
        if let Some(parent) = parents[at] {
            ids[at] = format!("{}/{}", ids[parent].trim_end_matches('/'), titles[at]);
        }
        let mut fact = |fields: Value| -> Value {
            let mut fact = fields;
            fact["evidence"] = json!({"start": lot.below(9000), "end": 9001, "text": lot.title()});
            fact["rule"] = json!("a/b");
            fact
        };
        let mut some = Vec::new();
        for metric in ["papers", "patents", "talent", "other"] {
            let n = 1 + at * 3 + some.len();
            some.push(fact(
                json!({"metric": metric, "label": format!("{metric}{at}"), "min": n, "max": null, "unit": "项", "scope": "project"}),
            ));
        }
        let funding = fact(json!({"role": "per_project", "min": null, "max": 100_000 * (1 + at), "currency": "CNY"}));
        let period = fact(json!({"min_months": 24, "max_months": 24, "start": "2025-01", "end": "2026-12"}));
        let close = fact(json!({"role": "application_close", "at": "2025-05-18T17:30+08:00"}));
        let countries: Vec<Value> =
            ["FR", "DE", "IT"].iter().map(|code| fact(json!({"code": code, "name": code, "role": "partner"}))).collect();
        let quota = fact(json!({"min": null, "max": 1 + at, "unit": "项", "label": "每个单位"}));
        let has = |n: usize| at % n == 0;
        programmes.push(json!({
            "id": ids[at], "parent": parents[at].map(|p| ids[p].clone()), "number": if at == 0 { Value::Null } else { json!(format!("{at}、")) },
            "title": titles[at], "evidence": {"start": 0, "end": 0, "text": ""},
            "topics": [], "agreements": [],
            "funding": if has(2) { vec![funding] } else { vec![] },
            "projects": [], "period": if has(3) { vec![period] } else { vec![] },
            "deadlines": if has(4) { vec![close] } else { vec![] },
            "countries": if has(2) { countries } else { vec![] },
            "kpis": if has(3) { some } else { vec![] },
            "conditions": [], "quotas": if has(5) { vec![quota] } else { vec![] }, "contacts": [],
        }));
    }
    json!({
        "schema_version": "1.0.0", "generator": {"name": "zhinan", "version": "0", "patterns": ""}, "digest": "",
        "source": {"file": "made.txt", "sha256": "0"}, "title": titles[0], "issuers": [], "document_number": null,
        "year": 2025, "published_on": null, "programmes": programmes,
    })
}

/// What a mutation did, in the terms of the comparison.
#[derive(Debug)]
struct Done {
    field: Field,
    kind: Kind,
    severity: Severity,
    /// Title of the programme on the new side.
    title: String,
    /// What the values were and are, where the mutation tells.
    values: Option<(Vec<String>, Vec<String>)>,
}

fn programmes(definition: &mut Value) -> &mut Vec<Value> {
    definition["programmes"].as_array_mut().expect("programmes")
}

fn title_of(programme: &Value) -> String {
    programme["title"].as_str().expect("a title").to_string()
}

/// The places of all facts of some arrays that have one of some keys.
fn places(definition: &Value, arrays: &[&str], keys: &[&str]) -> Vec<(usize, String, usize)> {
    let mut out = Vec::new();
    for (p, programme) in definition["programmes"].as_array().expect("programmes").iter().enumerate() {
        for array in arrays {
            for (i, fact) in programme[*array].as_array().into_iter().flatten().enumerate() {
                if keys.iter().any(|key| fact[*key].is_number() || fact[*key].is_string()) {
                    out.push((p, array.to_string(), i));
                }
            }
        }
    }
    out
}

const FIELDS: [(&str, Field); 9] = [
    ("funding", Field::Funding),
    ("projects", Field::Projects),
    ("period", Field::Period),
    ("deadlines", Field::Deadlines),
    ("countries", Field::Countries),
    ("kpis", Field::Kpis),
    ("conditions", Field::Conditions),
    ("quotas", Field::Quotas),
    ("contacts", Field::Contacts),
];

fn field(array: &str) -> Field {
    FIELDS.iter().find(|(name, _)| *name == array).expect("a field").1
}

fn one_number(definition: &mut Value, lot: &mut Lot) -> Option<Done> {
    let arrays = ["funding", "projects", "kpis", "conditions", "quotas", "period"];
    let found = places(definition, &arrays, &["min", "max", "min_months", "max_months"]);
    let (p, array, i) = found.get(lot.below(found.len()))?.clone();
    let programme = &mut programmes(definition)[p];
    let title = title_of(programme);
    let fact = &mut programme[&array][i];
    let factor = 2 + lot.below(4) as i64;
    for key in ["min", "max", "min_months", "max_months"] {
        if let Some(number) = fact[key].as_i64() {
            fact[key] = json!(number * factor + 1);
        } else if let Some(number) = fact[key].as_f64() {
            fact[key] = json!(number * factor as f64);
        }
    }
    Some(Done { field: field(&array), kind: Kind::Changed, severity: Severity::Policy, title, values: None })
}

fn one_country(definition: &mut Value, lot: &mut Lot) -> Option<Done> {
    let mut found = places(definition, &["countries"], &["code"]);
    found.retain(|(p, _, i)| definition["programmes"][*p]["countries"][*i]["role"] == "partner");
    let (p, array, i) = found.get(lot.below(found.len()))?.clone();
    let programme = &mut programmes(definition)[p];
    let code = programme[&array][i]["code"].as_str()?.to_string();
    programme[&array][i]["code"] = json!("ZZ");
    programme[&array][i]["name"] = json!("某国");
    let again = programme[&array].as_array()?.iter().any(|fact| fact["code"] == json!(code) && fact["role"] == "partner");
    let (kind, lost) = if again { (Kind::Added, vec![]) } else { (Kind::Changed, vec![code]) };
    let values = Some((lost, vec!["ZZ".to_string()]));
    Some(Done { field: Field::Countries, kind, severity: Severity::Policy, title: title_of(programme), values })
}

fn one_title(definition: &mut Value, lot: &mut Lot) -> Option<Done> {
    let all = programmes(definition);
    let at = lot.below(all.len());
    let before = title_of(&all[at]);
    // Another title, or the same with a word more.
    let title = if lot.below(2) == 0 { lot.title() } else { format!("{before}{}", lot.title()) };
    let old_id = all[at]["id"].as_str()?.to_string();
    let parent = old_id.rsplit_once('/').map(|(parent, _)| parent.to_string())?;
    let new_id = if at == 0 { "/".to_string() } else { format!("{parent}/{title}") };
    all[at]["title"] = json!(title);
    for programme in all.iter_mut().filter(|_| at > 0) {
        for key in ["id", "parent"] {
            let Some(id) = programme[key].as_str() else { continue };
            if let Some(rest) = id.strip_prefix(&old_id).filter(|rest| rest.is_empty() || rest.starts_with('/')) {
                programme[key] = json!(format!("{new_id}{rest}"));
            }
        }
    }
    if at == 0 {
        definition["title"] = json!(title);
    }
    Some(Done { field: Field::Title, kind: Kind::Changed, severity: Severity::Structure, title, values: None })
}

fn one_date(definition: &mut Value, lot: &mut Lot) -> Option<Done> {
    let found = places(definition, &["deadlines"], &["at"]);
    let (p, array, i) = found.get(lot.below(found.len()))?.clone();
    let programme = &mut programmes(definition)[p];
    programme[&array][i]["at"] = json!(format!("2031-0{}-11", 1 + lot.below(9)));
    Some(Done { field: Field::Deadlines, kind: Kind::Changed, severity: Severity::Policy, title: title_of(programme), values: None })
}

/// Two sections change places, each with all that stands below it.
fn one_order(definition: &mut Value, lot: &mut Lot) -> Option<Done> {
    let all = programmes(definition).clone();
    let below =
        |id: &Value, parent: &Value| id.as_str().zip(parent.as_str()).is_some_and(|(id, p)| id == p || id.starts_with(&format!("{p}/")));
    let children = |parent: &Value| -> Vec<Value> { all.iter().filter(|p| p["parent"] == parent["id"]).cloned().collect() };
    let parents: Vec<&Value> = all.iter().filter(|p| children(p).len() > 1).collect();
    let parent = *parents.get(lot.below(parents.len()))?;
    let children = children(parent);
    let (a, b) = (lot.below(children.len()), lot.below(children.len()));
    if title_of(&children[a]) == title_of(&children[b]) {
        return None;
    }
    let mut order: Vec<usize> = (0..children.len()).collect();
    order.swap(a, b);
    let block = |child: &Value| all.iter().filter(|p| below(&p["id"], &child["id"])).cloned().collect::<Vec<_>>();
    let sorted: Vec<Value> = order.iter().flat_map(|i| block(&children[*i])).collect();
    let first = all.iter().position(|p| p["id"] == children[0]["id"])?;
    let mut out = all.clone();
    out.splice(first..first + sorted.len(), sorted);
    *programmes(definition) = out;
    Some(Done { field: Field::Order, kind: Kind::Moved, severity: Severity::Structure, title: title_of(parent), values: None })
}

fn codes(held: &[zhinan::diff::Held]) -> Vec<String> {
    held.iter().map(|held| held.fact.value.key()).collect()
}

#[test]
fn one_thing_changed_is_exactly_what_is_told() {
    let mut lot = Lot(2026);
    let mut known = extracted();
    known.extend((0..20).map(|_| generated(&mut lot)));
    let calls: Vec<Call> = known.iter().map(read).collect();
    let mutations: [fn(&mut Value, &mut Lot) -> Option<Done>; 5] = [one_number, one_country, one_title, one_date, one_order];
    let mut tried = [0; 5];
    while tried.iter().sum::<usize>() < 1000 {
        let (at, which) = (lot.below(known.len()), lot.below(mutations.len()));
        let mut mutated = known[at].clone();
        let Some(done) = mutations[which](&mut mutated, &mut lot) else { continue };
        tried[which] += 1;
        let new = read(&mutated);
        let found = compared(&calls[at], &new);
        let told: Vec<String> =
            found.changes.iter().map(|c| format!("{:?} {:?} {:?} {:?}", c.severity, c.kind, c.field, c.words)).collect();
        let [change] = found.changes.as_slice() else { panic!("{:?}: {done:?}: {told:#?}", known[at]["title"]) };
        let pair = &found.pairs[change.pair];
        let title = pair.new.first().map(|n| new.programmes[*n].title.clone());
        assert_eq!((change.field, change.kind, change.severity), (done.field, done.kind, done.severity), "{done:?}: {told:?}");
        assert_eq!(title.as_ref(), Some(&done.title), "{done:?}: {told:?}");
        if let Some((lost, won)) = &done.values {
            assert_eq!((&codes(&change.old), &codes(&change.new)), (lost, won), "{done:?}");
        }
        let apart = found.pairs.iter().filter(|pair| pair.old.len() != 1 || pair.new.len() != 1).count();
        assert_eq!(apart, 0, "every programme has its match: {done:?}");
        let fate = match done.field {
            Field::Title => Fate::Renamed,
            Field::Order => Fate::Unchanged,
            _ => Fate::Changed,
        };
        assert_eq!(pair.fates, [fate], "{done:?}");
    }
    assert!(tried.iter().all(|times| *times > 50), "{tried:?}");
}

#[test]
fn a_call_against_itself_has_no_change() {
    let mut lot = Lot(7);
    let definitions = extracted().into_iter().chain((0..50).map(|_| generated(&mut lot))).collect::<Vec<_>>();
    for definition in &definitions {
        let (old, new) = (read(definition), read(definition));
        let found = compared(&old, &new);
        assert!(
            found.changes.is_empty(),
            "{}: {:?}",
            definition["title"],
            found.changes.iter().map(|c: &Change| c.field).collect::<Vec<_>>()
        );
        assert!(found.pairs.iter().all(|pair| pair.fates == [Fate::Unchanged]), "{}", definition["title"]);
        assert_eq!(found.pairs.len(), old.programmes.len());
    }
}

/// What the one direction wins the other loses.
#[test]
fn there_and_back() {
    let known: Vec<Call> = extracted().iter().map(read).collect();
    for (a, b) in [(0, 1), (0, 4), (1, 3), (2, 3)] {
        let (there, back) = (compared(&known[a], &known[b]), compared(&known[b], &known[a]));
        let count = |found: &Comparison, fate: Fate| found.pairs.iter().filter(|pair| pair.fates.contains(&fate)).count();
        for (here, other) in [(Fate::Added, Fate::Removed), (Fate::Merged, Fate::Split), (Fate::Renamed, Fate::Renamed)] {
            assert_eq!(count(&there, here), count(&back, other), "{a} {b} {here:?}");
        }
    }
}
