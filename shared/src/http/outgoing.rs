//! Requests to others.

/// A client to be set up for requests to others, over TLS by rustls.
pub fn outgoing() -> reqwest::ClientBuilder {
    begin_tls();
    reqwest::Client::builder()
}

/// Names the one implementation of cryptography for TLS. To be called before any client is made.
pub(crate) fn begin_tls() {
    // Whoever was first installed the same.
    let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
}
