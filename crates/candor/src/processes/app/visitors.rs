//! What `app` does about visitors that a site knows: it finds them, shows and corrects what they are, and keeps their consents.
//! Who looks at one is written down, and what cannot be written down is not shown. In a log a visitor is a digest.

use std::collections::BTreeMap;
use std::sync::Arc;

use capture::{Said, known_visitor};
use control::{ConsentRow, IdentifiedRow, Work};
use domain::audit::{Act, NewEntry, Object, ObjectKind};
use domain::{AttributeName, AttributeValue, Erased, ReceiptId, Refusal, SiteId, Timestamp, VisitorId};
use sealing::protocol::Purpose;
use sealing::{Opener, Recipients};

use super::permits::SitePermit;
use super::said::sealed::VisitorKey;
use super::sites::DirectoryError;
use super::state::App;
use crate::http::problem::{Kind, Problem};
use crate::logging::with_causes;
use crate::processes::edge::said::{Answered, PageConsent};

/// What is known of a visitor beside what they did.
pub(crate) struct Known {
    pub(crate) attributes: Vec<(AttributeName, AttributeValue, Timestamp)>,
    pub(crate) consents: Vec<ConsentRow>,
    /// Whether they withdrew, by whichever id, and no consent stands.
    pub(crate) withdrawn: bool,
}

/// What there is of a visitor, and what was said of them.
#[derive(Clone)]
pub(crate) struct Seen {
    /// Every id that is theirs, and to which it leads, where it leads to another.
    pub(crate) ids: Vec<(VisitorId, Option<VisitorId>)>,
    pub(crate) restricted: bool,
    pub(crate) objected: bool,
    /// What they did, in numbers, where that is counted.
    pub(crate) found: Option<Erased>,
}

impl SitePermit {
    /// Whoever may be meant by an id: the visitor that the site calls so, and the one of that UUID.
    pub(crate) fn visitors_meant(&self, id: &str) -> Vec<VisitorId> {
        let mut meant = vec![known_visitor(&self.site.ids, id)];
        meant.extend(id.parse::<VisitorId>().ok());
        meant
    }
}

impl App {
    /// Whether anything is kept of a visitor beside what they did: what they are, a consent, or that they objected or are in no report.
    pub(crate) fn is_identified(&self, site: SiteId, visitor: VisitorId) -> Result<bool, Problem> {
        let kept = self.control.identified(site, visitor)?;
        Ok(kept.key.is_some()
            || !self.control.consents_of(site, visitor)?.is_empty()
            || self.control.has_objected(site, visitor)?
            || self.control.is_restricted(site, visitor)?)
    }

    /// What is known of a visitor, by every id, opened for whoever asks. That they look is written down.
    pub(crate) fn look_at_visitor(&self, permit: &SitePermit, visitor: VisitorId) -> Result<Known, Problem> {
        self.note_visitor_once(permit, visitor)?;
        let site = permit.site.id;
        let ids = self.control.ids_of(site, visitor)?;
        let mut consents = Vec::new();
        for id in &ids {
            consents.extend(self.control.consents_of(site, *id)?);
        }
        consents.sort_by_key(|consent| std::cmp::Reverse(consent.given_at));
        let attributes = self.attributes_by_every_id(permit, &ids)?;
        let withdrawn = self.control.keep(|work| work.has_withdrawn(permit.site.id, visitor))?;
        Ok(Known { attributes, consents, withdrawn })
    }

    /// What there is of a visitor, by every id, not counted. Whoever asks has looked at them ([`Self::look_at_visitor`]).
    pub(crate) fn standing_of_visitor(
        &self,
        permit: &SitePermit,
        visitor: VisitorId,
    ) -> Result<Seen, Problem> {
        let site = permit.site.id;
        let ids = self.control.ids_of(site, visitor)?;
        let links = self.control.links_among(site, &ids)?;
        Ok(Seen {
            restricted: self.control.is_restricted(site, visitor)?,
            objected: self.control.has_objected(site, visitor)?,
            found: None,
            ids: ids.into_iter().map(|id| (id, links.get(&id).copied())).collect(),
        })
    }

    /// The same, counted.
    pub(crate) fn count_seen(&self, permit: &SitePermit, seen: Seen) -> Result<Seen, Problem> {
        let ids: Vec<VisitorId> = seen.ids.iter().map(|(id, _)| *id).collect();
        Ok(Seen { found: Some(self.found_of(permit, &ids)?.found), ..seen })
    }

