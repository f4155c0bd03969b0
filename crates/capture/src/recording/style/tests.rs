use super::*;

/// A sheet as it goes out, and how much of it went.
#[track_caller]
fn sheet(text: &str, expected: &str, dropped: u32) {
    let mut out = String::new();
    assert_eq!((write_sheet(text, &mut out), &*out), (dropped, expected), "{text}");
    let mut again = String::new();
    assert_eq!((write_sheet(&out, &mut again), &*again), (0, expected), "{out} is clean");
}

#[track_caller]
fn declarations(text: &str, expected: &str, dropped: u32) {
    let mut out = String::new();
    assert_eq!((write_declarations(text, &mut out), &*out), (dropped, expected), "{text}");
    let mut again = String::new();
    assert_eq!((write_declarations(&out, &mut again), &*again), (0, expected), "{out} is clean");
}

#[test]
fn declarations_are_written_anew() {
    declarations("color : RED ; Margin:0 auto!important;;", "color:RED;margin:0 auto!important", 0);
    declarations("width: calc( 100% - 2 * var(--gap, 4px) )", "width:calc(100% - 2 * var(--gap,4px))", 0);
    declarations(
        "grid-template-columns: [full-start] minmax(1rem, 1fr) [full-end]",
        "grid-template-columns:[full-start] minmax(1rem,1fr) [full-end]",
        0,
    );
    declarations(
        "background: #fff url( \"#grad\" ) no-repeat/cover",
        "background:#fff url(#grad) no-repeat/cover",
        0,
    );
    declarations(
        "transform: translateX(-50%) rotate(.5turn)",
        "transform:translatex(-50%) rotate(.5turn)",
        0,
    );
    declarations("/* said */ top /* by */ : /* nobody */ 1px", "top:1px", 0);
}

