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
                std::fs::write(out.replace(".json", ".norm"), r.normalised.text()).unwrap();
            }
            Err(e) => eprintln!("{e}"),
        }
    }
}
