//! Why a mail did not go out: a kind and perhaps the mail server's number, never its words, which may name somebody.

/// Why a mail did not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The mail server's name is not known, or nothing answers there.
    #[error("the mail server cannot be reached")]
    Unreachable,
    /// Its certificate is not to be trusted, or it speaks no TLS that is good enough.
    #[error("the mail server did not show a certificate that can be trusted")]
    Untrusted,
    /// It does not offer to go on under TLS.
    #[error("the mail server does not offer TLS (STARTTLS), and nothing is sent without")]
    NoTls,
    /// It does not take the name and password, or wants some.
    #[error("the mail server does not take the user name and password")]
    SignIn,
    /// It says that another time may do.
    #[error("the mail server asks to try again later ({0})")]
    Later(u16),
    /// It says that this mail will never do.
    #[error("the mail server refused it ({0})")]
    Refused(u16),
    /// It went silent, or said what nobody understands.
    #[error("the mail server broke off in the middle")]
    BrokenOff,
    /// The keeper did not give the token that the mail is about.
    #[error("the keeper of the keys does not answer just now")]
    KeeperAway,
    /// It cannot be put into a mail at all.
    #[error("there is no writing to that address")]
    Unfit,
}

impl Trouble {
    /// Whether trying again is of no use.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Refused(_) | Self::Unfit)
    }

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Untrusted => "untrusted",
            Self::NoTls => "no_tls",
            Self::SignIn => "sign_in",
            Self::Later(_) => "later",
            Self::Refused(_) => "refused",
            Self::BrokenOff => "broken_off",
            Self::KeeperAway => "keeper_away",
            Self::Unfit => "unfit",
        }
    }

    pub(super) const fn code(self) -> Option<u16> {
        match self {
            Self::Later(code) | Self::Refused(code) => Some(code),
            _ => None,
        }
    }

    pub(super) fn of(word: &str, code: Option<u16>) -> Option<Self> {
        let code = code.unwrap_or_default();
        [
            Self::Unreachable,
            Self::Untrusted,
            Self::NoTls,
            Self::SignIn,
            Self::Later(code),
            Self::Refused(code),
            Self::BrokenOff,
            Self::KeeperAway,
            Self::Unfit,
        ]
        .into_iter()
        .find(|trouble| trouble.word() == word)
    }
}
