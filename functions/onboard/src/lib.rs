//! `onboard`
