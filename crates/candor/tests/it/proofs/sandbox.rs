//! Every process is confined before it serves, and none serves where it cannot be (promises W15, D41). The kernel is the
//! judge; what the rooms hold and deny is in the tests beside them.

use std::path::Path;
use std::process::Command;

use crate::house::{Server, candor, children_of};

/// Of each process by name, what the kernel says: whether it may gain privileges, and how its system calls are held.
fn held(server: &Server) -> Vec<(String, String)> {
    let mut held: Vec<_> = children_of(server.pid())
        .into_iter()
        .map(|(pid, role)| {
            let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a status");
            let line = |name: &str| of_status(&status, name);
            (
                role,
                format!(
                    "no new privileges {}, {} filters",
                    line("NoNewPrivs:"),
                    filters(pid) - filters(server.pid())
                ),
            )
        })
        .collect();
    held.sort();
    held
}

/// How many lists of system calls hold a process. A container may hold all of them to one of its own.
fn filters(pid: u32) -> u32 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a status");
    of_status(&status, "Seccomp_filters:").parse().expect("a number")
}

fn of_status(status: &str, name: &str) -> String {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line of it");
    line.trim().to_owned()
}

/// What a doctor says of a data directory, with the server's own words before it.
fn doctor(data: &Path) -> String {
    let output = candor().args(["doctor", "--data"]).arg(data).output().expect("an answer");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_kernel_holds_every_process_and_the_doctor_says_to_what() {
    let server = Server::start();
    let each = ["app", "edge", "keeper", "worker"];
    let all = each.map(|role| (role.to_owned(), "no new privileges 1, 2 filters".to_owned()));
    assert_eq!(held(&server), all);
    let said = doctor(server.data());
    assert!(said.contains("fine   sandbox      keeper, edge, app, worker are held by Landlock "), "{said}");
}

#[test]
fn the_twin_that_confines_nobody_is_caught() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::on(&folder.path().join("data"), &[], || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_candor-twin"));
        command.args(["--without", "sandbox"]);
        command
    });
    assert!(held(&server).iter().all(|(_, held)| held.ends_with(", 0 filters")), "{:?}", held(&server));
}

/// Candor on a machine whose kernel has no Landlock, as far as it can see.
fn without_landlock(arguments: &[&str], data: &Path) -> Command {
    let mut command = Command::new("strace");
    let call = "landlock_create_ruleset";
    command.args(["-f", "-qqq", "-o", "/dev/null", "-e", &format!("trace={call}"), "-e"]);
    command.arg(format!("inject={call}:error=EOPNOTSUPP"));
    command.arg(env!("CARGO_BIN_EXE_candor")).args(arguments).arg("--data").arg(data);
    command
}

#[test]
fn a_server_that_cannot_be_confined_does_not_serve_unless_it_is_allowed_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let refused = without_landlock(&["keys", "list"], &data).output().expect("strace");
    assert_eq!(refused.status.code(), Some(77));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        said.contains("cannot confine Candor's processes") && said.contains("--allow-unsandboxed"),
        "{said}"
    );
    let allowed = without_landlock(&["keys", "list", "--allow-unsandboxed"], &data).output().expect("strace");
    assert!(allowed.status.success(), "{}", String::from_utf8_lossy(&allowed.stderr));
    let doctor = without_landlock(&["doctor", "--allow-unsandboxed"], &data).output().expect("strace");
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(said.contains("WRONG  sandbox      keeper, app, worker are not confined"), "{said}");
    assert_eq!(doctor.status.code(), Some(1));
}
