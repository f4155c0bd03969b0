//! Everybody who can ask, each made as they are made in the world: by setup, invitation, and the making of keys.

use std::cell::Cell;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::house::{Asking, EMAIL, PASSWORD, Reply, Server, cookie_of};
use crate::operators::Neighboured;

/// The site that is asked about.
pub(super) const HERE: &str = "here.example";
const ELSEWHERE: &str = "elsewhere.example";
/// The owner of another organization.
const NEIGHBOUR: &str = "baker@example.com";
const EVERY_SCOPE: [&str; 5] = ["read", "write", "manage", "export", "audit"];

/// What somebody shows of who they are.
enum Bears {
    Nothing,
    /// The cookie of a sign-in, with the address by which they sign in again where the test has ended it.
    Cookie(String, Option<String>),
    Key(String),
}

/// Somebody who asks.
pub(super) struct Caller {
    /// The head of their column.
    pub(super) name: &'static str,
    /// Who that is.
    pub(super) legend: &'static str,
    bears: Bears,
    /// What they were when the test began, in JSON.
    is: Option<Value>,
}

/// An operation of the API's document.
#[derive(Clone)]
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) path: String,
    document: Value,
}

impl Operation {
    /// Everything that a document lists, in its order.
    pub(super) fn all_of(document: &Value) -> Vec<Self> {
        let paths = document["paths"].as_object().expect("paths").iter();
        let all = paths.flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods").iter();
            methods.map(|(method, document)| Self {
                method: method.to_uppercase(),
                path: path.clone(),
                document: document.clone(),
            })
        });
        all.collect()
    }

    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Whether it takes a body.
    pub(super) fn takes_body(&self) -> bool {
        self.document.get("requestBody").is_some()
    }

    /// Whether its document says that nobody is let in.
    pub(super) fn wants_sign_in(&self) -> bool {
        let under = |open| {
            self.path.strip_prefix(open).is_some_and(|rest: &str| rest.is_empty() || rest.starts_with('/'))
        };
        let open = [
            "/api/setup",
            "/api/session",
            "/api/password",
            "/api/invitations",
            "/api/privacy",
            "/api/contact",
            "/api/health",
        ];
        !open.into_iter().any(under)
    }
}

/// A server, and everybody there is.
pub(super) struct World {
    pub(super) server: Server,
    pub(super) callers: Vec<Caller>,
    counted: Cell<u32>,
    bystander: String,
    /// The token of an operator.
    pub(super) operator: String,
    _folder: TempDir,
}

impl World {
    /// On the server that `program` starts.
    pub(super) fn of(program: impl Fn() -> Command + Send + Sync + 'static) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = Server::on(&folder.path().join("data"), &[], program);
        let Neighboured { server, neighbour, operator } = Neighboured::of(server, NEIGHBOUR, PASSWORD);
        let mut world = Self {
            server,
            callers: Vec::new(),
            counted: Cell::new(0),
            bystander: String::new(),
            operator: operator.trim().to_owned(),
            _folder: folder,
        };
        for site in [HERE, ELSEWHERE] {
            world.by_owner("POST", "/api/sites", &json!({ "domain": site }));
        }
        world.add_people();
        world.add_keys();
        let bears = Bears::Cookie(neighbour, Some(NEIGHBOUR.to_owned()));
        world.add("baker", "owner of another organization of the same server, with nothing here", bears);
        world.add(
            "operator",
            "an operator, by the token that is good at another door",
            Bears::Key(operator.trim().to_owned()),
        );
        world.bystander = world.invited("bystander@example.com", "organization_viewer", None).1;
        for at in 0..world.callers.len() {
            world.callers[at].is = world.now(&world.callers[at]);
        }
        world
    }

    /// Everything that the API's document lists, in its order.
    pub(super) fn operations(&self) -> Vec<Operation> {
        Operation::all_of(&self.server.get("/api/openapi.json").json())
    }

    /// Asks as one of them; the head of the answer. What it makes of their cookie is remembered.
    pub(super) fn ask(&mut self, caller: usize, asking: &Asking<'_>, renews: bool) -> u16 {
        let asking = asking.clone();
        let asking = match &self.callers[caller].bears {
            Bears::Nothing => asking,
            Bears::Cookie(cookie, _) => asking.by(cookie),
            Bears::Key(key) => asking.header("authorization", &format!("Bearer {key}")),
        };
        let reply = self.server.ask_for_head(&asking);
        if let (true, Bears::Cookie(cookie, Some(_)), Some(set)) =
            (renews && reply.status < 300, &mut self.callers[caller].bears, reply.header("set-cookie"))
        {
            *cookie = set.split(';').next().unwrap_or_default().to_owned();
        }
        reply.status
    }

