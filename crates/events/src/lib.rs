//! Keeps clean events and answers questions about them.

mod dictionary;
mod rows;
mod store;
#[cfg(test)]
mod testing;
