use std::io::Write;
use std::process::{Command, Stdio};

use super::*;

const NOW: Timestamp = Timestamp(1_780_000_000_000);

fn block(network: &str, minutes: i64) -> Block {
    Block { network: network.parse().unwrap(), until: Timestamp(NOW.0 + minutes * domain::MINUTE_MS) }
}

fn blocks() -> Vec<Block> {
    vec![
        block("203.0.113.0", 5),
        block("203.0.113.0", 60),
        block("198.51.100.0", 1),
        block("192.0.2.0", 0),
        block("2001:db8:1::", 10),
    ]
}

fn proxies() -> Vec<Cidr> {
    ["10.1.2.3", "172.16.0.0/12", "fd00::/8"].map(|text| text.parse().unwrap()).into()
}

/// What `nft` says, in a network of the test's own; `None` where this machine gives it none.
fn nft(script: &str, then: &str) -> Option<String> {
    let run = |inner: &str, script: &str| {
        let mut child = Command::new("unshare")
            .args([
                "--user",
                "--map-root-user",
                "--net",
                "sh",
                "-c",
                &format!("PATH=$PATH:/usr/sbin; {inner}"),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("unshare");
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        (output.status.success(), said)
    };
    if !run("nft list tables", "").0 {
        return None;
    }
    let (worked, said) = run(
        &format!(
            "cat > /dev/shm/candor-$$.nft && nft -f /dev/shm/candor-$$.nft && {then}; code=$?; rm /dev/shm/candor-$$.nft; exit $code"
        ),
        script,
    );
    assert!(worked, "{said}\n{script}");
    Some(said)
}

#[test]
fn each_network_stands_once_in_the_script_with_the_time_that_is_left() {
    let script = as_nftables(&blocks(), &proxies(), NOW);
    assert!(
        script.contains("elements = { 198.51.100.0/24 timeout 60s, 203.0.113.0/24 timeout 3600s }"),
        "{script}"
    );
    assert!(script.contains("elements = { 2001:db8:1::/48 timeout 600s }"), "{script}");
    assert!(!script.contains("192.0.2.0"), "{script}");
}

#[test]
fn nft_takes_the_script_and_takes_it_again() {
    for blocks in [blocks(), Vec::new()] {
        let script = as_nftables(&blocks, &proxies(), NOW);
        let Some(said) = nft(&script, "nft -f /dev/shm/candor-$$.nft && nft list table inet candor") else {
            eprintln!("this machine gives no network of one's own: nft was not asked");
            return;
        };
        assert_eq!(said.contains("203.0.113.0/24"), !blocks.is_empty(), "{said}");
        assert!(said.contains("ip saddr 10.1.2.3 accept"), "{said}");
    }
}

#[test]
fn what_comes_from_a_blocked_network_is_dropped_and_all_else_is_not() {
    let script = as_nftables(&[block("198.51.100.0", 5)], &["198.51.100.9".parse().unwrap()], NOW);
    // Two ends of a cable. Who calls from the far end is told at once that nobody listens, or nothing at all.
    let call = "import socket, sys
try: socket.create_connection(('198.51.100.1', 9), 1, (sys.argv[1], 0))
except ConnectionRefusedError: sys.exit(0)
except OSError: sys.exit(1)";
    let cable = "ip link set lo up; unshare --net sleep 20 & far=$!; sleep 0.2; \
        ip link add near type veth peer name far netns $far; ip addr add 198.51.100.1/16 dev near; ip link set near up; \
        for address in 198.51.100.7 198.51.100.9 198.51.101.7; do \
          nsenter --net=/proc/$far/ns/net ip addr add $address/16 dev far; done; \
        nsenter --net=/proc/$far/ns/net ip link set far up; \
        for address in 198.51.100.7 198.51.100.9 198.51.101.7; do \
          nsenter --net=/proc/$far/ns/net python3 -c \"$call\" $address && echo $address passes; done; \
        kill $far";
    let Some(said) = nft(&script, &format!("call=\"{call}\"; {cable}")) else {
        eprintln!("this machine gives no network of one's own: nothing was dropped");
        return;
    };
    let passing: Vec<&str> = said.lines().filter(|line| line.ends_with("passes")).collect();
    assert_eq!(passing, ["198.51.100.9 passes", "198.51.101.7 passes"], "{said}");
}
