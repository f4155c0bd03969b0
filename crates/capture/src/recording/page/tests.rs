use super::*;

#[test]
fn what_is_around_a_node_is_what_all_that_it_stands_in_makes_of_it() {
    let mut page = Page::default();
    page.put(1, None, Kind::Document, 0, 0);
    page.put(2, Some(1), Kind::Element, 0, marks::EDITABLE);
    page.put(3, Some(2), Kind::Element, 7, marks::SVG);
    page.put(4, Some(3), Kind::Text, 0, 0);
    let known = page.find(4).unwrap();
    let around = Surroundings { form: true, svg: true, depth: 3, ..Surroundings::default() };
    assert_eq!((known.kind, known.around), (Kind::Text, around));
    let svg = page.find(3).unwrap();
    assert_eq!((svg.tag, svg.around.svg, svg.around.depth), (7, false, 2));
    assert!(page.find(5).is_none());
    assert!(page.remove(2) && page.find(4).is_none() && page.find(1).is_some());
}

#[test]
fn a_node_takes_few_bytes() {
    assert_eq!(size_of::<(u32, Node)>(), 12);
    let mut page = Page::default();
    assert!(page.bytes() < 128);
    (0..1_000).for_each(|id| assert!(page.put(id, Some(0), Kind::Text, 0, 0)));
    assert!(page.bytes() > 12_000);
}

#[test]
fn of_fields_written_in_at_once_so_many_are_remembered_and_no_more_let_through() {
    let mut page = Page::default();
    let fields = u32::try_from(FIELDS).unwrap();
    assert!((0..fields).all(|field| page.may_input(field, Timestamp(0))));
    assert!(!page.may_input(fields, Timestamp(0)));
    assert!(page.may_input(fields, Timestamp(1_000)));
}
