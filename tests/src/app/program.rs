//! The `waymark` program as this run has built it, and how it ends.
//!
//! Not a collector that runs: that is [`super::Process`].

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::OnceLock;

/// How a program ended.
#[derive(Debug)]
pub struct Ended {
    /// Its status; none when a signal ended it.
    pub code: Option<i32>,
    /// What it wrote to standard output.
    pub out: String,
    /// What it wrote to standard error.
    pub err: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// Killed when dropped, so that a test that fails leaves nothing behind.
pub(super) struct Guarded(pub(super) Option<Child>);

impl Drop for Guarded {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The program beside this test, built when it is not up to date.
pub(super) fn program() -> &'static PathBuf {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // target/<profile>/deps/it-<hash>
        let tests = std::env::current_exe().expect("this process has a program");
        let folder = tests.ancestors().nth(2).expect("test programs lie in target/<profile>/deps");
        let profile = match folder.file_name().and_then(|name| name.to_str()) {
            Some("debug") | None => "dev",
            Some(profile) => profile,
        };
        // The whole workspace is named so that the same features are chosen as for this test, and nothing is built twice.
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--workspace", "--bin", "waymark", "--profile", profile, "--target-dir"])
            .arg(folder.parent().expect("a profile lies in the target folder"))
            .current_dir(crate::workspace())
            .status();
        assert!(built.is_ok_and(|status| status.success()), "the program `waymark` does not build");
        folder.join("waymark")
    })
}

/// The program under strace: requests, answers, and what goes to the disk, with the names of the files.
pub(super) fn traced(to: &Path) -> Command {
    let mut strace = Command::new("strace");
    // -D: the program stays our child, and strace looks on from the side.
    strace.args(["-D", "-f", "-y", "-s", "32", "-e"]);
    strace.arg("trace=read,recvfrom,write,writev,sendto,sendmsg,pwrite64,fdatasync,fsync");
    strace.arg("-o").arg(to).arg(program());
    strace
}
