//! Addresses under `/api`.

mod event;
mod health;
mod openapi;
mod sites;
mod v2;
