//! What lint passes is generated, and what is generated can be Rust.

#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod probes;
