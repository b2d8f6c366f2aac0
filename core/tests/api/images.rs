//! Images: small, whole, signed, and compiled again where they do not fit.

use crate::support::{CODE_SETTINGS, check_error, config, engine, engines};
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ptr::NonNull;
use wasmetal::compile::{Packing, Signer, pack, public_key};
use wasmetal::image::{View, seal};
use wasmetal::{Config, Engine, Instance, LoadError, Module, OptLevel, Precompiled, Store};
use wasmetal_platform::{Platform, Protection};

const FUNCTION: &str = r#"(module (func (export "f") (result i32) (i32.const 42)))"#;
const SECRET: [u8; 32] = [7; 32];

fn compile(wat: &str) -> Vec<u8> {
    engine().precompile_module(wat.as_bytes()).unwrap()
}

fn sign(image: &[u8], secret: &[u8; 32]) -> Vec<u8> {
    let packing = Packing {
        signer: Some(Signer::Secret(secret)),
        ..Packing::default()
    };
    pack(image, &packing).unwrap()
}

/// An engine that trusts the owners of these secrets.
fn trusting(secrets: &[[u8; 32]]) -> Engine {
    let mut config = config();
    for secret in secrets {
        config.trusted_key(&public_key(secret).unwrap()).unwrap();
    }
    Engine::new(&config).unwrap()
}

fn call(engine: &Engine, module: &Module) -> i32 {
    let mut store = Store::new(engine, ());
    let instance = Instance::new(&mut store, module, &[]).unwrap();
    let f = instance.get_typed_func::<(), i32>(&mut store, "f").unwrap();
    f.call(&mut store, ()).unwrap()
}

#[test]
fn small() {
    for target in [None, Some("aarch64-unknown-none")] {
        let mut config = config();
        if let Some(target) = target {
            config.target(target).unwrap();
        }
        let engine = Engine::new(&config).unwrap();
        let image = engine.precompile_module(FUNCTION.as_bytes()).unwrap();
        let view = View::parse(&image).unwrap();
        let rest = image.len() - view.text().len();
        assert!(rest <= 1024, "{target:?}: {rest} bytes and the code");
        let signed = sign(&image, &SECRET);
        assert_eq!(signed.len(), image.len() + 104);
    }
}

#[test]
fn signed_images_load_safely() {
    let image = compile(FUNCTION);
    let signed = sign(&image, &SECRET);
    let other = sign(&image, &[8; 32]);
    for secrets in [&[SECRET][..], &[[9; 32], SECRET]] {
        let engine = trusting(secrets);
        assert_eq!(
            call(&engine, &Module::deserialize(&engine, &signed).unwrap()),
            42
        );
        check_error(Module::deserialize(&engine, &image), &["not signed"]);
        check_error(
            Module::deserialize(&engine, &other),
            &["does not trust", "1398f62c"],
        );
        // The engine's policy holds for the unsafe way as well.
        // SAFETY: the image is what the compiler made.
        check_error(
            unsafe { Module::deserialize_unsigned(&engine, &image) },
            &["not signed"],
        );
    }
    let engine = engine();
    check_error(
        Module::deserialize(&engine, &signed),
        &["trusts no key", "trusted_key"],
    );
    // SAFETY: the image is what the compiler made.
    let module = unsafe { Module::deserialize_unsigned(&engine, &signed) }.unwrap();
    assert_eq!(call(&engine, &module), 42);
}

