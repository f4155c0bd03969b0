//! Developer commands of the house.

fn main() {}
