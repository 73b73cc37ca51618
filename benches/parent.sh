#!/usr/bin/env bash
# Sets the release binary of another commit (default: the parent of HEAD) beside this one on the US Core 6.1.0 examples: both
# run alternately, in process (the bench `evaluate`) and through the command line with its output. Prints medians and ratios.
# Reads the shared folder; the other commit is built in target/parent, which takes minutes once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
shared="${ACCORD_SHARED:-../shared}"
commit="$(git rev-parse "${1:-HEAD^}")"
rounds="${2:-9}"
if [ ! -d "$shared/peers" ]; then
    echo "not here: $shared/peers" >&2
    exit 3
fi
other="$PWD/target/parent"
if [ ! -d "$other/tree" ]; then
    git worktree add --force --detach "$other/tree" "$commit" >/dev/null
fi
git -C "$other/tree" checkout --quiet --detach "$commit"
bench() { # folder: builds the binary and the bench, prints the bench's path
    (cd "$1" && cargo build --release --quiet && cargo bench --bench evaluate --no-run --message-format=json 2>/dev/null) |
        sed -nE 's/.*"name":"evaluate".*"executable":"([^"]+)".*/\1/p' | tail -1
}
theirs_bench="$(CARGO_TARGET_DIR="$other/build" bench "$other/tree")"
theirs="$other/build/release/accord"
ours_bench="$(bench .)"
ours="${CARGO_TARGET_DIR:-target}/release/accord"

examples="$other/us-core-6.1.0.ndjson"
python3 "$shared/peers/us_core_ndjson.py" "$examples" >/dev/null
for _ in $(seq 20); do cat "$examples"; done >"$other/many.ndjson"

in_process() { ACCORD_NDJSON="$examples" ACCORD_PASSES=60 "$1" | sed -nE 's|.*-> ([0-9.]+) resources/s.*|\1|p'; }
by_line() { # resources per second of one whole process, its output written
    local started ended
    started="$(date +%s%N)"
    "$1" validate "$other/many.ndjson" --package hl7.fhir.us.core#6.1.0 --format ndjson >"$other/out.ndjson" || true
    ended="$(date +%s%N)"
    awk -v ns="$((ended - started))" -v n="$(wc -l <"$other/many.ndjson")" 'BEGIN { printf "%.0f\n", n / (ns / 1e9) }'
}
for name in in_process by_line; do
    for round in $(seq "$rounds"); do
        if [ "$name" = in_process ]; then a="$ours_bench" b="$theirs_bench"; else a="$ours" b="$theirs"; fi
        echo "$("$name" "$a") $("$name" "$b")"
    done | awk -v name="$name" '{ ours[NR] = $1; theirs[NR] = $2; ratio[NR] = $1 / $2 }
        function median(x, n,   i, j, t) { for (i = 1; i <= n; i++) for (j = i + 1; j <= n; j++) if (x[j] < x[i]) { t = x[i]; x[i] = x[j]; x[j] = t } return x[int((n + 1) / 2)] }
        END { printf "%s: ours %.0f resources/s, theirs %.0f, ratio of pairs: median %.2f of %d\n", name, median(ours, NR), median(theirs, NR), median(ratio, NR), NR }'
done
echo "cold, one Patient: ours $( (/usr/bin/time -f '%e s, %M KB' "$ours" validate examples/us-core-patient.json >/dev/null) 2>&1), theirs $( (/usr/bin/time -f '%e s, %M KB' "$theirs" validate examples/us-core-patient.json >/dev/null) 2>&1)"
echo "peak memory on the examples: ours $( (/usr/bin/time -f '%M KB' "$ours" validate "$examples" --package hl7.fhir.us.core#6.1.0 --format ndjson >/dev/null) 2>&1 | tail -1), theirs $( (/usr/bin/time -f '%M KB' "$theirs" validate "$examples" --package hl7.fhir.us.core#6.1.0 --format ndjson >/dev/null) 2>&1 | tail -1)"
