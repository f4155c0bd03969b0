use domain::{AttributeKind, ClientAddress, DeclaredAttribute, SiteSettings};
use serde_json::{Value, json};

use super::*;
use crate::sample::{NOON, PIPELINE, secrets_at, site};
use crate::{Admission, Headers, RecentVisitors, SiteDirectory};

const VISITOR: &str = "0190163d-8694-439b-aea5-966c26f8ad91";

fn take(
    body: &Value,
    settings: SiteSettings,
    headers: Headers<'_>,
    withdrawn: &[VisitorId],
    capture: impl Fn(&Pipeline, &RawRequest<'_>, &Circumstances<'_>) -> Result<PageSaid, Malformed>,
) -> Result<PageSaid, Malformed> {
    let sites = SiteDirectory::new([site(1, "example.com", settings)]);
    let sites = sites.without(withdrawn.iter().map(|visitor| (SiteId(1), *visitor)));
    let (secrets, recent) = (secrets_at(NOON), RecentVisitors::default());
    let circumstances =
        Circumstances { sites: &sites, secrets: &secrets, recent: &recent, admission: Admission::Live };
    let body = body.to_string();
    let address = ClientAddress::new("8.8.8.8".parse().unwrap());
    let request = RawRequest { body: body.as_bytes(), headers, address, received_at: NOON };
    capture(&PIPELINE, &request, &circumstances)
}

fn who(body: &Value, settings: SiteSettings, withdrawn: &[VisitorId]) -> Result<PageSaid, Malformed> {
    take(body, settings, Headers::default(), withdrawn, Pipeline::capture_identity)
}

fn reason(said: &PageSaid) -> Option<Refusal> {
    match said {
        PageSaid::Refused { reason, .. } => Some(*reason),
        _ => None,
    }
}

fn ada() -> Value {
    json!({ "d": "www.example.com", "visitor": VISITOR, "id": "ada", "attributes": { "plan": "pro" } })
}

#[test]
fn who_a_visitor_is_leads_from_the_id_in_the_browser_to_the_one_that_the_site_gave() {
    let declared = DeclaredAttribute { name: "plan".parse().unwrap(), kind: AttributeKind::Text };
    let settings = SiteSettings { attributes: vec![declared], ..SiteSettings::default() };
    let PageSaid::Who(site, said) = who(&ada(), settings, &[]).unwrap() else { panic!("refused") };
    assert_eq!(said.visitor, known_visitor(&site.ids, "ada"));
    assert_eq!(said.same, Some(VISITOR.parse().unwrap()));
    assert_eq!((said.id.as_deref(), said.attributes.len()), (Some("ada"), 1));
}

#[test]
fn whoever_is_not_measured_or_withdrew_is_not_known_by_name() {
    let of = |settings, withdrawn: &[VisitorId]| reason(&who(&ada(), settings, withdrawn).unwrap());
    let cookieless = SiteSettings { identity: IdentityMode::Cookieless, ..SiteSettings::default() };
    assert_eq!(of(cookieless, &[]), Some(Refusal::Cookieless));
    assert_eq!(of(SiteSettings::default(), &[VISITOR.parse().unwrap()]), Some(Refusal::Withdrawn));
    let gpc = Headers { sec_gpc: b"1", ..Headers::default() };
    let said = take(&ada(), SiteSettings::default(), gpc, &[], Pipeline::capture_identity).unwrap();
    assert_eq!(reason(&said), Some(Refusal::OptOut));
    let mut elsewhere = ada();
    elsewhere["d"] = json!("other.example");
    assert_eq!(reason(&who(&elsewhere, SiteSettings::default(), &[]).unwrap()), Some(Refusal::UnknownSite));
    let mut address = ada();
    address["attributes"] = json!({ "ip": "203.0.113.7" });
    assert_eq!(
        reason(&who(&address, SiteSettings::default(), &[]).unwrap()),
        Some(Refusal::AddressNotAllowed)
    );
}

#[test]
fn a_body_that_says_nothing_of_anybody_names_the_field() {
    let without = |field: &str, value: Value| {
        let mut body = ada();
        body[field] = value;
        who(&body, SiteSettings::default(), &[]).unwrap_err().field
    };
    assert_eq!(without("id", Value::Null), "id");
    assert_eq!(without("id", json!("x".repeat(limits::GIVEN_ID_BYTES + 1))), "id");
    assert_eq!(without("visitor", json!("ada")), "visitor");
    assert_eq!(without("visitor", Value::Null), "visitor");
    assert_eq!(without("d", Value::Null), "domain");
    assert_eq!(without("attributes", json!("pro")), "attributes");
    assert_eq!(without("receipt", json!("none")), "receipt");
}

#[test]
fn a_consent_is_given_with_its_purposes_and_withdrawn_without() {
    let consent = |body: Value, headers: Headers<'_>| {
        take(&body, SiteSettings::default(), headers, &[], Pipeline::capture_consent)
    };
    let given = json!({ "d": "example.com", "visitor": VISITOR, "purposes": ["analytics"], "version": "v1" });
    let PageSaid::Consent(_, visitor, Some(read)) = consent(given.clone(), Headers::default()).unwrap()
    else {
        panic!()
    };
    assert_eq!(visitor, VISITOR.parse().unwrap());
    assert_eq!(read, Consent { purposes: vec!["analytics".to_owned()], text_version: "v1".to_owned() });
    let gpc = || Headers { sec_gpc: b"1", ..Headers::default() };
    assert_eq!(reason(&consent(given, gpc()).unwrap()), Some(Refusal::OptOut));
    let withdrawn = consent(json!({ "d": "example.com", "visitor": VISITOR }), gpc()).unwrap();
    assert!(matches!(withdrawn, PageSaid::Consent(_, _, None)), "whoever withdraws is heard");
    let without_version = json!({ "d": "example.com", "visitor": VISITOR, "purposes": ["analytics"] });
    assert_eq!(consent(without_version, Headers::default()).unwrap_err().field, "version");
}
