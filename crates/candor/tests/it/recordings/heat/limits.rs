//! How much is listed of heatmaps, at the edge of it.

use super::*;

/// Pages that are listed.
const PAGES: usize = 500;
/// Recordings that are listed in which an element was clicked.
const CLICKED: usize = 100;

#[test]
fn so_many_pages_are_listed_and_of_one_more_those_in_most_recordings() {
    let server = recording();
    let shown = |tab_number: u32, paths: std::ops::Range<usize>| {
        for path in paths {
            let [meta, full] = snapshot(AT + path as i64 * 10, "A page", "***");
            let chunk = chunk_of(&tab(tab_number), &format!("Page-{path:06}"), 0, &[meta, full]);
            let taken =
                send(&server, &chunk.replace("example.com/cart", &format!("example.com{}", path_of(path))));
            assert_eq!(taken.status, 202, "{}", taken.text());
        }
    };
    shown(1, 0..PAGES);
    let paths = || {
        let pages = seen(&server, "/pages")["pages"].as_array().expect("pages").clone();
        pages.iter().map(|page| page["path"].as_str().expect("a path").to_owned()).collect::<Vec<_>>()
    };
    eventually("all are listed", || (paths().len() == PAGES).then_some(()));
    // One more page, and one that is in two recordings.
    shown(2, PAGES - 1..PAGES + 1);
    eventually("the page of both comes first", || (paths()[0] == path_of(PAGES - 1)).then_some(()));
    eventually("the last is there", || (matching(&server, &path_of(PAGES)) == 1).then_some(()));
    assert_eq!(paths().len(), PAGES);
}

#[test]
fn so_many_recordings_with_a_click_are_listed_and_of_one_more_the_newest() {
    let server = recording();
    let clicked = |number: usize| {
        let visit = Visit { tab: number as u32, ..visits().swap_remove(1) };
        // Each begins a second after the one before.
        let chunk = visit.chunk();
        let later = (AT..=AT + visit.ends).rev().fold(chunk, |chunk, at| {
            let (was, is) = (format!(r#""timestamp":{at}}}"#), at + number as i64 * 1_000);
            chunk.replace(&was, &format!(r#""timestamp":{is}}}"#))
        });
        let taken = send(&server, &later);
        assert_eq!(taken.status, 202, "{}", taken.text());
    };
    let oldest = || {
        let told = seen(&server, "/recordings?page=/cart&screen=desktop&element=7&kind=clicks");
        let told = told["recordings"].as_array().expect("recordings").clone();
        (told.len(), told.last().expect("one")["at"].as_i64().expect("a moment") - AT)
    };
    (0..CLICKED).for_each(clicked);
    eventually("all are listed", || (matching(&server, "/cart") == CLICKED as u64).then_some(()));
    assert_eq!(oldest(), (CLICKED, 2_000));
    clicked(CLICKED);
    eventually("one more is there", || (matching(&server, "/cart") == CLICKED as u64 + 1).then_some(()));
    assert_eq!(oldest(), (CLICKED, 3_000));
}

fn matching(server: &Server, page: &str) -> u64 {
    let of = format!("?page={page}&screen=desktop");
    seen(server, &of)["matching"].as_u64().expect("a number")
}

/// A path of letters: one of digits would be one page with others.
fn path_of(number: usize) -> String {
    let letter = |of: usize| char::from(b'a' + (of % 26) as u8);
    format!("/page-{}{}", letter(number / 26), letter(number))
}
