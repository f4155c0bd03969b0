//! What `app` counts, for the edge to show beside its own.

use std::sync::Arc;

use axum::extract::State;
use control::BackupMark;
use domain::Timestamp;
use events::Catalog;

use super::problem::Problem;
use crate::data_dir::DataDir;
use crate::processes::app::state::App;
use crate::prometheus::Page;

/// Where the edge asks for them; it passes nobody else's request for this address on.
pub(crate) const METRICS_PATH: &str = "/api/internal/metrics";

/// `app`'s numbers, in the text format of Prometheus.
pub(crate) async fn show_metrics(State(app): State<Arc<App>>) -> Result<String, Problem> {
    app.off_thread(|app| {
        let mut page = Page::default();
        page.histogram("candor_walk_seconds", "How long reports took to compute.", &app.reports.walks);
        page.counter(
            "candor_reports_turned_away_total",
            "Reports beyond the limit.",
            &app.reports.turned_away,
        );
        let decoded = app.store.rows_decoded();
        page.total("candor_rows_decoded_total", "Rows of segments decoded for reports.", decoded);
        page.total(
            "candor_keeper_calls_total",
            "Questions that `app` asked the keeper.",
            app.keeper.questions(),
        );
        page.total(
            "candor_decryptions_total",
            "Sealed parts of segments and of the journal opened for reports.",
            app.store.decryptions(),
        );
        let snapshot = app.catalog.snapshot().map_err(|error| Problem::internal(&error))?;
        page.gauge("candor_segments", "Live segments.", snapshot.segments.len() as u64);
        page.gauge("candor_segment_bytes", "Bytes of live segments.", snapshot.bytes());
        let (now, duties) = (app.clock.now(), app.control.duties()?);
        let late: Vec<(&str, u64)> =
            duties.iter().map(|duty| (&*duty.duty, u64::from(duty.is_late(now)))).collect();
        page.gauges("candor_duty_late", "Whether something that is promised is late.", "duty", &late);
        let age = |at: Timestamp| u64::try_from((now.0 - at.0) / 1_000).unwrap_or_default();
        let ages: Vec<(&str, u64)> =
            duties.iter().filter_map(|duty| Some((&*duty.duty, age(duty.last_ok?)))).collect();
        page.gauges("candor_duty_age_seconds", "How long ago it was last done.", "duty", &ages);
        let (files, bytes) = journal(app).map_err(|error| Problem::internal(&error))?;
        page.gauge("candor_journal_files", "Files of the journal.", files);
        page.gauge("candor_journal_bytes", "Bytes of the journal.", bytes);
        write_backups(app, &mut page)?;
        Ok(page.into_text())
    })
    .await
}

/// How old what was last good of backups is; nothing where none are made.
fn write_backups(app: &App, page: &mut Page) -> Result<(), Problem> {
    let now = app.clock.now();
    let age = |mark| {
        let at = app.control.backup_mark(mark).map_err(|error| Problem::internal(&error))?;
        Ok::<_, Problem>(at.map(|at| u64::try_from(now.since(at)).unwrap_or(0) / 1000))
    };
    if let Some(age) = age(BackupMark::Backup)? {
        page.gauge("candor_backup_age_seconds", "Age of the last backup that was read back.", age);
    }
    if let Some(age) = age(BackupMark::Drill)? {
        let help = "Time since a backup was last restored and was what it should be.";
        page.gauge("candor_backup_drill_age_seconds", help, age);
    }
    let late = u64::from(app.status().backups.is_late());
    page.gauge("candor_backup_late", "Whether a backup or a drill is late.", late);
    Ok(())
}

fn journal(app: &App) -> std::io::Result<(u64, u64)> {
    let mut sums = (0, 0);
    for entry in std::fs::read_dir(DataDir::new(app.data.clone()).journal())? {
        // A file may be absorbed and gone since it was listed.
        if let Ok(metadata) = entry?.metadata() {
            sums = (sums.0 + 1, sums.1 + metadata.len());
        }
    }
    Ok(sums)
}
