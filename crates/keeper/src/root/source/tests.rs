use super::*;

fn read(text: &str) -> Result<String, String> {
    text.parse::<RootSource>().map(|source| source.to_string()).map_err(|error| error.to_string())
}

#[test]
fn a_source_is_written_as_it_is_read() {
    for text in [
        "file",
        "passphrase",
        "credential",
        "transit:/run/bao/agent.sock?key=candor",
        "transit:/run/bao/agent.sock?key=candor&mount=keys/transit",
        "pkcs11:token=candor;object=candor-root?module-path=/usr/lib/softhsm/libsofthsm2.so",
        "pkcs11:token=a%20b;serial=12%3B4;object=c?module-path=/m.so&pin-source=/etc/candor/pin",
    ] {
        assert_eq!(read(text), Ok(text.to_owned()));
    }
    assert_eq!(
        read("pkcs11:object=c;token=t?pin-source=file:///etc/pin&module-path=/m.so"),
        Ok("pkcs11:token=t;object=c?module-path=/m.so&pin-source=/etc/pin".to_owned())
    );
}

#[test]
fn a_source_that_is_not_understood_whole_is_refused_with_what_is_wrong() {
    for (text, expected) in [
        ("", "is no source"),
        ("files", "there are file, passphrase, credential"),
        ("tpm:", "is no source"),
        ("transit:/run/agent.sock", "lacks key="),
        ("transit:?key=a", "lacks the path of its socket"),
        ("transit:agent.sock?key=a", "the path of its socket that cannot be read"),
        ("transit:/a?key=a/b", "key= that cannot be read"),
        ("transit:/a?key=a&mount=../sys", "mount= that cannot be read"),
        ("transit:/a?key=a&token=s.123", "has token="),
        ("pkcs11:object=a?module-path=/m.so", "lacks token="),
        ("pkcs11:token=a?module-path=/m.so", "lacks object="),
        ("pkcs11:token=a;object=b", "lacks module-path="),
        ("pkcs11:token=a;object=b?module-path=m.so", "module-path= that cannot be read"),
        ("pkcs11:token=a%2;object=b?module-path=/m.so", "token= that cannot be read"),
        ("pkcs11:token=a%+f;object=b?module-path=/m.so", "token= that cannot be read"),
        ("pkcs11:token=a;object=b;id=%01?module-path=/m.so", "has id="),
        ("pkcs11:token=a;object=b?module-path=/m.so&pin-value=1234", "name a file with pin-source="),
    ] {
        let refused = read(text).unwrap_err();
        assert!(refused.contains(expected), "{text}: {refused}");
        assert!(!refused.contains("1234"), "{refused}");
    }
}
