//! Tests lint with specs that violate its rules, and against the reference.

mod cases;
mod readme;
mod run;
mod tests;
