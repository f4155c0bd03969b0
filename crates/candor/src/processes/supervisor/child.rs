//! One child process, from its birth to its end.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::process::Stdio;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::process::Command;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::super::link;
use super::super::messages::{Birth, FromChild, Passed, Role, ToChild};
use super::{Happening, Plan, What};

/// A child that lives, or lived until a moment ago.
pub(super) struct Child {
    pub(super) generation: u64,
    /// Whether it ever served: such a child is started again at once.
    pub(super) served: bool,
    pub(super) last_beat: Instant,
    voice: mpsc::UnboundedSender<Vec<u8>>,
    end: Option<oneshot::Sender<()>>,
}

impl Child {
    /// Starts this very program again in the part of `birth.role`, and hands it `lines` beside its listeners.
    pub(super) fn spawn(
        mut birth: Birth,
        plan: &Plan,
        lines: &[(Passed, OwnedFd)],
        generation: u64,
        happenings: &mpsc::UnboundedSender<Happening>,
    ) -> io::Result<Self> {
        let role = birth.role;
        let (ours, theirs) = StdUnixStream::pair()?;
        let mut command = Command::new(own_program()?);
        if role == Role::Keeper {
            // A key is made of a passphrase with much memory, of which the allocator would keep some for later.
            command.env("MIMALLOC_PURGE_DELAY", "0");
        }
        let mut process = command
            .arg0("candor")
            .args(&plan.arguments)
            .args([Role::WORD, role.as_str()])
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            // A group of its own: what is typed at the terminal reaches the supervisor alone.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let mut passed = plan.listeners.passed_to(role);
        passed.extend(lines.iter().map(|(passed, line)| (*passed, line.as_fd())));
        birth.passed = passed.iter().map(|(passed, _)| *passed).collect();
        let descriptors: Vec<_> = passed.iter().map(|(_, descriptor)| descriptor.as_fd()).collect();
        link::send_first(&ours, &link::encode_secret(&ToChild::Birth(Box::new(birth))), &descriptors)?;
        ours.set_nonblocking(true)?;
        let (reader, mut writer) = UnixStream::from_std(ours)?.into_split();
        let (voice, mut said) = mpsc::unbounded_channel::<Vec<u8>>();
        tokio::spawn(async move {
            while let Some(frame) = said.recv().await {
                if writer.write_all(&frame).await.is_err() {
                    return;
                }
            }
        });
        let ear = Ear { role, generation, happenings: happenings.clone() };
        let (end, ended) = oneshot::channel();
        tokio::spawn(async move {
            let said_all = tokio::spawn(ear.clone().listen(reader));
            let status = tokio::select! {
                status = process.wait() => status.ok(),
                _ = ended => {
                    let _ = process.start_kill();
                    process.wait().await.ok()
                }
            };
            // What it said last is heard before its end is told.
            let _ = said_all.await;
            ear.hear(What::Ended(status));
        });
        Ok(Self { generation, served: false, last_beat: Instant::now(), voice, end: Some(end) })
    }

    /// Tells it something. Never waits; what a dying child does not hear is told to its successor.
    pub(super) fn tell(&self, message: &ToChild) {
        let _ = self.voice.send(link::encode(message));
    }

    pub(super) fn kill(&mut self) {
        if let Some(end) = self.end.take() {
            let _ = end.send(());
        }
    }
}

#[derive(Clone)]
struct Ear {
    role: Role,
    generation: u64,
    happenings: mpsc::UnboundedSender<Happening>,
}

impl Ear {
    fn hear(&self, what: What) {
        let _ = self.happenings.send(Happening { role: self.role, generation: self.generation, what });
    }

    async fn listen(self, mut reader: tokio::net::unix::OwnedReadHalf) {
        while let Ok(message) = receive(&mut reader).await {
            self.hear(What::Said(message));
        }
    }
}

async fn receive(reader: &mut tokio::net::unix::OwnedReadHalf) -> io::Result<FromChild> {
    let mut length = [0; 4];
    reader.read_exact(&mut length).await?;
    let mut frame = vec![0; link::frame_length(length)?];
    reader.read_exact(&mut frame).await?;
    link::decode(&frame)
}

/// The program that is running, even if its file was replaced meanwhile.
pub(super) fn own_program() -> io::Result<std::path::PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { std::env::current_exe() }
}
