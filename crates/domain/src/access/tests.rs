use super::*;

fn of_role(role: Role) -> Identity {
    let membership = Membership { organization: OrganizationId(1), role, sites: vec![SiteId(7)] };
    Identity {
        person: PersonId(5),
        memberships: vec![membership],
        key: None,
        second_factor: false,
        confirmed_at: Timestamp(0),
        requiring: vec![],
        closed: false,
    }
}

/// Everything that a role may do, as lines that a person can read.
fn told(role: Role) -> String {
    let may = |verb: &Verb, object| role_allows(role, *verb, object, false);
    let line = |object: Object| {
        let verbs: Vec<&str> =
            Verb::ALL.iter().filter(|verb| may(verb, object)).map(|verb| verb.as_str()).collect();
        format!("{}: {}", object.as_str(), verbs.join(" "))
    };
    Object::ALL.map(line).join("\n")
}

#[test]
fn the_table_says_what_the_roles_are_known_for() {
    assert!(told(Role::Owner).lines().all(|line| line.ends_with("see add change remove export")));
    assert_eq!(
        told(Role::Admin),
        "organization: see
billing: 
audit_log: see
people: see add change remove
keys: see add change remove
support_grants: see
site: see add change remove
events: see add change remove
recordings: see add change remove
attributes: see add change remove"
    );
    let viewer = "organization: see
billing: 
audit_log: 
people: 
keys: 
support_grants: 
site: see
events: see
recordings: 
attributes: ";
    assert_eq!(told(Role::OrganizationViewer), viewer);
    assert_eq!(told(Role::SiteViewer), viewer);
}

#[test]
fn a_site_viewer_sees_the_named_site_and_does_not_know_of_others() {
    let viewer = of_role(Role::SiteViewer);
    let at = |site| viewer.decide(Verb::See, Object::Events, Place::site(OrganizationId(1), SiteId(site)));
    assert_eq!([at(7), at(8)], [Decision::Yes, Decision::NotThere]);
    assert_eq!(
        viewer.decide(Verb::See, Object::Events, Place::organization(OrganizationId(1))),
        Decision::No
    );
}

#[test]
fn of_another_organization_nothing_is_there() {
    for role in Role::ALL {
        let decided =
            of_role(role).decide(Verb::See, Object::Site, Place::site(OrganizationId(2), SiteId(7)));
        assert_eq!(decided, Decision::NotThere, "{role:?}");
    }
}

#[test]
fn recordings_reach_viewers_where_the_site_shares_them() {
    let place = |shared| Place { shared, ..Place::site(OrganizationId(1), SiteId(7)) };
    let viewer = of_role(Role::OrganizationViewer);
    assert!(!viewer.may(Verb::See, Object::Recordings, place(false)));
    assert!(viewer.may(Verb::See, Object::Recordings, place(true)));
    assert!(!viewer.may(Verb::Export, Object::Recordings, place(true)));
}

#[test]
fn a_key_may_do_what_both_its_scope_and_its_maker_may() {
    let key = |role, site, scopes: &[Scope]| Identity {
        key: Some(KeyLimits { key: 1, organization: OrganizationId(1), site, scopes: scopes.to_vec() }),
        ..of_role(role)
    };
    let (here, there) =
        (Place::site(OrganizationId(1), SiteId(7)), Place::site(OrganizationId(1), SiteId(8)));
    let reader = key(Role::Owner, Some(SiteId(7)), &[Scope::Read]);
    assert!(reader.may(Verb::See, Object::Events, here));
    assert_eq!(reader.decide(Verb::See, Object::Events, there), Decision::NotThere);
    assert_eq!(reader.decide(Verb::Change, Object::Site, here), Decision::No);
    let of_all = Place::organization(OrganizationId(1));
    assert_eq!(reader.decide(Verb::See, Object::Events, of_all), Decision::No, "of one site is not of all");
    let manager = key(Role::Owner, Some(SiteId(7)), &[Scope::Manage]);
    assert!(manager.may(Verb::Change, Object::Site, here));
    assert_eq!(manager.decide(Verb::Add, Object::Site, of_all), Decision::No);
    let exporter = key(Role::Admin, None, &[Scope::Export]);
    assert!(!exporter.may(Verb::Export, Object::Events, here), "its maker may not");
}

