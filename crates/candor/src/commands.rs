//! What can be typed: one file for each command. A command succeeds (0), fails (1), or was not understood (2); a server
//! that another start would not help ends with 77 (it cannot be confined) or 78 (its keys cannot be used).

mod audit;
mod backup;
mod break_glass;
mod connection;
mod credentials;
mod demo;
mod dial;
mod doctor;
mod download;
mod erasure;
mod keys;
mod mail;
mod operator;
mod output;
mod process;
mod restore;
mod serve;
mod site;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::Parts;
use crate::processes::supervisor::SupervisorError;

const EXAMPLES: &str = "Examples:
  candor serve                          serve on http://localhost:7400 from ./candor-data
  candor site add example.com           begin to measure a site
  candor demo --live                    fill a demo site and keep visitors coming
  candor doctor                         say what is wrong";

/// Self-hosted behaviour analytics that can prove its own security policy.
#[derive(Parser)]
#[command(name = "candor", version, after_help = EXAMPLES)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(Box<serve::Serve>),
    #[command(subcommand)]
    Site(site::Site),
    Demo(demo::Demo),
    #[command(subcommand)]
    Keys(keys::Keys),
    #[command(subcommand)]
    Audit(audit::Audit),
    #[command(subcommand)]
    Erasure(erasure::Erasure),
    #[command(subcommand)]
    Operator(operator::Operator),
    Doctor(doctor::Doctor),
    BreakGlass(break_glass::BreakGlass),
    #[command(subcommand)]
    Backup(backup::Backup),
    Restore(restore::Restore),
    #[command(subcommand)]
    Mail(mail::Mail),
    #[command(hide = true)]
    Dial(dial::Dial),
}

/// Does what the command line says.
pub(crate) fn run(parts: &Parts, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    crate::logging::tell_up_to(parts.loudest);
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(process) = process::Process::of(&arguments) {
        return ended(process.run(parts));
    }
    let line = match CommandLine::try_parse_from(arguments) {
        Ok(line) => line,
        Err(error) => {
            // Help goes to standard output and succeeds; a mistake goes to standard error and is a 2.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    ended(match line.command {
        Command::Serve(serve) => serve.run(parts),
        Command::Site(site) => site.run(parts),
        Command::Demo(demo) => demo.run(parts),
        Command::Keys(keys) => keys.run(parts),
        Command::Audit(audit) => audit.run(parts),
        Command::Erasure(erasure) => erasure.run(),
        Command::Operator(operator) => operator.run(parts),
        Command::Doctor(doctor) => doctor.run(parts),
        Command::BreakGlass(break_glass) => break_glass.run(parts),
        Command::Backup(backup) => backup.run(parts),
        Command::Restore(restore) => restore.run(parts),
        Command::Mail(mail) => mail.run(parts),
        Command::Dial(dial) => dial.run(parts),
    })
}

fn ended(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("candor: {error:#}");
            let of_server = error.downcast_ref().map(SupervisorError::exit_code);
            ExitCode::from(of_server.unwrap_or(1))
        }
    }
}
