//! A download that resumes where it was cut off, into a partial file next to the final one.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::header::{CONTENT_RANGE, RANGE};

use super::http::{Patience, Refusal, pause, read_fault, send};

/// How often one download is taken up at most.
const MOST_REQUESTS: u32 = 50;

/// What is to be fetched.
pub struct Download<'d> {
    pub url: &'d str,
    /// Shown next to the progress bar.
    pub name: &'d str,
    pub limit_bytes: u64,
    pub progress: bool,
}

/// The file that a download goes to, locked against other processes as long as it is held.
pub struct Part {
    file: File,
}

impl Part {
    /// Opens the file, which may hold the start of the download, and waits until no other process has it.
    ///
    /// # Errors
    /// The operating system's.
    pub fn open(path: &Path) -> std::io::Result<Part> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        file.lock()?;
        Ok(Part { file })
    }

    /// Bytes fetched so far.
    fn len(&self) -> std::io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Whether the file holds nothing.
    pub fn is_empty(&self) -> bool {
        self.len().is_ok_and(|len| len == 0)
    }

    /// Forgets what was fetched.
    ///
    /// # Errors
    /// The operating system's.
    pub fn clear(&mut self) -> std::io::Result<()> {
        self.file.set_len(0)
    }

    /// All that was fetched.
    ///
    /// # Errors
    /// The operating system's.
    pub fn bytes(&mut self) -> std::io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Writes through to the disk.
    ///
    /// # Errors
    /// The operating system's.
    pub fn sync(&self) -> std::io::Result<()> {
        self.file.sync_all()
    }
}

/// Fetches into the part, going on where it ends; a connection that breaks is taken up again as often as patience
/// allows.
///
/// # Errors
/// The server's last refusal, the limit, or the disk's.
pub fn fetch(client: &Client, patience: &Patience, download: &Download, part: &mut Part) -> Result<(), Refusal> {
    let bar = if download.progress { ProgressBar::no_length() } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes} {bytes_per_sec}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
    bar.set_message(download.name.to_owned());
    let mut fruitless = 0;
    for _ in 0..MOST_REQUESTS {
        let had = part.len().map_err(disk)?;
        let answer = send(patience, || match had {
            0 => client.get(download.url),
            had => client.get(download.url).header(RANGE, format!("bytes={had}-")),
        })?;
        let why = match place(&answer, had, part).map_err(disk)? {
            false => "the server does not give the rest of the file".to_owned(),
            true => match copy(answer, download, part, &bar) {
                Ok(()) => {
                    bar.finish_and_clear();
                    return Ok(());
                }
                Err(Broken::Limit) => {
                    part.clear().map_err(disk)?;
                    return Err(Refusal::Failed(format!("larger than the limit of {} bytes", download.limit_bytes)));
                }
                Err(Broken::Disk(error)) => return Err(disk(error)),
                Err(Broken::Connection(why)) => why,
            },
        };
        // A connection that brought something does not count.
        fruitless = if part.len().map_err(disk)? > had { 0 } else { fruitless + 1 };
        if fruitless >= patience.attempts {
            return Err(Refusal::Failed(why));
        }
        pause(patience, fruitless.max(1), None);
    }
    Err(Refusal::Failed(format!("the connection broke {MOST_REQUESTS} times")))
}

/// Sets the part to where the answer goes on; `false` where the answer does not fit what is here.
fn place(answer: &Response, had: u64, part: &mut Part) -> std::io::Result<bool> {
    match answer.status() {
        StatusCode::PARTIAL_CONTENT => {
            let start = answer
                .headers()
                .get(CONTENT_RANGE)
                .and_then(|v| v.to_str().ok())
                .and_then(|v| v.strip_prefix("bytes ")?.split('-').next()?.trim().parse::<u64>().ok());
            if start != Some(had) {
                part.clear()?;
                return Ok(false);
            }
            part.file.seek(SeekFrom::Start(had))?;
        }
        StatusCode::RANGE_NOT_SATISFIABLE => {
            part.clear()?;
            return Ok(false);
        }
        _ => {
            part.clear()?;
            part.file.seek(SeekFrom::Start(0))?;
        }
    }
    Ok(true)
}

/// Why copying ended early.
enum Broken {
    Limit,
    Disk(std::io::Error),
    Connection(String),
}

fn copy(mut answer: Response, download: &Download, part: &mut Part, bar: &ProgressBar) -> Result<(), Broken> {
    let mut total = part.file.stream_position().map_err(Broken::Disk)?;
    if let Some(rest) = answer.content_length() {
        if total.saturating_add(rest) > download.limit_bytes {
            return Err(Broken::Limit);
        }
        bar.set_length(total.saturating_add(rest));
    }
    let mut buffer = vec![0; 64 << 10];
    loop {
        bar.set_position(total);
        let read = match answer.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(Broken::Connection(read_fault(error))),
        };
        total += read as u64;
        if total > download.limit_bytes {
            return Err(Broken::Limit);
        }
        part.file.write_all(buffer.get(..read).unwrap_or_default()).map_err(Broken::Disk)?;
    }
}

fn disk(error: std::io::Error) -> Refusal {
    Refusal::Failed(format!("the download cannot be written: {error}"))
}
