//! `wat!`: a module in the text format to its bytes, when a test is built. The device has no parser
//! for text.

#![forbid(unsafe_code)]

use proc_macro::{Literal, TokenStream, TokenTree};

/// The bytes of the module whose text is this raw string, as a byte string.
///
/// # Panics
/// It is no raw string of the form `r#"..."#`, or no module: both fail the build.
#[proc_macro]
pub fn wat(text: TokenStream) -> TokenStream {
    let literal = text.to_string();
    let text = literal
        .strip_prefix("r#\"")
        .and_then(|text| text.strip_suffix("\"#"))
        .expect("one raw string, r#\"...\"#");
    let bytes = wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"));
    TokenTree::Literal(Literal::byte_string(&bytes)).into()
}
