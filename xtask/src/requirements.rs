//! What the house needs from the machine it is built on, and the command that brings it.

use std::process::Command;

use anyhow::{Result, bail};

/// Something that must be on the machine.
struct Requirement {
    name: &'static str,
    /// Its version is asked for with this; that it starts at all is the check.
    probe: (&'static str, &'static [&'static str]),
    /// The lowest major version that will do; 0 for any.
    major_min: u32,
    install: &'static str,
}

const BUILD: &[Requirement] = &[
    Requirement {
        name: "Node.js 20",
        probe: ("node", &["--version"]),
        major_min: 20,
        install: "see https://nodejs.org",
    },
    Requirement {
        name: "npm 10",
        probe: ("npm", &["--version"]),
        major_min: 10,
        install: "comes with Node.js",
    },
    Requirement {
        name: "a C compiler",
        probe: ("cc", &["--version"]),
        major_min: 0,
        install: "apt-get install gcc",
    },
    // OpenSSL's own build, for SQLCipher.
    Requirement {
        name: "Perl with its standard modules",
        probe: ("perl", &["-MFindBin", "-MIPC::Cmd", "-MFile::Compare", "--version"]),
        major_min: 0,
        install: "apt-get install perl",
    },
];

const TEST: &[Requirement] = &[
    Requirement {
        name: "Chromium",
        probe: ("chromium", &["--version"]),
        major_min: 0,
        install: "apt-get install chromium",
    },
    Requirement {
        name: "strace",
        probe: ("strace", &["-V"]),
        major_min: 0,
        install: "apt-get install strace",
    },
    // A token for root keys.
    Requirement {
        name: "SoftHSM 2",
        probe: ("softhsm2-util", &["--version"]),
        major_min: 2,
        install: "apt-get install softhsm2",
    },
    // The judge of one-time codes.
    Requirement {
        name: "oathtool",
        probe: ("oathtool", &["--version"]),
        major_min: 0,
        install: "apt-get install oathtool",
    },
    // The judge of operators' signatures; it has no way to say its version.
    Requirement {
        name: "ssh-keygen",
        probe: ("sh", &["-c", "command -v ssh-keygen"]),
        major_min: 0,
        install: "apt-get install openssh-client",
    },
    // A mail server, and its certificates.
    Requirement {
        name: "Exim 4",
        probe: ("exim4", &["-bV"]),
        major_min: 0,
        install: "apt-get install exim4-daemon-light",
    },
    Requirement {
        name: "OpenSSL's command",
        probe: ("openssl", &["version"]),
        major_min: 0,
        install: "apt-get install openssl",
    },
    Requirement {
        name: "curl",
        probe: ("curl", &["--version"]),
        major_min: 0,
        install: "apt-get install curl",
    },
    Requirement {
        name: "sslscan",
        probe: ("sslscan", &["--version"]),
        major_min: 0,
        install: "apt-get install sslscan",
    },
    Requirement {
        name: "sqlmap",
        probe: ("sqlmap", &["--version"]),
        major_min: 0,
        install: "apt-get install sqlmap",
    },
    // In /usr/sbin, where not everybody looks.
    Requirement {
        name: "nft",
        probe: ("sh", &["-c", "PATH=$PATH:/usr/sbin; nft --version"]),
        major_min: 0,
        install: "apt-get install nftables",
    },
    Requirement {
        name: "ip",
        probe: ("sh", &["-c", "PATH=$PATH:/usr/sbin; ip -V"]),
        major_min: 0,
        install: "apt-get install iproute2",
    },
    Requirement {
        name: "systemd-analyze",
        probe: ("systemd-analyze", &["--version"]),
        major_min: 0,
        install: "apt-get install systemd",
    },
    // They unpack backups.
    Requirement { name: "age", probe: ("age", &["--version"]), major_min: 0, install: "apt-get install age" },
    Requirement {
        name: "zstd",
        probe: ("zstd", &["--version"]),
        major_min: 0,
        install: "apt-get install zstd",
    },
    Requirement {
        name: "Python 3 with venv",
        probe: ("python3", &["-m", "venv", "--help"]),
        major_min: 0,
        install: "apt-get install python3-venv",
    },
];

/// Fails with a list of what building lacks.
pub(crate) fn for_building() -> Result<()> {
    check(BUILD)
}

/// Fails with a list of what building and testing lack.
pub(crate) fn for_testing() -> Result<()> {
    for_building()?;
    check(TEST)
}

/// Says what this machine lacks for building and testing.
pub(crate) fn report() -> Result<()> {
    for_testing()?;
    println!("nothing is missing: `make run` and `make test` have all they need");
    Ok(())
}

fn check(requirements: &[Requirement]) -> Result<()> {
    let missing: Vec<String> = requirements
        .iter()
        .filter(|requirement| !is_met(requirement))
        .map(|requirement| format!("  {}: {}", requirement.name, requirement.install))
        .collect();
    if !missing.is_empty() {
        bail!("this machine lacks:\n{}", missing.join("\n"));
    }
    Ok(())
}

fn is_met(requirement: &Requirement) -> bool {
    let (program, arguments) = requirement.probe;
    let Ok(output) = Command::new(program).args(arguments).output() else { return false };
    let version = String::from_utf8_lossy(&output.stdout);
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok());
    output.status.success()
        && (requirement.major_min == 0 || major.is_some_and(|n: u32| n >= requirement.major_min))
}
