//! Passkeys.
use super::begin::Shown;
use super::{Hands, People, Stop};
use domain::PersonId;
use sealing::protocol::people::{Ask, NotDone, Ticket, Told};
impl People {
    pub(super) fn act_on_passkey(&mut self, _: Ask, _: &Hands<'_>) -> Result<Told, Stop> {
        Err(NotDone::Denied.into())
    }
    pub(super) fn check_passkey(
        &mut self,
        _: Ticket,
        _: &str,
        _: Option<PersonId>,
        _: &Hands<'_>,
    ) -> Result<PersonId, Stop> {
        Err(NotDone::Denied.into())
    }
    pub(super) fn first_passkey(
        &mut self,
        _: Ticket,
        _: &str,
        _: &Hands<'_>,
    ) -> Result<(PersonId, Shown), NotDone> {
        Err(NotDone::Denied)
    }
    pub(super) fn finish_registration(
        &mut self,
        _: Ticket,
        _: &str,
        _: PersonId,
        _: &Hands<'_>,
    ) -> Result<String, Stop> {
        Err(NotDone::Denied.into())
    }
}
