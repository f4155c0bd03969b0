//! What is promised to be done again and again: when it is late, health is red and whoever runs the server is told, once; when
//! it is done, they are told once more.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::house::smtp::{MailServer, USER};
use crate::house::{Server, candor, eventually, owned, twin_without};

const OPERATOR: &str = "operator@stats.example";

/// Takes calls.
struct Called {
    port: u16,
    bodies: Arc<Mutex<Vec<Value>>>,
}

impl Called {
    fn taking() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let bodies: Arc<Mutex<Vec<Value>>> = Arc::default();
        let taken = bodies.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let (mut text, mut room) = (String::new(), [0; 4096]);
                let body = loop {
                    let read = stream.read(&mut room).unwrap_or_default();
                    text.push_str(&String::from_utf8_lossy(&room[..read]));
                    let body = text.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
                    match serde_json::from_str::<Value>(body) {
                        Ok(body) => break Some(body),
                        Err(_) if read == 0 => break None,
                        Err(_) => {}
                    }
                };
                assert!(text.starts_with("POST /told HTTP/1.1\r\n"), "{text}");
                taken.lock().expect("a list").extend(body);
                let _ = write!(stream, "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
            }
        });
        Self { port, bodies }
    }

    fn taken(&self) -> Vec<Value> {
        self.bodies.lock().expect("a list").clone()
    }
}

fn settings(post: &MailServer, called: &Called) -> Vec<String> {
    let mut settings = post.settings(&format!("smtps://{USER}@localhost:TLS_PORT"));
    settings.extend(["--alert-mail".to_owned(), OPERATOR.to_owned()]);
    settings.extend(["--alert-webhook".to_owned(), format!("http://127.0.0.1:{}/told", called.port)]);
    settings
}

/// The server on `data`, without these controls where any are named.
fn on(data: &Path, without: &'static str, settings: &[String]) -> Server {
    let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
    Server::on(data, &settings, move || if without.is_empty() { candor() } else { twin_without(without) })
}

fn is_red(server: &Server) -> bool {
    let health = server.get("/api/health");
    let metrics = String::from_utf8_lossy(&crate::metrics::read(server)).into_owned();
    let red = health.status == 503;
    assert_eq!(health.json()["promises"], if red { "late" } else { "kept" });
    assert_eq!(health.json()["status"], if red { "degraded" } else { "ok" });
    red && metrics.contains("candor_duty_late{duty=\"audit_log\"} 1")
}

fn is_green(server: &Server) -> bool {
    let metrics = String::from_utf8_lossy(&crate::metrics::read(server)).into_owned();
    server.get("/api/health").status == 200 && metrics.contains("candor_duty_late{duty=\"audit_log\"} 0")
}

#[test]
fn a_duty_that_was_not_done_in_time_is_red_and_told_once_and_told_again_when_it_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    owned(&data);
    let (post, called) = (MailServer::start(), Called::taking());
    let settings = settings(&post, &called);

    let server = on(&data, "", &settings);
    eventually("what is promised was done", || is_green(&server).then_some(()));
    drop(server);

    // The control that does it is taken out, and a day is not enough to show it.
    let server = on(&data, "signing,days-1", &settings);
    assert!(is_green(&server), "{}", server.log());
    drop(server);
    let server = on(&data, "signing,days-2", &settings);
    eventually("it is late", || is_red(&server).then_some(()));
    assert_eq!(server.get("/api/health/ingest").status, 200, "events are accepted all the same");
    let mail = eventually(&format!("a mail: {}", server.log()), || post.all_for(OPERATOR).pop());
    assert_eq!(mail.header("subject").as_deref(), Some("Something that is promised is late"));
    assert!(mail.text().contains("signing the audit logs"), "{}", mail.text());
    let told = eventually("whoever is called is told", || called.taken().pop());
    assert_eq!(told["promises"], "late");
    assert_eq!((&told["late"], &told["server"]), (&json!(["audit_log"]), &json!("https://stats.example")));
    drop(server);

    // Started again it is red still, and nobody is told twice.
    let server = on(&data, "signing,days-2", &settings);
    eventually("it is late still", || is_red(&server).then_some(()));
    drop(server);
    let server = on(&data, "days-2", &settings);
    eventually("it was done", || is_green(&server).then_some(()));
    eventually("they are told of it", || (post.all_for(OPERATOR).len() == 2).then_some(()));
    eventually("so is whoever is called", || (called.taken().len() == 2).then_some(()));
    assert_eq!(called.taken()[1]["promises"], "kept");
    assert_eq!(called.taken()[1]["late"], json!([]));
}
