//! The sandbox as its clients see it: over a socket, byte by byte.

#[cfg(test)]
mod botpenguin;
#[cfg(test)]
mod chatbot;
#[cfg(test)]
mod client;
#[cfg(test)]
mod data;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod mybot;
#[cfg(test)]
mod peki;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod verdicts;
