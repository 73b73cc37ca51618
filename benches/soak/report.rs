//! The report, and whether it is good.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::course::{Course, Full, Life, SHARE};
use crate::histogram::Histogram;
use crate::load::World;
use crate::options::Options;
use crate::room::Room;
use crate::service::Service;
use crate::tally::{INSTANCES, Tally};

/// What is asked for.
const P99_BY_P50: f64 = 10.0;
const QUEUED: f64 = 3.0;
const HEALTH_MILLIS: f64 = 50.0;
const REACHED: f64 = 0.98;
/// Memory at the end of a life by memory at its start: as much as the allocator may keep.
const FLAT: f64 = 1.25;
/// A life has to last so many seconds before its memory says anything.
const SETTLED: usize = 20;

struct Check {
    what: &'static str,
    found: String,
    is_good: bool,
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    output.map_or_else(|_| String::new(), |o| String::from_utf8_lossy(&o.stdout).trim().to_owned())
}

fn in_file(path: &str, key: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with(key)).unwrap_or_default();
    line.split_once(':').map_or("", |(_, value)| value).trim().to_owned()
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, |n| n.get());
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let memory: f64 =
        in_file("/proc/meminfo", "MemTotal").split(' ').next().and_then(|n| n.parse().ok()).unwrap_or(0.0);
    let cpu = in_file("/proc/cpuinfo", "model name");
    format!("{cpu}, {cores} cores, {:.1} GB of memory, Linux {}", memory / 1e6, kernel.trim())
}

fn median(mut all: Vec<u64>) -> f64 {
    all.sort_unstable();
    all.get(all.len() / 2).map_or(0.0, |kb| *kb as f64 / 1024.0)
}

/// Memory in MB at the start of a life, at its end, and the most, without the first seconds.
fn memory(life: &Life) -> Option<(f64, f64, f64)> {
    let settled = life.memory.get(SETTLED / 4..).filter(|m| m.len() >= SETTLED)?;
    let third = settled.len() / 3;
    let most = settled.iter().max().map_or(0.0, |kb| *kb as f64 / 1024.0);
    Some((median(settled[..third].to_vec()), median(settled[settled.len() - third..].to_vec()), most))
}

fn growth(lives: &[Life]) -> Option<f64> {
    let mut all: Vec<f64> = lives.iter().filter_map(memory).map(|(start, end, _)| end / start).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied()
}

fn full(full: Option<&Full>) -> Check {
    let what = "A full disk: 507, nothing lost, then success without a restart";
    let Some(full) = full else {
        return Check { what, found: "not done: no file system of its own".to_owned(), is_good: false };
    };
    let passed = full.passed.map_or_else(|| "never".to_owned(), |t| format!("after {} ms", t.as_millis()));
    let found =
        format!("{} after {} more, {} lost, acknowledged again {passed}", full.refused, full.acknowledged, full.lost);
    Check { what, found, is_good: full.refused == 507 && full.lost == 0 && full.passed.is_some() }
}

