//! No room for the service's files: told, and passing. A limit on the length of files stands for a full disk, as the
//! system answers both at the same calls.
#![cfg(target_os = "linux")]

use crate::program::Process;
use crate::wire::Answer;

/// A package whose definitions are in the cache: those of embedded ones are not.
const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/profiles/data/hl7.fhir.r4.core-4.0.1.tgz");

/// Less than the cache needs, and enough for some negotiations.
const LIMIT_BYTES: usize = 1 << 20;

/// A request whose answer takes about a hundred kilobytes of the disk.
pub fn large(i: u64) -> String {
    let mut x = i.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let types = (0..3000).map(|_| {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        format!(r#"{{"name":"p{x:016x}","type":"string"}}"#)
    });
    let parameters = types.collect::<Vec<_>>().join(",");
    let statement = |kind: &str, mode: &str, parameters: &str| {
        format!(
            r#"{{"resourceType":"CapabilityStatement","kind":"{kind}","fhirVersion":"4.0.1","format":["json"],
            "rest":[{{"mode":"{mode}","resource":[{{"type":"Patient","interaction":[{{"code":"read"}}],
            "searchParam":[{parameters}]}}]}}]}}"#
        )
    };
    let (client, server) = (statement("requirements", "client", &parameters), statement("instance", "server", ""));
    format!(r#"{{"client":{client},"server":{server}}}"#)
}

/// Asks until the answer is the one that is waited for.
fn until(process: &Process, path: &str, wanted: impl Fn(&Answer) -> bool) -> Answer {
    for _ in 0..1200 {
        let answer = process.get(path);
        if wanted(&answer) {
            return answer;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("`{path}` does not come to it: {}", process.get(path).json());
}

fn is_full(answer: &Answer) -> bool {
    answer.status == 507
        && answer.json()["resourceType"] == "OperationOutcome"
        && answer.json()["issue"][0]["details"]["coding"][0]["code"] == "store-full"
}

#[test]
fn a_full_disk_is_an_answer_and_passes() {
    for store in ["sled", "redb"] {
        let folder = tempfile::tempdir().unwrap();
        let process = Process::limited(folder.path(), &["--store", store, "--package", PACKAGE], LIMIT_BYTES);
        let ready = until(&process, "/health/ready", |answer| answer.json()["status"] == "store-full");
        assert_eq!((ready.status, ready.json()["store"]["engine"].as_str()), (503, Some(store)));
        assert!(is_full(&process.get("/StructureDefinition/Patient")), "{store}");
        // Negotiations take the room that there is.
        let mut kept = Vec::new();
        let refused = (0..40).find_map(|i| {
            let answer = process.as_admin("POST", "/negotiate", large(i));
            if answer.status != 200 {
                return Some(answer);
            }
            kept.push((answer.header("content-location").unwrap().to_owned(), answer.body));
            None
        });
        assert!(is_full(&refused.unwrap()) && kept.len() > 1, "{store}: {}", kept.len());
        let all_there = |process: &Process| kept.iter().all(|(place, body)| process.get(place).body == *body);
        assert!(all_there(&process), "{store}");
        if store == "sled" {
            // What is deleted needs a line in the journal: where there is no room for it, that is told, and nothing is
            // lost.
            let length = std::fs::metadata(folder.path().join("negotiations.log")).unwrap().len();
            process.give_only(length as usize);
            assert!(is_full(&process.as_admin("DELETE", &kept[0].0, "")));
            assert!(all_there(&process), "{store}");
        }
        process.give_room();
        let answer = process.as_admin("POST", "/negotiate", large(99));
        assert_eq!(answer.status, 200, "{store}");
        until(&process, "/health/ready", |answer| answer.status == 200);
        assert_eq!(process.get("/StructureDefinition/Patient").status, 200, "{store}");
        let place = answer.header("content-location").unwrap().to_owned();
        let log = process.kill();
        assert!(log.contains("definitions are not served until it is"), "{store}: {log}");
        let process = Process::with(folder.path(), &["--store", store, "--package", PACKAGE]);
        assert!(all_there(&process) && process.get(&place).body == answer.body, "{store}");
        assert_eq!(process.get("/health/ready").json()["store"]["damagedPlaces"], 0, "{store}");
    }
}

#[test]
fn embedded_packages_need_no_room() {
    let folder = tempfile::tempdir().unwrap();
    let process = Process::limited(folder.path(), &[], LIMIT_BYTES);
    until(&process, "/health/ready", |answer| answer.status == 200);
    assert_eq!(process.get("/StructureDefinition/Patient").status, 200);
}

#[test]
fn a_folder_in_the_place_of_an_archive_is_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join(format!("uploads/{}.tgz", "0".repeat(64)));
    std::fs::create_dir_all(&archive).unwrap();
    let process = Process::start(folder.path());
    assert_eq!(process.get("/health/live").status, 200);
    assert_eq!(process.get("/health/ready").json()["store"]["setAside"], 1);
    assert!(!archive.exists());
    assert!(process.kill().contains("damaged-1"));
}
