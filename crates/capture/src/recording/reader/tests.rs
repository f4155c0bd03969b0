use super::*;

#[track_caller]
fn text(json: &str) -> Result<String, Refused> {
    Reader::new(json.as_bytes())?.text().map(Cow::into_owned)
}

#[test]
fn escapes_are_what_they_stand_for_and_half_a_pair_is_a_replacement() {
    assert_eq!(text(r#""a\"\\\/\n\t\r\b\fé""#).unwrap(), "a\"\\/\n\t\r\u{8}\u{c}é");
    assert_eq!(text(r#""\u00e9\ud83d\ude00""#).unwrap(), "é😀");
    assert_eq!(text(r#""\ud83dx\ude00\ud83d""#).unwrap(), "\u{fffd}x\u{fffd}\u{fffd}");
    for json in [r#""a"#, r#""a\"#, r#""a\x""#, r#""\u12"#, r#""\u12g4""#, r#""a\u""#, "x"] {
        assert_eq!(text(json), Err(not_json()), "{json}");
    }
}

#[test]
fn what_is_skipped_ends_where_it_ends() {
    for value in [
        r#"{"a":[1,{"b":"]}\""}],"c":null}"#,
        "[]",
        "{}",
        "[[],[{}]]",
        "-1.5",
        "true",
        "false",
        "null",
        r#""a\\""#,
        r#""é\é""#,
    ] {
        let json = format!("[{value},7]");
        let mut reader = Reader::new(json.as_bytes()).unwrap();
        let mut members = reader.array().unwrap();
        assert!(reader.item(&mut members).unwrap());
        reader.skip().unwrap_or_else(|refused| panic!("{value}: {refused}"));
        assert!(reader.item(&mut members).unwrap(), "{value}");
        assert_eq!(reader.whole(7), Ok(7), "{value}");
        assert!(!reader.item(&mut members).unwrap());
        reader.end().unwrap();
    }
}

#[test]
fn a_million_open_brackets_cost_no_stack() {
    let reader_of = |json: &str| Reader::new(json.as_bytes()).unwrap().skip().is_ok();
    assert!(!reader_of(&"[".repeat(1_000_000)));
    assert!(reader_of(&("[".repeat(1_000_000) + &"]".repeat(1_000_000))));
}

#[test]
fn commas_stand_between_members_and_nowhere_else() {
    let count = |json: &str| -> Result<u32, Refused> {
        let mut reader = Reader::new(json.as_bytes())?;
        let mut members = reader.array()?;
        let mut count = 0;
        while reader.item(&mut members)? {
            reader.whole(9)?;
            count += 1;
        }
        reader.end().map(|()| count)
    };
    assert_eq!(count(" [ 1 , 2\n] "), Ok(2));
    assert_eq!(count("[]"), Ok(0));
    for json in ["[1 2]", "[1,,2]", "[,1]", "[1,]", "[1", "[1]]", "[1]x"] {
        assert!(count(json).is_err(), "{json}");
    }
}

#[test]
fn bytes_that_are_no_text_are_no_json() {
    assert_eq!(Reader::new(b"\"\xff\"").err(), Some(not_json()));
}
