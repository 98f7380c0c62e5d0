//! Results as snapshots show them.

use std::fmt::{Debug, Write as _};

use botroster_client::{Error, Page};
use serde::Serialize;

/// Everything a program can ask an error.
pub fn error(error: &Error) -> String {
    let status = error.status().map(|status| status.as_u16());
    format!(
        "kind:    {:?}\nstatus:  {status:?}\ncode:    {:?}\nmessage: {:?}\ndisplay: {error}\ndebug:   {error:?}\n",
        error.kind(),
        error.code(),
        error.message(),
    )
}

/// A decoded payload: what `Debug` shows, and what it holds.
pub fn one<T: Debug + Serialize>(result: &Result<T, Error>) -> String {
    match result {
        Ok(value) => format!("{value:#?}\n{}\n", json(value)),
        Err(failed) => error(failed),
    }
}

/// A decoded page.
pub fn page<T: Debug + Serialize>(result: &Result<Page<T>, Error>) -> String {
    match result {
        Ok(page) => {
            let mut text = format!("{page:#?}\n{}\n", json(&page.items));
            for rejected in page.rejected() {
                writeln!(text, "rejected as it came: {}", rejected.raw()).unwrap();
            }
            text
        }
        Err(failed) => error(failed),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap()
}
