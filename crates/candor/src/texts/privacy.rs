//! What a site can say of Candor in its own privacy policy. It follows from the settings alone, so that it is true as long as
//! it is read anew when they change; it promises nothing that the settings do not hold.

mod english;
mod german;

use std::fmt::Write;

use domain::Site;

/// In which language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    German,
}

impl Language {
    /// By its tag.
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        [Self::English, Self::German].into_iter().find(|language| language.tag() == tag)
    }

    /// Its tag.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }
}

/// What the wording is made of.
pub(crate) struct Facts<'a> {
    /// The site, with its settings.
    pub(crate) site: &'a Site,
    /// Whose it is.
    pub(crate) controller: String,
    /// Where data lies: the address of the server.
    pub(crate) server: String,
}

/// A paragraph, under a heading of its own.
pub(crate) struct Paragraph {
    heading: &'static str,
    text: String,
}

impl Paragraph {
    fn new(heading: &'static str, text: impl Into<String>) -> Self {
        Self { heading, text: text.into() }
    }
}

/// The wording.
pub(crate) fn text(facts: &Facts<'_>, language: Language) -> Vec<Paragraph> {
    match language {
        Language::English => english::text(facts),
        Language::German => german::text(facts),
    }
}

/// The wording as Markdown.
pub(crate) fn markdown(paragraphs: &[Paragraph]) -> String {
    paragraphs.iter().fold(String::new(), |mut markdown, Paragraph { heading, text }| {
        let _ = write!(markdown, "## {heading}\n\n{text}\n\n");
        markdown
    })
}

/// The wording as HTML. What somebody named something is shown as it is, and never read as HTML.
pub(crate) fn html(paragraphs: &[Paragraph]) -> String {
    paragraphs.iter().fold(String::new(), |mut html, Paragraph { heading, text }| {
        let _ = writeln!(html, "<h2>{}</h2>\n<p>{}</p>", escaped(heading), escaped(text));
        html
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The names of what the site declares, as they are read out.
fn declared(site: &Site) -> String {
    let names: Vec<&str> = site.settings.attributes.iter().map(|declared| declared.name.as_str()).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use domain::{
        AttributeKind, DeclaredAttribute, IdSecret, IdentityMode, OrganizationId, RecordedText, SiteId,
        SiteSettings, TimeZone, Timestamp,
    };

    use super::*;
    use crate::texts::version_of;

    fn site(settings: SiteSettings) -> Site {
        Site {
            id: SiteId(1),
            organization: OrganizationId(1),
            domain: "example.com".parse().unwrap(),
            timezone: TimeZone::utc(),
            created_at: Timestamp(0),
            settings,
            write_key: "0123456789abcdef0123456789abcdef".parse().unwrap(),
            ids: IdSecret::new([1; 32]),
        }
    }

    fn markdown_of(settings: SiteSettings, language: Language) -> String {
        let (controller, server) = ("Example & Sons".to_owned(), "https://stats.example".to_owned());
        markdown(&text(&Facts { site: &site(settings), controller, server }, language))
    }

    #[test]
    fn a_setting_that_changes_changes_the_text_and_its_version() {
        let mut recorded = SiteSettings::default();
        recorded.recording.on = true;
        let mut clear = recorded.clone();
        clear.recording.text = RecordedText::Clear;
        let mut longer = recorded.clone();
        longer.recording.retention = 90_u16.try_into().unwrap();
        let mut sampled = recorded.clone();
        sampled.recording.sample = 10_u16.try_into().unwrap();
        let declared = DeclaredAttribute { name: "email".parse().unwrap(), kind: AttributeKind::Text };
        let attributes = SiteSettings { attributes: vec![declared.clone()], ..SiteSettings::default() };
        let address = DeclaredAttribute { name: "ip".parse().unwrap(), kind: AttributeKind::Address };
        let addresses =
            SiteSettings { attributes: vec![declared, address], addresses: true, ..SiteSettings::default() };
        let all = [
            SiteSettings::default(),
            SiteSettings { identity: IdentityMode::Cookieless, ..SiteSettings::default() },
            SiteSettings { identity: IdentityMode::Always, ..SiteSettings::default() },
            SiteSettings { honour_signals: false, ..SiteSettings::default() },
            SiteSettings { events_retention: Some(90_u16.try_into().unwrap()), ..SiteSettings::default() },
            recorded,
            clear,
            longer,
            sampled,
            attributes,
            addresses,
        ];
        for language in [Language::English, Language::German] {
            let versions: std::collections::BTreeSet<String> =
                all.iter().map(|settings| version_of(&markdown_of(settings.clone(), language))).collect();
            assert_eq!(versions.len(), all.len(), "each of {language:?} is another text");
        }
    }

    #[test]
    fn it_names_who_decides_and_where_data_lies() {
        for language in [Language::English, Language::German] {
            let text = markdown_of(SiteSettings::default(), language);
            assert!(
                ["Example & Sons", "stats.example", "example.com"].iter().all(|part| text.contains(part)),
                "{text}"
            );
        }
    }

    #[test]
    fn a_name_is_no_html() {
        let facts = Facts {
            site: &site(SiteSettings::default()),
            controller: "<b>A & B</b>".to_owned(),
            server: String::new(),
        };
        let html = html(&text(&facts, Language::English));
        assert!(html.contains("&lt;b&gt;A &amp; B&lt;/b&gt;") && !html.contains("<b>"), "{html}");
    }
}
