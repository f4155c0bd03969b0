//! Signing in as an operator: OpenSSH signs the server's text, so that keys in an agent and on hardware work, and a code
//! goes with it.

use std::io::{BufRead, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use base64ct::{Base64UrlUnpadded, Encoding};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use super::asking::{Desk, Reply, TokenFile};
use crate::commands::connection::Server;
use crate::commands::output::say;

/// For what the signature is: the server takes no other.
const NAMESPACE: &str = "candor-operator";

/// Signs in; the token is kept in `file`, or printed where there is none.
pub(super) async fn sign_in(
    server: &Server,
    key: &Path,
    code: Option<String>,
    file: Option<&TokenFile>,
) -> anyhow::Result<()> {
    let desk = Desk::of(server.clone(), None);
    let named = json!({ "operator": fingerprint(key)? });
    let asked = desk.ask(Method::POST, "session/challenge", Some(named)).await?;
    let text = asked["text"].as_str().context("the server gave nothing to sign")?;
    let signature = sign(key, text)?;
    let show = async |code: Option<String>| {
        let mut body = json!({ "challenge": asked["challenge"], "signature": signature });
        if let Some(code) = code {
            body["totp"] = json!(code);
        }
        desk.send(Method::POST, "session", Some(body)).await
    };
    let mut reply = show(code).await?;
    if let Some(enrol) = reply.body.get("enrol").cloned() {
        begin_app(&enrol);
        reply = show(Some(typed_code()?)).await?;
    } else if reply.status == StatusCode::UNAUTHORIZED && reply.body["field"] == "totp" {
        reply = show(Some(typed_code()?)).await?;
    }
    let Reply { status, body, token } = reply;
    if !status.is_success() {
        bail!(body["error"].as_str().unwrap_or("the server said no").to_owned());
    }
    let token = token.context("the server gave no token")?;
    match file {
        Some(file) => {
            file.write(&token)?;
            say(format_args!("Signed in. The token is in {}.", file.shown()));
        }
        None => say(format_args!("{}", token.reveal())),
    }
    Ok(())
}

/// Signs a challenge of the console and prints the signature; the text is shown, so that nothing else is signed unseen.
pub(super) fn sign_only(key: &Path, challenge: &str) -> anyhow::Result<()> {
    let none = "that is no challenge of the operators' console";
    let (_, encoded) = challenge.trim().split_once('.').context(none)?;
    let text = String::from_utf8(Base64UrlUnpadded::decode_vec(encoded).ok().context(none)?).context(none)?;
    if !text.contains(NAMESPACE) {
        bail!(none);
    }
    eprint!("{text}");
    say(format_args!("{}", sign(key, &text)?.trim()));
    Ok(())
}

/// Shows the secret of an app for codes, which is shown once.
fn begin_app(enrol: &Value) {
    let text = |name: &str| enrol[name].as_str().unwrap_or_default().to_owned();
    eprintln!("This is your first sign-in. Put this secret into an app for codes; it is not shown again:");
    eprintln!("  {}\n  {}", text("secret"), text("uri"));
}

fn typed_code() -> anyhow::Result<String> {
    eprint!("Code: ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let code = line.trim().to_owned();
    if code.is_empty() { bail!("a code is wanted: give it with --totp, or type it") } else { Ok(code) }
}

/// By what the server knows the key.
fn fingerprint(key: &Path) -> anyhow::Result<String> {
    let output = Command::new("ssh-keygen").arg("-l").arg("-f").arg(key).output().context(NO_SSH)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let named = text.split_whitespace().nth(1).filter(|word| word.starts_with("SHA256:"));
    named.map(str::to_owned).with_context(|| format!("ssh-keygen finds no key in {}", key.display()))
}

fn sign(key: &Path, text: &str) -> anyhow::Result<String> {
    let mut signing = Command::new("ssh-keygen")
        .args(["-q", "-Y", "sign", "-n", NAMESPACE, "-f"])
        .arg(key)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context(NO_SSH)?;
    signing.stdin.take().context("ssh-keygen takes no text")?.write_all(text.as_bytes())?;
    let output = signing.wait_with_output()?;
    if !output.status.success() {
        bail!("ssh-keygen did not sign with {}", key.display());
    }
    Ok(String::from_utf8(output.stdout)?)
}

const NO_SSH: &str = "ssh-keygen is needed to sign: apt-get install openssh-client";
