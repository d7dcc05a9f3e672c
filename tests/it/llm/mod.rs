//! LLM sources: connected, asked through the sandbox, and held to what they bill.

mod api;
mod captured;
mod faults;
mod keys;
mod made_up;
mod meters;
mod money;
mod scopes;
mod world;
