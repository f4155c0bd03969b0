use std::fs::Permissions;

use domain::Counting;

use super::*;

struct House {
    _folder: tempfile::TempDir,
    data: PathBuf,
    keys: PathBuf,
}

fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let (data, keys) = (folder.path().join("data"), folder.path().join("data.keys"));
    fs::create_dir(&data).unwrap();
    House { _folder: folder, data, keys }
}

impl House {
    fn unseal(&self) -> Result<(Key, bool), RootError> {
        let keys = prepare_folder(&self.keys, &self.data)?;
        unseal(&keys, &keys.join("keys.sealed"), &Counting::from(3))
    }

    fn key_file(&self) -> PathBuf {
        self.keys.join("root.key")
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn the_first_start_makes_a_root_key_for_this_account_alone_and_the_next_finds_it() {
    let house = house();
    let (made, fresh) = house.unseal().unwrap();
    assert!(fresh);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&house.keys), mode(&house.key_file())), (0o700, 0o600));
    let (found, fresh) = house.unseal().unwrap();
    assert!(!fresh);
    assert_eq!(found.bytes(), made.bytes());
}

#[test]
fn a_key_file_or_folder_that_others_can_read_is_refused_with_the_command_that_mends_it() {
    let house = house();
    house.unseal().unwrap();
    for (path, mode, command) in [
        (house.key_file(), 0o640, "chmod 600"),
        (house.key_file(), 0o604, "chmod 600"),
        (house.keys.clone(), 0o750, "chmod 700"),
    ] {
        set_mode(&path, mode);
        let refused = house.unseal().err().unwrap().to_string();
        assert!(refused.contains(command), "{refused}");
        set_mode(&path, if path == house.keys { 0o700 } else { 0o600 });
    }
    house.unseal().unwrap();
}

#[test]
fn a_folder_for_keys_inside_the_data_directory_is_refused_by_whatever_name() {
    let mut house = house();
    house.keys = house.data.join("keys");
    assert!(matches!(house.unseal(), Err(RootError::InsideData { .. })));
    let aside = house.data.with_file_name("aside");
    std::os::unix::fs::symlink(house.data.join("keys"), &aside).unwrap();
    house.keys = aside;
    assert!(matches!(house.unseal(), Err(RootError::InsideData { .. })));
}

#[test]
fn a_root_key_that_is_missing_beside_stored_keys_is_not_made_anew() {
    let house = house();
    house.unseal().unwrap();
    fs::write(house.keys.join("keys.sealed"), b"something").unwrap();
    fs::remove_file(house.key_file()).unwrap();
    let refused = house.unseal().err().unwrap().to_string();
    assert!(refused.contains("root.key is missing") && refused.contains("restore"), "{refused}");
    assert!(!house.key_file().exists());
}

#[test]
fn a_key_file_with_any_digit_changed_is_damaged() {
    let house = house();
    house.unseal().unwrap();
    let text = fs::read_to_string(house.key_file()).unwrap();
    for at in 0..text.trim_end().len() {
        let mut altered = text.clone().into_bytes();
        altered[at] = if altered[at] == b'0' { b'1' } else { b'0' };
        fs::write(house.key_file(), altered).unwrap();
        assert!(matches!(house.unseal(), Err(RootError::Damaged { .. })), "byte {at}");
    }
}
