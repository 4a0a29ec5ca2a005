use zhinan::{pipeline::Reader, programme, table::Tables};
fn main() {
    let tables = Tables::built_in().unwrap_or_else(|e| panic!("{e}"));
    if let Err(e) = tables.compile_all() { eprintln!("{e}"); }
    let reader = Reader::new(tables);
    for f in std::env::args().skip(1) {
        let p = std::path::Path::new(&f);
        match reader.read(p, &std::fs::read(p).unwrap()) {
            Ok(r) => {
                let out = format!("/tmp/out/{}.json", p.file_stem().unwrap().to_string_lossy());
                std::fs::write(&out, programme::to_json(&r.definition)).unwrap();
                let mut o = String::new();
                for (i, n) in r.outline.nodes.iter().enumerate() {
                    let d = r.outline.chain(i).count();
                    let t = n.title.map(|t| t.of(r.normalised.text()).to_string()).unwrap_or_default();
                    let w: String = n.body.of(r.normalised.text()).chars().take(40).collect();
                    o += &format!("{:3} {}{:?} {} [{}] {} | {}\n", i, "  ".repeat(d), n.marker.as_ref().map(|m| m.series.clone()), if n.programme {"PROG"} else {""}, n.class.clone().unwrap_or_default(), t, w);
                }
                std::fs::write(out.replace(".json", ".tree"), o).unwrap();
                std::fs::write(out.replace(".json", ".norm"), r.normalised.text()).unwrap();
            }
            Err(e) => eprintln!("{e}"),
        }
    }
}
