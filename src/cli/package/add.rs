//! `accord package add`: installs packages.

use std::io::Write;
use std::path::PathBuf;

use super::say;
use crate::packages::install::{Installed, install};
use crate::packages::{PackageError, Sources, Spec, installed_folder};
use crate::remote::fetch::{Added, add, add_dependencies};
use crate::remote::registry::{REGISTRIES, Registry, Settings};

/// Installs packages from a registry or from archives, with what they depend on.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Args {
    /// ID#VERSION (6.1.0, 6.1.x, latest), ID for the newest version, or the path of an archive.
    #[arg(required = true, value_name = "ID#VERSION|PATH")]
    specs: Vec<Spec>,
    /// Where packages are installed [default: $ACCORD_PACKAGES, else accord/packages in the XDG data directory].
    #[arg(long, value_name = "DIR")]
    packages: Option<PathBuf>,
    /// The base URL of a registry; may be repeated, and they are asked in that order.
    #[arg(long = "registry", value_name = "URL", default_values = REGISTRIES)]
    registries: Vec<String>,
    /// Do not install dependencies.
    #[arg(long)]
    no_dependencies: bool,
    /// Do not show a progress bar.
    #[arg(long)]
    quiet: bool,
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<u8, PackageError> {
    let folder = args
        .packages
        .clone()
        .or_else(installed_folder)
        .ok_or_else(|| PackageError::NoPath { path: PathBuf::from("~/.local/share/accord/packages") })?;
    let sources = Sources::standard(Some(&folder));
    let registry =
        Registry::new(Settings { registries: args.registries.clone(), progress: !args.quiet, ..Settings::default() })?;
    for spec in &args.specs {
        let added = match (spec, args.no_dependencies) {
            (Spec::Package { id, range }, false) => add(&registry, id, range, &folder, &sources)?,
            (Spec::Package { id, range }, true) => alone(registry.install(id, range, &folder)?),
            (Spec::Path(path), without) => {
                let bytes = std::fs::read(path).map_err(PackageError::io(path))?;
                let installed = install(&bytes, &path.display().to_string(), &folder, &sources.limits)?;
                if without { alone(installed) } else { add_dependencies(&registry, installed, &folder, &sources) }
            }
        };
        for package in &added.installed {
            let what = if package.new { "installed" } else { "already installed" };
            say(out, format_args!("{what}: {} ({})", package.manifest.name(), package.path.display()))?;
        }
        for (dependency, why) in &added.missing {
            say(out, format_args!("absent: {dependency}: {why}"))?;
        }
    }
    Ok(0)
}

fn alone(package: Installed) -> Added {
    Added { installed: vec![package], missing: Vec::new() }
}