    /// What was said of a visitor by any of their ids. What was said of the one that they are counted by comes before what was said
    /// of another.
    fn attributes_by_every_id(
        &self,
        permit: &SitePermit,
        ids: &[VisitorId],
    ) -> Result<Vec<(AttributeName, AttributeValue, Timestamp)>, Problem> {
        let links = self.control.links_among(permit.site.id, ids)?;
        let (others, counted_by): (Vec<&VisitorId>, Vec<&VisitorId>) =
            ids.iter().partition(|id| links.contains_key(id));
        let mut said = BTreeMap::new();
        for id in others.into_iter().chain(counted_by) {
            let kept = self.control.identified(permit.site.id, *id)?;
            for (name, value, at) in self.open_attributes(permit, *id, kept)? {
                said.insert(name.as_str().to_owned(), (name, value, at));
            }
        }
        Ok(said.into_values().collect())
    }

    pub(super) fn open_attributes(
        &self,
        permit: &SitePermit,
        visitor: VisitorId,
        kept: IdentifiedRow,
    ) -> Result<Vec<(AttributeName, AttributeValue, Timestamp)>, Problem> {
        // Without its key nothing of it says anything.
        let Some(wrapped) = kept.key else { return Ok(Vec::new()) };
        let site = permit.site.id;
        let opener: Arc<dyn Opener> = self.keeper.opener(Purpose::Request(permit.asking.token.clone()));
        let wanted = VisitorKey::wanted(self.recipients.environment(), site, &wrapped)?;
        let private = opener.open(&[wanted])?.pop();
        let private =
            private.ok_or_else(|| Problem::internal(&std::io::Error::other("the keeper gave no key")))?;
        let key = VisitorKey::of(site, visitor, private);
        let open = |row: control::AttributeRow| {
            let value = key.open(&row.name, &row.sealed)?;
            Ok((row.name, value, row.at))
        };
        kept.attributes.into_iter().map(open).collect()
    }

    /// Corrects what a visitor is, on the conditions on which it may be said at all. It is kept by the id that they are counted by,
    /// and by none else any more.
    pub(crate) fn correct_visitor(&self, permit: &SitePermit, mut said: Said) -> Result<(), Problem> {
        let site = permit.site.id;
        let names: Vec<&str> = said.attributes.iter().map(|(name, _)| name.as_str()).collect();
        let entry =
            self.about_visitor(permit, Act::VisitorChange, said.visitor).with("attributes", names.join(", "));
        self.control.act(permit.log(), &entry, |work| {
            let ids = work.ids_of(site, said.visitor)?;
            while let Some(to) = work.leads_to(site, said.visitor)? {
                said.visitor = to;
            }
            for (name, _) in &said.attributes {
                for id in ids.iter().filter(|id| **id != said.visitor) {
                    work.remove_attribute(site, *id, name)?;
                }
            }
            match self.keep_of(work, site, &said)? {
                None => Ok(()),
                Some(refusal) => Err(refused(refusal)),
            }
        })
    }

    /// Writes a consent down; by which directory the edge knows, where it has to: of somebody who withdrew before.
    pub(crate) fn add_consent(&self, permit: &SitePermit, row: &ConsentRow) -> Result<Option<u64>, Problem> {
        let entry = self
            .about_visitor(permit, Act::ConsentAdd, row.visitor)
            .with("receipt", row.id)
            .with("purposes", row.purposes.join(" "));
        let had_withdrawn = self.control.act(permit.log(), &entry, |work| {
            let had_withdrawn = work.has_withdrawn(permit.site.id, row.visitor)?;
            work.add_consent(permit.site.id, row)?;
            Ok::<_, Problem>(had_withdrawn)
        })?;
        Ok(had_withdrawn.then(|| self.publish_directory()).transpose()?)
    }

