//! Runs the command: exit codes, output, and what must never be printed.

#[cfg(test)]
mod configuration;
#[cfg(test)]
mod sandbox;
#[cfg(test)]
mod servers;
#[cfg(test)]
mod support;
#[cfg(test)]
mod usage;
