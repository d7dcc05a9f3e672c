//! Runs announced and delivered: by Pub/Sub, by Eventarc, by a sweep.

mod cloud;
mod events;
mod given_up;
mod imports;
mod published;
mod pushed;
mod refused;
mod relay;
mod signed;
mod suite;
mod topics;
mod traces;

pub(crate) use self::suite::taken;
