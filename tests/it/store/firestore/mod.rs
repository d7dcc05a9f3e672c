//! Firestore, on Google's emulator.

mod address;
mod by_hand;
mod conflicts;
mod cursors;
mod faults;
mod indexes;
mod limits;
mod lost;
mod suite;
mod world;
