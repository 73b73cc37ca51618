use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use sha1::{Digest, Sha1};

use super::fetch::{add, resolve_fetching};
use super::http::Patience;
use super::registry::{Registry, Settings};
use crate::packages::distill::pack;
use crate::packages::hash::{hex, sha256_hex};
use crate::packages::reading::Limits;
use crate::packages::{PackageError, Range, Sources, Spec, load_graph};

/// What the server does with one path.
#[derive(Clone)]
struct Resource {
    body: Vec<u8>,
    /// Answers to give before the body: a status, and nothing else.
    refusals: Vec<u16>,
    /// The connection is cut after this many bytes of each answer.
    cut: Option<usize>,
    ranges: bool,
}

/// A registry that speaks the protocol on a port of this machine.
struct Server {
    base: String,
    resources: Arc<Mutex<BTreeMap<String, Resource>>>,
    /// Method, path and range of each request.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Server {
            base: format!("http://{}", listener.local_addr().unwrap()),
            resources: Arc::default(),
            requests: Arc::default(),
        };
        let (resources, requests) = (server.resources.clone(), server.requests.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (resources, requests) = (resources.clone(), requests.clone());
                std::thread::spawn(move || answer(stream.unwrap(), &resources, &requests));
            }
        });
        server
    }

    fn put(&self, path: &str, body: &[u8]) {
        self.change(path, |r| r.body = body.to_vec());
    }

    fn change(&self, path: &str, change: impl FnOnce(&mut Resource)) {
        let mut resources = self.resources.lock().unwrap();
        change(resources.entry(path.to_owned()).or_insert(Resource {
            body: Vec::new(),
            refusals: Vec::new(),
            cut: None,
            ranges: true,
        }));
    }

    /// Publishes archives of one package, the last one as the latest.
    fn publish(&self, id: &str, archives: &[(&str, &[u8])]) {
        let mut versions = serde_json::Map::new();
        for (version, bytes) in archives {
            let tarball = format!("{}/{id}/{version}", self.base);
            let dist = serde_json::json!({ "shasum": hex(&Sha1::digest(bytes)), "tarball": tarball });
            versions.insert((*version).to_owned(), serde_json::json!({ "name": id, "version": version, "dist": dist }));
            self.put(&format!("/{id}/{version}"), bytes);
        }
        let latest = archives.last().unwrap().0;
        self.put(
            &format!("/{id}"),
            serde_json::json!({ "_id": id, "dist-tags": { "latest": latest }, "versions": versions })
                .to_string()
                .as_bytes(),
        );
    }

    fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

