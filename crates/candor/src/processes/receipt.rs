//! What a receipt for an erasure says: who was erased, by a digest; what was taken out, by counts and names of files; and
//! until when a backup that was made before may hold it.

use control::ErasureRow;
use domain::limits::BACKUP_KEPT;
use domain::{Erased, Site, Timestamp};
use sealing::visitor_digest;

/// Files that are named; of more it is told how many they were.
pub(crate) const FILES_NAMED_MAX: usize = 500;

/// The lines of the receipt for an erasure that was done at a moment when so many damaged files were put aside.
pub(super) fn lines(
    erasure: &ErasureRow,
    site: &Site,
    found: &Erased,
    (done_at, put_aside): (Timestamp, u64),
) -> String {
    let mut lines = vec![
        format!("site: {}", site.domain),
        format!("erasure: {}", erasure.number),
        format!("visitor: sha256 {}", visitor_digest(erasure.visitor)),
        format!("asked: {}", erasure.asked_at),
        format!("done: {done_at}"),
        format!("events: {}", found.events),
        format!("events that were set aside: {}", found.set_aside),
        format!("visits: {}", found.visits),
        format!("recordings: {}", found.recordings),
        format!("bytes of recordings: {}", found.recording_bytes),
    ];
    if let Some((first, last)) = found.span {
        lines.push(format!("days: {} to {}", day(first), day(last)));
    }
    lines.push(format!("damaged files that were put aside and not looked into: {put_aside}"));
    let named = found.files.iter().take(FILES_NAMED_MAX);
    lines.extend(named.map(|file| format!("file: {file}")));
    if found.files.len() > FILES_NAMED_MAX {
        lines.push(format!("files beside these: {}", found.files.len() - FILES_NAMED_MAX));
    }
    lines.push(format!("backups made before may hold it until: {}", backups_until(done_at)));
    lines.join("\n") + "\n"
}

/// Until when a backup is kept that was made before this moment.
pub(crate) fn backups_until(moment: Timestamp) -> Timestamp {
    moment + BACKUP_KEPT
}

/// The UTC day of a moment.
pub(crate) fn day(moment: Timestamp) -> String {
    moment.to_string().chars().take("2026-01-31".len()).collect()
}

#[cfg(test)]
mod tests {
    use domain::{SiteId, VisitorId};
    use sealing::{Environment, Key, SigningKey, open_receipt, sign_receipt};

    use super::*;

    fn of_files(count: usize) -> String {
        let erasure = ErasureRow {
            number: 7,
            site: SiteId(1),
            visitor: VisitorId::from_u128(5),
            asked_at: Timestamp(0),
            done: None,
            found: Erased::default(),
        };
        let site = Site {
            id: SiteId(1),
            organization: domain::OrganizationId::FIRST,
            domain: "example.com".parse().unwrap(),
            timezone: domain::TimeZone::utc(),
            created_at: Timestamp(0),
            settings: domain::SiteSettings::default(),
            write_key: "0123456789abcdef0123456789abcdef".parse().unwrap(),
            ids: domain::IdSecret::new([0; 32]),
        };
        // As long as any is called.
        let files = (0..count).map(|number| format!("{number:048x}.recording")).collect();
        let span = Some((Timestamp(0), Timestamp(86_400_000)));
        let found = Erased { events: u64::MAX, span, files, ..Erased::default() };
        lines(&erasure, &site, &found, (Timestamp(60_000), 0))
    }

    #[test]
    fn a_receipt_names_counts_days_files_and_the_end_of_the_last_backup_and_no_visitor() {
        let said = of_files(2);
        for line in [
            "site: example.com",
            "erasure: 7",
            "done: 1970-01-01T00:01:00.000Z",
            "days: 1970-01-01 to 1970-01-02",
            "backups made before may hold it until: 1970-01-04T00:01:00.000Z",
        ] {
            assert!(said.lines().any(|said| said == line), "{line} in {said}");
        }
        assert_eq!(said.lines().filter(|line| line.starts_with("file: ")).count(), 2);
        assert!(!said.contains(&VisitorId::from_u128(5).to_string()));
    }

    #[test]
    fn as_many_files_as_may_be_are_named_and_of_one_more_it_is_told_that_there_is_one() {
        let key = SigningKey::of_seed(&Key::take(&mut [1; 32]));
        for (count, told) in [(FILES_NAMED_MAX, None), (FILES_NAMED_MAX + 1, Some("files beside these: 1"))] {
            let said = of_files(count);
            assert_eq!(said.lines().filter(|line| line.starts_with("file: ")).count(), FILES_NAMED_MAX);
            assert_eq!(said.lines().find(|line| line.starts_with("files beside")), told);
            let receipt = sign_receipt(&said, Environment(1), &key).expect("it fits");
            assert!(open_receipt(&receipt, None).is_ok());
        }
    }
}
