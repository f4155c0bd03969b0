//! `cargo xtask lists`: fetches the open lists that `capture` judges by, and writes them the way it reads them.
//!
//! Packages come through the machine's own `npm` and repositories through `git`, so no host is named here but
//! the one of a repository itself. Nothing is taken whose licence forbids passing it on; what was taken, in
//! which version and under which licence stands in `crates/capture/lists/provenance.tsv` afterwards.

mod agents;
mod bots;
mod provenance;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use provenance::Provenance;

use crate::steps::root;

const SPAM_REPOSITORY: &str = "https://github.com/matomo-org/referrer-spam-list";

/// Refreshes the lists named, or all of them.
pub(crate) fn refresh(wanted: &[&str]) -> Result<()> {
    type Refresh = fn(&Places) -> Result<Vec<Provenance>>;
    let lists: [(&str, Refresh); 4] =
        [("country", country), ("agents", agents), ("bots", bots), ("referrer-spam", referrer_spam)];
    if let Some(unknown) = wanted.iter().find(|name| lists.iter().all(|(known, _)| known != *name)) {
        bail!("there is no list `{unknown}`; there are country, agents, bots and referrer-spam");
    }
    let places = Places::prepare()?;
    for (name, refresh) in lists.iter().filter(|(name, _)| wanted.is_empty() || wanted.contains(name)) {
        println!("refreshing {name}");
        let taken = refresh(&places).with_context(|| format!("the list `{name}` was left as it is"))?;
        provenance::record(&places.lists, &taken)?;
    }
    println!("done; look at the differences, then run the tests of `capture`");
    Ok(())
}

/// Where lists go, and where packages are unpacked on the way.
struct Places {
    lists: PathBuf,
    scratch: PathBuf,
}

impl Places {
    fn prepare() -> Result<Self> {
        let root = root();
        let scratch = root.join("target/lists");
        if scratch.exists() {
            fs::remove_dir_all(&scratch)?;
        }
        fs::create_dir_all(&scratch)?;
        Ok(Self { lists: root.join("crates/capture/lists"), scratch })
    }

    /// Downloads and unpacks the newest version of an npm package, without running anything of it.
    fn package(&self, name: &str) -> Result<PathBuf> {
        let target = self.scratch.join(name.replace(['@', '/'], "_"));
        fs::create_dir_all(&target)?;
        let target_text = target.to_str().context("the path of the workspace is UTF-8")?;
        run("npm", &["pack", "--silent", "--pack-destination", target_text, name])?;
        let packed = fs::read_dir(&target)?.next().context("npm wrote no package")??.path();
        run("tar", &["-xzf", packed.to_str().context("npm names packages in UTF-8")?, "-C", target_text])?;
        Ok(target.join("package"))
    }

    fn write(&self, file: &str, text: &str) -> Result<()> {
        fs::write(self.lists.join(file), text).with_context(|| format!("cannot write {file}"))
    }
}

fn country(places: &Places) -> Result<Vec<Provenance>> {
    let package = places.package("@ip-location-db/geo-whois-asn-country-mmdb")?;
    let database = fs::read(package.join("geo-whois-asn-country.mmdb"))?;
    ensure!(database.len() > 1_000_000, "the database of countries is suspiciously small");
    fs::write(places.lists.join("country.mmdb"), database)?;
    Ok(vec![Provenance::of_package("country.mmdb", &package)?])
}

fn agents(places: &Places) -> Result<Vec<Provenance>> {
    let package = places.package("uap-core")?;
    let json = agents::convert(&fs::read_to_string(package.join("regexes.yaml"))?)?;
    places.write("agents.json", &json)?;
    Ok(vec![Provenance::of_package("agents.json", &package)?])
}

fn bots(places: &Places) -> Result<Vec<Provenance>> {
    let isbot = places.package("isbot")?;
    let crawlers = places.package("crawler-user-agents")?;
    let list = bots::convert(
        &fs::read_to_string(isbot.join("index.mjs"))?,
        &fs::read_to_string(crawlers.join("crawler-user-agents.json"))?,
    )?;
    places.write("bots.tsv", &list)?;
    Ok(vec![Provenance::of_package("bots.tsv", &isbot)?, Provenance::of_package("bots.tsv", &crawlers)?])
}

fn referrer_spam(places: &Places) -> Result<Vec<Provenance>> {
    let copy = places.scratch.join("referrer-spam-list");
    let copy_text = copy.to_str().context("the path of the workspace is UTF-8")?;
    run("git", &["clone", "--quiet", "--depth", "1", SPAM_REPOSITORY, copy_text])?;
    let spammers = fs::read_to_string(copy.join("spammers.txt"))?;
    let count = spammers.lines().filter(|line| !line.trim().is_empty()).count();
    ensure!(count > 1_000, "the list of spammers has only {count} lines");
    places.write("referrer-spam.txt", &format!("# {SPAM_REPOSITORY}, public domain.\n{spammers}"))?;
    let version = output("git", &["-C", copy_text, "log", "-1", "--format=%cs %h"])?;
    Ok(vec![Provenance {
        file: "referrer-spam.txt".to_owned(),
        source: "matomo-org/referrer-spam-list".to_owned(),
        version,
        licence: "public domain".to_owned(),
    }])
}

fn run(program: &str, arguments: &[&str]) -> Result<()> {
    output(program, arguments).map(drop)
}

fn output(program: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("`{program}` cannot be run; is it installed?"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{program} {}` failed:\n{}", arguments.join(" "), said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
