//! How a commit rests: sealed, each site's frames of one file in a chain of their own that begins with the chain's
//! sealed key. The process that writes cannot open what it wrote a moment ago.
//!
//! Payload of a sealed frame: 1 and the sealed key, in the site's first frame of the file, or 0; then the sealed
//! frame. In the first format a payload is the frame itself.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io;

use domain::SiteId;
use sealing::{
    ChainOpener, ChainSealer, Environment, Key, Kind, Label, OpenError, Opener, SEALED_KEY_BYTES, SealedKey,
    Seals, Wanted,
};

use super::frame::{Frame, FrameRef, PLAIN, SEALED};
use super::reader::{Found, Frames};

/// The chains of one file that is being written.
#[derive(Default)]
pub(super) struct Chains(BTreeMap<SiteId, ChainSealer>);

/// The format of the files that are written.
pub(super) const fn format(seals: &Seals) -> u32 {
    match seals {
        Seals::Sealed { .. } => SEALED,
        Seals::Unsealed => PLAIN,
    }
}

impl Chains {
    /// Appends the payload of a frame of file `number` to `bytes`.
    pub(super) fn write(
        &mut self,
        seals: &Seals,
        (number, site): (u64, SiteId),
        frame: &FrameRef<'_>,
        bytes: &mut Vec<u8>,
    ) -> io::Result<()> {
        let put = |bytes: &mut Vec<u8>| {
            postcard::to_io(frame, bytes).map(drop).expect("memory takes every event");
        };
        let Seals::Sealed { recipients, rng } = seals else {
            put(bytes);
            return Ok(());
        };
        let chain = match self.0.entry(site) {
            Entry::Occupied(chain) => chain.into_mut(),
            Entry::Vacant(place) => {
                let no_key = || io::Error::other(format!("site {site} has no key to seal to"));
                let recipient = recipients.recipient(site).ok_or_else(no_key)?;
                let label = label(recipients.environment(), site, number).to_bytes();
                place.insert(ChainSealer::begin(&recipient, label, &**rng).map_err(io::Error::other)?)
            }
        };
        if chain.is_new() {
            bytes.push(1);
            bytes.extend_from_slice(chain.sealed_key().bytes());
        } else {
            bytes.push(0);
        }
        let from = bytes.len();
        put(bytes);
        chain.seal(bytes, from);
        Ok(())
    }

    /// What was sealed for `site` is durable: the key it was sealed under is wiped.
    pub(super) fn advance(&mut self, site: SiteId) {
        if let Some(chain) = self.0.get_mut(&site) {
            chain.advance();
        }
    }
}

/// Opens the payloads of one file, in their order.
pub(crate) struct Payloads {
    number: u64,
    sealed: bool,
    chains: BTreeMap<SiteId, Chain>,
    /// Keys of chains that are about to begin, each with what it was sealed as.
    ahead: BTreeMap<SiteId, (SealedKey, Key)>,
}

enum Chain {
    Open(ChainOpener),
    /// The frame that held its key is damaged, so that nothing of it opens.
    Lost,
    /// Its site's key was destroyed.
    Gone,
}

/// What a payload turns out to be.
#[derive(Debug, PartialEq)]
pub(crate) enum Payload {
    /// What was committed.
    Frame(Frame),
    /// Not what was committed.
    Altered,
    /// What nobody can open any more, on purpose.
    Gone,
}