/// What firmware acts on: the kind of each error, wherever in its causes it is.
#[test]
fn kinds_of_errors() {
    fn check(engine: &Engine, image: &[u8], is_expected: fn(&LoadError) -> bool) {
        let error = Module::deserialize(engine, image).unwrap_err();
        let kind = error.downcast_ref::<LoadError>();
        assert!(kind.is_some_and(is_expected), "{kind:?}: {error:?}");
    }
    let image = compile(FUNCTION);
    let signed = sign(&image, &SECRET);
    let engine = trusting(&[SECRET]);
    for len in 0..signed.len() {
        check(
            &engine,
            &signed[..len],
            |kind| matches!(kind, LoadError::Truncated { len, needed, .. } if *needed > *len as u64),
        );
    }
    check(&engine, b"\0asm\x01\0\0\0", |kind| {
        matches!(kind, LoadError::Damaged { .. })
    });
    let mut damaged = signed.clone();
    let text = View::parse(&signed).unwrap().sections().text.start;
    damaged[text] ^= 1;
    check(&engine, &damaged, |kind| {
        matches!(kind, LoadError::Damaged { .. })
    });
    let mut forged = signed.clone();
    *forged.last_mut().unwrap() ^= 1;
    check(&engine, &forged, |kind| *kind == LoadError::BadSignature);
    check(&engine, &image, |kind| *kind == LoadError::Unsigned);
    check(&crate::support::engine(), &signed, |kind| {
        *kind == LoadError::NoTrustedKey
    });
    check(
        &engine,
        &sign(&image, &[8; 32]),
        |kind| matches!(kind, LoadError::UnknownKey { key, .. } if *key == public_key(&[8; 32]).unwrap()),
    );
    let with = |change: &dyn Fn(&mut Config)| {
        let mut config = config();
        config.trusted_key(&public_key(&SECRET).unwrap()).unwrap();
        change(&mut config);
        Engine::new(&config).unwrap()
    };
    let newer = with(&|config| {
        config.minimum_security_version(3);
    });
    check(&newer, &signed, |kind| {
        matches!(
            kind,
            LoadError::TooOld {
                version: 0,
                minimum: 3,
                ..
            }
        )
    });
    let metered = with(&|config| {
        config.consume_fuel(true);
    });
    check(&metered, &signed, |kind| {
        matches!(kind, LoadError::Setting { name: "fuel consumption", image, engine, .. }
            if image != engine)
    });
}

/// What is signed with one security version, where another is the least.
#[test]
fn rollback() {
    let image = compile(FUNCTION);
    let check = |signed: u64, minimum: u64, is_loaded: bool| {
        let packing = Packing {
            signer: Some(Signer::Secret(&SECRET)),
            security_version: signed,
            ..Packing::default()
        };
        let image = pack(&image, &packing).unwrap();
        let view = View::parse(&image).unwrap();
        assert_eq!(seal::security_version(&view).unwrap(), Some(signed));
        let mut config = config();
        config.trusted_key(&public_key(&SECRET).unwrap()).unwrap();
        let engine = Engine::new(config.minimum_security_version(minimum)).unwrap();
        // SAFETY: the image is what the compiler made.
        let unsigned = unsafe { Module::deserialize_unsigned(&engine, &image) };
        let loaded = Module::load(&engine, &image).map(|loaded| loaded.module);
        for module in [Module::deserialize(&engine, &image), unsigned, loaded] {
            match is_loaded {
                true => assert_eq!(call(&engine, &module.unwrap()), 42),
                false => check_error(
                    module,
                    &[&format!(
                        "version {signed}, and this engine loads none below {minimum}"
                    )],
                ),
            }
        }
    };
    check(0, 0, true);
    check(0, 1, false);
    check(1, 1, true);
    check(7, 6, true);
    check(255, 256, false);
    check(u64::MAX, u64::MAX, true);
    check(u64::MAX - 1, u64::MAX, false);

    let view = View::parse(&image).unwrap();
    assert_eq!(seal::security_version(&view).unwrap(), None);
    let packing = Packing {
        security_version: 3,
        ..Packing::default()
    };
    check_error(pack(&image, &packing), &["version 3", "nobody signs"]);
}

/// Who has the secret key sees the bytes to sign, and nothing else.
#[test]
fn signed_elsewhere() {
    let image = compile(FUNCTION);
    let key = public_key(&SECRET).unwrap();
    let pack_for = |signer, security_version| {
        let packing = Packing {
            signer: Some(signer),
            security_version,
            ..Packing::default()
        };
        pack(&image, &packing).unwrap()
    };
    let to_sign = |image: &[u8]| seal::to_sign(&View::parse(image).unwrap());
    let there = pack_for(Signer::Secret(&SECRET), 5);
    let mut here = pack_for(Signer::Elsewhere(&key), 5);
    assert_eq!(to_sign(&here).unwrap(), to_sign(&there).unwrap());
    let engine = trusting(&[SECRET]);
    check_error(Module::deserialize(&engine, &here), &["is not good"]);

    // Signatures of Ed25519 are no matter of chance.
    let signature = *there.last_chunk().unwrap();
    let others = [
        pack_for(Signer::Secret(&SECRET), 6),
        pack_for(Signer::Secret(&[8; 32]), 5),
    ];
    let before = here.clone();
    for other in others {
        let signature = *other.last_chunk().unwrap();
        let put = seal::put_signature(&mut here, &signature);
        check_error(put, &["no signature of the image", "ea4a6c63"]);
        assert_eq!(here, before);
    }
    seal::put_signature(&mut here, &signature).unwrap();
    assert_eq!(here, there);
    let module = Module::deserialize(&engine, &here).unwrap();
    assert_eq!(call(&engine, &module), 42);

    let mut unsigned = image.clone();
    let put = seal::put_signature(&mut unsigned, &signature);
    check_error(put, &["no place for a signature"]);
    check_error(to_sign(&image), &["no place for a signature"]);
    here[100] ^= 1;
    check_error(seal::put_signature(&mut here, &signature), &["damaged"]);
    let packing = Packing {
        signer: Some(Signer::Elsewhere(&[0; 32])),
        ..Packing::default()
    };
    check_error(pack(&image, &packing), &["no Ed25519 public key"]);
}

