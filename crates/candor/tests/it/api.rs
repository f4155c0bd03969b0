//! Addresses under `/api`.

mod health;
