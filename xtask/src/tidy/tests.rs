use std::{fs, path::PathBuf};

use tempfile::TempDir;

use super::{
    arrows, circles,
    modules::Tree,
    sizes, style,
    workspace::{Dependency, Package, Workspace},
};

/// A workspace of the given files. The target is `crates/a/src/lib.rs`.
fn planted(files: &[(&str, &str)]) -> (TempDir, Workspace) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let workspace = Workspace {
        root: folder.path().to_owned(),
        packages: vec![package("botroster-client", "crates/a", &[])],
    };
    (folder, workspace)
}

fn package(name: &str, folder: &str, dependencies: &[&str]) -> Package {
    let folder = PathBuf::from(folder);
    Package {
        name: name.into(),
        manifest: folder.join("Cargo.toml"),
        targets: vec![folder.join("src/lib.rs")],
        dependencies: dependencies
            .iter()
            .map(|name| Dependency {
                name: (*name).into(),
                line: 7,
            })
            .collect(),
    }
}

/// The circles of a crate, given the files below `crates/a/src`.
fn circles_of(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<(String, &str)> = files
        .iter()
        .map(|(path, text)| (format!("crates/a/src/{path}"), *text))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, *text)).collect();
    let (_folder, workspace) = planted(&files);
    let trees = super::trees(&workspace).unwrap();
    circles::find(&trees)
}

#[test]
fn a_circle_is_reported_with_the_imports_that_make_it() {
    let circles = circles_of(&[
        ("lib.rs", "mod one;\nmod two;\nmod three;"),
        ("one.rs", "use crate::two::Two;\npub struct One(Two);"),
        ("two.rs", "pub struct Two;\nfn f() { super::three::g() }"),
        ("three.rs", "pub fn g() {}\nuse crate::one;"),
    ]);
    let expected = "\
circle of 3 files:
  crates/a/src/one.rs:1: imports `crate::two::Two` of crates/a/src/two.rs
  crates/a/src/three.rs:2: imports `crate::one` of crates/a/src/one.rs
  crates/a/src/two.rs:2: imports `super::three::g` of crates/a/src/three.rs
  fix: move what they share to a file that imports none of them, or make one the child of the other
";
    assert_eq!(circles, [expected]);
}

#[test]
fn re_exports_hide_no_circle() {
    for re_export in [
        "pub use one::One;",
        "pub(crate) use self::one::*;",
        "pub use {one::{One as Renamed, One}};",
        "mod inner { pub use crate::one::One; }\npub use inner::*;",
    ] {
        let root = format!("mod one;\nmod two;\n{re_export}");
        let circles = circles_of(&[
            ("lib.rs", &root),
            ("one.rs", "pub struct One(crate::two::Two);"),
            ("two.rs", "use super::One;\npub struct Two;"),
        ]);
        assert_eq!(circles.len(), 1, "{re_export}");
        assert!(
            circles[0].contains("two.rs:1: imports `super::One` of crates/a/src/one.rs"),
            "{}",
            circles[0]
        );
    }
}

#[test]
fn all_ways_to_name_a_thing_are_imports() {
    for import in [
        "use crate::{other::{self, Thing as T}};",
        "use crate::other::*;",
        "fn f() { use crate::other::Thing; }",
        "fn f() { crate::other::Thing::new::<u8>() }",
        "fn f(t: &super::other::Thing) {}",
        "fn f() { vec![crate::other::Thing] }",
        "fn f() { for _ in 0..super::other::N {} }",
        "#[serde(with = \"crate::other\")] struct S;",
        "use super::*; fn f() { other::make() }",
        "use crate::all::*; struct S(Thing);",
        "impl crate::other::Thing { fn f() {} }",
        "fn f() { crate::made_by_a_macro() }",
    ] {
        let circles = circles_of(&[
            (
                "lib.rs",
                "mod all { pub use crate::other::Thing; }\nmod this;\nmod other;\npub use other::made_by_a_macro;",
            ),
            ("this.rs", import),
            (
                "other.rs",
                "use crate::this;\npub struct Thing;\npub const N: u8 = 1;\nmake! {}",
            ),
        ]);
        assert_eq!(circles.len(), 1, "{import}");
    }
}

#[test]
fn what_is_no_import_makes_no_circle() {
    for code in [
        "/// See [`crate::other::Thing`].\nstruct S;",
        "fn f() { quote! { crate::other::Thing } }",
        "#[cfg(test)] mod tests { use crate::other::Thing; }",
        "#[cfg(test)] use crate::other::Thing;",
        "use ::other::Thing;",
        "fn f() -> &'static str { \"crate::other::Thing\" }",
    ] {
        let circles = circles_of(&[
            ("lib.rs", "mod this;\nmod other;"),
            ("this.rs", code),
            ("other.rs", "use crate::this;\npub struct Thing;"),
        ]);
        assert!(circles.is_empty(), "{code}: {circles:?}");
    }
}

#[test]
fn a_parent_and_its_child_may_import_each_other() {
    let circles = circles_of(&[
        ("lib.rs", "mod parent;"),
        ("parent.rs", "mod child;\nuse child::Child;\npub struct P;"),
        ("parent/child.rs", "use super::P;\npub struct Child(P);"),
    ]);
    assert!(circles.is_empty(), "{circles:?}");
}

#[test]
fn a_grandchild_may_not_import_its_grandparent_back() {
    let circles = circles_of(&[
        ("lib.rs", "mod a;\npub use a::b::B;\npub struct Root;"),
        ("a.rs", "pub mod b;"),
        ("a/b.rs", "use crate::Root;\npub struct B(Root);"),
    ]);
    assert_eq!(circles.len(), 1);
}