fn answer(mut stream: TcpStream, resources: &Mutex<BTreeMap<String, Resource>>, requests: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let path = first.split(' ').nth(1).unwrap().to_owned();
    let headers: Vec<String> = lines.take_while(|l| !l.is_empty()).map(|l| l.to_ascii_lowercase()).collect();
    let range = headers.iter().find_map(|h| h.strip_prefix("range: bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    requests.lock().unwrap().push(range.map_or(path.clone(), |r| format!("{path} from {r}")));
    let resource = resources.lock().unwrap().get_mut(&path).map(|r| {
        let now = r.clone();
        r.refusals = r.refusals.split_off(r.refusals.len().min(1));
        now
    });
    let head = |status: &str, length: usize, more: &str| {
        format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{more}connection: close\r\n\r\n")
    };
    let Some(resource) = resource else { return stream.write_all(head("404 Not Found", 0, "").as_bytes()).unwrap() };
    if let Some(status) = resource.refusals.first() {
        return stream.write_all(head(&format!("{status} Refused"), 0, "retry-after: 0\r\n").as_bytes()).unwrap();
    }
    let all = resource.body.len();
    let (status, from, more) = match range.filter(|_| resource.ranges) {
        Some(from) if from >= all => {
            return stream.write_all(head("416 Range Not Satisfiable", 0, "").as_bytes()).unwrap();
        }
        Some(from) => ("206 Partial Content", from, format!("content-range: bytes {from}-{}/{all}\r\n", all - 1)),
        None => ("200 OK", 0, String::new()),
    };
    let body = &resource.body[from..];
    let _ = stream.write_all(head(status, body.len(), &more).as_bytes());
    let _ = stream.write_all(&body[..resource.cut.unwrap_or(body.len()).min(body.len())]);
}

fn registry(servers: &[&Server]) -> Registry {
    let patience = Patience { connect_ms: 2_000, read_ms: 2_000, attempts: 3, backoff_ms: 1 };
    let limits = Limits { archive_bytes: 1 << 20, ..Limits::default() };
    Registry::new(Settings {
        registries: servers.iter().map(|s| s.base.clone()).collect(),
        patience,
        limits,
        progress: false,
    })
    .unwrap()
}

fn archive(id: &str, version: &str, dependencies: &str) -> Vec<u8> {
    let manifest = format!(
        r#"{{"name":"{id}","version":"{version}","fhirVersions":["4.0.1"],"dependencies":{{{dependencies}}}}}"#
    );
    // Text that does not pack, so that the archive is long enough to be cut.
    let noise: String = (0..400u32).map(|i| sha256_hex(&i.to_le_bytes())).collect();
    let value_set = format!(r#"{{"resourceType":"ValueSet","id":"v","url":"http://x/{id}","name":"{noise}"}}"#);
    pack(&[("package.json".to_owned(), manifest.into_bytes()), ("ValueSet-v.json".to_owned(), value_set.into_bytes())])
        .unwrap()
}

/// What is left in the folder.
fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn installs_what_a_range_means_and_its_dependencies() {
    let server = Server::start();
    let (one, two) = (
        archive("a", "1.1.0", r#""hl7.fhir.r4.core":"4.0.1","b":"1.x","hl7.terminology":"5.0.0","gone":"1.0.0""#),
        archive("a", "2.0.0", ""),
    );
    server.publish("a", &[("1.0.0", b"never asked for"), ("1.1.0", &one), ("2.0.0", &two)]);
    server.publish("b", &[("1.3.0", &archive("b", "1.3.0", r#""a":"1.1.0""#))]);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("deep").join("packages");
    let sources = Sources { folders: vec![folder.clone()], ..Sources::default() };
    let added = add(&registry(&[&server]), "a", &Range::parse("1.x"), &folder, &sources).unwrap();
    let names: Vec<String> = added.installed.iter().map(|i| i.manifest.name()).collect();
    assert_eq!(names, ["a#1.1.0", "b#1.3.0"]);
    assert_eq!(added.installed[0].sha256, sha256_hex(&one));
    assert_eq!(added.missing.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["gone#1.0.0"]);
    assert!(matches!(added.missing[0].1, PackageError::Unknown { .. }));
    assert_eq!(files(&folder), ["a#1.1.0.tgz", "b#1.3.0.tgz"]);
    assert!(std::fs::metadata(folder.join("a#1.1.0.tgz")).unwrap().permissions().readonly());
    server.requests();

    let again = registry(&[&server]).install("a", &Range::parse("1.1.0"), &folder).unwrap();
    assert!(!again.new);
    assert_eq!(server.requests(), ["/a"], "what is here is not fetched again");
    assert_eq!(registry(&[&server]).find("a", &Range::Newest).unwrap().version, "2.0.0");
    let graph = load_graph(&[Spec::parse("a").unwrap()], &sources).unwrap();
    assert_eq!(graph.absent(0), ["gone#1.0.0"]);
}

#[test]
fn goes_on_where_a_connection_was_cut() {
    let server = Server::start();
    let bytes = archive("a", "1.0.0", "");
    server.publish("a", &[("1.0.0", &bytes)]);
    let cut = bytes.len() / 3 + 1;
    server.change("/a/1.0.0", |r| r.cut = Some(cut));
    let folder = tempfile::tempdir().unwrap();
    let installed = registry(&[&server]).install("a", &Range::Newest, folder.path()).unwrap();
    assert_eq!(std::fs::read(&installed.path).unwrap(), bytes);
    assert_eq!(
        server.requests(),
        ["/a", "/a/1.0.0", &format!("/a/1.0.0 from {cut}"), &format!("/a/1.0.0 from {}", 2 * cut)]
    );
    assert_eq!(files(folder.path()), ["a#1.0.0.tgz"]);
}

#[test]
fn goes_on_with_what_an_earlier_run_left_and_starts_anew_where_that_is_wrong() {
    let server = Server::start();
    let bytes = archive("a", "1.0.0", "");
    server.publish("a", &[("1.0.0", &bytes)]);
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("a#1.0.0.tgz.part");
    std::fs::write(&part, &bytes[..100]).unwrap();
    registry(&[&server]).install("a", &Range::Newest, folder.path()).unwrap();
    assert_eq!(server.requests(), ["/a", "/a/1.0.0 from 100"]);

    for wrong in [b"something else".to_vec(), vec![7; bytes.len() + 10]] {
        std::fs::remove_file(folder.path().join("a#1.0.0.tgz")).unwrap();
        std::fs::write(&part, &wrong).unwrap();
        let installed = registry(&[&server]).install("a", &Range::Newest, folder.path()).unwrap();
        assert_eq!(std::fs::read(installed.path).unwrap(), bytes);
        assert_eq!(server.requests().last().unwrap(), "/a/1.0.0", "fetched from the start");
    }
    // A server without ranges answers with the whole.
    std::fs::remove_file(folder.path().join("a#1.0.0.tgz")).unwrap();
    std::fs::write(&part, &bytes[..100]).unwrap();
    server.change("/a/1.0.0", |r| r.ranges = false);
    registry(&[&server]).install("a", &Range::Newest, folder.path()).unwrap();
    assert_eq!(files(folder.path()), ["a#1.0.0.tgz"]);
}

#[test]
fn refuses_a_wrong_checksum_and_asks_the_next_registry() {
    let (bad, good) = (Server::start(), Server::start());
    let bytes = archive("a", "1.0.0", "");
    bad.publish("a", &[("1.0.0", &bytes)]);
    bad.put("/a/1.0.0", &archive("a", "1.0.0", r#""evil":"1""#));
    let folder = tempfile::tempdir().unwrap();
    let error = registry(&[&bad]).install("a", &Range::Newest, folder.path()).unwrap_err();
    assert!(error.to_string().contains("its checksum is"), "{error}");
    assert!(!folder.path().join("a#1.0.0.tgz").exists());

    good.publish("a", &[("1.0.0", &bytes)]);
    let installed = registry(&[&bad, &good]).install("a", &Range::Newest, folder.path()).unwrap();
    assert_eq!(std::fs::read(installed.path).unwrap(), bytes);
}

#[test]
fn tells_what_no_registry_has_and_what_failed() {
    let (empty, unwell) = (Server::start(), Server::start());
    let folder = tempfile::tempdir().unwrap();
    let error = registry(&[&empty, &empty]).install("a", &Range::parse("1.0.0"), folder.path()).unwrap_err();
    assert!(matches!(&error, PackageError::Unknown { name, .. } if name == "a#1.0.0"), "{error}");
    empty.publish("a", &[("2.0.0", b"x")]);
    let error = registry(&[&empty]).install("a", &Range::parse("1.0.0"), folder.path()).unwrap_err();
    assert!(matches!(error, PackageError::Unknown { .. }));

    unwell.publish("a", &[("1.0.0", &archive("a", "1.0.0", ""))]);
    unwell.change("/a", |r| r.refusals = vec![503, 429]);
    registry(&[&unwell]).install("a", &Range::Newest, folder.path()).unwrap();
    unwell.change("/a", |r| r.refusals = vec![500; 3]);
    let error = registry(&[&unwell]).install("a", &Range::Newest, folder.path()).unwrap_err();
    assert!(error.to_string().contains("500"), "{error}");
    assert_eq!(registry(&[&unwell, &empty]).find("a", &Range::Newest).unwrap().version, "1.0.0", "it is well again");

    let gone = Server { base: "http://127.0.0.1:1".to_owned(), resources: Arc::default(), requests: Arc::default() };
    assert!(matches!(registry(&[&gone]).find("a", &Range::Newest), Err(PackageError::Registry { .. })));
    unwell.put("/a", b"<html>");
    assert!(registry(&[&unwell]).find("a", &Range::Newest).unwrap_err().to_string().contains("not JSON"));
}

#[test]
fn installs_nothing_that_is_hostile() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let mut climbing = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.as_old_mut().name[..17].copy_from_slice(b"package/../../x.j");
    header.set_size(2);
    header.set_cksum();
    climbing.append(&header, b"{}".as_slice()).unwrap();
    let gzip = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    };
    let mut noise = archive("a", "1.0.0", "");
    noise.extend(vec![0; 1 << 20]);
    for (bytes, why) in [
        (gzip(&climbing.into_inner().unwrap()), "would leave the package's folder"),
        (gzip(&vec![0; 64 << 20]), "exceeds the limit"),
        (noise, "larger than the limit"),
        (archive("b", "1.0.0", ""), "the archive is package `b#1.0.0`"),
        (b"no archive".to_vec(), "damaged"),
    ] {
        server.publish("a", &[("1.0.0", &bytes)]);
        let error = registry(&[&server]).install("a", &Range::Newest, folder.path()).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert!(!files(folder.path()).contains(&"a#1.0.0.tgz".to_owned()));
    }
    assert!(registry(&[&server]).find("../a", &Range::Newest).is_err());
}

#[test]
fn one_archive_for_many_at_once() {
    let server = Server::start();
    let bytes = archive("a", "1.0.0", "");
    server.publish("a", &[("1.0.0", &bytes)]);
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let one = || registry(&[&server]).install("a", &Range::Newest, folder.path()).unwrap().new;
        let all: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
        assert_eq!(all.into_iter().map(|t| t.join().unwrap()).filter(|new| *new).count(), 1);
    });
    assert_eq!(files(folder.path()), ["a#1.0.0.tgz"]);
    assert_eq!(std::fs::read(folder.path().join("a#1.0.0.tgz")).unwrap(), bytes);
}

#[test]
fn resolving_fetches_only_when_it_is_told_to() {
    let server = Server::start();
    server.publish("a", &[("1.0.0", &archive("a", "1.0.0", r#""b":"1.0.0","gone":"1""#))]);
    server.publish("b", &[("1.0.0", &archive("b", "1.0.0", ""))]);
    let folder = tempfile::tempdir().unwrap();
    let sources = Sources { folders: vec![folder.path().to_owned()], ..Sources::default() };
    let specs = [Spec::parse("a#1.x").unwrap()];
    assert!(matches!(load_graph(&specs, &sources), Err(PackageError::NotFound { .. })));
    assert!(server.requests().is_empty());
    let resolution = resolve_fetching(&specs, &sources, &registry(&[&server]), folder.path()).unwrap();
    assert_eq!(resolution.all_absent(), ["gone#1"]);
    assert!(resolution.packages.iter().any(|p| p.name() == "b#1.0.0"));
}
