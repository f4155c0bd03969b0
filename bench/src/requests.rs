//! Requests as browsers make them: no two share agent, address or page, so that remembering the last answer of
//! a look-up does not help whoever is measured.

use std::ops::Range;

use crate::random::Stream;
use crate::texts::Texts;

/// What sets a browser apart on the wire: model names as Android phones tell them.
const MODELS: [&str; 8] =
    ["SM-G991B", "SM-A546E", "Pixel 8", "Pixel 9 Pro", "M2101K6G", "CPH2449", "RMX3363", "moto g84 5G"];

/// One request, ready to be written; the event's id in it is replaced each time.
pub(crate) struct Request {
    bytes: Vec<u8>,
    id: Range<usize>,
}

impl Request {
    /// The bytes to send, with `number` as the event's id.
    pub(crate) fn numbered(&mut self, number: u64) -> &[u8] {
        let text = format!("{:08x}-{:04x}-4000-8000-{:012x}", number >> 16, number & 0xffff, number);
        self.bytes[self.id.clone()].copy_from_slice(text.as_bytes());
        &self.bytes
    }
}

/// The requests for the site `domain` with these numbers, all different.
pub(crate) fn requests(seed: u64, host: &str, domain: &str, numbers: Range<u32>) -> Vec<Request> {
    let texts = Texts::new();
    numbers.map(|number| request(&texts, seed, host, domain, number)).collect()
}

fn request(texts: &Texts, seed: u64, host: &str, domain: &str, number: u32) -> Request {
    let stream = &mut Stream::of(&[seed, u64::from(number)]);
    let path = &texts.paths.texts[number as usize % texts.paths.texts.len()];
    let referrer = &texts.referrers.texts[texts.referrers.draw(stream) as usize];
    let visitor = format!("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", number, 7, 7, 7, stream.bits() >> 16);
    let id = "00000000-0000-4000-8000-000000000000";
    let page = format!(r#""n":"pageview","v":1,"u":"https://{domain}{path}","d":"{domain}""#);
    let visit = format!(r#""r":"https://{referrer}","s":"390x844","p":{{"plan":"team"}}"#);
    let body = format!(r#"{{{page},{visit},"visitor":"{visitor}","id":"{id}"}}"#);
    let agent = agent(stream, number);
    // Public unicast addresses all over the world, none of them twice.
    let [.., third, fourth] = number.to_be_bytes();
    let address = format!("{}.{third}.{fourth}.{}", 12 + stream.below(88), 1 + stream.below(254));
    let head = format!(
        "POST /api/event HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {agent}\r\nAccept: */*\r\n\
         Accept-Language: de-AT,de;q=0.8,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\n\
         Content-Type: text/plain;charset=UTF-8\r\nOrigin: https://{domain}\r\nReferer: https://{domain}/\r\n\
         X-Forwarded-For: {address}\r\nX-Forwarded-Proto: https\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let bytes = [head.as_bytes(), body.as_bytes()].concat();
    let end = bytes.len() - "\"}".len();
    Request { id: end - id.len()..end, bytes }
}

fn agent(stream: &mut Stream, number: u32) -> String {
    let chrome = format!("{}.0.{}.{}", 120 + number % 24, 6_000 + number / 24, stream.below(200));
    let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
    match stream.below(4) {
        0 => {
            let (android, model) = (10 + stream.below(7), MODELS[stream.below(8) as usize]);
            let system = format!("Linux; Android {android}; {model}");
            format!("Mozilla/5.0 ({system}) {webkit} Chrome/{chrome} Mobile Safari/537.36")
        }
        1 => {
            let system = "Windows NT 10.0; Win64; x64";
            format!("Mozilla/5.0 ({system}) {webkit} Chrome/{chrome} Safari/537.36")
        }
        2 => {
            let (minor, build) = (stream.below(7), 100 + number);
            let system = format!("iPhone; CPU iPhone OS 18_{minor} like Mac OS X");
            let webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
            format!("Mozilla/5.0 ({system}) {webkit} Version/18.{minor} Mobile/15E{build} Safari/604.1")
        }
        _ => {
            let system = "Macintosh; Intel Mac OS X 10_15_7";
            format!("Mozilla/5.0 ({system}) {webkit} Chrome/{chrome} Safari/537.36 Edg/{chrome}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn header<'a>(request: &'a Request, name: &str) -> &'a str {
        let text = std::str::from_utf8(&request.bytes).unwrap();
        text.split("\r\n").find_map(|line| line.strip_prefix(name)).unwrap()
    }

    #[test]
    fn no_two_requests_share_an_agent_or_an_address() {
        let all = requests(1, "localhost", "site-1.example", 0..20_000);
        for name in ["User-Agent: ", "X-Forwarded-For: "] {
            let distinct: HashSet<&str> = all.iter().map(|request| header(request, name)).collect();
            assert_eq!(distinct.len(), all.len(), "{name}");
        }
    }

    #[test]
    fn a_numbered_request_carries_its_number_as_a_uuid_and_keeps_its_length() {
        let mut request = requests(1, "localhost", "site-1.example", 0..1).remove(0);
        let length = request.bytes.len();
        let sent = String::from_utf8(request.numbered(0x12_3456).to_vec()).unwrap();
        assert_eq!(sent.len(), length);
        assert!(sent.ends_with(r#""id":"00000012-3456-4000-8000-000000123456"}"#), "{sent}");
    }
}
