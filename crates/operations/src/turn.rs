//! Who goes first where there is more to do than processors: what nobody waits for goes last.

/// Lets every other thread of the machine go before this one, and before those that it begins. There is no way back. Where the
/// system says no, it is as it was.
pub fn step_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(None, 19);
}
