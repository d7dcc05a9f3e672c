//! Every function in one process.