    /// Signs in again whoever was signed out, and sees that everybody is what they were.
    pub(super) fn mend(&mut self, after: &str) {
        for at in 0..self.callers.len() {
            if let Bears::Cookie(cookie, Some(email)) = &self.callers[at].bears {
                let here = self.server.ask_as_nobody(&Asking::get("/api/session").by(cookie));
                if here.status == 401 {
                    let cookie = self.signed_in(email);
                    let email = Some(email.clone());
                    self.callers[at].bears = Bears::Cookie(cookie, email);
                }
            }
            let caller = &self.callers[at];
            assert_eq!(self.now(caller), caller.is, "{after} changed what {} is", caller.name);
        }
        let waiting = self.owner("GET", "/api/invitations", &Value::Null).json();
        for one in waiting["invitations"].as_array().expect("invitations") {
            let path = format!("/api/invitations/{}", one["id"].as_str().expect("an id"));
            self.by_owner("DELETE", &path, &Value::Null);
        }
    }

    /// Another word each time.
    pub(super) fn fresh(&self, what: &str) -> String {
        self.counted.set(self.counted.get() + 1);
        format!("{what}{}", self.counted.get())
    }

    /// Asks as the owner, and fails where that fails.
    pub(super) fn by_owner(&self, method: &str, path: &str, body: &Value) -> Reply {
        let reply = self.owner(method, path, body);
        assert!(reply.status < 300, "{method} {path}: {} {}", reply.status, reply.text());
        reply
    }

    /// The number of a viewer who asks nothing. Whoever was made something else is removed, and another is made.
    pub(super) fn bystander(&mut self) -> String {
        let people = self.by_owner("GET", "/api/people", &Value::Null).json();
        let mut people = people["people"].as_array().expect("people").iter();
        let known = people.find(|one| one["id"] == self.bystander.as_str());
        if known.is_some_and(|one| one["role"] == "organization_viewer") {
            return self.bystander.clone();
        }
        if known.is_some() {
            self.by_owner("DELETE", &format!("/api/people/{}", self.bystander), &Value::Null);
        }
        let email = format!("{}@example.com", self.fresh("bystander"));
        self.bystander = self.invited(&email, "organization_viewer", None).1;
        self.bystander.clone()
    }

    /// The number of the owner.
    pub(super) fn owner_id(&self) -> String {
        let session = self.by_owner("GET", "/api/session", &Value::Null).json();
        session["person"]["id"].as_str().expect("an id").to_owned()
    }

    /// The number and the token of an invitation that was made now.
    pub(super) fn invitation(&self, role: &str, sites: Option<[&str; 1]>, email: &str) -> (String, String) {
        let mut body = json!({ "email": email, "role": role });
        if let Some(sites) = sites {
            body["sites"] = json!(sites);
        }
        let made = self.by_owner("POST", "/api/invitations", &body).json();
        let url = made["url"].as_str().expect("an address");
        let (_, token) = url.split_once('#').expect("a token");
        (made["id"].as_str().expect("an id").to_owned(), token.to_owned())
    }

    /// The number and the text of a key of the owner's that was made now.
    pub(super) fn key(&self, site: Option<&str>, scopes: &[&str]) -> (String, String) {
        let mut body = json!({ "scopes": scopes });
        if let Some(site) = site {
            body["site"] = json!(site);
        }
        let made = self.by_owner("POST", "/api/keys", &body).json();
        (made["id"].as_str().expect("an id").to_owned(), made["key"].as_str().expect("a key").to_owned())
    }

    /// The number of a sign-in of the owner's that was made now.
    pub(super) fn device_of_owner(&self) -> String {
        let url = self.by_owner("POST", "/api/session/link", &Value::Null).json()["url"].to_string();
        let (_, token) = url.trim_matches('"').split_once('=').expect("a token");
        let body = json!({ "token": token });
        let reply = self.server.ask_as_nobody(&Asking::json("POST", "/api/session/one-time", &body));
        let cookie = cookie_of(&reply);
        let devices = self.server.ask_as_nobody(&Asking::get("/api/me/devices").by(&cookie)).json();
        let devices = devices["devices"].as_array().expect("devices").clone();
        let this = devices.iter().find(|device| device["current"] == true).expect("this one");
        this["id"].as_str().expect("an id").to_owned()
    }

