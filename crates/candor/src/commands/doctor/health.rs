//! What a running server says of itself, in sentences: whether it serves, and whether what it promised was done in time.

use http_body_util::BodyExt;
use hyper::Method;
use serde_json::Value;

use super::checks::Check;
use crate::commands::connection::Server;

/// What to say of a server that runs.
pub(super) async fn of(server: &Server) -> Vec<Check> {
    match read(server).await {
        Ok(health) => sentences(&health),
        Err(error) => {
            vec![Check { what: "server", found: Err(format!("it runs, and does not answer: {error}")) }]
        }
    }
}

async fn read(server: &Server) -> anyhow::Result<Value> {
    let answer = server.send(server.request(Method::GET, "/api/health", None)?).await?;
    Ok(serde_json::from_slice(&answer.into_body().collect().await?.to_bytes())?)
}

fn sentences(health: &Value) -> Vec<Check> {
    let found = |what, found| Check { what, found };
    vec![
        found("server", serves(health)),
        found("backups", backups(health)),
        found("promises", promises(health)),
    ]
}

fn serves(health: &Value) -> Result<String, String> {
    let processes = health["processes"].as_object().into_iter().flatten();
    let away: Vec<&str> =
        processes.filter(|(_, doing)| *doing != "serving").map(|(name, _)| name.as_str()).collect();
    if !away.is_empty() {
        return Err(format!("it runs, but {} does not serve", away.join(", ")));
    }
    if health["storage"] != "ok" {
        return Err("it runs, but there is no room for more events".to_owned());
    }
    Ok("it runs, and every process serves".to_owned())
}

fn backups(health: &Value) -> Result<String, String> {
    match health["backups"].as_str().unwrap_or_default() {
        "off" => {
            Ok("none are made: --backup-to says where to, and candor backup keygen makes the key".to_owned())
        }
        "ok" => Ok(
            "the last good one is young enough, and so is the last that was restored to see that it can be"
                .to_owned(),
        ),
        "backup_late" => {
            Err("the last good one is older than 25 hours: the log says why, and candor backup now makes one"
                .to_owned())
        }
        "drill_late" => {
            Err("it is too long ago that one was restored to see that it can be: candor backup drill does so"
                .to_owned())
        }
        "drill_failed" => {
            Err("one was found not to restore: the log says why. candor backup now makes another; it stays red until a drill \
                 is good (candor backup drill), or, where no drill failed, until the server finds every object whole"
                .to_owned())
        }
        other => Err(format!("their state is `{other}`, which this version does not know")),
    }
}

fn promises(health: &Value) -> Result<String, String> {
    match health["promises"].as_str() {
        Some("kept") => Ok("what is to be done again and again was done in time".to_owned()),
        _ => Err("something is late that is to be done again and again: candor operator health says what"
            .to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn health() -> Value {
        let processes =
            json!({ "keeper": "serving", "edge": "serving", "app": "serving", "worker": "serving" });
        json!({ "status": "ok", "processes": processes, "storage": "ok", "backups": "ok", "promises": "kept" })
    }

    fn wrong(health: &Value) -> Vec<&'static str> {
        sentences(health).into_iter().filter(|check| check.found.is_err()).map(|check| check.what).collect()
    }

    #[test]
    fn each_thing_that_makes_health_red_is_named_by_its_own_line() {
        assert_eq!(wrong(&health()), [""; 0]);
        for (path, value, named) in [
            ("/processes/worker", "ended", "server"),
            ("/storage", "full", "server"),
            ("/backups", "backup_late", "backups"),
            ("/backups", "drill_late", "backups"),
            ("/backups", "drill_failed", "backups"),
            ("/promises", "late", "promises"),
        ] {
            let mut health = health();
            *health.pointer_mut(path).unwrap() = value.into();
            assert_eq!(wrong(&health), [named], "{path}");
        }
    }

    #[test]
    fn a_server_that_makes_no_backups_is_not_wrong_and_told_how_to() {
        let mut health = health();
        health["backups"] = "off".into();
        assert_eq!(wrong(&health), [""; 0]);
        assert!(backups(&health).unwrap().contains("--backup-to"));
    }
}
