//! The tests of the server: they drive the built program from outside, as its users do.
//!
//! Folders are shaped like addresses (`api/event/…`) or named for what is done to the server (`serve/…`).

mod access;
mod api;
mod authorization;
mod backups;
mod break_glass;
mod c_js;
mod commands;
mod consent;
mod contact;
mod csrf;
mod deploy;
mod full_disk;
mod histories;
mod house;
mod kill;
mod mail;
mod metrics;
mod objections;
mod operators;
mod pages;
mod people;
mod promises;
mod proofs;
mod recordings;
mod replay;
mod requests;
mod segment;
mod serve;
mod subscriptions;
mod tls;
mod visitors;
