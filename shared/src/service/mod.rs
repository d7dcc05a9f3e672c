//! A router as a service: what all functions answer and do in the same way.

mod app;

pub use self::app::app;
