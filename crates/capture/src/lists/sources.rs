//! Sources by name, alias and host, each in at most one category of the channel rules: our own list.

use rustc_hash::FxHashMap;

static LIST: &str = include_str!("../../lists/sources.tsv");

/// What kind of place a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Category {
    Search,
    Social,
    Shopping,
    Video,
    Email,
    Assistant,
}

#[derive(Clone, Copy)]
struct Source {
    name: &'static str,
    category: Option<Category>,
}

/// The list, indexed.
pub(crate) struct SourceBook {
    /// By name and alias in lower case.
    by_name: FxHashMap<String, Source>,
    /// By host, which stands for its subdomains too.
    by_host: FxHashMap<&'static str, Source>,
    /// By host without its public suffix: `google` for `google.*`.
    by_stem: FxHashMap<&'static str, Source>,
}

impl SourceBook {
    /// Reads the bundled list: `name, category, hosts, aliases`, parted by tabs.
    pub(crate) fn new() -> Self {
        let mut book = Self {
            by_name: FxHashMap::default(),
            by_host: FxHashMap::default(),
            by_stem: FxHashMap::default(),
        };
        for line in LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let mut next = || columns.next().unwrap_or_default();
            let source = Source { name: next(), category: Category::from_word(next()) };
            for host in next().split_whitespace() {
                match host.strip_suffix(".*") {
                    Some(stem) => book.by_stem.insert(stem, source),
                    None => book.by_host.insert(host, source),
                };
            }
            let aliases = next().split(',').map(str::trim).filter(|alias| !alias.is_empty());
            book.by_name.extend(aliases.chain([source.name]).map(|name| (name.to_lowercase(), source)));
        }
        book
    }

    /// The usual name of what a sender calls `name`, in any case.
    pub(crate) fn named(&self, name: &str) -> Option<&'static str> {
        self.by_name.get(&*name.to_lowercase()).map(|source| source.name)
    }

    /// The name of the source at `host`.
    pub(crate) fn at_host(&self, host: &str) -> Option<&'static str> {
        self.source_at(host).map(|source| source.name)
    }

    /// The category of a source written in lower case, whether it is a name, an alias or a host.
    pub(crate) fn category(&self, source: &str) -> Option<Category> {
        if source.is_empty() {
            return None;
        }
        self.by_name.get(source).copied().or_else(|| self.source_at(source))?.category
    }

    /// Whether `utm_source`, in lower case, is the alias of a source's advertising.
    pub(crate) fn is_advertising(&self, utm_source: &str) -> bool {
        let names_ads = utm_source.ends_with("ad") || utm_source.ends_with("ads");
        names_ads
            && self.by_name.get(utm_source).is_some_and(|source| source.name.to_lowercase() != utm_source)
    }

    fn source_at(&self, host: &str) -> Option<Source> {
        let known = parents(host).find_map(|host| self.by_host.get(host));
        let by_stem = || {
            let stem = host.strip_suffix(psl::suffix_str(host)?)?.strip_suffix('.')?;
            parents(stem).find_map(|stem| self.by_stem.get(stem))
        };
        known.or_else(by_stem).copied()
    }
}

/// `a.b.c`, `b.c`, `c`.
fn parents(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, parent)| parent))
}

impl Category {
    fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "search" => Self::Search,
            "social" => Self::Social,
            "shopping" => Self::Shopping,
            "video" => Self::Video,
            "email" => Self::Email,
            "assistant" => Self::Assistant,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests;