#[test]
fn bad_keys() {
    let mut config = config();
    // Points of small order (y = 0, y = 1), and no point (y = 2).
    for y in 0..3 {
        let mut key = [0; 32];
        key[0] = y;
        check_error(
            config.trusted_key(&key).map(drop),
            &["no Ed25519 public key"],
        );
    }
}

/// Any bit, flipped, is found, whether the image is signed or not.
#[test]
fn every_bit_counts() {
    let image = compile(FUNCTION);
    let trusting = trusting(&[SECRET]);
    let free = engine();
    for (engine, mut image) in [(&trusting, sign(&image, &SECRET)), (&free, image)] {
        // SAFETY: each image that is loaded here is damaged, and found to be before its code is published.
        let load = |image: &[u8]| unsafe { Module::deserialize_unsigned(engine, image) };
        for bit in 0..8 * image.len() {
            image[bit / 8] ^= 1 << (bit % 8);
            assert!(load(&image).is_err(), "bit {bit}");
            image[bit / 8] ^= 1 << (bit % 8);
        }
        for len in 0..image.len() {
            assert!(load(&image[..len]).is_err(), "{len} bytes");
        }
        image.push(0);
        assert!(load(&image).is_err());
        image.pop();
        assert_eq!(call(engine, &load(&image).unwrap()), 42);
    }
}

/// Without digests, images load as before; signatures are not waived.
#[test]
fn digest_checks_are_a_setting() {
    let mut config = config();
    config.digest_checks(false);
    let engine = Engine::new(&config).unwrap();
    let mut image = compile(FUNCTION);
    // SAFETY: the image is what the compiler made; what is changed below is the digest alone.
    let load =
        |engine: &Engine, image: &[u8]| unsafe { Module::deserialize_unsigned(engine, image) };
    assert_eq!(call(&engine, &load(&engine, &image).unwrap()), 42);
    *image.last_mut().unwrap() ^= 1;
    assert_eq!(call(&engine, &load(&engine, &image).unwrap()), 42);
    check_error(load(&crate::support::engine(), &image), &["digest"]);
    let key = public_key(&SECRET).unwrap();
    let engine = Engine::new(config.trusted_key(&key).unwrap()).unwrap();
    check_error(load(&engine, &image), &["digest"]);
    check_error(load(&engine, &compile(FUNCTION)), &["not signed"]);
}

#[test]
fn splices() {
    let one = sign(&compile(FUNCTION), &SECRET);
    let two = sign(&compile(&FUNCTION.replace("42", "43")), &SECRET);
    let engine = trusting(&[SECRET]);
    assert_eq!(one.len(), two.len());
    let differ = |at: usize| one[..at] != two[..at] && one[at..] != two[at..];
    for at in (0..one.len()).filter(|at| differ(*at)) {
        let spliced = [&one[..at], &two[at..]].concat();
        assert!(Module::deserialize(&engine, &spliced).is_err(), "at {at}");
    }
}

#[test]
fn what_does_not_fit_is_compiled_again() {
    let wasm = wat::parse_str(FUNCTION).unwrap();
    let mut other = config();
    other.explicit_checks(true);
    let image = Engine::new(&other)
        .unwrap()
        .precompile_module(&wasm)
        .unwrap();
    let packing = Packing {
        wasm: Some(&wasm),
        signer: Some(Signer::Secret(&SECRET)),
        ..Packing::default()
    };
    let with_wasm = pack(&image, &packing).unwrap();
    let engine = trusting(&[SECRET]);

    check_error(
        Module::deserialize(&engine, &with_wasm),
        &["does not fit", "memory"],
    );
    check_error(
        Module::load(&engine, sign(&image, &SECRET)).map(drop),
        &["does not fit"],
    );
    let loaded = Module::load(&engine, &with_wasm).unwrap();
    let why = loaded.recompiled.unwrap();
    assert!(
        why.contains("does not fit") && why.contains("memory"),
        "{why}"
    );
    assert_eq!(call(&engine, &loaded.module), 42);
    // What is stored in its place fits.
    let healed = loaded.module.serialize().unwrap();
    let healed = pack(&healed, &packing).unwrap();
    let loaded = Module::load(&engine, &healed).unwrap();
    assert_eq!(loaded.recompiled, None);
    assert_eq!(call(&engine, &loaded.module), 42);
    assert_eq!(View::parse(&healed).unwrap().wasm(), Some(&wasm[..]));
}

