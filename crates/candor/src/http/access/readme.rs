//! What a visitor reads first: what is in which file, and what is in none.

use crate::processes::app::access::Access;

/// The page.
pub(super) fn of(access: &Access) -> String {
    let Access { domain, visitor, at, .. } = access;
    let ids = access.ids.len();
    let restricted = match access.restricted {
        true => "\nThis visitor is restricted: everything is kept, and none of it is in a report.\n",
        false => "",
    };
    let withdrawn = match access.withdrawn {
        true => {
            "\nThis visitor withdrew their consent: what came after that is not tied to their id, and not in here.\n"
        }
        false => "",
    };
    let objected = match access.objected {
        true => "\nThis visitor objected: what they did after that was not kept.\n",
        false => "",
    };
    format!(
        "What {domain} keeps of a visitor\n\
         \n\
         Visitor: {visitor} ({ids} ids in all)\n\
         Taken:   {at}\n\
         {restricted}{withdrawn}{objected}\n\
         Every time is in UTC but where a recording's events say theirs: milliseconds since 1970, by the visitor's own clock.\n\
         Text is UTF-8.\n\
         \n\
         FILES\n\
         \n\
         visitor.json           the ids by which the visitor is known, which of them leads to which, and what the site knows of\n\
         \x20                      them by each: attributes, their types, and when each was said\n\
         consents.json, .csv    receipts of consent: to what, having read which text, when, how, and when it was withdrawn\n\
         events.json, .csv      everything that happened, one event a line. `set_aside` says why an event is in no report;\n\
         \x20                      `counted_as` as whose it is counted, where that is another id; `id` is kept for 48 hours\n\
         recordings.json        the recordings that there are\n\
         recordings/ID.json     one recording: its pages, what is missing of it, and all events, as the player gets them\n\
         \n\
         In .csv files cells are parted by commas. What a program would take for a formula, at the beginning of a cell or where it\n\
         began one if cells were parted by semicolons, tabs or line breaks, has an apostrophe before it; .json files say it without.\n\
         \n\
         NOT IN HERE\n\
         \n\
         - The network address. It is never kept, but as an attribute where the visitor consented to that.\n\
         - What was typed into forms. Recordings never hold it.\n\
         - What was recorded within the last seconds. It is sealed until it is put with the rest; it is in here a minute later.\n\
         - What the visitor wrote to the site in a request about their data. It is wiped when it is answered, and nobody can tell\n\
         \x20 from it alone that the visitor wrote it.\n\
         - Copies of all this in backups, which say the same and go by themselves.\n\
         - The site's audit log, which names a visitor by a digest alone, and says who looked at what is kept of them.\n\
         - Numbers that were made of many visitors, in which nobody is.\n"
    )
}
