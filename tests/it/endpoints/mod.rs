//! The authorization of every endpoint.
