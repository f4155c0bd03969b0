//! Backups, for commands of this account alone: making one, which there are, and whether one restores. Once two operators are
//! enrolled, it takes both of them to see which there are.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use serde::{Deserialize, Serialize};

use super::input::Input;
use super::problem::{Kind, Problem};
use crate::processes::app::state::App;
use crate::processes::messages::{BackupTold, BackupWish};

/// Has one made now.
pub(crate) async fn make_backup(State(app): State<Arc<App>>) -> Result<Json<BackupTold>, Problem> {
    app.about_backups(BackupWish::Make).await.map(Json)
}

/// Which there are. That somebody looked is written down first.
pub(crate) async fn list_backups(State(app): State<Arc<App>>) -> Result<Json<BackupTold>, Problem> {
    app.off_thread(|app| {
        if app.roster()?.count > 1 {
            let sentence =
                "two operators are enrolled, who must agree: candor operator backups, and the other approves";
            return Err(Problem::new(Kind::Conflict, sentence));
        }
        let object = Object::sole(ObjectKind::Backup);
        let entry = NewEntry::new(app.clock.now(), Actor::system(), Act::BackupList, object)
            .with("by", "a command of this account");
        app.control.note(Log::SERVER, &entry).map_err(|error| Problem::internal(&error))
    })
    .await?;
    app.about_backups(BackupWish::List).await.map(Json)
}

/// What a command says of what it restored to the folder for drills.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DrillReport {
    /// Why it did not restore, if it did not.
    pub(crate) failed: Option<String>,
    /// Whether that is the backup's fault.
    #[serde(default)]
    pub(crate) is_wrong: bool,
}

/// Holds what a command restored to the folder for drills against what it should be, or writes down that it did not restore.
pub(crate) async fn judge_drill(
    State(app): State<Arc<App>>,
    Input(DrillReport { failed, is_wrong }): Input<DrillReport>,
) -> Result<Json<BackupTold>, Problem> {
    let wish = failed.map_or(BackupWish::Drill, |why| BackupWish::DrillFailed { why, is_wrong });
    app.about_backups(wish).await.map(Json)
}
