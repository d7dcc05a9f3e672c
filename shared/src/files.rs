//! Uploaded files and what they are kept as: a folder embedded, a bucket on Google Cloud.
