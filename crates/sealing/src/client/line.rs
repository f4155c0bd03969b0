//! The line to the keeper that is alive: many questions may be under way at once, and each hears its own answer. When
//! the keeper was started again meanwhile, what it did not answer is asked again, unless it may have done it.

use std::collections::BTreeMap;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::packets::{introduced, receive_packet, send_packet, set_sending_patience};
use crate::protocol::{Answer, MESSAGE_BYTES_MAX, Message, Request, decode, encode};
use crate::ring::OpenError;

/// How long a keeper may be too busy to take a question at all.
const SENDING_MAX: Duration = Duration::from_secs(3);

/// Whether a question that was taken and not answered is asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    Yes,
    /// It would do something twice, or be refused since it was done.
    Never,
}

/// Asks whichever keeper is alive.
#[derive(Default)]
pub(super) struct Line {
    state: Mutex<State>,
    changed: Condvar,
    asked: AtomicU64,
}

#[derive(Default)]
struct State {
    socket: Option<Arc<OwnedFd>>,
    /// Counts keepers.
    generation: u64,
    /// Counts questions.
    number: u64,
    /// The questions under way, and the answers that nobody took yet.
    waiting: BTreeMap<u64, Option<Answer>>,
}

impl Line {
    /// A line that hears of keepers over `introductions`.
    pub(super) fn start(introductions: OwnedFd) -> io::Result<Arc<Self>> {
        let line = Arc::new(Self::default());
        let hearing = line.clone();
        spawn("keeper-line", move || {
            while let Ok((_, socket)) = introduced(&introductions) {
                hearing.meet(socket);
            }
        })?;
        Ok(line)
    }

    /// Counts the keepers that were heard of.
    pub(super) fn generation(&self) -> u64 {
        self.lock().generation
    }

    /// How many questions were asked so far.
    pub(super) fn questions(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Asks, and waits for the answer for so long.
    pub(super) fn ask(&self, body: Request, again: Again, patience: Duration) -> Result<Answer, OpenError> {
        let deadline = Instant::now() + patience;
        self.asked.fetch_add(1, Ordering::Relaxed);
        let mut state = self.lock();
        state.number += 1;
        let number = state.number;
        state.waiting.insert(number, None);
        drop(state);
        let answer = self.converse(number, &encode(&Message { number, body }), again, deadline);
        self.lock().waiting.remove(&number);
        answer
    }

    /// Waits for a keeper that was not heard of at `generation`.
    pub(super) fn wait_for_another(&self, generation: u64, patience: Duration) -> Result<(), OpenError> {
        let same = |state: &mut State| state.generation == generation;
        let waited = self.changed.wait_timeout_while(self.lock(), patience, same);
        let (state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        drop(state);
        if waited.timed_out() { Err(OpenError::Away) } else { Ok(()) }
    }

    fn converse(
        &self,
        number: u64,
        packet: &[u8],
        again: Again,
        deadline: Instant,
    ) -> Result<Answer, OpenError> {
        loop {
            let (socket, generation) = self.keeper(deadline)?;
            if send_packet(&*socket, packet).is_err() {
                self.lose(generation);
                continue;
            }
            match self.answer(number, generation, deadline) {
                None if again == Again::Never => return Err(OpenError::Unanswered),
                Some(Err(OpenError::Away)) if again == Again::Never => return Err(OpenError::Unanswered),
                None => {}
                Some(answer) => return answer,
            }
        }
    }

    /// What the keeper of `generation` answers; nothing where it goes before it does.
    fn answer(&self, number: u64, generation: u64, deadline: Instant) -> Option<Result<Answer, OpenError>> {
        let mut state = self.lock();
        loop {
            if let Some(answer) = state.waiting.get_mut(&number).and_then(Option::take) {
                return Some(Ok(answer));
            }
            if state.generation != generation || state.socket.is_none() {
                return None;
            }
            state = match self.wait(state, deadline) {
                Ok(state) => state,
                Err(error) => return Some(Err(error)),
            };
        }
    }

    /// The keeper that is alive, waited for.
    fn keeper(&self, deadline: Instant) -> Result<(Arc<OwnedFd>, u64), OpenError> {
        let mut state = self.lock();
        loop {
            if let Some(socket) = &state.socket {
                return Ok((socket.clone(), state.generation));
            }
            state = self.wait(state, deadline)?;
        }
    }

    fn wait<'a>(
        &self,
        state: MutexGuard<'a, State>,
        deadline: Instant,
    ) -> Result<MutexGuard<'a, State>, OpenError> {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(OpenError::Away);
        }
        Ok(self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0)
    }

    fn meet(self: &Arc<Self>, socket: OwnedFd) {
        if set_sending_patience(&socket, SENDING_MAX).is_err() {
            return;
        }
        let socket = Arc::new(socket);
        let mut state = self.lock();
        state.generation += 1;
        state.socket = Some(socket.clone());
        let generation = state.generation;
        drop(state);
        let (line, hearing) = (self.clone(), socket);
        if spawn("keeper-ear", move || line.hear(&hearing, generation)).is_err() {
            self.lose(generation);
        }
        self.changed.notify_all();
    }

    /// Hears answers until the keeper hangs up, or says what is none.
    fn hear(&self, socket: &OwnedFd, generation: u64) {
        let mut room = Zeroizing::new(vec![0; MESSAGE_BYTES_MAX]);
        while let Ok(length) = receive_packet(socket, &mut room) {
            let Some(answer) = room.get(..length).and_then(decode::<Answer>) else { break };
            // One that was given up is passed over.
            if let Some(place) = self.lock().waiting.get_mut(&answer.number) {
                *place = Some(answer.body);
            }
            self.changed.notify_all();
        }
        self.lose(generation);
    }

    fn lose(&self, generation: u64) {
        let mut state = self.lock();
        if state.generation == generation {
            state.socket = None;
        }
        drop(state);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(body).map(drop)
}
