//! `GET /api/openapi.json`.

use std::path::Path;

use crate::house::{Server, is_update};

#[test]
fn the_openapi_document_in_the_repository_is_the_servers_own() {
    let server = Server::start();
    let document = server.get("/api/openapi.json").json();
    let written = format!("{}\n", serde_json::to_string_pretty(&document).expect("JSON"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/api-client/openapi.json");
    if is_update() {
        std::fs::write(&path, written).expect("the document is written");
        return;
    }
    let kept = std::fs::read_to_string(&path).expect("the document");
    assert!(kept == written, "the API has changed: run `make bless` and look at the difference");
}
