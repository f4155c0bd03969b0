//! The device class of a user agent: `Mobile`, `Tablet` or `Desktop`.
//!
//! Telephones, wearables, cameras and portable players are Mobile; tablets and cars are Tablet; televisions,
//! consoles and computers are Desktop. First match wins, so a television that runs Android is no tablet.

/// Marks of portable players and of phones that also carry a mark of another class.
const MOBILE_FIRST: [&str; 5] =
    ["iPod", "PlayStation Vita", "PlayStation Portable", "Windows Phone", "Watch"];
/// Marks of televisions and consoles, which are looked at from a chair.
const DESKTOP: [&str; 18] = [
    "SmartTV",
    "SMART-TV",
    "Smart TV",
    "GoogleTV",
    "Google TV",
    "AppleTV",
    "Apple TV",
    "Android TV",
    "HbbTV",
    "NetCast",
    "Web0S",
    "BRAVIA",
    "CrKey",
    "Roku",
    "AFT",
    "PlayStation",
    "Xbox",
    "Nintendo",
];
/// Marks of tablets, readers and cars.
const TABLET: [&str; 11] = [
    "iPad",
    "Tablet;",
    "PlayBook",
    "Kindle",
    "Silk/",
    "; KF",
    "; SM-T",
    "; SM-X",
    "QtCarBrowser",
    "Tesla",
    "Automotive",
];
/// Marks of phones.
const MOBILE: [&str; 12] = [
    "Mobile",
    "iPhone",
    "Mobi/",
    "Mobi ",
    "Opera Mini",
    "BlackBerry",
    "BB10",
    "KAIOS",
    "Symbian",
    "J2ME",
    "Nokia",
    "UCWEB",
];

/// The class; empty if nothing else about the agent is `known` either.
pub(super) fn class(agent: &str, known: bool) -> &'static str {
    let has_any = |marks: &[&str]| marks.iter().any(|mark| agent.contains(mark));
    if has_any(&MOBILE_FIRST) {
        "Mobile"
    } else if has_any(&DESKTOP) {
        "Desktop"
    } else if has_any(&TABLET) {
        "Tablet"
    } else if has_any(&MOBILE) {
        "Mobile"
    } else if agent.contains("Android") {
        // Android browsers say Mobile on telephones, and leave it out elsewhere.
        "Tablet"
    } else if known {
        "Desktop"
    } else {
        ""
    }
}
