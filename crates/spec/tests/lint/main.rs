//! Lint, held to specs that break its rules and to its reference.

mod cases;
mod readme;
mod run;
mod tests;
