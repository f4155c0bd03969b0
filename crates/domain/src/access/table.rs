//! The permission table: role by verb and object, and what each scope of an API key allows. All of it is here.

use super::{Object, Role, Scope, Verb};

/// Whether a role may do this. `shared` is whether the site lets viewers see recordings and attributes.
pub const fn role_allows(role: Role, verb: Verb, object: Object, shared: bool) -> bool {
    match role {
        Role::Owner => true,
        Role::Admin => admin(verb, object),
        // The same of all sites and of named ones; which sites is not asked here.
        Role::OrganizationViewer | Role::SiteViewer => viewer(verb, object, shared),
    }
}

const fn admin(verb: Verb, object: Object) -> bool {
    match object {
        Object::Billing => false,
        Object::Organization | Object::AuditLog | Object::SupportGrants => matches!(verb, Verb::See),
        Object::People | Object::Keys | Object::Site => !matches!(verb, Verb::Export),
        // Taking everything out is the owner's to decide.
        Object::Events | Object::Recordings | Object::Attributes => !matches!(verb, Verb::Export),
    }
}

const fn viewer(verb: Verb, object: Object, shared: bool) -> bool {
    match object {
        Object::Organization | Object::Site | Object::Events => matches!(verb, Verb::See),
        Object::Recordings | Object::Attributes => matches!(verb, Verb::See) && shared,
        Object::Billing | Object::AuditLog | Object::People | Object::Keys | Object::SupportGrants => false,
    }
}

/// Whether an API key of this scope may do this, if its maker may.
pub const fn scope_allows(scope: Scope, verb: Verb, object: Object) -> bool {
    match scope {
        Scope::Read => matches!((verb, object), (Verb::See, Object::Events | Object::Site)),
        // What a site's own server sends: what happened, and to what its visitors consented.
        Scope::Write => {
            matches!(
                (verb, object),
                (Verb::Add, Object::Events | Object::Attributes) | (Verb::See, Object::Site)
            )
        }
        Scope::Manage => match object {
            Object::Site => !matches!(verb, Verb::Export),
            _ => false,
        },
        Scope::Export => matches!((verb, object), (Verb::Export, Object::Events) | (Verb::See, Object::Site)),
        Scope::Audit => matches!((verb, object), (Verb::See | Verb::Export, Object::AuditLog)),
    }
}
