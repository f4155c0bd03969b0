//! What `app` does about visitors who object to being measured. The edge knows before it is said that it is done.

use control::ObjectionError;
use domain::VisitorId;
use domain::audit::Act;

use super::permits::SitePermit;
use super::state::App;
use crate::http::problem::{Kind, Problem};

impl App {
    /// Writes down that a visitor objects; by which directory the edge knows.
    pub(crate) fn add_objection(&self, permit: &SitePermit, who: VisitorId) -> Result<u64, Problem> {
        let entry = self.of_visitor(permit, Act::ObjectionAdd, who);
        self.control.act(permit.log(), &entry, |work| {
            work.add_objection(permit.site.id, who, self.clock.now())?;
            Ok::<_, Problem>(())
        })?;
        Ok(self.publish_directory()?)
    }

    /// Has a visitor be measured again; by which directory the edge knows.
    pub(crate) fn end_objection(&self, permit: &SitePermit, who: VisitorId) -> Result<u64, Problem> {
        let entry = self.of_visitor(permit, Act::ObjectionEnd, who);
        self.control.act(permit.log(), &entry, |work| match work.end_objection(permit.site.id, who)? {
            true => Ok(()),
            false => Err(Problem::not_found("this visitor did not object")),
        })?;
        Ok(self.publish_directory()?)
    }
}

impl From<ObjectionError> for Problem {
    fn from(error: ObjectionError) -> Self {
        match error {
            ObjectionError::Database(error) => error.into(),
            error => Self::new(Kind::Conflict, error.to_string()),
        }
    }
}
