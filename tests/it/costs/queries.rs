//! What is sent to the warehouse.
