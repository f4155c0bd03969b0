//! Promises of the security policy, each with a twin of the server that breaks it and is caught.

mod addresses;
mod erasing;
mod scanner;
mod sealing;
