//! `candor serve`: its settings, its processes, its end.

mod processes;
mod root_key;
mod settings;