impl std::fmt::Debug for Payloads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payloads").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Payloads {
    /// Those of file `number`.
    pub(crate) const fn new(number: u64, sealed: bool) -> Self {
        Self { number, sealed, chains: BTreeMap::new(), ahead: BTreeMap::new() }
    }

    /// Whether they rest sealed.
    pub(crate) const fn are_sealed(&self) -> bool {
        self.sealed
    }

    /// Asks for the keys of all chains that begin in `frames`, the next of the file, together: the keeper writes down
    /// every question before it answers, and that is what takes its time.
    pub(crate) fn ask_ahead(&mut self, frames: Frames<'_>, opener: &dyn Opener) -> Result<(), OpenError> {
        if !self.sealed {
            return Ok(());
        }
        let mut begin: BTreeMap<SiteId, SealedKey> = BTreeMap::new();
        for found in frames {
            if let Found::Frame(site, [1, rest @ ..]) = found
                && !self.chains.contains_key(&site)
                && let Some(key) = rest.get(..SEALED_KEY_BYTES).and_then(SealedKey::read)
            {
                begin.entry(site).or_insert(key);
            }
        }
        if begin.len() < 2 {
            return Ok(());
        }
        let environment = opener.environment()?;
        let wanted = |(site, sealed): (&SiteId, &SealedKey)| Wanted {
            label: label(environment, *site, self.number),
            sealed: *sealed,
        };
        let wanted: Vec<Wanted> = begin.iter().map(wanted).collect();
        match opener.open(&wanted) {
            Ok(keys) => {
                self.ahead =
                    begin.into_iter().zip(keys).map(|((site, sealed), key)| (site, (sealed, key))).collect();
                Ok(())
            }
            // All or none: each is asked for by itself, so that what is gone or damaged of one site holds up no other.
            Err(OpenError::Destroyed(_) | OpenError::Refused(..)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// To which version of its site's pair a payload is sealed that begins a chain; `Some(None)` where payloads are not
    /// sealed, `None` where it begins none.
    pub(crate) fn sealed_to(&self, payload: &[u8]) -> Option<Option<u32>> {
        if !self.sealed {
            return Some(None);
        }
        let key = payload.strip_prefix(&[1])?.get(..SEALED_KEY_BYTES)?;
        SealedKey::read(key).map(|key| Some(key.version()))
    }

    /// What was found next in the file, opened, and whose it is where that is known. After an error it is still
    /// the next to be opened.
    pub(crate) fn open(
        &mut self,
        found: &Found<'_>,
        opener: &dyn Opener,
    ) -> Result<(Option<SiteId>, Payload), OpenError> {
        match *found {
            Found::Frame(site, payload) => Ok((Some(site), self.open_payload(site, payload, opener)?)),
            Found::Altered(site) => {
                if let Some(site) = site {
                    self.pass_over(site);
                }
                Ok((site, Payload::Altered))
            }
        }
    }

    fn open_payload(
        &mut self,
        site: SiteId,
        payload: &[u8],
        opener: &dyn Opener,
    ) -> Result<Payload, OpenError> {
        if !self.sealed {
            return Ok(read(payload));
        }
        let (first, rest) = match payload.split_first() {
            Some((1, rest)) => (true, rest),
            Some((0, rest)) => (false, rest),
            _ => return Ok(Payload::Altered),
        };
        let sealed = if first {
            // A site has one chain in a file: one more beginning is a frame that was put in once more.
            let Some((key, sealed)) =
                rest.split_at_checked(SEALED_KEY_BYTES).filter(|_| !self.chains.contains_key(&site))
            else {
                return Ok(Payload::Altered);
            };
            let chain = self.begin(site, key, opener)?;
            self.chains.insert(site, chain);
            sealed
        } else {
            rest
        };
        Ok(match self.chains.get_mut(&site) {
            Some(Chain::Open(chain)) => chain.open(sealed).map_or(Payload::Altered, |frame| read(&frame)),
            Some(Chain::Gone) => Payload::Gone,
            Some(Chain::Lost) | None => Payload::Altered,
        })
    }

    /// Goes on after a payload of `site` that is damaged.
    fn pass_over(&mut self, site: SiteId) {
        match self.chains.entry(site).or_insert(Chain::Lost) {
            Chain::Open(chain) => chain.skip(),
            Chain::Lost | Chain::Gone => {}
        }
    }

    fn begin(&mut self, site: SiteId, key: &[u8], opener: &dyn Opener) -> Result<Chain, OpenError> {
        let Some(sealed) = SealedKey::read(key) else { return Ok(Chain::Lost) };
        let label = label(opener.environment()?, site, self.number);
        let bytes = label.to_bytes();
        if let Some((asked, key)) = self.ahead.remove(&site)
            && asked == sealed
        {
            return Ok(Chain::Open(ChainOpener::new(key, bytes)));
        }
        match opener.open(&[Wanted { label, sealed }]) {
            Ok(keys) => Ok(keys
                .into_iter()
                .next()
                .map_or(Chain::Lost, |key| Chain::Open(ChainOpener::new(key, bytes)))),
            Err(OpenError::Destroyed(_)) => Ok(Chain::Gone),
            Err(OpenError::Refused(..)) => Ok(Chain::Lost),
            Err(error) => Err(error),
        }
    }
}

fn read(frame: &[u8]) -> Payload {
    postcard::from_bytes(frame).map_or(Payload::Altered, Payload::Frame)
}

fn label(environment: Environment, site: SiteId, number: u64) -> Label {
    let organization = domain::OrganizationId::FIRST;
    Label { environment, organization, site, kind: Kind::Journal, name: format!("{number:010}") }
}
