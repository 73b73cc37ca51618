#!/usr/bin/env bash
# The ratio to a Rust peer (rh-validator), both in one run, one thread, warmed, parse included: the US Core 6.1.0 examples
# under their base and declared profiles. Reads the shared folder; the peer is built in target/peer, which takes minutes once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
shared="${ACCORD_SHARED:-../shared}"
passes="${1:-5}"
if [ ! -d "$shared/peers/rh" ]; then
    echo "not here: $shared/peers/rh" >&2
    exit 3
fi

peer="$PWD/target/peer"
mkdir -p "$peer/driver"
cp -r "$shared/peers/rh/." "$peer/driver/"
chmod -R u+w "$peer/driver"
cargo build --release --quiet --manifest-path "$peer/driver/Cargo.toml" --target-dir "$peer/build"
cargo build --release --quiet
cargo bench --quiet --bench evaluate --no-run

# What the peer reads: R4 core in the package cache of its home, the guide unpacked, the examples as NDJSON.
core="$peer/home/.fhir/packages/hl7.fhir.r4.core#4.0.1"
guide="$peer/us-core"
for pair in "hl7.fhir.r4.core-4.0.1 $core" "hl7.fhir.us.core-6.1.0 $guide"; do
    read -r archive folder <<<"$pair"
    if [ ! -d "$folder/package" ]; then
        mkdir -p "$folder"
        tar xzf "$shared/packages/$archive.tgz" -C "$folder"
    fi
done
examples="$peer/us-core-6.1.0.ndjson"
python3 "$shared/peers/us_core_ndjson.py" "$examples" >/dev/null

peer_says="$(HOME="$peer/home" "$peer/build/release/rhrun" bench "$examples" "$guide/package" auto "$passes")"
accord_says="$(ACCORD_NDJSON="$examples" ACCORD_PASSES="$((passes * 20))" cargo bench --quiet --bench evaluate)"
echo "$peer_says"
echo "$accord_says"

speed() { grep 'parse+validate' | sed -E 's|.*-> ([0-9.]+) resources/s.*|\1|'; }
awk -v accord="$(speed <<<"$accord_says")" -v peer="$(speed <<<"$peer_says")" \
    'BEGIN { printf "accord %.0f resources/s, peer %.0f resources/s: ratio %.1f\n", accord, peer, accord / peer }'
