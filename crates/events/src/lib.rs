//! Keeps clean events and answers questions about them.

mod dictionary;
mod rows;