#[test]
fn strings_hold_no_letters_and_no_digits() {
    declarations("content: \"→\"", "content:\"→\"", 0);
    declarations(r"content: '\201C' '\f101' '\''", "content:\"\u{201c}\" \"\u{f101}\" \"'\"", 0);
    declarations(r#"content: "\"\\""#, r#"content:"\"\\""#, 0);
    for text in [
        "content:'typed'",
        r"content:'\74yped'",
        "content:'4'",
        "content:'é'",
        "content:'字'",
        "content:'٣'",
        "grid-template-areas:'typed words'",
        "grid-template-areas:'a1 typed'",
        "grid-template-areas:'a1234'",
        "grid-template:'1234567890' auto",
        "content:'a1 a2'",
        "quotes:'a",
    ] {
        declarations(text, "", 1);
    }
    let long = "→".repeat(33);
    declarations(&format!("content:'{long}'"), "", 1);
}

#[test]
fn a_fonts_name_needs_no_quotes_and_goes_where_it_would() {
    declarations("font-family: \"Segoe UI\", Arial, sans-serif", "font-family:Segoe UI,Arial,sans-serif", 0);
    declarations("font-family: 'a@b.example', serif", "font-family:_,serif", 1);
    declarations("font: 12px/1.5 'Open Sans'", "font:12px/1.5 Open Sans", 0);
}

#[test]
fn custom_properties_hold_numbers_colours_and_references() {
    declarations(
        "--a: 0 0% 100%; --b: #ff0000; --c: rgb(1 2 3 / .5); --d: var(--e, 1px); --f:; --g: red",
        "--a:0 0% 100%;--b:#ff0000;--c:rgb(1 2 3 / .5);--d:var(--e,1px);--f:;--g:red",
        0,
    );
    for text in [
        "--a:typed",
        "--a:'x'",
        "--a:typed, words",
        "--a:'typed', solid",
        "--a:typed(1px)",
        "--a:attr(typed)",
        "--a:counter(solid)",
        "--a:serif typed(1)",
        "--a:{x:y}",
        "--a:url(#x)",
        "--a:calc(typed)",
        "--a:12typed",
        r"--a:\74yped",
    ] {
        declarations(text, "", 1);
    }
}

#[test]
fn custom_properties_say_words_of_css_and_name_fonts_where_a_browsers_own_ends_the_list() {
    declarations(
        "--a: 1px solid var(--b) ; --c:translate(1px,2px) ease-in-out; --d:'\u{f101}'; --e:linear-gradient(to top,red,#fff);--g:to top in oklab",
        "--a:1px solid var(--b);--c:translate(1px,2px) ease-in-out;--d:\"\u{f101}\";--e:linear-gradient(to top,red,#fff);--g:to top in oklab",
        0,
    );
    declarations(
        "--a: system-ui, \"Segoe UI\", Roboto, sans-serif, 'Noto Color Emoji'",
        "--a:system-ui,Segoe UI,Roboto,sans-serif,Noto Color Emoji",
        0,
    );
    declarations("--a: 'a@b.example', serif", "--a:_,serif", 1);
}

#[test]
fn a_property_of_the_pages_own_is_of_a_kind_that_css_knows() {
    sheet(
        "@property --x { syntax: '<length> | <color>'; inherits: false; initial-value: solid }",
        "@property --x{syntax:\"<length> | <color>\";inherits:false;initial-value:solid}",
        0,
    );
    sheet("@property --x{syntax:'*';inherits:true}", "@property --x{syntax:\"*\";inherits:true}", 0);
    sheet("@property --x{syntax:'<typed>';initial-value:typed}", "@property --x{}", 2);
}

#[test]
fn areas_of_a_grid_are_numbers() {
    declarations(
        "grid-template-areas: 'a1 a1 .' \"a2 a23 ...\";grid-area:a1",
        "grid-template-areas:\"a1 a1 .\" \"a2 a23 ...\";grid-area:a1",
        0,
    );
    declarations("grid-template: 'a1 a2' 1fr / auto 2fr", "grid-template:\"a1 a2\" 1fr / auto 2fr", 0);
}

#[test]
fn nothing_that_can_be_fetched_or_run_is_left() {
    for text in [
        "background:url(https://x.example/a.png)",
        "background:url(//x)",
        "background:url('x.png')",
        "background:URL(x)",
        r"background:\75rl(x)",
        r"background:u\72l(x)",
        "background:url(data:image/png;base64,AAAA)",
        "background:image-set('x' 1x)",
        "background:src('x')",
        "width:expression(alert(1))",
        r"width:expr\65ssion(alert(1))",
        "behavior:url(#x)",
        "-moz-binding:url(#x)",
        r"b\65havior:url(#x)",
        "filter:progid:DXImageTransform.Microsoft.gradient()",
        "background:element(#x)",
        "background:paint(x)",
        "color:javascript:alert(1)",
        "*zoom:1",
        "cursor:url(x),auto",
        "list-style:url(x\\",
        "src:url(#x)",
        "color:@x",
    ] {
        let mut out = String::new();
        assert!(write_declarations(text, &mut out) > 0, "{text}");
        assert_eq!(out, "", "{text}");
    }
    for text in [
        "@import 'x';",
        "@import url(x);",
        "@charset 'x';",
        "@namespace x 'y';",
        "@font-face{src:url(x)}",
        "@x{a{}}",
        "@media{",
        "@counter-style x{symbols:'a'}",
        "@property x{syntax:'*'}",
        "@page{margin:0}",
        "@document url(x){a{}}",
    ] {
        let mut out = String::new();
        write_sheet(text, &mut out);
        assert!(!out.contains(['\'', '"', '@']) || out == "@media{}", "{text}: {out}");
    }
}

#[test]
fn what_does_not_fit_ends_where_browsers_end_it() {
    sheet("a{color:red;;;ed}", "a{color:red}", 1);
    declarations("a:{x:y;z:w};color:red", "color:red", 1);
    declarations("color:rgb(1;2);top:0", "top:0", 1);
    declarations("color:'a;b';top:0", "top:0", 1);
    declarations("color:red}body{top:0", "color:red", 1);
    declarations("color:[red};top:0", "", 1);
    sheet("a{color:'x}y';top:0}b{left:0}", "a{top:0}b{left:0}", 1);
    sheet("a{*zoom:1;top:0}", "a{top:0}", 1);
    sheet("a{top:0", "a{top:0}", 0);
}

#[test]
fn rules_that_go_leave_an_empty_one_in_their_place() {
    sheet("@font-face{font-family:X;src:url(x)}a{top:0}@import 'x';b{left:0}", "x{}a{top:0}x{}b{left:0}", 2);
    sheet("@media print{@page{margin:0}a{top:0}}", "@media print{x{}a{top:0}}", 1);
    sheet("a[title='typed']{top:0}b{left:0}", "x{}b{left:0}", 2 - 1);
    let mut out = String::new();
    assert_eq!((write_rule("a{top:0}", &mut out), &*out), (0, "a{top:0}"));
    out.clear();
    assert_eq!((write_rule("a{top:0}b{left:0}", &mut out), &*out), (1, "a{top:0}"));
    out.clear();
    assert_eq!((write_rule("@import 'x'", &mut out), &*out), (1, "x{}"));
    out.clear();
    assert_eq!((write_rule("", &mut out), &*out), (1, "x{}"));
}

#[test]
fn selectors_are_written_anew() {
    sheet("a > b + c ~ d  e , .x#y::before { top : 0 }", "a>b + c ~ d e,.x#y::before{top:0}", 0);
    sheet(r".md\:w-1\/2,.\32xl\:x,.\@sm{top:0}", r".md\:w-1\/2,.\32 xl\:x,.\@sm{top:0}", 0);
    sheet(
        "a:not(.b, [hidden]):nth-child(2n + 1 of .c)::part(d){top:0}",
        "a:not(.b,[hidden]):nth-child(2n + 1 of .c)::part(d){top:0}",
        0,
    );
    sheet("li:nth-child(-n+3),li:nth-child(2n-1){top:0}", "li:nth-child(-n+3),li:nth-child(2n-1){top:0}", 0);
    sheet("*,*::after{box-sizing:border-box}", "*,*::after{box-sizing:border-box}", 0);
    sheet("é{top:0}", "é{top:0}", 0);
}

#[test]
fn an_attributes_value_may_be_asked_for_where_it_says_nothing_that_was_entered() {
    sheet("input[type=\"text\" i],[class*='col-']{top:0}", "input[type=text i],[class*=col-]{top:0}", 0);
    sheet("[data-x],a[href]{top:0}", "[data-x],a[href]{top:0}", 0);
    sheet(
        "a[aria-current=page],[data-theme=dark] b{top:0}",
        "a[aria-current=page],[data-theme=dark] b{top:0}",
        0,
    );
    sheet("[data-x='typed'],b{top:0}", "b{top:0}", 1);
    sheet("[value='typed'],[VALUE^=t],b{top:0}", "b{top:0}", 2);
    sheet("[class='ivan@example.com'],b{top:0}", "b{top:0}", 1);
    sheet("[class=''],b{top:0}", "[class=\"\"],b{top:0}", 0);
}

#[test]
fn groups_animations_and_nested_rules_stay() {
    sheet(
        "@media screen and (min-width : 640px){a{top:0}}",
        "@media screen and (min-width:640px){a{top:0}}",
        0,
    );
    sheet(
        "@supports (display: grid) and (not (color: lab(1 2 3))){a{top:0}}",
        "@supports (display:grid) and (not (color:lab(1 2 3))){a{top:0}}",
        0,
    );
    sheet("@layer base,theme.x;@layer base{a{top:0}}", "@layer base,theme.x;@layer base{a{top:0}}", 0);
    sheet("@container card (width > 40rem){a{top:0}}", "@container card (width > 40rem){a{top:0}}", 0);
    sheet(
        "@keyframes spin{from{top:0}50.5%,to{top:1px}x{top:0}}",
        "@keyframes spin{from{top:0}50.5%,to{top:1px}}",
        1,
    );
    sheet(
        ".a{top:0;&:hover{left:0}@media (width >= 1px){right:0}bottom:0}",
        ".a{top:0;&:hover{left:0}@media (width >= 1px){right:0}bottom:0}",
        0,
    );
    sheet(".a{b:hover > c{left:0}top:0}", ".a{b:hover>c{left:0}top:0}", 0);
}

#[test]
fn the_parts_of_one_elements_sheet_stay_parted() {
    sheet("a{top:0}/* rr_split */b{top:0}/* said */", "a{top:0}/* rr_split */b{top:0}", 0);
}

#[test]
fn blocks_in_blocks_end_somewhere() {
    let depth = usize::from(sheet::NESTING);
    for open in ["@media a{", "a{"] {
        let mut out = String::new();
        assert_eq!(
            write_sheet(&(open.repeat(depth) + "top:0" + &"}".repeat(depth)), &mut out),
            u32::from(open != "a{"),
            "{out}"
        );
        let mut deeper = String::new();
        assert!(write_sheet(&(open.repeat(100_000)), &mut deeper) > 0);
        assert!(deeper.len() < 1_000, "{deeper}");
    }
    let mut out = String::new();
    assert!(write_declarations(&format!("width:{}", "calc(".repeat(100_000)), &mut out) > 0);
    assert!(write_sheet(&format!("a{}", ":not(".repeat(100_000)), &mut out) > 0);
}

#[test]
fn properties_are_named_as_css_names_them() {
    for (name, fits) in [
        ("color", true),
        ("-webkit-box-flex", true),
        ("--x", true),
        ("COLOR", false),
        ("a b", false),
        ("src", false),
        ("", false),
        ("-", false),
        ("caf\u{e9}", false),
    ] {
        assert_eq!(is_property(name), fits, "{name}");
    }
    let mut out = String::new();
    assert!(write_value("top", "1px", &mut out));
    assert!(
        !write_value("top", "1px;left:0", &mut out)
            && !write_value("top", "1px}", &mut out)
            && !write_value("behavior", "1px", &mut out)
    );
}
