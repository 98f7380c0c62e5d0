//! A copy of the workspace with every mutant that compiles, built once.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    ops::Range,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::{list::Mutant, weave};

/// What is built and run.
pub(super) const TESTED: &str = "botroster-client,botroster-contract-tests";

/// A test binary, and the folder of its package.
#[derive(Clone, Debug)]
pub(super) struct Binary {
    pub(super) path: PathBuf,
    pub(super) folder: PathBuf,
}

pub(super) struct Built {
    pub(super) binaries: Vec<Binary>,
    /// Why these cannot be switched on: the code of an error, or nothing where no switch fits.
    pub(super) left: BTreeMap<usize, String>,
}

/// The crate's `src` is where the mutants go.
pub(super) fn build(tree: &Path, krate: &Path, mutants: &[Mutant]) -> Result<Built> {
    copy(tree)?;
    let mut left = BTreeMap::new();
    loop {
        let places = weave_all(tree, krate, mutants, &mut left)?;
        let (errors, binaries) = compile(tree)?;
        if errors.is_empty() {
            return Ok(Built { binaries, left });
        }
        let before = left.len();
        for error in &errors {
            for number in error.mutants(&places) {
                left.entry(number).or_insert_with(|| error.code.clone());
            }
        }
        if left.len() == before {
            let texts: Vec<_> = errors.iter().map(|error| error.text.as_str()).collect();
            bail!(
                "does not compile, for no mutant's sake:\n{}",
                texts.join("\n")
            );
        }
        eprintln!("{} mutants do not compile, or not as a switch", left.len());
    }
}

/// The files of the workspace, as they are; those that did not change stay, for cargo to see it.
fn copy(tree: &Path) -> Result<()> {
    let listed = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .output()?;
    let mut files = BTreeSet::new();
    for name in String::from_utf8(listed.stdout)?
        .split('\0')
        .filter(|name| !name.is_empty())
    {
        if let Ok(content) = fs::read(name) {
            write(&tree.join(name), &content)?;
            files.insert(tree.join(name));
        }
    }
    remove_others(tree, &files)
}

/// What an earlier run copied and is gone since.
fn remove_others(folder: &Path, files: &BTreeSet<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if !entry.file_type()?.is_dir() {
            if !files.contains(&path) {
                fs::remove_file(path)?;
            }
        } else if entry.file_name() != "target" {
            remove_others(&path, files)?;
        }
    }
    Ok(())
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, content)?)
}

/// Where the bytes of each mutant's switch are, by file.
type Places = HashMap<String, Vec<(usize, Range<usize>)>>;

fn weave_all(
    tree: &Path,
    krate: &Path,
    mutants: &[Mutant],
    left: &mut BTreeMap<usize, String>,
) -> Result<Places> {
    let root = krate.join("src/lib.rs");
    let mut files: BTreeMap<&str, Vec<(usize, &Mutant)>> = BTreeMap::new();
    files.insert(root.to_str().context("a path of text")?, Vec::new());
    for (number, mutant) in mutants.iter().enumerate() {
        let of_file = files.entry(&mutant.file).or_default();
        if !left.contains_key(&number) {
            of_file.push((number, mutant));
        }
    }
    let mut places = Places::new();
    for (file, mutants_here) in files {
        let text = fs::read_to_string(file)?;
        let mut woven = weave::weave(&text, &mutants_here).context(file.to_owned())?;
        if Path::new(file) == root {
            woven
                .text
                .push_str(&SWITCH.replace("COUNT", &mutants.len().to_string()));
        }
        left.extend(woven.left.iter().map(|number| (*number, String::new())));
        write(&tree.join(file), woven.text.as_bytes())?;
        places.insert(file.to_owned(), woven.places);
    }
    Ok(places)
}

/// What switches mutants on: the one that a variable names. Another variable names a file that gets the numbers of those reached.
const SWITCH: &str = r#"
mod mutant {
    use std::{env, fs::OpenOptions, io::Write as _, sync::{OnceLock, atomic::{AtomicBool, Ordering}}};

    static ACTIVE: OnceLock<Option<usize>> = OnceLock::new();
    static REACHED: OnceLock<Option<String>> = OnceLock::new();
    static SEEN: [AtomicBool; COUNT] = [const { AtomicBool::new(false) }; COUNT];

    pub(crate) fn on(number: usize) -> bool {
        if let Some(file) = REACHED.get_or_init(|| env::var("BOTROSTER_REACHED").ok())
            && !SEEN[number].swap(true, Ordering::Relaxed)
        {
            let mut file = OpenOptions::new().append(true).create(true).open(file).unwrap();
            file.write_all(format!("{number}\n").as_bytes()).unwrap();
        }
        let active = ACTIVE.get_or_init(|| env::var("BOTROSTER_MUTANT").ok()?.parse().ok());
        *active == Some(number)
    }
}
"#;

struct CompileError {
    code: String,
    text: String,
    /// By file.
    spans: Vec<(String, Range<usize>)>,
}

impl CompileError {
    /// The mutants whose text is meant; where none is, those around.
    fn mutants(&self, places: &Places) -> BTreeSet<usize> {
        let within = |inner: &Range<usize>, outer: &Range<usize>| {
            outer.start <= inner.start && inner.end <= outer.end
        };
        let mut found = BTreeSet::new();
        for (file, span) in &self.spans {
            let of_file = places.get(file).map_or(&[][..], Vec::as_slice);
            let meant = of_file
                .iter()
                .filter(|(_, place)| within(span, place) || within(place, span));
            found.extend(meant.map(|(number, _)| *number));
        }
        found
    }
}

fn compile(tree: &Path) -> Result<(Vec<CompileError>, Vec<Binary>)> {
    let output = Command::new(env!("CARGO"))
        .current_dir(tree)
        .args([
            "test",
            "--no-run",
            "--message-format",
            "json",
            "--lib",
            "--tests",
        ])
        .args(TESTED.split(',').flat_map(|package| ["-p", package]))
        .env("CARGO_TARGET_DIR", tree.join("target"))
        // Built once, and run a thousand times.
        .env("CARGO_PROFILE_DEV_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("RUSTFLAGS", "--cap-lints=allow")
        .stderr(Stdio::inherit())
        .output()?;
    let (mut errors, mut binaries) = (Vec::new(), Vec::new());
    for line in output
        .stdout
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        let message: Value = serde_json::from_slice(line)?;
        if let Some(path) = message["executable"].as_str() {
            let manifest = Path::new(message["manifest_path"].as_str().unwrap_or_default());
            binaries.push(Binary {
                path: path.into(),
                folder: manifest.parent().unwrap_or(manifest).to_owned(),
            });
        }
        let said = &message["message"];
        if said["level"] == "error" {
            errors.push(error(said));
        }
    }
    if errors.is_empty() && !output.status.success() {
        bail!("cargo could not build the tests");
    }
    Ok((errors, binaries))
}

fn error(said: &Value) -> CompileError {
    let spans = said["spans"].as_array().into_iter().flatten();
    let byte = |span: &Value, key: &str| span[key].as_u64().and_then(|byte| byte.try_into().ok());
    CompileError {
        code: said["code"]["code"].as_str().unwrap_or_default().to_owned(),
        text: said["rendered"].as_str().unwrap_or_default().to_owned(),
        spans: spans
            .filter(|span| span["is_primary"] == true)
            .filter_map(|span| {
                let range = byte(span, "byte_start")?..byte(span, "byte_end")?;
                Some((span["file_name"].as_str()?.to_owned(), range))
            })
            .collect(),
    }
}
