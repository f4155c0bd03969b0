//! `GET /c.js`, `GET /i.js` and `GET /r.js`: the scripts of measured pages.

use crate::house::{Asking, Server};

#[test]
fn each_script_comes_in_the_form_the_browser_takes_and_only_once() {
    let server = Server::start();
    for script in ["/c.js", "/i.js", "/r.js"] {
        let plain = server.get(script);
        assert_eq!(plain.status, 200, "{}", plain.text());
        assert_eq!(plain.header("content-encoding"), None);
        assert_eq!(plain.header("cache-control"), Some("public, max-age=3600"));
        assert_eq!(plain.header("access-control-allow-origin"), Some("*"));
        assert_eq!(plain.header("cross-origin-resource-policy"), Some("cross-origin"));
        let packed = server.ask(&Asking::get(script).header("accept-encoding", "gzip, deflate, br"));
        assert_eq!(packed.header("content-encoding"), Some("br"));
        assert!(packed.body.len() < plain.body.len());
        let gzip = server.ask(&Asking::get(script).header("accept-encoding", "gzip, br;q=0"));
        assert_eq!(gzip.header("content-encoding"), Some("gzip"));
        let tag = plain.header("etag").expect("a tag").to_owned();
        let again = server.ask(&Asking::get(script).header("if-none-match", &tag));
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
}
