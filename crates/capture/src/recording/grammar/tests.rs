use super::*;

/// What a grammar makes of a value: none where it is dropped.
#[track_caller]
fn check(grammar: &str, value: &str, expected: Option<&str>) {
    let grammar = Grammar::of(grammar).unwrap();
    let mut out = String::new();
    let written = grammar.write(value, &mut out).map(|_| out);
    assert_eq!(written.as_deref(), expected, "{grammar:?} of {value:?}");
    if let Some(written) = written {
        let mut again = String::new();
        assert_eq!(
            grammar.write(&written, &mut again).map(|_| again).as_deref(),
            expected,
            "{written:?} is clean"
        );
    }
}

#[test]
fn classes_and_names() {
    check(
        "class",
        "  lead\tbig-1 md:w-1/2 [&>p]:mt-2 @sm:x ünî ",
        Some("lead big-1 md:w-1/2 [&>p]:mt-2 @sm:x ünî"),
    );
    check("class", "a ivan@example.com b 491701234567 <script> \u{1}x", Some("a b"));
    check("class", "tel-12345678 tel-123456789", Some("tel-12345678"));
    check(
        "class",
        &format!("{} {}", "a".repeat(WORD_BYTES), "b".repeat(WORD_BYTES + 1)),
        Some(&"a".repeat(WORD_BYTES)),
    );
    check("token", "main:1.a_b-c", Some("main:1.a_b-c"));
    for value in ["", "two words", "a/b", "a@b", "x\"", "4111111111111111", "a{b"] {
        check("token", value, None);
    }
    check("language", "de-AT", Some("de-AT"));
    check("language", "zh-Hant-TW", Some("zh-Hant-TW"));
    for value in ["", "123", "de_AT", "de AT", "a-longerthan8"] {
        check("language", value, None);
    }
    check("input_type", "Password", Some("password"));
    check("input_type", "secret", None);
    check("mask", "***", Some("***"));
    check("mask", "****", None);
    check("namespace", "http://www.w3.org/2000/svg", Some("http://www.w3.org/2000/svg"));
    check("namespace", "http://www.w3.org/2000/svg?x", None);
    check("flag", "whatever it says", Some(""));
    check("enum:1|a|A|i|I", "A", Some("A"));
    check("enum:left|right", "LEFT", Some("left"));
    check("enum:|true|false", "", Some(""));
    check("enum:left|right", "up", None);
}

#[test]
fn numbers_lengths_and_shapes() {
    check("number", " -12.5e3 ", Some("-12.5e3"));
    check("number", "0.123456789", Some("0.123456"));
    check("number", "1234567", Some("1234567"));
    for value in ["", "12345678", "1 2", "a", "1e", "1e100", "0x10", "1,5", "--1"] {
        check("number", value, None);
    }
    check("length", "12PX", Some("12px"));
    check("length", "100%", Some("100%"));
    check("length", "AUTO", Some("auto"));
    check("length", "12typed", None);
    check("pixels", "12.5", Some("12.5px"));
    check("pixels", "12.5px", Some("12.5px"));
    check("pixels", "12em", None);
    check("numbers", "0 0,24-24.5.5", Some("0 0 24 -24.5 .5"));
    check("numbers", "0 typed", None);
    check("lengths", "1px, 2 3em", Some("1px 2 3em"));
    check("lengths", "none", Some("none"));
    check("path", "M10-20 1.5.5a1 1 0 01.5.5Z", Some("M10-20 1.5.5a1 1 0 01.5.5Z"));
    check("path", "M10 20 \"typed", None);
    check("transform", "translate( 1,-2.5 ) rotate(45deg)", Some("translate(1 -2.5)rotate(45deg)"));
    check("transform", "none", Some("none"));
    for value in ["translate(a)", "evil(1)", "translate(1", "url(#x)", "translate(1)typed"] {
        check("transform", value, None);
    }
}

#[test]
fn colours_and_references() {
    check("color", "#FFaa00", Some("#FFaa00"));
    check("color", "ffaa00", Some("ffaa00"));
    check("color", "RebeccaPurple", Some("rebeccapurple"));
    check("color", "rgb(1, 2,3)", Some("rgb(1,2,3)"));
    for value in ["typed", "#ffaa0", "rgb(typed)", "url(#a)", "expression(1)", ""] {
        check("color", value, None);
    }
    check("paint", "none", Some("none"));
    check("paint", "url('#grad') red", Some("url(#grad) red"));
    check("paint", "currentColor", Some("currentcolor"));
    check("paint", "url(https://x.example/#a)", None);
    check("fragment", "#a-1", Some("#a-1"));
    for value in ["a", "#", "#a b", "#a\"b", "https://x.example/#a", "javascript:x"] {
        check("fragment", value, None);
    }
    check("fragment_url", "url( \"#clip\" )", Some("url(#clip)"));
    check("fragment_url", "url(sprite.svg#clip)", None);
    check("media", "screen and (min-width: 640px)", Some("screen and (min-width:640px)"));
    check("media", "\"typed\"", None);
}
