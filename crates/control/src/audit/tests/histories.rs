//! Random histories of acts that succeed, acts that fail, checkpoints and restarts, against a list in memory.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    Act,
    Fail,
    Checkpoint,
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Act),
        2 => Just(Step::Fail),
        2 => Just(Step::Checkpoint),
        1 => Just(Step::Restart),
    ];
    proptest::collection::vec(step, 1..60)
}

fn fail(database: &Database) {
    let failed: Result<(), DatabaseError> = database.act(LOG, &entry(Act::SiteRemove), |work| {
        work.append(Log(2), &entry(Act::SiteRemove))?;
        change(work)?;
        Err(DatabaseError(rusqlite::Error::InvalidQuery))
    });
    assert!(failed.is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_happens_a_log_holds_each_act_once_and_agrees_with_every_checkpoint(steps in steps()) {
        let house = House::new();
        let mut database = house.database();
        let (mut done, mut kept) = (0, Vec::new());
        for step in steps {
            match step {
                Step::Act => {
                    database.act(LOG, &entry(Act::SiteAdd), change).unwrap();
                    done += 1;
                }
                Step::Fail => fail(&database),
                Step::Checkpoint => kept.push(house.checkpoint(&database)),
                Step::Restart => {
                    drop(database);
                    database = house.database();
                }
            }
            prop_assert_eq!(database.audit_head(LOG).unwrap().size as i64, done);
            prop_assert_eq!(changes(&database), done);
        }
        prop_assert_eq!(acts(&database), vec![Act::SiteAdd; done as usize]);
        prop_assert_eq!(database.audit_head(Log(2)).unwrap().root, empty_root());
        prop_assert_eq!(house.found(&database, &kept), Vec::<String>::new());
    }
}
