//! A pair of keys: to the public half anybody can seal, with the private half alone it opens (HPKE, RFC 9180, in
//! base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM).

use std::convert::Infallible;

use domain::Rng;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeR, OpModeS, Serializable};
use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::Refused;
use crate::key::{KEY_BYTES, Key};

/// Bytes of a sealed key: the version of the pair, an ephemeral public key, the key and a tag.
pub const SEALED_KEY_BYTES: usize = 4 + 32 + KEY_BYTES + 16;

/// What the seals of this crate are told apart by from those of any other protocol.
const INFO: [u8; 19] = *b"candor sealed key 1";

/// The half that may be known to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey(pub [u8; 32]);

/// To whom is sealed: the newest pair of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Which of the site's pairs it is.
    pub version: u32,
    /// Its public half.
    pub public: PublicKey,
}

/// Both halves.
pub struct Pair {
    private: Key,
    public: PublicKey,
}

/// A key that only the private half of a pair can open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedKey([u8; SEALED_KEY_BYTES]);

/// The randomness that is handed in, as HPKE wants it.
struct Random<'a>(&'a dyn Rng);

impl rand_core::TryRng for Random<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.0.next_u128() as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.0.next_u128() as u64)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Random<'_> {}

impl Pair {
    /// A fresh one.
    pub fn random(rng: &dyn Rng) -> Self {
        Self::of_private(Key::random(rng))
    }

    /// The pair with this private half.
    pub fn of_private(private: Key) -> Self {
        let half = private_half(&private);
        let mut public = [0; 32];
        X25519HkdfSha256::sk_to_pk(&half).write_exact(&mut public);
        Self { private, public: PublicKey(public) }
    }

    /// The private half, to be wrapped.
    pub fn private(&self) -> &Key {
        &self.private
    }

    /// The public half.
    pub fn public(&self) -> PublicKey {
        self.public
    }

    /// Opens a key that was sealed to the public half under `label`.
    ///
    /// # Errors
    /// [`Refused`] where it was altered, stands under another label, or was sealed to another.
    pub fn open(&self, sealed: &SealedKey, label: &[u8]) -> Result<Key, Refused> {
        let info = info(sealed.version());
        let (encapped, sealed) = sealed.0[4..].split_at(32);
        let encapped = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapped).map_err(|_| Refused)?;
        let half = private_half(&self.private);
        let mut opened = hpke::single_shot_open::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &half,
            &encapped,
            &info,
            sealed,
            label,
        )
        .map_err(|_| Refused)?;
        let key = opened.first_chunk_mut::<KEY_BYTES>().map(Key::take).ok_or(Refused);
        opened.zeroize();
        key
    }
}

/// The version is bound, too, so that nothing of a sealed key can be changed.
fn info(version: u32) -> Vec<u8> {
    [&INFO[..], &version.to_le_bytes()].concat()
}

fn private_half(private: &Key) -> <X25519HkdfSha256 as Kem>::PrivateKey {
    <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(private.bytes())
        .expect("any 32 bytes are a private key")
}

impl Recipient {
    /// A fresh key, and the same key sealed to this recipient under `label`.
    ///
    /// # Errors
    /// [`Refused`] where the public key is none that anybody can have the private half of.
    pub fn fresh_key(&self, label: &[u8], rng: &dyn Rng) -> Result<(Key, SealedKey), Refused> {
        let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.public.0).map_err(|_| Refused)?;
        let key = Key::random(rng);
        let (encapped, sealed) = hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
            &OpModeS::Base,
            &public,
            &info(self.version),
            key.bytes(),
            label,
            &mut Random(rng),
        )
        .map_err(|_| Refused)?;
        let mut bytes = [0; SEALED_KEY_BYTES];
        bytes[..4].copy_from_slice(&self.version.to_le_bytes());
        encapped.write_exact(&mut bytes[4..36]);
        bytes[36..].copy_from_slice(&sealed);
        Ok((key, SealedKey(bytes)))
    }
}

impl SealedKey {
    /// From its bytes, if there are so many.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; SEALED_KEY_BYTES] {
        &self.0
    }

    /// Which of the site's pairs it was sealed to.
    pub fn version(&self) -> u32 {
        let mut version = [0; 4];
        version.copy_from_slice(&self.0[..4]);
        u32::from_le_bytes(version)
    }
}

#[cfg(test)]
mod tests;
