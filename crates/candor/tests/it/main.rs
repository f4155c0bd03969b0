//! The tests of the server: they drive the built program from outside, as its users do.
