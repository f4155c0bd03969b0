//! What an operator may say of where the root key comes from: whatever is understood is understood again as it is shown.

#![no_main]

use keeper::RootSource;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(source) = text.parse::<RootSource>() {
        assert_eq!(source.to_string().parse::<RootSource>().ok(), Some(source));
    }
});