#[test]
fn generated_files_are_left_out() {
    let circles = circles_of(&[
        ("lib.rs", "mod one;\nmod two;"),
        ("one.rs", "// @generated by a test\nuse crate::two::Two;"),
        ("two.rs", "use crate::one;\npub struct Two;"),
    ]);
    assert!(circles.is_empty());
}

#[test]
fn a_dependency_against_the_arrows_is_named_with_its_line() {
    let (_folder, mut workspace) = planted(&[("specs/peki.yaml", "")]);
    workspace.packages = vec![
        package("botroster-auth", "crates/auth", &["botroster-client"]),
        package("botroster-client", "crates/client", &["botroster-auth"]),
        package("botroster-peki", "crates/peki", &["botroster-client"]),
        package("botroster-sync", "crates/sync", &["botroster-peki"]),
        package(
            "botroster-platforms",
            "crates/platforms",
            &["botroster-peki"],
        ),
        package("botroster-novelty", "crates/novelty", &[]),
        package("botroster-benches", "benches", &["botroster-peki"]),
    ];
    let problems = arrows::check(&workspace);
    let [auth, sync, novelty] = &problems[..] else {
        panic!("{problems:#?}");
    };
    assert!(auth.starts_with(
        "crates/auth/Cargo.toml:7: `botroster-auth` may not depend on `botroster-client`"
    ));
    assert!(auth.contains("only on no crate of this workspace"));
    assert!(sync.starts_with(
        "crates/sync/Cargo.toml:7: `botroster-sync` may not depend on `botroster-peki`"
    ));
    assert!(sync.contains("only on `client`, `contacts`: move"));
    assert!(
        novelty.starts_with("crates/novelty/Cargo.toml:1: `botroster-novelty` is not in the table")
    );
}

#[test]
fn a_mod_rs_and_a_file_of_no_target_are_named() {
    let (_folder, workspace) = planted(&[
        ("crates/a/src/lib.rs", "mod old;"),
        ("crates/a/src/old/mod.rs", ""),
        ("crates/a/src/forgotten.rs", ""),
        ("crates/a/src/generated/mod.rs", "// @generated\n"),
    ]);
    let trees = super::trees(&workspace).unwrap();
    let problems = style::check(&workspace, &trees).unwrap();
    assert_eq!(
        problems,
        [
            "crates/a/src/forgotten.rs:1: is part of no target: declare it with `mod` in its parent, or delete it",
            "crates/a/src/generated/mod.rs:1: is a `mod.rs`: move it to crates/a/src/generated.rs",
            "crates/a/src/old/mod.rs:1: is a `mod.rs`: move it to crates/a/src/old.rs",
        ]
    );
}

#[test]
fn a_missing_module_is_named_with_its_line() {
    let (_folder, workspace) = planted(&[("crates/a/src/lib.rs", "\nmod gone;")]);
    let error = super::trees(&workspace).err().unwrap();
    assert_eq!(
        error.to_string(),
        "crates/a/src/lib.rs:2: the file of module `gone` is missing"
    );
}

#[test]
fn a_module_at_another_path_is_read() {
    let circles = circles_of(&[
        ("lib.rs", "mod folder;\nmod two;"),
        ("folder.rs", "mod one;"),
        ("folder/one.rs", "#[path = \"../shared.rs\"]\nmod shared;"),
        ("shared.rs", "use crate::two;\npub struct Shared;"),
        ("two.rs", "use crate::folder::one::shared::Shared;"),
    ]);
    assert_eq!(circles.len(), 1);
    assert!(
        circles[0].contains("crates/a/src/shared.rs:1: imports"),
        "{}",
        circles[0]
    );
}

#[test]
fn lines_are_counted_by_kind() {
    let (_folder, workspace) = planted(&[
        (
            "crates/a/src/lib.rs",
            "mod generated;\nmod code;\n#[cfg(test)]\nmod tests;\n",
        ),
        (
            "crates/a/src/code.rs",
            "fn f() {}\n\n#[cfg(test)]\nmod tests {\n}\n",
        ),
        ("crates/a/src/tests.rs", "fn t() {}\n"),
        ("crates/a/src/generated.rs", "// @generated\n\n"),
        ("crates/a/tests/it.rs", "\n\n\n"),
    ]);
    let table = sizes::table(&workspace).unwrap();
    let row = table
        .lines()
        .find(|line| line.starts_with("crates/a"))
        .unwrap();
    let numbers: Vec<&str> = row.split_whitespace().skip(1).collect();
    // The declaration of the tests counts as theirs.
    let (files, code, tests, generated) = ("5", "4", "9", "2");
    assert_eq!(numbers, [files, code, tests, generated], "{table}");
}

#[test]
fn every_target_of_this_workspace_is_read() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let workspace = Workspace::load(root.parent().unwrap()).unwrap();
    let xtask = workspace
        .packages
        .iter()
        .find(|package| package.name == "xtask")
        .unwrap();
    let tree = Tree::read(&workspace.root, &xtask.targets[0]).unwrap();
    assert!(
        tree.files
            .keys()
            .any(|file| file.ends_with("tidy/paths.rs"))
    );
    assert!(!xtask.dependencies.is_empty());
    assert!(
        xtask
            .dependencies
            .iter()
            .all(|dependency| dependency.line > 1)
    );
}
