use domain::ClientAddress;

use super::*;

#[track_caller]
fn check(address: &str, country: &str) {
    let atlas = Atlas::open(None).expect("the bundled list is whole");
    let truncated = ClientAddress::new(address.parse().unwrap()).truncate().ip();
    let expected = Location { country: country.to_owned().into(), ..Location::default() };
    assert_eq!(atlas.locate(truncated), expected, "{address}");
}

#[test]
fn the_country_is_that_of_the_network() {
    check("8.8.8.8", "US");
    check("193.0.6.139", "NL");
    check("202.12.29.205", "AU");
    check("::ffff:8.8.8.8", "US");
    check("2001:67c:2e8:22::c100:68b", "NL");
}

#[test]
fn nobody_knows_where_private_and_reserved_networks_are() {
    for address in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.1",
        "127.0.0.1",
        "169.254.1.1",
        "172.16.0.1",
        "172.31.9.9",
        "192.168.1.1",
        "203.0.113.77",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fd00::1",
        "fe80::1",
        "2001:db8::1",
    ] {
        check(address, "");
    }
}

#[test]
fn a_database_that_is_absent_or_none_is_named() {
    let absent = Atlas::open(Some(Path::new("/nonexistent/places.mmdb"))).err().expect("absent");
    assert!(matches!(absent, PlacesError::Unreadable(_)), "{absent}");
    let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let damaged = Atlas::open(Some(&other)).err().expect("no database");
    assert!(matches!(damaged, PlacesError::Damaged(_)), "{damaged}");
}

#[test]
fn an_operators_database_without_places_falls_back_to_the_countries() {
    let countries = Path::new(env!("CARGO_MANIFEST_DIR")).join("lists/country.mmdb");
    let atlas = Atlas::open(Some(&countries)).expect("it is a database");
    assert_eq!(atlas.locate("8.8.8.0".parse().unwrap()).country.as_str(), "US");
}

#[test]
fn only_two_capital_letters_are_a_country() {
    for code in ["", "D", "de", "DEU", "ZZ", "1A", "\u{e4}"] {
        assert_eq!(country_code(code), None, "{code}");
    }
    assert_eq!(country_code("DE").as_deref(), Some("DE"));
}
