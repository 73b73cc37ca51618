//! Images: the compiled form of packages, as read-only files and in the binary.

pub mod embedded;