#[test]
fn detection() {
    let image = compile("(module)");
    let found = |bytes: &[u8]| Engine::detect_precompiled(bytes);
    assert_eq!(found(&image), Some(Precompiled::Module));
    assert_eq!(found(&sign(&image, &SECRET)), Some(Precompiled::Module));
    // What it lacks is said by who loads it.
    assert_eq!(found(&image[..100]), Some(Precompiled::Module));
    for other in [
        &b""[..],
        b"\0asm\x01\0\0\0",
        b"(module)",
        b"\x7fELF",
        &image[1..],
    ] {
        assert_eq!(found(other), None);
    }
}

#[test]
fn the_compatibility_hash_covers_every_setting() {
    let hash = |change: &dyn Fn(&mut Config)| {
        let mut config = config();
        change(&mut config);
        let engine = Engine::new(&config).unwrap();
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        hasher.finish()
    };
    let default = hash(&|_| {});
    assert_eq!(hash(&|_| {}), default);
    // What changes no code.
    assert_eq!(
        hash(&|config| {
            config.memory_init_cow(false);
        }),
        default
    );
    assert_eq!(
        hash(&|config| {
            config.max_wasm_stack(1 << 20);
        }),
        default
    );
    let targets: [fn(&mut Config); 2] = [
        |config| {
            config.target("aarch64-unknown-none").unwrap();
        },
        |config| {
            config.target("aarch64-unknown-linux-musl").unwrap();
        },
    ];
    let changes = || CODE_SETTINGS.iter().chain(&targets);
    let mut hashes: Vec<u64> = changes().map(|change| hash(change)).collect();
    hashes.push(default);
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), changes().count() + 1);
}

