//! Whole walks over the lists of real clients, on a network that fails on purpose, in virtual time.

pub mod canaries;
pub mod clock;
pub mod faults;
pub mod lists;
pub mod network;
pub mod play;
pub mod sockets;
pub mod trace;

/// Cases of a campaign: `BOTROSTER_CASES`, or the share that every run of the tests does.
pub fn cases(share: u64) -> u64 {
    number("BOTROSTER_CASES").unwrap_or(share)
}

/// Where the randomness of a campaign begins: `BOTROSTER_SEED`, or 1.
pub fn seed() -> u64 {
    number("BOTROSTER_SEED").unwrap_or(1)
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is not a number")),
    )
}
