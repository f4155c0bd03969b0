//! The edge of the house and the wiring: commands, processes, HTTP and configuration.

fn main() {}