#[test]
fn an_organization_that_requires_a_second_factor_is_closed_to_a_sign_in_without_one() {
    let weak = Identity { requiring: vec![OrganizationId(1)], ..of_role(Role::Owner) };
    assert_eq!(
        weak.decide(Verb::See, Object::Organization, Place::organization(OrganizationId(1))),
        Decision::NotThere
    );
}

#[test]
fn to_whom_nothing_is_open_nothing_of_visitors_is_shown_and_nothing_changes() {
    let closed = Identity { closed: true, ..of_role(Role::Owner) };
    let place = Place::site(OrganizationId(1), SiteId(7));
    for (verb, object) in Verb::ALL.into_iter().flat_map(|verb| Object::ALL.map(|object| (verb, object))) {
        let looks =
            verb == Verb::See && !matches!(object, Object::Events | Object::Recordings | Object::Attributes);
        assert_eq!(closed.may(verb, object, place), looks, "{verb:?} {object:?}");
    }
}

#[test]
fn nobody_gives_more_than_they_have() {
    for role in Role::ALL {
        assert!(Role::Owner.may_grant(role));
        assert_eq!(Role::Admin.may_grant(role), role != Role::Owner);
        assert!(!Role::OrganizationViewer.may_grant(role) && !Role::SiteViewer.may_grant(role));
    }
}

#[test]
fn each_word_is_read_as_what_it_stands_for() {
    assert!(Role::ALL.iter().all(|role| role.as_str().parse() == Ok(*role)));
    assert!(Scope::ALL.iter().all(|scope| scope.as_str().parse() == Ok(*scope)));
    assert_eq!("root".parse::<Role>(), Err(UnknownWord));
    assert_eq!("00000000000000ff".parse(), Ok(PersonId(255)));
    assert_eq!("+0000000000000ff".parse::<PersonId>(), Err(UnknownWord));
}

/// What `allows` lets somebody do, in words.
fn verbs(allows: impl Fn(Verb) -> bool) -> String {
    let allowed: Vec<_> = Verb::ALL.into_iter().filter(|verb| allows(*verb)).map(Verb::as_str).collect();
    match allowed.len() {
        0 => "–".to_owned(),
        all if all == Verb::ALL.len() => "everything".to_owned(),
        _ => allowed.join(", "),
    }
}

fn row(cells: impl IntoIterator<Item = String>) -> String {
    format!("| {} |\n", cells.into_iter().collect::<Vec<_>>().join(" | "))
}

#[test]
fn the_tables_in_the_documentation_are_the_ones_here() {
    let page = include_str!("../../../../docs/people.md");
    let role_row = |object: Object| {
        let cell = |role| {
            let always = verbs(|verb| role_allows(role, verb, object, false));
            let shared = verbs(|verb| role_allows(role, verb, object, true));
            if always == shared { always } else { format!("{shared}, where the site lets viewers") }
        };
        row([object.as_str().to_owned()].into_iter().chain(Role::ALL.map(cell)))
    };
    let scope_row = |object: Object| {
        let cell = |scope| verbs(|verb| scope_allows(scope, verb, object));
        row([object.as_str().to_owned()].into_iter().chain(Scope::ALL.map(cell)))
    };
    let heads = |first: &str, words: Vec<&str>| {
        let head = row(std::iter::once(first.to_owned()).chain(words.iter().map(|word| format!("`{word}`"))));
        format!("{head}|{}\n", "---|".repeat(words.len() + 1))
    };
    let of_roles = heads("of", Role::ALL.map(Role::as_str).to_vec()) + &Object::ALL.map(role_row).concat();
    let of_scopes =
        heads("of", Scope::ALL.map(Scope::as_str).to_vec()) + &Object::ALL.map(scope_row).concat();
    for table in [of_roles, of_scopes] {
        assert!(page.contains(&table), "docs/people.md should say:\n\n{table}");
    }
}
