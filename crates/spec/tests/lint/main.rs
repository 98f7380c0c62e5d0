//! Tests lint with specs that violate its rules, and against the reference.

#[cfg(test)]
mod cases;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod run;
#[cfg(test)]
mod tests;
