use std::collections::HashSet;

use super::*;

#[test]
fn every_line_has_a_name_and_a_known_category() {
    for line in LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        assert!((2..=4).contains(&columns.len()) && !columns[0].is_empty(), "{line}");
        assert!(columns[1] == "-" || Category::from_word(columns[1]).is_some(), "{line}");
    }
}

#[test]
fn no_host_and_no_name_stands_for_two_sources() {
    let mut hosts = HashSet::new();
    let mut names = HashSet::new();
    for line in LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let name = columns.next().unwrap_or_default();
        assert!(names.insert(name.to_lowercase()), "{name}");
        for host in columns.nth(1).unwrap_or_default().split_whitespace() {
            assert!(hosts.insert(host), "{host}");
        }
        for alias in columns.next().unwrap_or_default().split(", ").filter(|alias| !alias.is_empty()) {
            assert!(names.insert(alias.to_lowercase()), "{alias}");
        }
    }
}

#[test]
fn the_longest_host_that_fits_decides() {
    let book = SourceBook::new();
    for (host, name) in [
        ("google.de", Some("Google")),
        ("news.google.com.au", Some("Google News")),
        ("a.b.google.co.uk", Some("Google")),
        ("blog.naver.com", Some("Naver Blog")),
        ("naver.com", Some("Naver")),
        ("notgoogle.com", None),
        ("google.evil.test", None),
        ("", None),
        ("com", None),
    ] {
        assert_eq!(book.at_host(host), name, "{host}");
    }
}
