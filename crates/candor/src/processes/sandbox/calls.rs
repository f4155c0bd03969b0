//! What a process may ask of the kernel, by seccomp: memory that is never executable, threads but no processes, files,
//! and the sockets that its part needs. Anything else fails with `EPERM`.

use std::collections::BTreeMap;
use std::io;

use libc::c_long;
use seccompiler::{
    BackendError, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

use super::Who;
use crate::processes::messages::Role;

/// What every process does: memory, threads, time, and packets over sockets that it was given.
const ALWAYS: &[c_long] = &[
    libc::SYS_brk,
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    // Answered as unknown, see below.
    libc::SYS_clone3,
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getcpu,
    libc::SYS_getegid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_getrusage,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_getuid,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_mlock,
    libc::SYS_mremap,
    libc::SYS_munlock,
    libc::SYS_munmap,
    libc::SYS_nanosleep,
    libc::SYS_ppoll,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_getsockopt,
    libc::SYS_setsockopt,
    libc::SYS_shutdown,
    libc::SYS_sigaltstack,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Files; which, Landlock says.
const FILES: &[c_long] = &[
    libc::SYS_copy_file_range,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_fadvise64,
    libc::SYS_fallocate,
    libc::SYS_fchmod,
    libc::SYS_fchown,
    libc::SYS_fdatasync,
    libc::SYS_fstat,
    libc::SYS_fstatfs,
    libc::SYS_fsync,
    libc::SYS_ftruncate,
    libc::SYS_getcwd,
    libc::SYS_getdents64,
    libc::SYS_linkat,
    libc::SYS_lseek,
    libc::SYS_mkdirat,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_readlinkat,
    libc::SYS_renameat,
    libc::SYS_renameat2,
    libc::SYS_sendfile,
    libc::SYS_statfs,
    libc::SYS_statx,
    libc::SYS_syncfs,
    libc::SYS_unlinkat,
];

/// The same by the names that newer machines do without.
#[cfg(target_arch = "x86_64")]
const OLDER_NAMES: &[c_long] = &[
    libc::SYS_access,
    libc::SYS_dup2,
    libc::SYS_link,
    libc::SYS_lstat,
    libc::SYS_mkdir,
    libc::SYS_open,
    libc::SYS_poll,
    libc::SYS_readlink,
    libc::SYS_rename,
    libc::SYS_rmdir,
    libc::SYS_stat,
    libc::SYS_unlink,
    libc::SYS_epoll_wait,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER_NAMES: &[c_long] = &[];

/// Waiting for many sockets at once.
const EVENTS: &[c_long] =
    &[libc::SYS_epoll_create1, libc::SYS_epoll_ctl, libc::SYS_epoll_pwait, libc::SYS_eventfd2];

/// Taking connections from a listener that it was given.
const ACCEPTING: &[c_long] = &[libc::SYS_accept4, libc::SYS_getpeername, libc::SYS_getsockname];

/// Looking a name up and connecting to an address; to which port, Landlock says.
const DIALING: &[c_long] =
    &[libc::SYS_connect, libc::SYS_getpeername, libc::SYS_getsockname, libc::SYS_sendmmsg];

/// Holds the calling thread to the list of `who`; false where the kernel knows no such lists.
pub(super) fn allow_only(who: Who) -> io::Result<bool> {
    let Ok(arch) = TargetArch::try_from(std::env::consts::ARCH) else { return Ok(false) };
    let allow = SeccompFilter::new(rules(who)?, errno(libc::EPERM), SeccompAction::Allow, arch);
    // What it would start cannot be seen in it; told that it is unknown, the C library takes `clone`.
    let unknown = BTreeMap::from([(libc::SYS_clone3, vec![])]);
    let unknown = SeccompFilter::new(unknown, SeccompAction::Allow, errno(libc::ENOSYS), arch);
    for filter in [unknown, allow] {
        let program: seccompiler::BpfProgram =
            filter.and_then(TryInto::try_into).map_err(io::Error::other)?;
        match seccompiler::apply_filter(&program) {
            Ok(()) => {}
            Err(seccompiler::Error::Prctl(_) | seccompiler::Error::Seccomp(_)) => return Ok(false),
            Err(error) => return Err(io::Error::other(error)),
        }
    }
    Ok(true)
}

fn errno(number: i32) -> SeccompAction {
    SeccompAction::Errno(number as u32)
}

/// Which calls, and with which arguments where that matters.
fn rules(who: Who) -> io::Result<BTreeMap<c_long, Vec<SeccompRule>>> {
    let lists: &[&[c_long]] = match who {
        Who::Dialer => &[ALWAYS, FILES, OLDER_NAMES, DIALING],
        Who::Process(Role::Keeper) => &[ALWAYS, FILES, OLDER_NAMES],
        Who::Process(Role::Worker) => &[ALWAYS, FILES, OLDER_NAMES, EVENTS],
        Who::Process(Role::Edge | Role::App) => &[ALWAYS, FILES, OLDER_NAMES, EVENTS, ACCEPTING],
    };
    let mut rules: BTreeMap<c_long, Vec<SeccompRule>> =
        lists.iter().copied().flatten().map(|call| (*call, vec![])).collect();
    rules.extend(conditional(who).map_err(io::Error::other)?);
    Ok(rules)
}

fn conditional(who: Who) -> Result<BTreeMap<c_long, Vec<SeccompRule>>, BackendError> {
    let own = u64::from(std::process::id());
    let mut rules = BTreeMap::from([
        // No memory becomes a program.
        (libc::SYS_mmap, vec![without(2, libc::PROT_EXEC)?]),
        (libc::SYS_mprotect, vec![without(2, libc::PROT_EXEC)?]),
        // Threads, no processes.
        (libc::SYS_clone, vec![with(0, libc::CLONE_THREAD)?]),
        // No signal to anybody else; the C library ends a process by one to itself.
        (libc::SYS_tgkill, vec![equal(0, own)?]),
        // Names of threads.
        (libc::SYS_prctl, vec![equal(0, libc::PR_SET_NAME as u64)?]),
        // Its own limits, within those that it was given.
        (libc::SYS_prlimit64, vec![equal(0, 0)?, equal(0, own)?]),
        // No connection is opened by what is sent over it.
        (libc::SYS_sendto, vec![without(3, libc::MSG_FASTOPEN)?]),
        (libc::SYS_sendmsg, vec![without(2, libc::MSG_FASTOPEN)?]),
        (libc::SYS_fcntl, descriptors_and_locks()?),
        // The lock of the data directory is shared with the whole server, and never given up by one process.
        (libc::SYS_flock, vec![without(1, libc::LOCK_UN)?]),
        (libc::SYS_ioctl, vec![equal(1, libc::FIONBIO)?, equal(1, libc::TCGETS)?]),
    ]);
    if who == Who::Process(Role::Worker) {
        // How far it steps back itself: threads that back up let everything else go first.
        let own = SeccompRule::new(vec![
            condition(0, SeccompCmpOp::Eq, u64::from(libc::PRIO_PROCESS))?,
            condition(1, SeccompCmpOp::Eq, 0)?,
        ])?;
        rules.insert(libc::SYS_setpriority, vec![own]);
    }
    match who {
        Who::Process(Role::Keeper) => {}
        // Two ends that it holds both: how the runtime is told of signals, and how `edge` reaches `app`.
        Who::Process(_) => drop(rules.insert(libc::SYS_socketpair, vec![connected_pair()?])),
        Who::Dialer => {
            let kinds = [
                (libc::AF_INET, libc::SOCK_STREAM),
                (libc::AF_INET6, libc::SOCK_STREAM),
                (libc::AF_INET, libc::SOCK_DGRAM),
                (libc::AF_INET6, libc::SOCK_DGRAM),
            ];
            let sockets = kinds.map(|(family, kind)| of_kind(family, kind));
            rules.insert(libc::SYS_socket, sockets.into_iter().collect::<Result<_, _>>()?);
            // How much of an answer is there, as the resolver asks.
            rules.insert(libc::SYS_ioctl, vec![equal(1, libc::FIONBIO)?, equal(1, libc::FIONREAD)?]);
        }
    }
    Ok(rules)
}

/// No signal is sent to anybody when a descriptor is ready.
fn descriptors_and_locks() -> Result<Vec<SeccompRule>, BackendError> {
    let plain = [
        libc::F_DUPFD,
        libc::F_DUPFD_CLOEXEC,
        libc::F_GETFD,
        libc::F_SETFD,
        libc::F_GETFL,
        libc::F_GETLK,
        libc::F_SETLK,
        libc::F_SETLKW,
        libc::F_OFD_GETLK,
        libc::F_OFD_SETLK,
        libc::F_OFD_SETLKW,
    ];
    let mut rules: Vec<SeccompRule> =
        plain.into_iter().map(|command| equal(1, command as u64)).collect::<Result<_, _>>()?;
    rules.push(SeccompRule::new(vec![
        condition(1, SeccompCmpOp::Eq, libc::F_SETFL as u64)?,
        condition(2, SeccompCmpOp::MaskedEq(libc::O_ASYNC as u64), 0)?,
    ])?);
    Ok(rules)
}

/// Two ends of a stream on this machine: over one of datagrams anybody could be written to.
fn connected_pair() -> Result<SeccompRule, BackendError> {
    of_kind(libc::AF_UNIX, libc::SOCK_STREAM)
}

fn of_kind(family: i32, kind: i32) -> Result<SeccompRule, BackendError> {
    const KIND: u64 = 0xf;
    SeccompRule::new(vec![
        condition(0, SeccompCmpOp::Eq, family as u64)?,
        condition(1, SeccompCmpOp::MaskedEq(KIND), kind as u64)?,
    ])
}

fn equal(argument: u8, value: u64) -> Result<SeccompRule, BackendError> {
    rule(argument, SeccompCmpOp::Eq, value)
}

fn without(argument: u8, bit: i32) -> Result<SeccompRule, BackendError> {
    rule(argument, SeccompCmpOp::MaskedEq(bit as u64), 0)
}

fn with(argument: u8, bit: i32) -> Result<SeccompRule, BackendError> {
    rule(argument, SeccompCmpOp::MaskedEq(bit as u64), bit as u64)
}

fn rule(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule, BackendError> {
    SeccompRule::new(vec![condition(argument, operator, value)?])
}

fn condition(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
}
