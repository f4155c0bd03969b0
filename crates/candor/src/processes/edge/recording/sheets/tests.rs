use super::*;

const SITE: SiteId = SiteId(1);
const MOST: usize = 1 << 20;

fn tab(number: u32) -> TabId {
    format!("{number:022}").parse().unwrap()
}

fn sheet(number: u32) -> String {
    format!("a::before {{ content: \\\"{number}\\\" }}").repeat(200)
}

fn chunk(sheet: &str) -> String {
    format!(r#"{{"n":0,"e":[{{"attributes":{{"_cssText":"{sheet}","media":"all"}}}}]}}"#)
}

/// Sheets that so many recordings had.
fn had_by(recordings: u32, sheet: &str) -> Sheets {
    let sheets = Sheets::default();
    (0..recordings).for_each(|number| sheets.learn(SITE, tab(number), chunk(sheet).as_bytes()));
    sheets
}

fn whole(sheets: &Sheets, site: SiteId, body: &str) -> (String, bool) {
    let whole = sheets.put_in(site, body.as_bytes(), MOST).unwrap();
    (String::from_utf8(whole.body.into_owned()).unwrap(), whole.lacks)
}

#[test]
fn a_sheet_that_three_recordings_had_is_told_of_and_put_in_where_it_is_named() {
    let sheets = had_by(3, &sheet(1));
    let [name] = &sheets.names(SITE)[..] else { panic!("one name") };
    assert_eq!(whole(&sheets, SITE, &chunk(&format!("@sheet {name}"))), (chunk(&sheet(1)), false));
}

#[test]
fn one_that_fewer_recordings_had_is_no_sites() {
    let sheets = had_by(2, &sheet(1));
    sheets.learn(SITE, tab(1), chunk(&sheet(1)).as_bytes());
    assert!(sheets.names(SITE).is_empty());
    let name = name_of(sheet(1).as_bytes());
    assert_eq!(whole(&sheets, SITE, &chunk(&format!("@sheet {name}"))), (chunk(""), true));
}

#[test]
fn a_sheet_of_another_site_is_not_known() {
    let sheets = had_by(3, &sheet(1));
    let named = chunk(&format!("@sheet {}", sheets.names(SITE)[0]));
    assert_eq!(whole(&sheets, SiteId(2), &named), (chunk(""), true));
}

#[test]
fn what_names_no_sheet_stays_as_it_is() {
    let sheets = had_by(3, &sheet(1));
    let text = format!(r#"{{"textContent":"\"_cssText\":\"@sheet {}\""}}"#, sheets.names(SITE)[0]);
    for body in [text, chunk(&sheet(2)), "{\"_cssText\":\"never ends".to_owned()] {
        assert_eq!(whole(&sheets, SITE, &body), (body.clone(), false));
    }
}

#[test]
fn names_make_no_chunk_larger_than_one_may_be() {
    let sheets = had_by(3, &sheet(1));
    let named = chunk(&format!("@sheet {}", sheets.names(SITE)[0]));
    let length = chunk(&sheet(1)).len();
    assert!(sheets.put_in(SITE, named.as_bytes(), length).is_some());
    assert!(sheets.put_in(SITE, named.as_bytes(), length - 1).is_none());
}

#[test]
fn a_small_sheet_is_not_kept_and_of_a_site_the_newest_are() {
    let sheets = had_by(3, &"a".repeat(BYTES_MIN - 1));
    assert!(sheets.names(SITE).is_empty());
    for number in 0..=SHEETS_MAX as u32 {
        (0..3).for_each(|recording| sheets.learn(SITE, tab(recording), chunk(&sheet(number)).as_bytes()));
    }
    let names = sheets.names(SITE);
    assert_eq!(names.len(), SHEETS_MAX);
    assert!(!names.contains(&name_of(sheet(0).as_bytes())), "the oldest is gone");
}

#[test]
fn all_of_them_stay_within_their_budget() {
    let sheets = Sheets::default();
    for number in 0..20 {
        sheets.learn(SiteId(number), tab(0), chunk(&format!("{number:02}").repeat(1 << 19)).as_bytes());
    }
    let known = sheets.lock();
    assert!(known.bytes <= BYTES_MAX && known.bytes > BYTES_MAX - (2 << 20), "{}", known.bytes);
    assert_eq!(known.bytes, known.of_sites.values().flatten().map(|sheet| sheet.text.len()).sum::<usize>());
}
