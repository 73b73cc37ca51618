//! What touches the world: the crates that do, and the names that pure crates may not use.

/// Crates that stand for input and output: the rooms of `src` that may name them.
pub const OUTSIDE: &[(&str, &[&str])] = &[
    ("sled", &["store"]),
    ("redb", &["store"]),
    ("reqwest", &["remote"]),
    ("actix_web", &["http", "proxy", "cli/serve.rs"]),
    ("actix_cors", &["http"]),
    ("actix_http", &["http"]),
    ("actix_service", &["http"]),
    ("tokio_rustls", &["http"]),
    ("prometheus_client", &["http", "proxy"]),
    ("hyper", &["remote"]),
    ("hyper_util", &["remote"]),
    ("hyper_rustls", &["remote"]),
    ("ring", &["token", "http"]),
    ("ipnet", &["config"]),
    ("clap", &["cli", "main.rs"]),
    ("jsonschema", &["schema"]),
    ("indicatif", &["remote", "cli/validate/progress.rs"]),
    ("memmap2", &["images"]),
    ("csv", &["terminology"]),
    ("zip", &["terminology"]),
    ("askama", &["page"]),
];

/// What the pure crates may not name.
pub const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "std::env::",
    "std::time",
    "std::io::std",
    "SystemTime",
    "Instant::now",
    "println!(",
    "print!(",
    "reqwest",
    "tokio",
    "actix",
    "sled",
    "redb",
    "memmap2",
    "tracing::",
    "rand::",
];
