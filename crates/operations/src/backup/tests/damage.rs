//! What lies in the target is altered, cut short, taken away, or never was what was put.

use std::fs;
use std::sync::Arc;

use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

use super::*;

#[test]
fn one_flipped_bit_anywhere_is_named_and_never_restored() {
    let world = World::new();
    world.tell_one_destroyed();
    world.back_up().unwrap();
    assert!(world.verify(true).findings.is_empty());
    for (number, object) in world.all_objects().into_iter().enumerate() {
        let whole = fs::read(&object).unwrap();
        let name = object.strip_prefix(world.path("target")).unwrap().to_string_lossy().into_owned();
        for place in [0, whole.len() / 3, whole.len() / 2, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[place] ^= 1 << (place % 8);
            fs::write(&object, bytes).unwrap();
            for deep in [false, true] {
                let found = world.verify(deep).findings;
                assert!(found.iter().any(|one| one.name == name), "{name} at {place}: {found:?}");
            }
            let restored = world.restore(&format!("{number}-{place}"));
            assert!(restored.is_err(), "{name} at {place}");
        }
        fs::write(&object, whole).unwrap();
    }
    assert!(world.verify(true).findings.is_empty());
}

#[test]
fn what_is_cut_short_or_gone_is_named() {
    let world = World::new();
    world.back_up().unwrap();
    for object in [world.objects("packs"), world.objects("keys")].concat() {
        let name = object.strip_prefix(world.path("target")).unwrap().to_string_lossy().into_owned();
        let whole = fs::read(&object).unwrap();
        fs::write(&object, &whole[..whole.len() - 1]).unwrap();
        assert!(world.verify(false).findings.iter().any(|one| one.name == name));
        fs::write(&object, &whole).unwrap();
    }
    let pack = world.objects("packs").remove(0);
    fs::remove_file(pack).unwrap();
    let found = world.verify(false).findings;
    assert_eq!(found.len(), 1);
    assert!(found[0].name.starts_with("packs/") && found[0].what.contains("is not there"), "{found:?}");
}

#[test]
fn an_index_that_somebody_else_wrote_is_none_of_this_server() {
    let world = World::new();
    world.back_up().unwrap();
    let other = Backups::new(
        world.backups.target().clone(),
        world.backups.recipients.clone(),
        &sealing::Key::take(&mut [8; 32]),
        Controls::IN_FORCE,
    );
    let Listed { backups, wrong } = other.list().unwrap();
    assert!(backups.is_empty());
    assert!(wrong[0].to_string().contains("not written by this server"), "{}", wrong[0]);
    // And it deletes nothing that it does not know.
    assert_eq!(other.prune(world.later(9 * DAY_MS).now()).unwrap(), Pruned::default());
}

#[test]
fn a_store_that_keeps_something_else_is_noticed_because_it_is_read_back() {
    let lying = |controls| {
        let store = Arc::new(Lying { inner: InMemory::new() });
        let target = Target::over(store, Arc::new(|work| futures_executor::block_on(work)));
        World::over(tempfile::tempdir().unwrap(), target, controls).back_up()
    };
    let refused = lying(Controls::IN_FORCE).unwrap_err();
    assert!(matches!(&refused, BackupError::NotReadBack { name } if name.starts_with("packs/")), "{refused}");
    // The twin without the read-back believes it.
    lying(Controls { reads_back: false, ..Controls::IN_FORCE }).unwrap();
}

/// A store that says it has what was put, and alters packs.
#[derive(Debug)]
struct Lying {
    inner: InMemory,
}

impl std::fmt::Display for Lying {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a store that lies")
    }
}

#[async_trait::async_trait]
impl ObjectStore for Lying {
    async fn put_opts(&self, at: &Path, payload: PutPayload, options: PutOptions) -> Result<PutResult> {
        let mut bytes = bytes::Bytes::from(payload).to_vec();
        if at.as_ref().starts_with("packs/") {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }
        self.inner.put_opts(at, bytes.into(), options).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.inner.put_multipart_opts(at, options).await
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(at, options).await
    }

    fn delete_stream(
        &self,
        paths: futures_util::stream::BoxStream<'static, Result<Path>>,
    ) -> futures_util::stream::BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(paths)
    }

    fn list(&self, below: Option<&Path>) -> futures_util::stream::BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(below)
    }

    async fn list_with_delimiter(&self, below: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(below).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}
