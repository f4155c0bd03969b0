//! `candor serve`: its settings, its processes, its end.

mod processes;
mod settings;