    fn add_people(&mut self) {
        let owner = self.server.owner().cookie.clone();
        self.add("nobody", "bears nothing", Bears::Nothing);
        self.add("owner", "owner of the organization", Bears::Cookie(owner, Some(EMAIL.to_owned())));
        let people = [
            ("admin", "admin of it", "admin", None),
            ("viewer", "viewer of all its sites", "organization_viewer", None),
            ("here", "viewer of the site that is asked about", "site_viewer", Some([HERE])),
            ("there", "viewer of another of its sites", "site_viewer", Some([ELSEWHERE])),
        ];
        for (name, legend, role, sites) in people {
            let email = format!("{name}@example.com");
            let (cookie, _) = self.invited(&email, role, sites);
            self.add(name, legend, Bears::Cookie(cookie, Some(email)));
        }
        let (left, _) = self.invited("left@example.com", "admin", None);
        let out = self.server.ask_as_nobody(&Asking::new("DELETE", "/api/session").by(&left));
        assert_eq!(out.status, 204, "{}", out.text());
        self.add("left", "an admin's sign-in that was ended", Bears::Cookie(left, None));
        let (cookie, id) = self.invited("disabled@example.com", "admin", None);
        self.by_owner("PATCH", &format!("/api/people/{id}"), &json!({ "disabled": true }));
        self.add("disabled", "an admin's sign-in of before they were disabled", Bears::Cookie(cookie, None));
    }

    fn add_keys(&mut self) {
        let of_site = [
            ("read", "key of the owner's for the site, to read"),
            ("write", "the same, to write"),
            ("manage", "the same, to manage"),
            ("export", "the same, to export"),
        ];
        for (scope, legend) in of_site {
            let key = self.key(Some(HERE), &[scope]).1;
            self.add(scope, legend, Bears::Key(key));
        }
        let key = self.key(None, &["audit"]).1;
        self.add("audit", "key for the organization, to read its audit log", Bears::Key(key));
        let key = self.key(Some(ELSEWHERE), &EVERY_SCOPE[..4]).1;
        self.add("k-there", "key for another site, for all that a site's key is for", Bears::Key(key));
        let key = self.key(None, &EVERY_SCOPE).1;
        self.add("k-all", "key for the organization, for everything", Bears::Key(key));
        let (id, key) = self.key(None, &EVERY_SCOPE);
        self.by_owner("DELETE", &format!("/api/keys/{id}"), &Value::Null);
        self.add("k-ended", "the same, ended", Bears::Key(key));
    }

    fn add(&mut self, name: &'static str, legend: &'static str, bears: Bears) {
        self.callers.push(Caller { name, legend, bears, is: None });
    }

    /// Somebody new, by an invitation that they accepted: the cookie of their sign-in, and their number.
    fn invited(&self, email: &str, role: &str, sites: Option<[&str; 1]>) -> (String, String) {
        let (_, token) = self.invitation(role, sites, email);
        let body = json!({ "token": token, "password": PASSWORD });
        let reply = self.server.ask_as_nobody(&Asking::json("POST", "/api/invitations/accept", &body));
        assert_eq!(reply.status, 201, "{}", reply.text());
        (cookie_of(&reply), reply.json()["person"]["id"].as_str().expect("an id").to_owned())
    }

    fn signed_in(&self, email: &str) -> String {
        let body = json!({ "email": email, "password": PASSWORD });
        cookie_of(&self.server.ask_as_nobody(&Asking::json("POST", "/api/session", &body)))
    }

    /// The cookie of the owner as they are signed in now.
    pub(super) fn cookie_of_owner(&self) -> &str {
        let owner = self.callers.iter().find(|caller| caller.name == "owner");
        match owner.map(|owner| &owner.bears) {
            Some(Bears::Cookie(cookie, _)) => cookie,
            _ => &self.server.owner().cookie,
        }
    }

    fn owner(&self, method: &str, path: &str, body: &Value) -> Reply {
        let asking =
            if body.is_null() { Asking::new(method, path) } else { Asking::json(method, path, body) };
        self.server.ask_as_nobody(&asking.by(self.cookie_of_owner()))
    }

    /// What somebody who is signed in is now.
    fn now(&self, caller: &Caller) -> Option<Value> {
        let Bears::Cookie(cookie, Some(_)) = &caller.bears else { return None };
        Some(self.server.ask_as_nobody(&Asking::get("/api/session").by(cookie)).json()["memberships"].clone())
    }
}
