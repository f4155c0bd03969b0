//! Which files a process may touch, and which TCP ports it may connect to, by Landlock.

use std::io;
use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, LandlockStatus, NetPort, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, Scope,
};

use super::Use;

/// The newest interface that this was tried on. Of what it handles an older kernel holds what it knows.
const TRIED: ABI = ABI::V7;

/// Lets the calling thread touch these files and ports and no others; the answer is the interface in force, 0 for none.
pub(super) fn allow_only(files: &[(PathBuf, Use)], ports: &[u16]) -> io::Result<u8> {
    let mut rules = Vec::with_capacity(files.len());
    for (path, allowed) in files {
        let file = PathFd::new(path).map_err(io::Error::other)?;
        let access =
            if path.is_dir() { rights(*allowed) } else { rights(*allowed) & AccessFs::from_file(TRIED) };
        rules.push(PathBeneath::new(file, access));
    }
    restrict(rules, ports).map_err(io::Error::other)
}

fn restrict(rules: Vec<PathBeneath<PathFd>>, ports: &[u16]) -> Result<u8, RulesetError> {
    let ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(TRIED))?
        .handle_access(AccessNet::from_all(TRIED))?
        .scope(Scope::from_all(TRIED))?
        .create()?
        .add_rules(rules.into_iter().map(Ok::<_, RulesetError>))?
        .add_rules(
            ports.iter().map(|port| Ok::<_, RulesetError>(NetPort::new(*port, AccessNet::ConnectTcp))),
        )?;
    Ok(match ruleset.restrict_self()?.landlock {
        LandlockStatus::Available { effective_abi, .. } => effective_abi as u8,
        _ => 0,
    })
}

fn rights(allowed: Use) -> BitFlags<AccessFs> {
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    match allowed {
        Use::Read => read,
        Use::Keep => {
            let write = AccessFs::WriteFile | AccessFs::Truncate | AccessFs::Refer;
            let make = AccessFs::MakeReg | AccessFs::MakeDir | AccessFs::RemoveFile | AccessFs::RemoveDir;
            read | write | make
        }
    }
}
