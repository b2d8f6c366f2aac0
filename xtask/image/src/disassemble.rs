//! Machine code as text.

use wasmetal::image::Architecture;
use yaxpeax_arch::{Decoder, LengthedInstruction, U8Reader};

/// Prints instructions that begin at `offset` of the text.
pub(crate) fn print(architecture: Architecture, offset: u32, bytes: &[u8]) {
    match architecture {
        Architecture::X86_64 => {
            let decoder = yaxpeax_x86::amd64::InstDecoder::default();
            let mut at = 0;
            while at < bytes.len() {
                let mut reader = U8Reader::new(&bytes[at..]);
                let len = match decoder.decode(&mut reader) {
                    Ok(instruction) => {
                        line(offset as usize + at, &instruction.to_string());
                        instruction.len().to_const() as usize
                    }
                    Err(_) => {
                        line(offset as usize + at, &format!(".byte {:#04x}", bytes[at]));
                        1
                    }
                };
                at += len;
            }
        }
        _ => {
            let decoder = yaxpeax_arm::armv8::a64::InstDecoder::default();
            for (index, word) in bytes.chunks(4).enumerate() {
                let text = match decoder.decode(&mut U8Reader::new(word)) {
                    Ok(instruction) => instruction.to_string(),
                    Err(_) => format!(".word {word:02x?}"),
                };
                line(offset as usize + 4 * index, &text);
            }
        }
    }
}

fn line(offset: usize, text: &str) {
    println!("{offset:8x}:          {text}");
}
