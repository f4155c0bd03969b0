//! An authenticator and its browser, for tests: it does what it is told, right or wrong.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::{Value, json};

/// Flags of authenticator data.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const CAN_BE_BACKED_UP: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const HOLDS_A_CREDENTIAL: u8 = 1 << 6;

/// A device with one passkey.
pub(crate) struct Device {
    pair: EcdsaKeyPair,
    id: [u8; 16],
    pub(crate) origin: String,
    pub(crate) counter: u32,
    pub(crate) verifies: bool,
    pub(crate) is_backed_up: bool,
    pub(crate) handle: Option<String>,
}

impl Device {
    pub(crate) fn new(origin: &str, id: u8) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key pair");
        let origin = origin.to_owned();
        Self { pair, id: [id; 16], origin, counter: 0, verifies: true, is_backed_up: false, handle: None }
    }

    /// What `navigator.credentials.create` gives.
    pub(crate) fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        self.handle = options["publicKey"]["user"]["id"].as_str().map(str::to_owned);
        let rp = options["publicKey"]["rp"]["id"].as_str().expect("a host");
        let data =
            [self.data(rp, HOLDS_A_CREDENTIAL), vec![0; 16], vec![0, 16], self.id.to_vec(), self.cose()];
        let data = data.concat();
        // A CBOR map of three: fmt "none", attStmt {}, authData of as many bytes.
        let length = u8::try_from(data.len()).expect("short");
        let object = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", &[length][..], &data].concat();
        let client = self.client("webauthn.create", &options);
        let response = json!({"attestationObject": encoded(&object), "clientDataJSON": encoded(&client)});
        self.credential(&response)
    }

    /// What `navigator.credentials.get` gives.
    pub(crate) fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        let data = self.data(options["publicKey"]["rpId"].as_str().expect("a host"), 0);
        let client = self.client("webauthn.get", &options);
        let signed = [&data[..], digest(&SHA256, &client).as_ref()].concat();
        let signature = self.pair.sign(&SystemRandom::new(), &signed).expect("it signs");
        let response = json!({
            "authenticatorData": encoded(&data),
            "clientDataJSON": encoded(&client),
            "signature": encoded(signature.as_ref()),
            "userHandle": self.handle,
        });
        self.credential(&response)
    }

    fn credential(&self, response: &Value) -> String {
        let id = encoded(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {}})
            .to_string()
    }

    fn data(&self, rp: &str, more: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let backed_up = if self.is_backed_up { BACKED_UP } else { 0 };
        let flags = PRESENT | CAN_BE_BACKED_UP | verified | backed_up | more;
        [digest(&SHA256, rp.as_bytes()).as_ref(), &[flags], &self.counter.to_be_bytes()].concat()
    }

    fn client(&self, kind: &str, options: &Value) -> Vec<u8> {
        let challenge = &options["publicKey"]["challenge"];
        json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    /// The public half: EC2, ES256, P-256, x and y.
    fn cose(&self) -> Vec<u8> {
        let point = self.pair.public_key().as_ref();
        [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", &point[1..33], b"\x22\x58\x20", &point[33..]].concat()
    }
}

fn encoded(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}
