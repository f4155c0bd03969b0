//! The currencies of ISO 4217 that are in use.

/// In their order, each with a space behind it.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN \
    BWP BYN BZD CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL \
    GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD \
    KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK \
    NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP \
    STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG \
    XOF XPF YER ZAR ZMW ZWG ";

/// Bytes of a code and its space.
const STEP: usize = 4;

/// The code that `text` spells, in either case.
pub(crate) fn find(text: &str) -> Option<&'static str> {
    let code: [u8; STEP - 1] = text.as_bytes().try_into().ok()?;
    let (codes, _) = CODES.as_bytes().as_chunks::<STEP>();
    let at = codes.binary_search_by(|known| known[..STEP - 1].cmp(&code.to_ascii_uppercase())).ok()?;
    CODES.get(at * STEP..at * STEP + STEP - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_in_either_case_and_nothing_else_is() {
        let codes: Vec<&str> = CODES.split_terminator(' ').collect();
        assert!(codes.is_sorted(), "a search needs their order");
        for code in codes {
            assert_eq!(code.len(), STEP - 1);
            assert_eq!(find(code), Some(code));
            assert_eq!(find(&code.to_lowercase()), Some(code));
        }
        for text in ["", "EU", "EURO", "XXX", "€", " EUR", "AAA", "ZZZ"] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
