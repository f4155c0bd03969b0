//! Turns untrusted bytes into clean values or a named refusal; no storage.
