//! The command as it is run: exit codes, what it prints, and what it must never print.

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
