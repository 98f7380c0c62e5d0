//! Lint, held to specs that break its rules and to its reference.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod run;
#[cfg(test)]
mod tests;
