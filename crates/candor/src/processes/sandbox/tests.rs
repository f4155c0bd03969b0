use std::fs;
use std::io::ErrorKind::PermissionDenied;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::Path;
use std::process::Command;

use super::*;

/// A server's folders with something in each, and a file of somebody else's.
struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for part in [
            "data/journal",
            "data/spool",
            "data/tmp",
            "data/segments",
            "data/recordings",
            "keys",
            "elsewhere",
        ] {
            fs::create_dir_all(folder.path().join(part)).unwrap();
            fs::write(folder.path().join(part).join("file"), part).unwrap();
        }
        Self { folder }
    }

    fn path(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }

    fn birth(&self, role: Role) -> Birth {
        Birth {
            role,
            data: self.path("data"),
            keys: (role == Role::Keeper).then(|| self.path("keys")),
            public_url: String::new(),
            replay_url: None,
            listen: None,
            trusted_proxies: Vec::new(),
            certificate: None,
            places: None,
            allow_unsandboxed: false,
            threads: 2,
            passed: Vec::new(),
            root: None,
            mail: false,
            smtp: None,
            backups: None,
            alerts: Default::default(),
            reach: Default::default(),
        }
    }

    /// What `act` sees in the room of `role`, on a thread that lives no longer.
    fn within<T: Send>(&self, role: Role, act: impl FnOnce() -> T + Send) -> T {
        let birth = self.birth(role);
        let enter = || {
            let confinement = Room::of(&birth).enter(Confining::InForce).unwrap();
            assert!(confinement.is_held(), "{confinement:?}");
            act()
        };
        std::thread::scope(|scope| scope.spawn(enter).join().unwrap())
    }
}

fn touchable(path: &Path) -> &'static str {
    let read = fs::read(path.join("file")).is_ok();
    let kept = fs::write(path.join("new"), "").is_ok();
    match (read, kept) {
        (true, true) => "kept",
        (true, false) => "read",
        (false, true) => "written",
        (false, false) => "closed",
    }
}

#[test]
fn each_process_touches_its_own_folders_and_no_others() {
    let house = House::new();
    let parts =
        ["data/journal", "data/spool", "data/tmp", "data/segments", "data/recordings", "keys", "elsewhere"];
    let seen = Role::ALL.map(|role| {
        let paths = parts.map(|part| house.path(part));
        let seen = house.within(role, move || paths.map(|path| touchable(&path)));
        (role.as_str(), seen)
    });
    assert_eq!(
        seen,
        [
            ("keeper", ["closed", "closed", "closed", "closed", "closed", "kept", "closed"]),
            ("edge", ["kept", "kept", "kept", "closed", "closed", "closed", "closed"]),
            ("app", ["kept", "kept", "kept", "kept", "kept", "closed", "closed"]),
            ("worker", ["kept", "kept", "kept", "kept", "kept", "closed", "closed"]),
        ]
    );
}

#[test]
fn no_process_reaches_the_network_starts_a_program_or_listens() {
    let house = House::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let commands = UnixListener::bind(house.path("data/candor.sock")).unwrap();
    for role in Role::ALL {
        let (socket, command_socket) = (house.path("data/journal/socket"), house.path("data/candor.sock"));
        let refused = house.within(role, move || {
            [
                UnixStream::connect(command_socket).map(drop),
                UnixDatagram::pair().map(drop),
                TcpStream::connect(address).map(drop),
                TcpListener::bind("127.0.0.1:0").map(drop),
                UdpSocket::bind("127.0.0.1:0").map(drop),
                UnixListener::bind(socket).map(drop),
                Command::new("/bin/true").status().map(drop),
            ]
            .map(|tried| tried.err().map(|error| error.kind()))
        });
        assert_eq!(refused, [Some(PermissionDenied); 7], "{}", role.as_str());
    }
    drop(commands);
}

#[test]
fn no_process_has_a_signal_sent_to_another_or_gives_up_the_lock_of_the_server() {
    use rustix::fs::{FlockOperation, OFlags, fcntl_setfl, flock};
    let house = House::new();
    let lock = fs::File::create(house.path("data/lock")).unwrap();
    for role in Role::ALL {
        let held = lock.try_clone().unwrap();
        let refused = house.within(role, move || {
            let own = rustix::process::getpid();
            [
                rustix::process::kill_process(own, rustix::process::Signal::WINCH).err(),
                fcntl_setfl(&held, OFlags::from_bits_retain(libc::O_ASYNC as u32)).err(),
                flock(&held, FlockOperation::Unlock).err(),
            ]
        });
        assert_eq!(refused, [Some(rustix::io::Errno::PERM); 3], "{}", role.as_str());
    }
}

#[test]
fn no_process_looks_at_another_or_makes_memory_a_program() {
    let house = House::new();
    for role in Role::ALL {
        let (memory, environment, thread) = house.within(role, || {
            let memory = region::alloc(1, region::Protection::READ_WRITE_EXECUTE).map(drop);
            let environment = fs::read("/proc/self/environ").map(drop);
            (
                memory.is_err(),
                environment.err().map(|error| error.kind()),
                std::thread::spawn(|| 7).join().ok(),
            )
        });
        assert!(memory, "{}", role.as_str());
        assert_eq!((environment, thread), (Some(PermissionDenied), Some(7)), "{}", role.as_str());
    }
}

#[test]
fn the_dialer_reaches_one_port_looks_names_up_and_touches_nothing_else() {
    let house = House::new();
    let (mail, other) =
        (TcpListener::bind("127.0.0.1:0").unwrap(), TcpListener::bind("127.0.0.1:0").unwrap());
    let ports = [&mail, &other].map(|listener| listener.local_addr().unwrap().port());
    let commands = UnixListener::bind(house.path("data/candor.sock")).unwrap();
    let (parts, socket) =
        (["data/segments", "keys", "elsewhere"].map(|part| house.path(part)), house.path("data/candor.sock"));
    let dial = move || {
        let confinement = enter_to_dial(ports[0], Confining::InForce).unwrap();
        assert!(confinement.is_held(), "{confinement:?}");
        let refused = [
            TcpStream::connect(("127.0.0.1", ports[1])).map(drop),
            TcpListener::bind("127.0.0.1:0").map(drop),
            UnixStream::connect(socket).map(drop),
            Command::new("/bin/true").status().map(drop),
        ];
        let reached = TcpStream::connect(("localhost", ports[0])).map(drop);
        let touched = parts.map(|part| touchable(&part));
        (reached.is_ok(), touched, refused.map(|tried| tried.err().map(|error| error.kind())))
    };
    let (reached, touched, refused) = std::thread::spawn(dial).join().unwrap();
    assert!(reached);
    assert_eq!((touched, refused), (["closed"; 3], [Some(PermissionDenied); 4]));
    drop(commands);
}
