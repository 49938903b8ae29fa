//! What this process needs of memory; Linux only.

use std::fs;

/// Begins to count the peak anew, where the system lets a process do so.
pub(crate) fn begin_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// The most memory that this process had since, mapped files counted.
pub(crate) fn peak() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    match line.trim().trim_end_matches("kB").trim().parse::<u64>() {
        Ok(kb) => format!("{} MB", kb / 1000),
        Err(_) => "not known".to_owned(),
    }
}