    /// Withdraws a consent; the receipt as it is then, and by which directory the edge knows.
    pub(crate) fn withdraw_consent(
        &self,
        permit: &SitePermit,
        receipt: ReceiptId,
    ) -> Result<(ConsentRow, u64), Problem> {
        let unknown = || Problem::not_found("there is no such receipt");
        let site = permit.site.id;
        let known = self.control.keep(|work| work.consent(site, receipt))?.ok_or_else(unknown)?;
        let entry = self.about_visitor(permit, Act::ConsentWithdraw, known.visitor).with("receipt", receipt);
        let withdrawn = self.control.act(permit.log(), &entry, |work| {
            // Asked for twice it was withdrawn when it was asked for first.
            work.withdraw_consent(site, receipt, self.clock.now())?;
            work.consent(site, receipt)?.ok_or_else(unknown)
        })?;
        Ok((withdrawn, self.publish_directory()?))
    }

    /// Takes what a visitor answers on a page. The receipt is the entry about it: it is in no other log.
    pub(crate) fn take_page_consent(
        &self,
        site: SiteId,
        consent: &PageConsent,
    ) -> Result<(Answered, Option<u64>), Problem> {
        let now = self.clock.now();
        let (answered, changed) = self.control.keep(|work| {
            if !work.has_site(site)? {
                return Ok::<_, Problem>((Answered { receipt: None, withdrawn: 0 }, false));
            }
            let before = work.has_withdrawn(site, consent.visitor)?;
            let answered = self.answer_of_page(work, site, consent, now)?;
            Ok((answered, before != work.has_withdrawn(site, consent.visitor)?))
        })?;
        let directory = changed.then(|| self.publish_directory()).transpose();
        let directory = directory.map_err(|error: DirectoryError| {
            tracing::error!("the edge is not told that a consent changed: {}", with_causes(&error));
            Problem::from(error)
        })?;
        Ok((answered, directory))
    }

    fn answer_of_page(
        &self,
        work: &Work<'_>,
        site: SiteId,
        consent: &PageConsent,
        now: Timestamp,
    ) -> Result<Answered, Problem> {
        let Some(given) = &consent.given else {
            let withdrawn = work.withdraw_consents_of(site, consent.visitor, now)?;
            return Ok(Answered { receipt: None, withdrawn });
        };
        if !self.growth.takes_one(site, now) {
            return Err(Problem::new(
                Kind::TooMany,
                "as many consents were given at this site today as may be",
            ));
        }
        let row = ConsentRow {
            id: self.rng.receipt_id(),
            visitor: consent.visitor,
            purposes: given.purposes.clone(),
            text_version: given.text_version.clone(),
            given_at: now,
            way: control::Way::Page,
            withdrawn_at: None,
        };
        work.add_consent(site, &row)?;
        Ok(Answered { receipt: Some(row.id), withdrawn: 0 })
    }

    /// An entry about something that is done to a visitor.
    fn about_visitor(&self, permit: &SitePermit, act: Act, visitor: VisitorId) -> NewEntry {
        let object = Object::new(ObjectKind::Site, &permit.site.domain);
        self.entry(&permit.asking, act, object).with_address("visitor", &visitor.to_string())
    }

    /// Writes down that somebody looks at a visitor, unless they did lately.
    fn note_visitor_once(&self, permit: &SitePermit, visitor: VisitorId) -> Result<(), Problem> {
        let (now, who) = (self.clock.now(), permit.asking.actor().id);
        if self.looks.has_seen_visitor(&who, permit.site.id, visitor, now) {
            return Ok(());
        }
        self.control.note(permit.log(), &self.about_visitor(permit, Act::VisitorView, visitor))?;
        self.looks.remember_visitor(who, permit.site.id, visitor, now);
        Ok(())
    }
}

/// Why something said of a visitor is not kept, to whoever asks for it by the API.
fn refused(refusal: Refusal) -> Problem {
    let sentence = match refusal {
        Refusal::AddressNotAllowed => "the site does not allow that an address is kept",
        Refusal::NoAgreement => "the organization has not accepted the data-processing agreement in force",
        Refusal::NoConsent => "an address is kept only with a receipt of this visitor's consent that stands",
        Refusal::Withdrawn => "the visitor withdrew the consent by which they were known",
        Refusal::Cookieless => "the site keeps no ids, so that nobody is known there by name",
        other => return Problem::new(Kind::Unprocessable, format!("that is not kept: {}", other.as_str())),
    };
    Problem::new(Kind::Unprocessable, sentence)
}

/// The same, for what was refused before it was said.
pub(crate) fn refused_before(refusal: Refusal) -> Problem {
    refused(refusal)
}
