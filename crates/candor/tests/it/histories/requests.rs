//! What is asked between the acts, and changes nobody's rights.

use super::model::Wish;
use super::*;

/// What is asked of a site.
const OF_SITES: [(&str, &str, Wish); 9] = [
    ("GET", "/api/sites/{domain}", Wish::SeeSite),
    ("POST", "/api/v2/query", Wish::SeeReports),
    ("POST", "/api/v2/query", Wish::SeeReports),
    ("POST", "/api/v2/queries", Wish::SeeReports),
    ("GET", "/api/sites/{domain}/refusals", Wish::SeeReports),
    ("GET", "/api/sites/{domain}/live", Wish::SeeReports),
    ("GET", "/api/sites/{domain}/export", Wish::TakeReportsOut),
    ("GET", "/api/sites/{domain}/export", Wish::TakeReportsOut),
    ("PATCH", "/api/sites/{domain}", Wish::ChangeSite),
];

/// What is asked of an organization. Its log can be taken out, too, and is ever longer: that is asked less often.
const OF_ORGANIZATIONS: [(&str, &str, Wish); 9] = [
    ("GET", "/api/people?organization={id}", Wish::People),
    ("GET", "/api/invitations?organization={id}", Wish::People),
    ("GET", "/api/keys?organization={id}", Wish::Keys),
    ("GET", "/api/audit?limit=5&organization={id}", Wish::SeeAudit),
    ("GET", "/api/audit?limit=5&organization={id}", Wish::SeeAudit),
    ("GET", "/api/audit/checkpoint?organization={id}", Wish::SeeAudit),
    ("GET", "/api/audit/export?organization={id}", Wish::TakeAuditOut),
    ("GET", "/api/support-grants?organization={id}", Wish::SeeGrants),
    ("PATCH", "/api/organizations/{id}", Wish::ChangeOrganization),
];

/// What the body of a question about a site is.
fn body_of(method: &str, path: &str, domain: &str) -> Value {
    let query = json!({ "site_id": domain, "date_range": "7d", "metrics": ["pageviews"] });
    match (method, path) {
        ("PATCH", _) => json!({ "honour_signals": true }),
        (_, "/api/v2/query") => query,
        (_, "/api/v2/queries") => json!([query]),
        _ => Value::Null,
    }
}

impl History {
    pub(super) fn request(&mut self) -> Agreed<()> {
        match self.below(12) {
            0..7 => self.ask_of_site(),
            7..10 => self.ask_of_organization(),
            10 => self.list_sites(),
            _ => self.ask_of_oneself(),
        }
    }

    fn ask_of_site(&mut self) -> Agreed<()> {
        let (shown, at, (method, path, wish)) =
            (self.any_shown(), self.below(DOMAINS), self.one_of(&OF_SITES));
        let (expected, domain) = (self.model.answer_at(shown, wish, at), domain_at(at));
        let body = body_of(method, path, &domain);
        let answer = self.ask(shown, expected, method, &path.replace("{domain}", &domain), &body)?;
        // Each site was visited once, whatever was at its domain before.
        let Some(answer) = answer.filter(|_| path == "/api/v2/query") else { return Ok(()) };
        match answer.json()["results"][0]["metrics"][0].as_u64() {
            Some(1) => Ok(()),
            counted => Err(self.disagreement(&format!("{counted:?} page views, the model 1"))),
        }
    }

    fn ask_of_organization(&mut self) -> Agreed<()> {
        let (shown, organization) = (self.any_shown(), self.one_of(&ORGANIZATIONS));
        let (method, path, wish) = self.one_of(&OF_ORGANIZATIONS);
        let expected = self.model.answer(shown, wish, organization, None);
        let body = if method == "PATCH" { json!({ "name": "Example" }) } else { Value::Null };
        let path = path.replace("{id}", &organization.to_string());
        self.ask(shown, expected, method, &path, &body).map(drop)
    }

    /// Which sites there are is told to everybody who is known: those that they may see.
    fn list_sites(&mut self) -> Agreed<()> {
        let shown = self.any_shown();
        let expected = if self.model.bearers.contains_key(&shown) { 200 } else { 401 };
        let Some(answer) = self.ask(shown, expected, "GET", "/api/sites", &Value::Null)? else {
            return Ok(());
        };
        let answer = answer.json();
        let listed = answer["sites"].as_array().expect("sites").iter();
        let mut listed: Vec<String> =
            listed.filter_map(|site| site["domain"].as_str().map(str::to_owned)).collect();
        listed.sort();
        let seen = (0..DOMAINS).filter(|at| self.model.answer_at(shown, Wish::SeeSite, *at) == 200);
        let seen: Vec<String> = seen.map(domain_at).collect();
        if listed == seen {
            return Ok(());
        }
        Err(self.disagreement(&format!("the sites are {listed:?}, the model {seen:?}")))
    }

    fn ask_of_oneself(&mut self) -> Agreed<()> {
        let shown = self.any_shown();
        let (path, of_people_alone) =
            self.one_of(&[("/api/session", false), ("/api/organizations", false), ("/api/me/devices", true)]);
        let expected = match self.answer_to_oneself(shown) {
            403 if !of_people_alone => 200,
            answer => answer,
        };
        self.ask(shown, expected, "GET", path, &Value::Null).map(drop)
    }
}
