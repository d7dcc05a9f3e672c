//! Every function in one process.

mod router;

pub use self::router::{openapi, router};
