//! From the text of a `.wast` file to a script.

use std::fmt::Write;

use wasmetal_script::{
    Action, Command, Directive, Expected, Float, Heap, Refusal, Script, Value, Vector,
};
use wast::{
    QuoteWat, QuoteWatTest, Wast, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, Wat,
    core::{AbstractHeapType, HeapType, NanPattern, V128Pattern, WastArgCore, WastRetCore},
    lexer::Lexer,
    parser::{self, ParseBuffer},
    token::{F32, F64, Id, Span},
};

/// Converts one file.
///
/// # Errors
/// The text is no script; the error tells the line.
pub(crate) fn script(file: &str, text: &str) -> wasmetal::error::Result<Script<'static>> {
    let place = |mut error: wast::Error| {
        error.set_path(file.as_ref());
        error.set_text(text);
        error
    };
    let buffer = ParseBuffer::new_with_lexer(lexer(text)).map_err(place)?;
    let wast = parser::parse::<Wast<'_>>(&buffer).map_err(place)?;
    let commands = commands(text, wast.directives).map_err(place)?;
    Ok(Script {
        file: file.to_owned(),
        commands,
    })
}

/// The scripts hold control characters on purpose.
fn lexer(text: &str) -> Lexer<'_> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    lexer
}

type Result<T> = std::result::Result<T, wast::Error>;

