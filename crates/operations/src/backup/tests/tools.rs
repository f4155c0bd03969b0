//! The programs `age`, `zstd` and `tar`, which nobody here wrote, unpack what lies in the target.

use std::process::Command;

use super::*;

#[test]
fn age_zstd_and_tar_unpack_it() {
    let world = World::new();
    world.back_up().unwrap();
    let identity = world.path("identity");
    world.identity.write(fs::File::create(&identity).unwrap()).unwrap();
    let into = world.path("unpacked");
    fs::create_dir(&into).unwrap();
    for archive in [world.objects("packs"), world.objects("snapshots"), world.objects("keys")].concat() {
        if archive.extension().is_some_and(|end| end == "age") {
            let line = format!(
                "age -d -i {} {} | zstd -d | tar -x -C {}",
                identity.display(),
                archive.display(),
                into.display()
            );
            let done = Command::new("bash").args(["-o", "pipefail", "-c", &line]).output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
    }
    let unpacked = tree(&into);
    assert_eq!(unpacked["data/segments/1/0a.parquet"], b"first segment");
    assert_eq!(unpacked["keys/keys.sealed"], b"KEYS.SEALED");
    let told: serde_json::Value = serde_json::from_slice(&unpacked["manifest.json"]).unwrap();
    assert_eq!(told["files"].as_array().unwrap().len(), unpacked.len() - 4);
}
