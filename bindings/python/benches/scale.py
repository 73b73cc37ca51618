"""Instances a second of one and of two processes beside the command line with one thread, and what each maps.

    python benches/scale.py --program PATH [--instances FILE.ndjson] [--number 20000] [--package ID#VERSION]

Everything is measured in one run, in turns, so that the ratios hold where the machine is shared; the best turn counts.
"""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import pyarrow as pa

import accord.arrow

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
ROUNDS = 5
BATCH = 1_000


def instances(path, number):
    """So many instances: of an NDJSON file, else of the examples."""
    if path:
        texts = [line for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]
    else:
        documents = (json.loads(p.read_text(encoding="utf-8")) for p in sorted(EXAMPLES.glob("us-core-*.json")))
        texts = [json.dumps(d) for d in documents]
    return (texts * (number // len(texts) + 1))[:number]


def memory():
    """Proportional and resident bytes of this process, and those of the module's library that are resident."""
    sums, library, is_library = {"Pss": 0, "Rss": 0}, 0, False
    for line in Path("/proc/self/smaps").read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition(":")
        if " " in name:
            is_library = "_native" in line
        elif name in sums:
            kilobytes = int(rest.split()[0]) << 10
            sums[name] += kilobytes
            library += kilobytes if is_library and name == "Rss" else 0
    return {**sums, "library": library}


def worker(texts, packages, asked, told):
    """Validates all texts whenever it is asked to, and tells the seconds of its processor."""
    check = accord.arrow.validator(packages=packages)
    batches = [pa.RecordBatch.from_pydict({"resource": texts[n : n + BATCH]}) for n in range(0, len(texts), BATCH)]
    list(check(batches[:1]))
    told.put("ready")
    while asked.get():
        before = time.process_time()
        verdicts = [v for b in check(batches) for v in b.column("verdict").to_pylist()]
        told.put((time.process_time() - before, verdicts.count("valid"), memory()))


def program(path, file, packages):
    """The command line with one thread: seconds of its processor."""
    named = [o for p in packages for o in ("--package", p)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    args = [path, "validate", "--quiet", "--jobs", "1", "--format", "ndjson", *named, file]
    done = subprocess.run(args, stdout=subprocess.PIPE, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, sum(json.loads(line)["verdict"] == "valid" for line in done.stdout.splitlines())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--instances")
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--package", action="append", default=None)
    args = parser.parse_args()
    packages = args.package or ["hl7.fhir.us.core#6.1.0"]
    texts = instances(args.instances, args.number)
    context = multiprocessing.get_context("spawn")
    crew = []
    for _ in range(2):
        asked, told = context.Queue(), context.Queue()
        crew.append((context.Process(target=worker, args=(texts, packages, asked, told)), asked, told))
        crew[-1][0].start()
    for _, _, told in crew:
        told.get()

    def turn(members):
        """The seconds until these have done, those of the processor for one, and what they tell."""
        started = time.perf_counter()
        for _, asked, _ in members:
            asked.put(True)
        done = [told.get() for _, _, told in members]
        return time.perf_counter() - started, done

    ones, twos, lines, spent, told = [], [], [], [], None
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "all.ndjson")
        Path(file).write_text("\n".join(texts), encoding="utf-8")
        for _ in range(ROUNDS):
            lines.append(program(args.program, file, packages))
            ones.append(turn(crew[:1]))
            seconds, told = turn(crew)
            twos.append(seconds)
            spent.append(sum(own for own, _, _ in told) / 2)
    for process, asked, _ in crew:
        asked.put(False)
        process.join()
    assert {valid for _, done in ones for _, valid, _ in done} == {valid for _, valid in lines}, "verdicts differ"
    by_line, by_one = min(s for s, _ in lines), min(done[0][0] for _, done in ones)
    one, two = min(s for s, _ in ones), min(twos)
    number, size = len(texts), sum(map(len, texts)) / len(texts)
    print(f"{number} instances of {size:.0f} characters, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"command line, one thread: {number / by_line:.0f} instances for each second of the processor")
    print(f"one process:              {number / by_one:.0f} ({by_line / by_one:.0%} of the command line)")
    print(f"one process:              {number / one:.0f} instances a second; two: {2 * number / two:.0f} ({2 * one / two:.2f} ×)")
    print(f"of the processor's time, one spends {by_one / min(spent):.0%} of what each of two spends")
    for n, (_, _, held) in enumerate(told):
        shown = ", ".join(f"{name} {value / (1 << 20):.0f} MiB" for name, value in held.items())
        print(f"process {n + 1}: {shown}")


if __name__ == "__main__":
    main()
