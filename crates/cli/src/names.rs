//! Looks up names that the user typed.

use botroster_client::{Platform, StreamInfo};
use botroster_spec::nearest::nearest;

use crate::failure::CommandFailure;

/// Formats a suggestion, `; did you mean x?`, or the list of known names.
pub(crate) fn advice<'a>(typed: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(typed, known.clone()) {
        Some(name) => format!("; did you mean `{name}`?"),
        None => {
            let names: Vec<_> = known.into_iter().collect();
            format!(
                "; known names: {}",
                if names.is_empty() {
                    "none".to_owned()
                } else {
                    names.join(", ")
                }
            )
        }
    }
}

/// Returns the platform with this name.
pub(crate) fn platform(
    name: &str,
    platforms: &[&'static dyn Platform],
) -> Result<&'static dyn Platform, String> {
    let found = platforms
        .iter()
        .find(|platform| platform.info().name == name);
    let names = platforms.iter().map(|platform| platform.info().name);
    found
        .copied()
        .ok_or_else(|| format!("unknown platform `{name}`{}", advice(name, names)))
}

/// Checks the names given by `--platform`.
pub(crate) fn check_platforms(names: &[String]) -> Result<(), CommandFailure> {
    for name in names {
        platform(name, botroster_platforms::all())
            .map_err(|problem| CommandFailure::usage(format!("--platform: {problem}")))?;
    }
    Ok(())
}

/// Returns the stream with this name.
pub(crate) fn stream(
    name: &str,
    streams: &'static [StreamInfo],
) -> Result<&'static StreamInfo, String> {
    let found = streams.iter().find(|stream| stream.name == name);
    let names = streams.iter().map(|stream| stream.name);
    found.ok_or_else(|| format!("unknown stream `{name}`{}", advice(name, names)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_get_a_suggestion() {
        let known = ["platform", "base_url", "scope", "credentials"];
        assert_eq!(nearest("credentails", known), Some("credentials"));
        assert_eq!(nearest("Scope", known), Some("scope"));
        assert_eq!(nearest("baseurl", known), Some("base_url"));
        assert_eq!(nearest("zebra", known), None);
        assert_eq!(advice("zebra", ["a", "b"]), "; known names: a, b");
    }
}
