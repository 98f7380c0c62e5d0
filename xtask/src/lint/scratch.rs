use super::generated::generate;
use crate::codegen::Tree;
#[test]
#[ignore]
fn scratch() {
    let dir = std::env::var("PROBE_SPECS").unwrap();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let tree = match Tree::parse(&name, &text) {
            Ok(t) => t,
            Err(e) => {
                println!("{e}");
                continue;
            }
        };
        let p = super::problems(&tree);
        if !p.is_empty() {
            println!("REFUSED {name}\n{}", p.join("\n"));
            continue;
        }
        match generate(tree, &text) {
            Err(e) => println!("FAILED {name}: {e}"),
            Ok(files) => {
                for (f, t) in files {
                    let p = std::path::Path::new("/tmp/probe-ws").join(f);
                    std::fs::create_dir_all(p.parent().unwrap()).unwrap();
                    if std::fs::read_to_string(&p).ok().as_deref() != Some(&t) {
                        std::fs::write(p, t).unwrap();
                    }
                }
            }
        }
    }
}
