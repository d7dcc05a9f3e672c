//! The proxy that fails on purpose: before REST and before gRPC.

mod grpc;
mod rest;