fn checks(course: &Course, service: &Service) -> Vec<Check> {
    let tally = &course.tally;
    let count = |what, number: u64, found: String| Check { what, found, is_good: number == 0 };
    let lost: u64 = course.lives.iter().map(|l| l.lost.len() as u64).sum();
    let kills = course.lives.len() - 1;
    let wrong = format!("{} of {} verdicts", tally.wrong_count, tally.compared);
    let found = format!("{lost} of {}, after {kills} kills", course.acknowledged);
    let [due, sent] = [&tally.due, &tally.sent].map(|times| (times.millis(0.5), times.millis(0.99)));
    let ratios = [due, sent].map(|(p50, p99)| p99 / p50);
    let health = tally.health[0].millis(0.99);
    let of_instances = tally.answers_with(|what, status| INSTANCES.contains(&what) && status >= 500);
    let others = tally.answers_with(|_, status| status >= 500 && status != 503 && status != 507);
    let reached = tally.load() as f64 / course.seconds / (course.capacity * SHARE);
    let panics = service.logged().matches("panicked").count() as u64;
    let growth = growth(&course.lives);
    vec![
        count("Wrong verdicts", tally.wrong_count, wrong),
        count("Acknowledged negotiations lost", lost, found),
        full(course.full.as_ref()),
        Check {
            what: "p99 of small valid requests at most 10 × p50, from when they were due and from when they were sent; \
                nothing queues up: p50 from when they were due at most 3 × p50 from when they were sent",
            found: format!(
                "{:.2} ms by {:.2} ms: {:.1}; {:.2} ms by {:.2} ms: {:.1}",
                due.1, due.0, ratios[0], sent.1, sent.0, ratios[1]
            ),
            is_good: ratios.iter().all(|ratio| *ratio <= P99_BY_P50) && due.0 <= QUEUED * sent.0,
        },
        Check {
            what: "p99 of health at most 50 ms, on its own address",
            found: format!("{health:.1} ms"),
            is_good: health <= HEALTH_MILLIS,
        },
        Check {
            what: "Memory at the end of a life by memory at its start, at most 1.25 in the median",
            found: growth.map_or_else(|| "no life lasted long enough".to_owned(), |g| format!("{g:.2}")),
            is_good: growth.is_some_and(|g| g <= FLAT),
        },
        Check {
            what: "Requests a second, at least 98 % of those that were to come",
            found: format!("{:.1} %", reached * 100.0),
            is_good: reached >= REACHED,
        },
        count("5xx to instances", of_instances, of_instances.to_string()),
        count("5xx other than 503 and 507", others, others.to_string()),
        count(
            "Connections that broke without a kill, and answers that nobody expected",
            tally.failed_count,
            tally.failed_count.to_string(),
        ),
        count("Panics in the log", panics, panics.to_string()),
    ]
}

fn times(out: &mut String, course: &Course) {
    let tally = &course.tally;
    out.push_str(
        "\n## Times in ms\n\n| | number | p50 | p90 | p99 | p99.9 | longest |\n|---|---|---|---|---|---|---|\n",
    );
    let rows: [(&str, &Histogram); 6] = [
        ("valid, small, from when it was due, 10 s after a start and later", &tally.due),
        ("the same, from when it was sent", &tally.sent),
        ("valid, small, in the first 10 s after a start", &tally.young),
        ("valid, large, from when it was due", &tally.large),
        ("`/health/live`, own address", &tally.health[0]),
        ("`/health/live`, address of the service", &tally.health[1]),
    ];
    for (what, times) in rows {
        let at = [0.5, 0.9, 0.99, 0.999, 1.0].map(|share| format!("{:.2}", times.millis(share)));
        let _ = writeln!(out, "| {what} | {} | {} |", times.count(), at.join(" | "));
    }
}

fn answers(out: &mut String, tally: &Tally) {
    out.push_str("\n## Answers\n\n| request | status: number |\n|---|---|\n");
    let mut names: Vec<&str> = tally.answers.keys().map(|(what, _)| *what).collect();
    names.dedup();
    for name in names {
        let all = tally.answers.iter().filter(|((what, _), _)| *what == name);
        let told = all.map(|((_, status), count)| match status {
            0 => format!("closed: {count}"),
            status => format!("{status}: {count}"),
        });
        let _ = writeln!(out, "| {name} | {} |", told.collect::<Vec<_>>().join(", "));
    }
    let _ = writeln!(
        out,
        "\n{} requests were under way when the service was killed. {} hostile ones were not sent, since all threads \
         for them were busy.",
        tally.broken, tally.unsent
    );
}

