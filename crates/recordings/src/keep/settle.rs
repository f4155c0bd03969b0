//! A recording that is over is put together: its parts become one, each scene compressed as a whole and harder, with what
//! heatmaps count of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use domain::{SiteId, Text};

use super::contents::{Contents, Stretch, Totals};
use super::index::Index;
use super::ledger::{Change, Found, Taken, Whose};
use super::part::{Builder, Dictionary, LEVEL_AT_REST, Piece};
use super::{Progress, RecordingsError, Upkeep};
use crate::CHUNK_BYTES;
use crate::chunk::Onlooker;
use crate::heat::Tracer;

/// Bytes of a stretch that is put together, unless one chunk alone has more: what is read to show any moment is not more.
const STRETCH_BYTES: u64 = CHUNK_BYTES as u64;

impl Upkeep {
    /// Puts some recordings together that are over.
    ///
    /// # Errors
    /// [`RecordingsError`]; what was there is there as it was.
    pub fn settle(&self) -> Result<Progress, RecordingsError> {
        let due = self.ledger.in_parts(self.over())?;
        for whose in &due {
            // What waits in the spool comes first: somebody may look for it.
            while self.take_in()? == Progress::Made {}
            self.step()?;
            match self.put_together(*whose) {
                Err(error) if error.is_of_one() => self.pass_over(*whose, &error),
                done => done?,
            }
        }
        Ok(if due.is_empty() { Progress::Idle } else { Progress::Made })
    }

    /// Says once what is wrong with a recording, and holds up nothing for it.
    fn pass_over(&self, whose: Whose, error: &RecordingsError) {
        let mut known = self.passed_over.lock().unwrap_or_else(PoisonError::into_inner);
        if known.insert(whose) {
            tracing::error!("a recording of site {} stays as it is: {error}", whose.site);
        }
    }

    fn put_together(&self, whose: Whose) -> Result<(), RecordingsError> {
        let Found::Known(parts) = self.ledger.find(&whose)? else { return Ok(()) };
        let open = self.recordings.open_whole(whose.site, &parts)?;
        let contents: Vec<Contents> = open.iter().map(|part| part.contents.clone()).collect();
        let mut builder = Builder::new(LEVEL_AT_REST);
        contents.iter().for_each(|part| builder.check(&part.checked));
        let (mut dictionaries, mut tracer) = (Dictionaries::new(), Tracer::default());
        for scene in &Index::of(&contents).scenes {
            self.step()?;
            let mut together: Option<Piece> = None;
            for (part, at) in &scene.pieces {
                let (stretch, events) = (&contents[*part].stretches[*at], open[*part].read(*at)?);
                tracer.take(stretch.page, &stretch.path, &events);
                match &mut together {
                    Some((known, before)) if fits(known, stretch) => {
                        join(known, stretch);
                        before.extend_from_slice(&events);
                    }
                    full => {
                        if let Some(piece) = full.replace((stretch.clone(), events)) {
                            let dictionary =
                                self.dictionary_for(whose.site, &piece.0.path, &mut dictionaries)?;
                            builder.add(piece, dictionary)?;
                        }
                    }
                }
            }
            if let Some(piece) = together {
                let dictionary = self.dictionary_for(whose.site, &piece.0.path, &mut dictionaries)?;
                builder.add(piece, dictionary)?;
            }
        }
        builder.trace(&tracer.finish())?;
        let hands = (&self.seals, &*self.rng);
        let (part, contents) = self.recordings.put(whose.site, builder, hands)?;
        let used = contents.dictionaries.clone();
        let totals = Totals::of(&[contents], self.now());
        let replaces = parts.into_iter().map(|part| part.object).collect();
        let (onlooker, paths) = (Onlooker::default(), BTreeSet::new());
        let taken = vec![Taken { whose, onlooker, totals, paths, part, replaces, dictionaries: used }];
        self.step()?;
        Ok(self.ledger.publish(&Change { taken, ..Change::default() })?)
    }

    /// The newest dictionary for a page, each asked for once.
    fn dictionary_for<'a>(
        &self,
        site: SiteId,
        path: &Text,
        known: &'a mut Dictionaries,
    ) -> Result<Option<&'a Dictionary>, RecordingsError> {
        if !known.contains_key(path) {
            let name = self.ledger.dictionary(site, path)?;
            let found = self.recordings.dictionaries(site, name.as_deref().into_iter())?.pop();
            known.insert(path.clone(), found);
        }
        Ok(known.get(path).and_then(Option::as_ref))
    }
}

/// Dictionaries by the path of their pages.
type Dictionaries = BTreeMap<Text, Option<Dictionary>>;

fn fits(known: &Stretch, next: &Stretch) -> bool {
    known.unpacked + next.unpacked <= STRETCH_BYTES
}

/// Two stretches of a scene, one after the other, as one.
fn join(known: &mut Stretch, next: &Stretch) {
    for (first, last) in &next.numbers {
        match known.numbers.last_mut() {
            Some((_, known)) if *first <= known.saturating_add(1) => *known = (*known).max(*last),
            _ => known.numbers.push((*first, *last)),
        }
    }
    known.last |= next.last;
    known.from = known.from.min(next.from);
    known.to = known.to.max(next.to);
    known.began = known.began.min(next.began);
    known.ended = known.ended.max(next.ended);
    known.window = known.window.or(next.window);
    known.clicks += next.clicks;
    known.unpacked += next.unpacked;
}
