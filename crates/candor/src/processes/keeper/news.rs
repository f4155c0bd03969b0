//! What a person is told of the root key when the keeper starts.

use std::path::Path;

use keeper::{RootNews, RootSource};

const OLD_COPIES: &str = "Copies of the old root key open copies of the old keys.sealed, and nothing else. Make a new copy of the folder\n  \
     for keys, and delete the old ones.";

/// The sentences for `news` of the folder `keys`.
pub(super) fn told(news: &RootNews, keys: &Path) -> String {
    let keys = keys.display();
    match news {
        RootNews::Made(RootSource::File) => format!(
            "The root key was made: {keys}/root.key\n  \
             Without it nothing that Candor keeps can be opened again. Keep a copy of its folder, apart from the data\n  \
             and from the data's backups: whoever has both can read everything."
        ),
        RootNews::Made(source) => format!(
            "The root key was made: {keys}/root.sealed, sealed by {source}\n  \
             Without both nothing that Candor keeps can be opened again. Keep a copy of the folder, {}.",
            match source {
                RootSource::Passphrase => "and do not forget the passphrase",
                _ => "and of what it was sealed by",
            }
        ),
        RootNews::Moved(source) => {
            format!("The root key was replaced, and comes from {source} from now on.\n  {OLD_COPIES}")
        }
        RootNews::Replaced(_) => format!("The root key was replaced.\n  {OLD_COPIES}"),
        RootNews::NotReplaced(why) => format!("The root key was not replaced, and is as it was: {why}"),
        RootNews::Finished => {
            format!("The root key was replaced: what was cut off before was finished.\n  {OLD_COPIES}")
        }
        RootNews::TakenBack => {
            "The root key is as it was: a replacement that was cut off was taken back.".to_owned()
        }
        RootNews::CredentialStays => format!(
            "{keys}/rotate-root asks for another root key, but a credential is not Candor's to replace:\n  \
             give the new one as candor-root-key and this one as candor-root-key-before."
        ),
        RootNews::LiesOpen(path) => format!(
            "The root key comes from a credential, and lies in {}, too, which nothing needs:\n  \
             keep it elsewhere, and delete it there.",
            path.display()
        ),
    }
}
