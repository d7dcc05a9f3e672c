//! Free ports of this machine.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::Mutex,
};

/// Below those that the kernel gives away by itself (from 32768): nobody else gets one between our
/// look and the emulator's start.
const FIRST: u16 = 20_000;
const LAST: u16 = 32_000;

/// A port that nobody listens on, never given twice by one process.
///
/// # Panics
///
/// Where none is left.
pub(super) fn free() -> u16 {
    static NEXT: Mutex<Option<u16>> = Mutex::new(None);
    let mut next = NEXT.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    for port in next.unwrap_or_else(start)..LAST {
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            *next = Some(port + 1);
            return port;
        }
    }
    panic!("no port below {LAST} is free")
}

/// Processes that run at the same time begin to look at different places.
fn start() -> u16 {
    let span = u32::from(LAST - FIRST) / 2;
    FIRST + u16::try_from(std::process::id().wrapping_mul(16) % span).unwrap_or(0)
}
