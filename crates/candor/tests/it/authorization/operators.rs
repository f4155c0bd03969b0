//! The operators' document at the operators' door: what its operations answer to who has nothing to do there.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::TcpStream;

use super::world::{Operation, World};
use crate::house::{Asking, Reply};

/// Whoever leaves cannot be asked any more.
const LAST: &str = "DELETE /api/operator/session";

/// A table of it: every operation, asked about nothing that is there, by nobody, by people who are somebody elsewhere,
/// and by an operator.
pub(super) fn text(world: &World) -> String {
    let operator = format!("Bearer {}", world.operator);
    let key = format!("Bearer {}", world.server.key());
    let callers = [
        ("nobody", None),
        ("owner", Some(("cookie", world.cookie_of_owner()))),
        ("key", Some(("authorization", key.as_str()))),
        ("operator", Some(("authorization", operator.as_str()))),
    ];
    let asked = Asking::get("/api/operator/openapi.json").header("authorization", &operator);
    let mut operations = Operation::all_of(&at_door(world, &asked).json());
    operations.sort_by_key(|operation| operation.name() == LAST);
    let mut text = String::from(
        "# The operators' document, at the operators' door, each asked with an empty body about nothing that is there.\n\n",
    );
    let _ = write!(text, "{:<64}", "");
    for (name, _) in &callers {
        let _ = write!(text, " {name:>8}");
    }
    for operation in &operations {
        let _ = write!(text, "\n{:<64}", operation.name());
        let path = operation.path.replace("{id}", "9");
        for (_, shown) in &callers {
            let asking = Asking::json(&operation.method, &path, &serde_json::json!({}));
            let asking = shown.iter().fold(asking, |asking, (name, value)| asking.header(name, value));
            let _ = write!(text, " {:>8}", at_door(world, &asking).status);
        }
    }
    text + "\n"
}

fn at_door(world: &World, asking: &Asking<'_>) -> Reply {
    let port = world.server.port() + 2;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a door for operators");
    stream.write_all(&asking.bytes(&format!("localhost:{port}"))).expect("a request");
    Reply::read(stream).expect("an answer")
}
