//! The sandbox as its clients see it: over a socket, byte by byte.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod botpenguin;
#[cfg(test)]
mod chatbot;
#[cfg(test)]
mod churn;
#[cfg(test)]
mod client;
#[cfg(test)]
mod data;
#[cfg(test)]
mod fault_bodies;
#[cfg(test)]
mod fault_lists;
#[cfg(test)]
mod fault_network;
#[cfg(test)]
mod foreign;
#[cfg(test)]
mod foreign_signatures;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod hub;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod mybot;
#[cfg(test)]
mod peki;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod signing;
#[cfg(test)]
mod size;
#[cfg(test)]
mod verdicts;
