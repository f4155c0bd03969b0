//! Everything in the control database.
