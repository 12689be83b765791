//! One core for the server, another for the load; and what a process has cost so far.

use std::process::Command;

/// The core that servers run on.
pub const SERVER_CORE: usize = 0;
/// The core that the load generator runs on.
pub const LOAD_CORE: usize = 1;

/// Keeps this process, all its threads, on the load's core. False where that cannot be said: with one core, or no `taskset`.
pub fn take_load_core() -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let pid = std::process::id().to_string();
    let core = LOAD_CORE.to_string();
    let pin = || Command::new("taskset").args(["--all-tasks", "--cpu-list", "--pid", &core, &pid]).output();
    cores > 1 && pin().is_ok_and(|done| done.status.success())
}

/// CPU that a process and all its threads have used so far, in microseconds, in steps of 10 ms.
pub fn cpu_us(pid: u32) -> Option<f64> {
    // Clock ticks in /proc are a hundredth of a second on every architecture that Linux runs on today.
    const US_A_TICK: f64 = 10_000.0;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The second field is the name, in brackets, and may hold spaces.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) * US_A_TICK)
}

/// Bytes that a process has sent to the disk so far; what the kernel wrote over in memory counts once.
pub fn written(pid: u32) -> Option<f64> {
    let io = std::fs::read_to_string(format!("/proc/{pid}/io")).ok()?;
    io.lines().find_map(|line| line.strip_prefix("write_bytes: "))?.parse().ok()
}
