//! The table: a line for each way of asking each operation, a column for each who asks.

use std::fmt::Write as _;

use super::cases::{Case, VISITOR, of_operation};
use super::world::{HERE, Operation, World};
use crate::house::Asking;

/// Characters of the first column.
const FIRST: usize = 64;

/// What everybody was answered.
pub(super) struct Table {
    /// The heads of the columns, and who that is.
    callers: Vec<(&'static str, &'static str)>,
    lines: Vec<(String, Vec<u16>)>,
}

impl Table {
    /// Asks everything, as everybody.
    pub(super) fn ask(world: &mut World) -> Self {
        Self::of(world, |_| true)
    }

    /// Asks some of it.
    pub(super) fn of(world: &mut World, wanted: impl Fn(&Operation) -> bool) -> Self {
        let mut lines = Vec::new();
        for operation in world.operations().iter().filter(|operation| wanted(operation)) {
            for case in of_operation(operation) {
                let note = if case.note.is_empty() { String::new() } else { format!(" ({})", case.note) };
                let name = format!("{}{note}", operation.name());
                let answers =
                    (0..world.callers.len()).map(|caller| answer(world, caller, operation, &case)).collect();
                world.mend(&name);
                lines.push((name, answers));
            }
        }
        Self { callers: world.callers.iter().map(|caller| (caller.name, caller.legend)).collect(), lines }
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::from(LEGEND);
        for (name, legend) in &self.callers {
            let _ = writeln!(text, "#   {name:<9} {legend}");
        }
        let _ = write!(text, "\n{:<FIRST$}", "");
        for (name, _) in &self.callers {
            let _ = write!(text, " {name:>8}");
        }
        text.push('\n');
        for (name, answers) in &self.lines {
            let _ = write!(text, "{name:<FIRST$}");
            for answer in answers {
                let _ = write!(text, " {answer:>8}");
            }
            text.push('\n');
        }
        text
    }
}

const LEGEND: &str = "\
# Who is answered what. `make bless` writes it; read the difference before you keep it.
#
# A line is an operation of the API's document, and in brackets what is particular about how it was asked; a column is who
# asks. Sites are of one organization, but where it says otherwise the site or the person is one they could know of.
#   2xx  done               401  sign in first         404  to them it is not there
#   400  heard, and wrong   403  may not               409  heard, and stands against something
#   410  heard, and the token or ticket is good for nothing
#
";

fn answer(world: &mut World, caller: usize, operation: &Operation, case: &Case) -> u16 {
    let filled = (case.fill)(world);
    let domain = filled.domain.as_deref().unwrap_or(HERE);
    let path = operation.path.replace("{domain}", domain).replace("{id}", &filled.id);
    let visitor = if filled.id.is_empty() { VISITOR } else { &filled.id };
    let path = path.replace("{visitor}", visitor);
    let asking = match &filled.body {
        Some(body) => Asking::json(&operation.method, &path, body),
        None => Asking::new(&operation.method, &path),
    };
    // Signing in as somebody else is no change of one's own sign-in.
    let renews = operation.path.starts_with("/api/me") || operation.path == "/api/session/confirm";
    world.ask(caller, &asking, renews)
}

/// The lines that two tables do not share, as a person compares them.
pub(super) fn differences(kept: &str, found: &str) -> String {
    let only = |of: &str, than: &str, sign: char| -> String {
        let others: Vec<&str> = than.lines().collect();
        of.lines().filter(|line| !others.contains(line)).map(|line| format!("{sign} {line}\n")).collect()
    };
    only(kept, found, '-') + &only(found, kept, '+')
}