fn lives(out: &mut String, lives: &[Life]) {
    out.push_str("\n## Lives of the process\n\n");
    out.push_str("| | ready after ms | seconds | cores used | MB at start | MB at end | MB at most ");
    out.push_str("| negotiations checked | lost |\n|---|---|---|---|---|---|---|---|---|\n");
    for (i, life) in lives.iter().enumerate() {
        let memory = memory(life).map(|(start, end, most)| format!("{start:.0} | {end:.0} | {most:.0}"));
        let cores = if life.lasted > 0.0 { format!("{:.2}", life.processor / life.lasted) } else { String::new() };
        let _ = writeln!(
            out,
            "| {} | {} | {:.0} | {cores} | {} | {} | {} |",
            i + 1,
            life.ready_after.as_millis(),
            life.lasted,
            memory.unwrap_or_else(|| " | | ".to_owned()),
            life.checked,
            life.lost.len()
        );
    }
    out.push_str(
        "\nEach but the last ended with kill -9. \"At start\" and \"at end\" are medians of its first and last third. \
         The last was started to check the negotiations. The first had as many requests as were answered before.\n",
    );
}

fn text(options: &Options, service: &Service, world: &World, room: &Room, course: &Course, checks: &[Check]) -> String {
    let version = said(&service.accord.to_string_lossy(), &["--version"]);
    let mut out = format!("# Soak, {}\n\n", said("date", &["-u", "+%F"]));
    let _ = writeln!(
        out,
        "`just soak {}`: {}. {}.\n",
        options.duration.as_secs_f64() / 60.0,
        version.lines().next().unwrap_or_default(),
        machine()
    );
    let _ = writeln!(
        out,
        "The driver runs beside the service, on the same cores. Sent are {}; 5 % are invalid, 1 % hostile. Verdicts \
         are compared with those of `accord validate`. The data folder is on {} (`--store {}`). \
         {:.0} requests a second were answered when as many \
         came as were answered; then {:.0} a second ({:.0} %) for {:.0} s, evenly: {} requests, {:.0} a second.\n",
        world.corpus.told(),
        room.told(),
        service.store,
        course.capacity,
        course.capacity * SHARE,
        SHARE * 100.0,
        course.seconds,
        course.tally.load(),
        course.tally.load() as f64 / course.seconds
    );
    out.push_str("| check | found | |\n|---|---|---|\n");
    for check in checks {
        let _ = writeln!(
            out,
            "| {} | {} | {} |",
            check.what,
            check.found,
            if check.is_good { "good" } else { "**not met**" }
        );
    }
    times(&mut out, course);
    answers(&mut out, &course.tally);
    lives(&mut out, &course.lives);
    let lost = course.lives.iter().flat_map(|l| &l.lost);
    let told: Vec<&String> = course.tally.wrong.iter().chain(&course.tally.failed).chain(lost).take(30).collect();
    if !told.is_empty() {
        out.push_str("\n## What was not met\n\n");
        for told in told {
            let _ = writeln!(out, "- {told}");
        }
    }
    out
}

/// Where reports are kept, by date; a second one of a day gets a number.
fn free_name() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/record");
    let date = said("date", &["-u", "+%F"]);
    let names = (1..).map(|n| if n == 1 { format!("soak-{date}.md") } else { format!("soak-{date}-{n}.md") });
    names.map(|name| folder.join(name)).find(|path| !path.exists()).unwrap()
}

/// Writes the report and prints it. Returns whether all checks are met.
pub fn write(options: &Options, service: &Service, world: &World, room: &Room, course: &Course) -> bool {
    let checks = checks(course, service);
    let text = text(options, service, world, room, course, &checks);
    let path = options.out.clone().unwrap_or_else(free_name);
    std::fs::write(&path, &text).unwrap();
    println!("{text}\nwritten to {}", path.display());
    let logged = service.logged();
    let told: Vec<&str> = logged.lines().filter(|line| !line.contains("/health/ready")).take(10).collect();
    if !told.is_empty() {
        eprintln!("the service logged, at first:\n{}", told.join("\n"));
    }
    checks.iter().all(|c| c.is_good)
}
