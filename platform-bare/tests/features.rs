//! A CPU feature that the platform reports is there, and one that it denies is not: an instruction
//! of each either runs or is undefined.
#![no_std]
#![no_main]

mod common;

use common::catch;
use core::arch::global_asm;
use wasmetal_platform::{FaultKind, Platform};
use wasmetal_platform_bare::{entry, platform, println};

entry!(main);

macro_rules! instructions {
    ($($feature:ident: $instruction:literal)*) => {
        $(
            global_asm!(
                ".arch armv8.7-a+crypto+sha3+sm4+fp16+fp16fml+bf16+i8mm+rng+rcpc+pauth+flagm",
                concat!(stringify!($feature), "_instruction:"),
                $instruction,
                "ret",
            );
        )*
        unsafe extern "C" {
            $(#[link_name = concat!(stringify!($feature), "_instruction")] safe fn $feature();)*
        }
        const INSTRUCTIONS: &[(&str, unsafe extern "C" fn())] = &[$((stringify!($feature), $feature)),*];
    };
}

instructions! {
    aes: "aese v0.16b, v1.16b"
    sha2: "sha256h q0, q1, v2.4s"
    sha3: "eor3 v0.16b, v1.16b, v2.16b, v3.16b"
    sm4: "sm4e v0.4s, v1.4s"
    crc: "crc32b w0, w1, w2"
    lse: "mov x8, sp\n sub x8, x8, #64\n ldadd xzr, x0, [x8]"
    rdm: "sqrdmlah v0.4s, v1.4s, v2.4s"
    dotprod: "udot v0.4s, v1.16b, v2.16b"
    fhm: "fmlal v0.4s, v1.4h, v2.4h"
    flagm: "cfinv"
    rand: "mrs x0, rndr"
    pacg: "pacga x0, x1, x2"
    jsconv: "fjcvtzs w0, d0"
    fcma: "fcadd v0.4s, v1.4s, v2.4s, #90"
    rcpc: "mov x8, sp\n ldapr x0, [x8]"
    rcpc2: "mov x8, sp\n ldapur x0, [x8, #8]"
    frintts: "frint32z v0.4s, v1.4s"
    sb: "sb"
    bf16: "bfdot v0.4s, v1.8h, v2.8h"
    i8mm: "ummla v0.4s, v1.16b, v2.16b"
    neon: "add v0.4s, v1.4s, v2.4s"
    fp16: "fadd v0.8h, v1.8h, v2.8h"
    dit: "mrs x0, dit"
}

fn main() -> i32 {
    for (name, instruction) in INSTRUCTIONS {
        // SAFETY: the functions above change nothing but registers that calls may change. (An atomic
        // addition of 0 below the stack leaves memory as it is.)
        let outcome = catch(|| unsafe { instruction() });
        let reported = platform().cpu_feature(name);
        println!("{name:<8} {reported}");
        match outcome {
            Ok(()) => assert!(reported, "{name} is there"),
            Err(fault) => {
                assert!(!reported, "{name} is not there");
                assert_eq!(fault.kind, FaultKind::IllegalInstruction);
            }
        }
    }
    assert!(!platform().cpu_feature("") && !platform().cpu_feature("avx2"));
    0
}
