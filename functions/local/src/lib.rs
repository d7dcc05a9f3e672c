//! Every function in one process.

mod delivery;
mod router;

pub use self::{
    delivery::Delivery,
    router::{openapi, router},
};