/// Images in files: mapped, and executed where they lie if they are aligned like that.
#[test]
fn files() {
    let folder = std::env::temp_dir().join(format!("wasmetal-images-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("image");
    for engine in engines() {
        let image = engine.precompile_module(FUNCTION.as_bytes()).unwrap();
        for text_align in [0, 4096, 65536] {
            let packing = Packing {
                text_align,
                ..Packing::default()
            };
            let image = pack(&image, &packing).unwrap();
            let file = folder.join(format!("{text_align}"));
            std::fs::write(&file, &image).unwrap();
            // SAFETY: the file is what the compiler made, and is left alone.
            let load = || unsafe { Module::deserialize_file_unsigned(&engine, &file) };
            let (one, two) = (load().unwrap(), load().unwrap());
            assert_eq!((call(&engine, &one), call(&engine, &two)), (42, 42));
            assert_eq!(pack(&one.serialize().unwrap(), &packing).unwrap(), image);
            drop(one);
            assert_eq!(call(&engine, &two), 42);
            let open = File::open(&file).unwrap();
            // SAFETY: the file is what the compiler made, and is left alone.
            let three = unsafe { Module::deserialize_open_file(&engine, open) }.unwrap();
            assert_eq!(call(&engine, &three), 42);
        }
    }
    std::fs::write(&file, b"no image").unwrap();
    // SAFETY: nothing in it gets as far as its code.
    let load =
        |file: &std::path::Path| unsafe { Module::deserialize_file_unsigned(&engine(), file) };
    check_error(load(&file), &["image", "damaged image"]);
    check_error(load(&folder.join("absent")), &["absent", "No such file"]);
    std::fs::write(&file, b"").unwrap();
    check_error(load(&file), &["failed to load"]);
    for (bytes, expected) in [
        (b"(module)".to_vec(), None),
        (b"\x7fELF".to_vec(), None),
        (Vec::new(), None),
        (compile(FUNCTION), Some(Precompiled::Module)),
    ] {
        std::fs::write(&file, &bytes).unwrap();
        let found = Engine::detect_precompiled_file(&file).unwrap();
        assert_eq!(found, expected, "{} bytes", bytes.len());
        assert_eq!(found, Engine::detect_precompiled(&bytes));
    }
    check_error(
        Engine::detect_precompiled_file(folder.join("absent")),
        &["absent", "No such file"],
    );

    let engine = trusting(&[SECRET]);
    std::fs::write(&file, sign(&compile(FUNCTION), &SECRET)).unwrap();
    assert_eq!(
        call(&engine, &Module::deserialize_file(&engine, &file).unwrap()),
        42
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

/// One image, in place twice: when one module goes, the other still runs.
#[test]
fn in_place_twice() {
    let page = 65536;
    let packing = Packing {
        text_align: page,
        ..Packing::default()
    };
    let image = pack(&compile(FUNCTION), &packing).unwrap();
    let platform = wasmetal_platform_linux::platform();
    let size = image.len().next_multiple_of(page);
    let base = platform.reserve(size, page).unwrap();
    // SAFETY: the reservation is ours, and stays; it is written before it is read.
    let rom: &'static [u8] = unsafe {
        platform.commit(base, size).unwrap();
        base.copy_from_nonoverlapping(image.as_ptr(), image.len());
        std::slice::from_raw_parts(base, image.len())
    };
    let engine = engine();
    // SAFETY: the image is what the compiler made.
    let load = || unsafe { Module::deserialize_in_place_unsigned(&engine, rom) };
    // It can still be written, before and after.
    check_error(load(), &["can't be executed where it lies"]);
    // SAFETY: the pages are writable, and ours.
    unsafe { base.write(base.read()) };
    // SAFETY: nobody writes there any more.
    unsafe { platform.protect(base, size, Protection::Read) }.unwrap();
    let load = || load().unwrap();
    let (one, two) = (load(), load());
    assert_eq!((call(&engine, &one), call(&engine, &two)), (42, 42));
    drop(one);
    assert_eq!(call(&engine, &two), 42);
    let three = load();
    drop(two);
    assert_eq!(call(&engine, &three), 42);
    // SAFETY: the image is what the compiler made; nobody writes to it any more, and it stays for good.
    let four = unsafe { Module::deserialize_raw(&engine, NonNull::from(rom)) }.unwrap();
    assert_eq!(call(&engine, &four), 42);
    assert!(rom.as_ptr_range().contains(&four.text().as_ptr()));
}

/// What lies where it can't be executed is refused.
#[test]
fn in_place_needs_alignment() {
    let image = compile(FUNCTION);
    let mut shifted = vec![0; 1];
    shifted.extend(&image);
    let shifted: &'static [u8] = Box::leak(shifted.into_boxed_slice());
    // SAFETY: the image is what the compiler made.
    let loaded = unsafe { Module::deserialize_in_place_unsigned(&engine(), &shifted[1..]) };
    check_error(loaded, &["page size", "text_align"]);
}

/// More than 2 MiB of code: loaded, it begins at a multiple of that; it runs, and goes as a whole.
#[test]
fn much_code() {
    const FUNCTIONS: usize = 2000;
    let mut wat = String::from("(module");
    for i in 0..FUNCTIONS {
        wat += &format!("(func (export \"{i}\") (param i64) (result i64) (local.get 0)");
        for step in 0..100 {
            let constant = 0x1234_5678_9abc_u64 * (100 * i + step + 1) as u64;
            wat += &format!("(i64.const {constant}) i64.xor");
        }
        wat += ")";
    }
    wat += ")";
    let expected = |i: usize, start: u64| {
        let constants = (0..100).map(|step| 0x1234_5678_9abc_u64 * (100 * i + step + 1) as u64);
        constants.fold(start, |sum, constant| sum ^ constant)
    };
    let mut config = config();
    let engine = Engine::new(config.cranelift_opt_level(OptLevel::None)).unwrap();
    let image = engine.precompile_module(wat.as_bytes()).unwrap();
    for _ in 0..2 {
        // SAFETY: the image is what the compiler made.
        let module = unsafe { Module::deserialize_unsigned(&engine, &image) }.unwrap();
        assert!(module.text().len() > 2 << 20, "{}", module.text().len());
        assert!(module.text().as_ptr().addr().is_multiple_of(2 << 20));
        assert_eq!(module.text(), View::parse(&image).unwrap().text());
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        for i in [0, FUNCTIONS / 2, FUNCTIONS - 1] {
            let f = instance.get_typed_func::<u64, u64>(&mut store, &i.to_string());
            assert_eq!(
                f.unwrap().call(&mut store, 5).unwrap(),
                expected(i, 5),
                "{i}"
            );
        }
    }
}
