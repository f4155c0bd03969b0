//! The wording in German.

use domain::{IdentityMode, RecordedText};

use super::{Facts, Paragraph, declared};

pub(super) fn text(facts: &Facts<'_>) -> Vec<Paragraph> {
    let Facts { site, controller, server } = facts;
    let settings = &site.settings;
    let mut paragraphs = vec![
        Paragraph::new(
            "Webanalyse",
            format!(
                "Wie {} genutzt wird, messen wir mit Candor, das für uns auf {server} läuft. Verantwortlich im Sinne der DSGVO ist \
                 {controller}; wer den Server betreibt, verarbeitet die Daten in unserem Auftrag und gibt sie an niemanden \
                 weiter. Die Daten liegen allein auf diesem Server.",
                site.domain
            ),
        ),
        Paragraph::new(
            "Was gemessen wird",
            "Welche Seiten wann aufgerufen werden, von welcher Seite oder Kampagne ein Besuch kommt, Browser, Betriebssystem, \
             Gerät, Bildschirmgröße, Sprache und das Land. Das Land ergibt sich aus Ihrer IP-Adresse, deren letzter Teil zuvor \
             entfernt wird; die vollständige Adresse wird dafür nicht gespeichert.",
        ),
        Paragraph::new("Woran wir Sie erkennen", identity(settings.identity)),
    ];
    if settings.honour_signals {
        let text = "Sendet Ihr Browser Global Privacy Control oder Do Not Track, wird von Ihrem Besuch nichts aufbewahrt.";
        paragraphs.push(Paragraph::new("Signale Ihres Browsers", text));
    }
    if settings.recording.on {
        paragraphs.push(Paragraph::new("Aufzeichnungen von Besuchen", recordings(facts)));
    }
    if !settings.attributes.is_empty() {
        let mut text = format!(
            "Wenn Sie sich anmelden, übermitteln wir dem Server eine Kennung und: {}. Jede Angabe ist mit einem eigenen \
             Schlüssel für Sie verschlüsselt, der vernichtet wird, wenn Ihre Daten gelöscht werden.",
            declared(site)
        );
        if settings.addresses {
            text.push_str(" Ihre vollständige IP-Adresse gehört nur dazu, wenn Sie eingewilligt haben, und bis Sie widerrufen.");
        }
        paragraphs.push(Paragraph::new("Was wir hinzufügen", text));
    }
    let kept = match settings.events_retention {
        Some(days) => {
            format!("Was gemessen wird, bleibt {} Tage lang verschlüsselt gespeichert.", days.get())
        }
        None => {
            "Was gemessen wird, bleibt verschlüsselt gespeichert, solange die Seite gemessen wird.".to_owned()
        }
    };
    paragraphs.push(Paragraph::new(
        "Wie lange, und Ihre Rechte",
        format!(
            "{kept} Sie können Auskunft, Berichtigung, Einschränkung oder Löschung verlangen, widersprechen und eine Einwilligung \
             jederzeit widerrufen; ab dann werden Ihre Besuche keiner Kennung mehr zugeordnet. Eine Löschung erreicht auch Kopien \
             und Sicherungen, weil der Schlüssel vernichtet wird."
        ),
    ));
    paragraphs
}

const fn identity(mode: IdentityMode) -> &'static str {
    match mode {
        IdentityMode::Consent => {
            "An einer Kennung, die nur einen Tag lang für Sie steht und danach für niemanden; in Ihrem Browser wird nichts \
             gespeichert. Nur wenn Sie einwilligen, wird dort eine zufällige Kennung gespeichert, an der spätere Besuche erkannt \
             werden."
        }
        IdentityMode::Cookieless => {
            "An einer Kennung, die nur einen Tag lang für Sie steht und danach für niemanden. In Ihrem Browser wird nie etwas \
             gespeichert, es gibt keine Cookies."
        }
        IdentityMode::Always => {
            "An einer zufälligen Kennung, die vom ersten Besuch an in Ihrem Browser gespeichert ist (Local Storage) und an der \
             spätere Besuche erkannt werden."
        }
    }
}

fn recordings(facts: &Facts<'_>) -> String {
    let recording = &facts.site.settings.recording;
    let text = match recording.text {
        RecordedText::Starred => "Der Text der Seiten wird als Sternchen aufgezeichnet",
        RecordedText::Clear => "Der Text der Seiten wird aufgezeichnet, wie er angezeigt wird",
    };
    format!(
        "Von {} in hundert Besuchen zeichnen wir auf, was angezeigt wird und wie sich der Zeiger bewegt. {text}; was Sie in \
         Formulare eingeben oder dort wählen, wird nie aufgezeichnet. Aufzeichnungen werden nach {} Tagen gelöscht.",
        recording.sample.get(),
        recording.retention.get()
    )
}
