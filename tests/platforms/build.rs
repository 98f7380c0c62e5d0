//! Generates a module for each spec.

use std::{env, error::Error, fs, path::Path};

use botroster_codegen::{Options, generate};
use botroster_spec::{Spec, lint};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=specs");
    let mut paths = fs::read_dir("specs")?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    let specs = paths.iter().map(|path| {
        let file = path.display().to_string();
        let tree = lint::read(&file, &fs::read_to_string(path)?)?;
        Ok(Spec::read(tree)?)
    });
    let specs = specs.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let files = generate(&specs, &Options::modules("botroster_test_platforms"))?;
    let out = env::var("OUT_DIR")?;
    // A module that an earlier generator put elsewhere would be found twice.
    fs::remove_dir_all(&out)?;
    files.write_to(Path::new(&out))?;
    Ok(())
}
