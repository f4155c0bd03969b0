//! What `app` does with requests of visitors: takes them, slowing down a network that sends many, and answers them by mail.
//!
//! The audit log holds their numbers and nothing of who asked.

use std::time::Duration;

use control::{Asker, Letter, NewMail, VisitorRequest};
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{DomainName, RequestAnswer, RequestKind};

use super::permits::SitePermit;
use super::state::App;
use super::tries::Trying;
use crate::http::asking::From;
use crate::http::problem::Problem;

/// For how long it is tried to mail an answer.
const ANSWER_FOR: Duration = Duration::from_secs(5 * 86_400);

impl App {
    /// Takes what a visitor asks of a site.
    pub(crate) fn take_request(
        &self,
        domain: &str,
        kind: RequestKind,
        asker: &Asker,
        from: &From,
    ) -> Result<VisitorRequest, Problem> {
        let unknown = || Problem::not_found("there is no such site here");
        let name: DomainName = domain.parse().map_err(|_| unknown())?;
        self.may_try(Trying::Request, from)?;
        self.count_try(Trying::Request, from);
        let site = self.control.site(&name)?.ok_or_else(unknown)?;
        let object = Object::new(ObjectKind::Site, &site.domain);
        let entry = NewEntry::new(self.clock.now(), Actor::nobody(), Act::VisitorRequestMake, object)
            .at_network(from.network)
            .with("kind", kind.as_str());
        let log = Log(site.organization.0);
        self.control.act(log, &entry, |work| {
            work.add_request(site.id, kind, asker, self.clock.now()).map_err(Problem::from)
        })
    }

    /// Answers a request; whether that goes by mail, and to whom.
    pub(crate) fn answer_request(
        &self,
        permit: &SitePermit,
        number: u64,
        answer: RequestAnswer,
        words: &str,
    ) -> Result<(bool, String), Problem> {
        let (site, now) = (&permit.site, self.clock.now());
        let object = Object::new(ObjectKind::VisitorRequest, number);
        let entry = self
            .entry(&permit.asking, Act::VisitorRequestAnswer, object)
            .with("site", &site.domain)
            .with("answer", answer.as_str());
        let asker = self.control.act(permit.log(), &entry, |work| {
            let request = work.answer_request(site.id, number, answer, now)?;
            let asker = request.asker.clone().unwrap_or_default();
            if self.mail {
                let letter = Letter::RequestAnswered {
                    site: site.domain.to_string(),
                    request: request.kind.as_str().to_owned(),
                    asked_at: request.asked_at,
                    done: answer == RequestAnswer::Done,
                    words: words.to_owned(),
                };
                let mail = NewMail {
                    organization: Some(site.organization),
                    address: &asker.email,
                    name: None,
                    letter: &letter,
                    expires_at: now + ANSWER_FOR,
                };
                work.enqueue_mail(&mail, now, &*self.rng)?;
            }
            Ok::<_, Problem>(asker)
        })?;
        self.mail_waits();
        Ok((self.mail, asker.email))
    }
}
