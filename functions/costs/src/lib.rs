//! `costs`
