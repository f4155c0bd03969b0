//! The wording in English.

use domain::{IdentityMode, RecordedText};

use super::{Facts, Paragraph, declared};

pub(super) fn text(facts: &Facts<'_>) -> Vec<Paragraph> {
    let Facts { site, controller, server } = facts;
    let settings = &site.settings;
    let mut paragraphs = vec![
        Paragraph::new(
            "Web analytics",
            format!(
                "We measure how {} is used with Candor, which runs for us on {server}. {controller} decides what is measured and \
                 why (the controller under the GDPR); whoever runs that server processes it for us under an agreement, and hands \
                 it to nobody else. What is measured lies on that server alone.",
                site.domain
            ),
        ),
        Paragraph::new(
            "What is measured",
            "Which pages are looked at and when, from which page or campaign a visit comes, browser, operating system, device, \
             size of the screen, language, and the country. The country follows from your network address, of which the last \
             part is removed first; the full address is not written down for this.",
        ),
        Paragraph::new("How you are known", identity(settings.identity)),
    ];
    if settings.honour_signals {
        let text =
            "If your browser sends Global Privacy Control or Do Not Track, nothing of your visit is kept.";
        paragraphs.push(Paragraph::new("Signals of your browser", text));
    }
    if settings.recording.on {
        paragraphs.push(Paragraph::new("Recordings of visits", recordings(facts)));
    }
    if !settings.attributes.is_empty() {
        let mut text = format!(
            "If you sign in, we tell the server an id of yours and: {}. Each is encrypted under a key of your own, which is \
             destroyed when you are erased.",
            declared(site)
        );
        if settings.addresses {
            text.push_str(" Your full network address is among them only if you consented to that, and until you withdraw it.");
        }
        paragraphs.push(Paragraph::new("What we add", text));
    }
    let kept = match settings.events_retention {
        Some(days) => format!("What is measured is kept for {} days, encrypted.", days.get()),
        None => "What is measured is kept as long as the site is measured, encrypted.".to_owned(),
    };
    paragraphs.push(Paragraph::new(
        "How long, and your rights",
        format!(
            "{kept} You may see what is kept of you, have it corrected, restricted or erased, object, and withdraw a consent at any \
             time; from then on your visits are not tied to an id. Erasure reaches copies and backups, because the key is destroyed."
        ),
    ));
    paragraphs
}

const fn identity(mode: IdentityMode) -> &'static str {
    match mode {
        IdentityMode::Consent => {
            "By an id that means you for one day and nothing afterwards, and nothing is stored in your browser. Only if you \
             consent, a random id is stored there, by which later visits are recognised."
        }
        IdentityMode::Cookieless => {
            "By an id that means you for one day and nothing afterwards. Nothing is ever stored in your browser, and no cookies \
             are used."
        }
        IdentityMode::Always => {
            "By a random id that is stored in your browser (local storage) from the first visit on, by which later visits are \
             recognised."
        }
    }
}

fn recordings(facts: &Facts<'_>) -> String {
    let recording = &facts.site.settings.recording;
    let text = match recording.text {
        RecordedText::Starred => "The text of pages is recorded as stars",
        RecordedText::Clear => "The text of pages is recorded as it is shown",
    };
    format!(
        "Of {} in a hundred visits we record what is shown and how the pointer moves. {text}; what you type or choose in a form \
         is never recorded. Recordings are removed after {} days.",
        recording.sample.get(),
        recording.retention.get()
    )
}
