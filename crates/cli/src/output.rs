//! Writes to standard output and standard error.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write as _};

use crate::failure::CommandFailure;

/// Writes to standard output. A closed pipe (`| head`) is not an error.
pub(crate) fn print(text: &str) -> Result<(), CommandFailure> {
    let mut stdout = io::stdout().lock();
    written(
        stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush()),
    )
}

/// Converts the result of a write to standard output.
pub(crate) fn written(result: io::Result<()>) -> Result<(), CommandFailure> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CommandFailure::incomplete(
            format!("cannot write to standard output: {error}"),
        )),
        _ => Ok(()),
    }
}

/// Writes a line to standard error, escaped for a terminal.
pub(crate) fn note(line: &str) {
    // If standard error is closed, the error cannot be reported.
    let _ = writeln!(io::stderr(), "{}", safe(line));
}

/// Escapes the characters that control a terminal or change the direction of text.
pub(crate) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if controls_terminal(character) {
            // Writing into a String does not fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// C0, DEL, C1, line and paragraph separators, and bidirectional formatting characters.
fn controls_terminal(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        )
}

/// Formats a number with thousands separators.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Formats a duration, such as `1 min 5 s`.
pub(crate) fn human_duration(duration: std::time::Duration) -> String {
    match duration.as_secs() {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        seconds @ 60..3600 if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn terminal_control_characters_are_escaped() {
        let controls = (0..0x20).chain([0x7f]).chain(0x80..0xa0);
        let bidirectional = [
            0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068,
            0x2069,
        ];
        for code in controls.chain(bidirectional) {
            let character = char::from_u32(code).unwrap();
            assert_eq!(
                safe(&format!("a{character}b")),
                format!("a\\u{{{code:x}}}b")
            );
        }
        assert_eq!(safe("Zoë 日本 – ok"), "Zoë 日本 – ok");
    }

    #[test]
    fn numbers_and_durations_are_formatted_for_people() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
        let human_duration = [900, 59_900, 60_000, 61_000, 3_600_000, 5_400_000]
            .map(|millis| human_duration(Duration::from_millis(millis)));
        assert_eq!(
            human_duration,
            [
                "0.9 s",
                "59.9 s",
                "1 min",
                "1 min 1 s",
                "1 h 0 min",
                "1 h 30 min"
            ]
        );
    }
}
