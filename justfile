# `cargo install just` gives the command; set-up and tests do without it.

# The tests, as the README tells.
test:
    cargo test --workspace

# What continuous integration runs: format, lints, documentation, tests, fuzz targets, dependencies.
ci:
    .ci/run

# One of those steps: components, format, lints, documentation, tests, fuzz, page, editor, python, packaging, deny, advisories.
check STEP:
    .ci/run {{STEP}}

# Licences and sources of dependencies, by deny.toml; the tool is built at its first use (a minute or two).
deny:
    .ci/run deny

# The pages in a browser: axe-core, keyboard, requests, paper, narrow windows (needs Node.js and Chromium).
page:
    .ci/run page

# The language server by the library that editors use, and the extension for VS Code (needs Node.js).
editor:
    .ci/run editor

# The Python module and its tests (needs Python and a network).
python:
    .ci/run python

# Packs the crates as they would be published, and builds each from its package (a good ten minutes, 5 GB, a network).
publish-check:
    packaging/crates --verify

# The crates' packages, the container file, the systemd unit, completions, manual pages, with the tools that are here.
packaging:
    .ci/run packaging

# The interceptor for HAPI FHIR servers in examples/ (needs Java 17 and Maven); with a built binary, against it too.
hapi-example PROGRAM='target/release/accord':
    program="$(realpath -e '{{PROGRAM}}' 2>/dev/null || true)"; cd examples/hapi-interceptor && ACCORD="$program" mvn -q -B test

# Known vulnerabilities of dependencies; their database is fetched.
advisories:
    .ci/run advisories

# Compiles examples/guide anew with SUSHI (needs Node.js, and the guide's packages in ~/.fhir/packages or a network).
example-guide SUSHI='npx --yes fsh-sushi@3.21.0':
    cd examples/guide && {{SUSHI}} build . && cd fsh-generated && rm -rf data includes fsh-index.txt fsh-index.json

# Rewrites what tests compare with: ledgers, golden files (insta), generated pages and what pages show, the ratchets.
# Review the difference.
bless:
    ACCORD_BLESS=1 INSTA_UPDATE=always cargo test --workspace

# All pairs of profiles of the embedded guides: how many are decided, and proofs attacked by instances (docs/relations.md).
relations INSTANCES='100000':
    cargo bench --bench relations -- {{INSTANCES}}

# Mutants of valid examples, judged by the engine and by the official validator (needs the shared folder, Java, Maven);
# `benches/oracle/main.rs` names the arguments.
oracle NUMBER='1000' *ARGS:
    cargo bench --bench oracle -- --number {{NUMBER}} {{ARGS}}

# Speed on this machine: parse, compile, evaluate, fhirpath, invariants, negotiate.
bench *NAMES:
    cargo bench {{NAMES}}

# Beside a Rust peer on the US Core 6.1.0 examples, both in one run (needs the shared folder; the first build is slow).
bench-peer:
    benches/peer.sh

# Drives the release binary at 80 % of its capacity, with attacks, kills and a full disk; the report is in benches/record/.
soak MINUTES='30' *ARGS:
    cargo bench --bench soak -- {{MINUTES}} {{ARGS}}

# Kills the store's process with kill -9 and damages its files, so many times with each engine (docs/operations.md).
killed ROUNDS='1000':
    ACCORD_KILL_ROUNDS={{ROUNDS}} cargo test --test api killed -- --nocapture

# Kills a service that keeps parties, and looks whether what it acknowledged is there.
killed-parties ROUNDS='200':
    ACCORD_KILL_PARTIES_ROUNDS={{ROUNDS}} cargo test --test api parties::killed -- --nocapture

# Both engines of the store: writes, reads, sizes, opening (docs/adr/store.md).
bench-store *ARGS:
    cargo bench --bench store -- {{ARGS}}

# The service under load: requests a second, its own time for each, latencies, memory (`--requests N`, `--program PATH`).
bench-http *ARGS:
    cargo bench --bench http -- {{ARGS}}

# This commit beside another (default: its parent), both run alternately (needs the shared folder; the first build is slow).
bench-parent *ARGS:
    benches/parent.sh {{ARGS}}

# Mutated seeds against one fuzz target on stable; with nightly and cargo-fuzz: `cargo fuzz run TARGET` in `fuzz/`.
fuzz TARGET='fhirpath' SECONDS='600':
    ACCORD_FUZZ_TARGET={{TARGET}} ACCORD_FUZZ_SECONDS={{SECONDS}} cargo test --test fuzz_smoke targets -- --nocapture

# The documents as a book, in target/book (needs mdBook: `cargo install mdbook`). Links and commands: `cargo test --test documents`.
book *ARGS:
    mdbook build {{ARGS}}