fn commands(text: &str, directives: Vec<WastDirective<'_>>) -> Result<Vec<Command<'static>>> {
    directives
        .into_iter()
        .map(|source| {
            let line = source.span().linecol_in(text).0 as u32 + 1;
            Ok(Command {
                line,
                directive: directive(text, source)?,
            })
        })
        .collect()
}

fn directive(text: &str, source: WastDirective<'_>) -> Result<Directive<'static>> {
    Ok(match source {
        WastDirective::Module(mut module) => Directive::Module {
            name: name(module.name()),
            wasm: module.encode()?.into(),
        },
        WastDirective::ModuleDefinition(mut module) => Directive::ModuleDefinition {
            name: name(module.name()),
            wasm: module.encode()?.into(),
        },
        WastDirective::ModuleInstance {
            instance, module, ..
        } => Directive::ModuleInstance {
            instance: name(instance),
            module: name(module),
        },
        WastDirective::Register {
            name: export,
            module,
            ..
        } => Directive::Register {
            name: export.to_owned(),
            instance: name(module),
        },
        WastDirective::Invoke(call) => Directive::Action(invoke(call)?),
        WastDirective::AssertReturn { exec, results, .. } => Directive::AssertReturn {
            action: action(exec)?,
            expected: results.into_iter().map(result).collect::<Result<_>>()?,
        },
        WastDirective::AssertTrap { exec, message, .. } => Directive::AssertTrap {
            action: action(exec)?,
            message: message.to_owned(),
        },
        WastDirective::AssertExhaustion { call, message, .. } => Directive::AssertExhaustion {
            action: invoke(call)?,
            message: message.to_owned(),
        },
        WastDirective::AssertException { exec, .. } => Directive::AssertException(action(exec)?),
        WastDirective::AssertSuspension { exec, message, .. } => Directive::AssertSuspension {
            action: action(exec)?,
            message: message.to_owned(),
        },
        WastDirective::AssertMalformed {
            module, message, ..
        } => refused(Refusal::Malformed, module, message),
        WastDirective::AssertInvalid {
            module, message, ..
        } => refused(Refusal::Invalid, module, message),
        WastDirective::AssertMalformedCustom {
            module, message, ..
        }
        | WastDirective::AssertInvalidCustom {
            module, message, ..
        } => refused(Refusal::Custom, module, message),
        WastDirective::AssertUnlinkable {
            mut module,
            message,
            ..
        } => Directive::AssertUnlinkable {
            wasm: module.encode()?.into(),
            message: message.to_owned(),
        },
        WastDirective::Thread(thread) => Directive::Thread {
            name: thread.name.name().to_owned(),
            shared: name(thread.shared_module),
            commands: commands(text, thread.directives)?,
        },
        WastDirective::Wait { thread, .. } => Directive::Wait {
            thread: thread.name().to_owned(),
        },
    })
}

/// A module that is to be refused: by the text parser here, else by the runtime.
fn refused(refusal: Refusal, mut module: QuoteWat<'_>, message: &str) -> Directive<'static> {
    match encode_quoted(&mut module) {
        Ok(wasm) => Directive::AssertRefused {
            refusal,
            wasm: wasm.into(),
            message: message.to_owned(),
        },
        Err(_) => Directive::Text(Ok(())),
    }
}

/// As [`QuoteWat::encode`], with the lexer that takes what the scripts hold.
fn encode_quoted(module: &mut QuoteWat<'_>) -> wasmetal::error::Result<Vec<u8>> {
    match module.to_test()? {
        QuoteWatTest::Binary(wasm) => Ok(wasm),
        QuoteWatTest::Text(text) => {
            let text = String::from_utf8(text)?;
            let buffer = ParseBuffer::new_with_lexer(lexer(&text))?;
            Ok(parser::parse::<Wat<'_>>(&buffer)?.encode()?)
        }
    }
}

fn name(id: Option<Id<'_>>) -> Option<String> {
    id.map(|id| id.name().to_owned())
}

fn action(source: WastExecute<'_>) -> Result<Action<'static>> {
    Ok(match source {
        WastExecute::Invoke(call) => invoke(call)?,
        WastExecute::Wat(mut module) => Action::Instantiate(module.encode()?.into()),
        WastExecute::Get { module, global, .. } => Action::Get {
            instance: name(module),
            name: global.to_owned(),
        },
    })
}

fn invoke(call: WastInvoke<'_>) -> Result<Action<'static>> {
    let span = call.span;
    Ok(Action::Invoke {
        instance: name(call.module),
        name: call.name.to_owned(),
        arguments: call
            .args
            .into_iter()
            .map(|argument| match argument {
                WastArg::Core(value) => Ok(self::argument(value)),
                other => Err(unknown(span, &other)),
            })
            .collect::<Result<_>>()?,
    })
}

fn unknown(span: Span, what: &dyn std::fmt::Debug) -> wast::Error {
    let mut text = String::new();
    write!(text, "a value of a kind that is not known here: {what:?}").expect("a String takes it");
    wast::Error::new(span, text)
}

fn argument(source: WastArgCore<'_>) -> Value {
    match source {
        WastArgCore::I32(value) => Value::I32(value),
        WastArgCore::I64(value) => Value::I64(value),
        WastArgCore::F32(value) => Value::F32(value.bits),
        WastArgCore::F64(value) => Value::F64(value.bits),
        WastArgCore::V128(value) => Value::V128(u128::from_le_bytes(value.to_le_bytes())),
        WastArgCore::RefNull(ty) => Value::Null(heap(&ty)),
        WastArgCore::RefExtern(value) => Value::Extern(value),
        WastArgCore::RefHost(value) => Value::Host(value),
    }
}

fn heap(source: &HeapType<'_>) -> Heap {
    use AbstractHeapType::{
        Any, Array, Eq, Exn, Extern, Func, I31, NoExn, NoExtern, NoFunc, None, Struct,
    };
    match source {
        HeapType::Abstract { shared: false, ty } => match ty {
            Func | NoFunc => Heap::Func,
            Extern | NoExtern => Heap::Extern,
            Any | Eq | I31 | Struct | Array | None => Heap::Any,
            Exn | NoExn => Heap::Exn,
            other => Heap::Other(format!("{other:?}")),
        },
        other => Heap::Other(format!("{other:?}")),
    }
}

fn result(source: WastRet<'_>) -> Result<Expected> {
    match source {
        WastRet::Core(value) => Ok(expected(value)),
        other => Err(unknown(Span::from_offset(0), &other)),
    }
}

fn expected(source: WastRetCore<'_>) -> Expected {
    let object = |name: &str| Expected::Object(name.to_owned());
    match source {
        WastRetCore::I32(value) => Expected::I32(value),
        WastRetCore::I64(value) => Expected::I64(value),
        WastRetCore::F32(value) => Expected::F32(float(value, |value: F32| value.bits)),
        WastRetCore::F64(value) => Expected::F64(float(value, |value: F64| value.bits)),
        WastRetCore::V128(value) => Expected::V128(vector(&value)),
        WastRetCore::RefNull(ty) => Expected::Null(ty.as_ref().map(heap)),
        WastRetCore::RefExtern(value) => Expected::Extern(value),
        WastRetCore::RefHost(value) => Expected::Host(value),
        WastRetCore::RefFunc(_) => Expected::Func,
        WastRetCore::RefAny => object("any"),
        WastRetCore::RefEq => object("eq"),
        WastRetCore::RefArray => object("array"),
        WastRetCore::RefStruct => object("struct"),
        WastRetCore::RefI31 => object("i31"),
        WastRetCore::RefI31Shared => object("i31_shared"),
        WastRetCore::Either(cases) => Expected::Either(cases.into_iter().map(expected).collect()),
    }
}

fn float<T, B>(source: NanPattern<T>, bits: impl Fn(T) -> B) -> Float<B> {
    match source {
        NanPattern::CanonicalNan => Float::CanonicalNan,
        NanPattern::ArithmeticNan => Float::ArithmeticNan,
        NanPattern::Value(value) => Float::Bits(bits(value)),
    }
}

fn vector(source: &V128Pattern) -> Vector {
    fn lanes<const N: usize>(bytes: impl Iterator<Item = [u8; N]>) -> Vector {
        let bits = bytes.flatten().enumerate();
        Vector::Bits(bits.fold(0, |sum, (index, byte)| {
            sum | u128::from(byte) << (8 * index)
        }))
    }
    match source {
        V128Pattern::I8x16(values) => lanes(values.iter().map(|value| value.to_le_bytes())),
        V128Pattern::I16x8(values) => lanes(values.iter().map(|value| value.to_le_bytes())),
        V128Pattern::I32x4(values) => lanes(values.iter().map(|value| value.to_le_bytes())),
        V128Pattern::I64x2(values) => lanes(values.iter().map(|value| value.to_le_bytes())),
        V128Pattern::F32x4(values) => Vector::F32x4(values.map(|value| float(value, |v| v.bits))),
        V128Pattern::F64x2(values) => Vector::F64x2(values.map(|value| float(value, |v| v.bits))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let script = script("test.wast", text).expect("it parses");
        let commands: Vec<String> = script
            .commands
            .iter()
            .map(|command| format!("{}: {:?}", command.line, command.directive))
            .collect();
        assert!(
            commands.iter().any(|command| command.starts_with(expected)),
            "{expected:?} is not among {commands:#?}"
        );
    }

    #[test]
    fn directives() {
        let check = |text: &str, expected: &str| check(&format!("(module $a)\n{text}"), expected);
        check("", "1: Module { name: Some(\"a\"), wasm: [0, 97");
        check(
            "(module definition $b)",
            "2: ModuleDefinition { name: Some(\"b\")",
        );
        check(
            "(module instance $c $b)",
            "2: ModuleInstance { instance: Some(\"c\"), module: Some(\"b\") }",
        );
        check(
            "(register \"x\" $a)",
            "2: Register { name: \"x\", instance: Some(\"a\") }",
        );
        check(
            "(assert_return (invoke \"f\" (i32.const 1)) (f32.const nan:canonical))",
            "2: AssertReturn { action: Invoke { instance: None, name: \"f\", arguments: [I32(1)] }, \
             expected: [F32(CanonicalNan)] }",
        );
        check(
            "(assert_return (get $a \"g\"))",
            "2: AssertReturn { action: Get { instance: Some(\"a\")",
        );
        check(
            "(assert_return (invoke \"f\") (v128.const i16x8 1 2 0 0 0 0 0 0))",
            "2: AssertReturn { action: Invoke { instance: None, name: \"f\", arguments: [] }, \
             expected: [V128(Bits(131073))] }",
        );
        check(
            "(assert_malformed (module quote \"(fun\") \"unexpected\")",
            "2: Text(Ok(()))",
        );
        check(
            "(assert_malformed (module binary \"\\00\") \"magic\")",
            "2: AssertRefused { refusal: Malformed",
        );
        check(
            "(assert_invalid (module (func (result i32))) \"type\")",
            "2: AssertRefused { refusal: Invalid",
        );
        check(
            "(assert_unlinkable (module) \"unknown import\")",
            "2: AssertUnlinkable",
        );
        check(
            "(assert_exhaustion (invoke \"f\") \"call stack\")",
            "2: AssertExhaustion",
        );
        check(
            "(thread $t (shared (module $a)) (invoke \"f\"))",
            "2: Thread { name: \"t\", shared: Some(\"a\")",
        );
        check("(wait $t)", "2: Wait { thread: \"t\" }");
    }

    #[test]
    fn a_broken_script_names_its_line() {
        let error = script("test.wast", "(module)\n(assert_nothing)").expect_err("it is no script");
        assert!(error.to_string().contains("test.wast:2"), "{error}");
    }
}
