use super::*;
use crate::ClientAddress;

fn entry() -> NewEntry {
    let ann = Actor::new(ActorKind::Person, 17_u64);
    NewEntry::new(Timestamp(5), ann, Act::Invite, Object::new(ObjectKind::Invitation, "abc"))
}

fn written(entry: &NewEntry) -> String {
    serde_json::to_string(&entry.numbered(3, |address| format!("digest of {} bytes", address.len()))).unwrap()
}

#[test]
fn an_entry_is_the_same_text_whatever_the_order_in_which_it_was_made() {
    let network = Some(ClientAddress::new("203.0.113.9".parse().unwrap()).truncate());
    let one = entry().with("role", "admin").with("sites", 2).at_network(network);
    let other = entry().at_network(network).with("sites", 2).with("role", "admin");
    assert_eq!(
        written(&one),
        "{\"number\":3,\"at\":5,\"actor\":{\"kind\":\"person\",\"id\":\"17\"},\"network\":\"203.0.113.0\",\
         \"act\":\"invite\",\"object\":{\"kind\":\"invitation\",\"id\":\"abc\"},\
         \"details\":{\"role\":\"admin\",\"sites\":\"2\"}}"
    );
    assert_eq!(written(&one), written(&other));
}

#[test]
fn no_e_mail_address_gets_into_an_entry() {
    let address = "Ann@Example.com";
    let object = Object::new(ObjectKind::Person, address);
    let by = Actor::new(ActorKind::Person, address);
    let entry = NewEntry::new(Timestamp(5), by, Act::Invite, object);
    let text = written(&entry.with_address("email", address).with("note", format!("to {address}")));
    assert!(!text.contains('@'), "{text}");
    assert!(text.contains(r#""details":{"email":"digest of 15 bytes","note":"(left out)"}"#), "{text}");
}

#[test]
fn an_e_mail_address_is_the_same_however_it_is_written() {
    let digest = |address: &str| {
        let entry = entry().with_address("email", address);
        entry.numbered(1, ToOwned::to_owned).details["email"].clone()
    };
    assert_eq!(digest(" Ann@Example.com"), digest("ann@example.COM"));
}

#[test]
fn what_is_told_of_an_act_is_cleaned_and_within_limits() {
    let long = "x".repeat(DETAIL_BYTES + 1);
    let mut entry = entry().with("long", &long).with("card", "4111111111111111").with("lines", "a\nb");
    let mut more = Details::none();
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p"] {
        more.add(name, "");
    }
    let details = entry.numbered(1, ToOwned::to_owned).details;
    assert_eq!(details["long"].len(), DETAIL_BYTES);
    assert_eq!(details["card"], "*".repeat(16));
    assert_eq!(details["lines"], "a b");
    entry.add(more);
    assert_eq!(entry.numbered(1, ToOwned::to_owned).details.len(), DETAILS);
}

#[test]
fn every_word_is_read_as_it_is_written() {
    for act in Act::ALL {
        assert_eq!(act.as_str().parse(), Ok(*act));
        assert_eq!(serde_json::to_string(act).unwrap(), format!("\"{act}\""));
    }
    assert_eq!("nothing".parse::<Act>(), Err(NoSuchWord));
}
