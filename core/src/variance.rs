//! What each public type with a parameter is to that parameter: documentation that nobody sees, for its tests.
//!
//! Each coercion that must not compile stands beside one that must, which differs in nothing but one type. So neither
//! can fail, or compile, for another reason. `core/tests/api/sources.rs` compares the names here with the types that
//! there are.

macro_rules! coercion {
    ($attribute:literal, $params:literal, $before:literal $after:literal, $from:literal $to:literal) => {
        concat!(
            "```",
            $attribute,
            "
            use wasmetal::*;
            /// The narrower type: it can do what the other can, and more.
            type Any = for<'x> fn(&'x String);
            type One = fn(&'static String);
            fn is_narrower(x: Any) -> One { x }
            fn coerce<",
            $params,
            ">(x: ",
            $before,
            $from,
            $after,
            ") -> ",
            $before,
            $to,
            $after,
            " { x }\n```\n\n"
        )
    };
}

/// Types by what stands around the parameter, the coercion that there is, and the ones that there are not.
macro_rules! types {
    ($($name:ident: $params:literal $before:literal $after:literal
        { $from:literal $to:literal } $({ not $bad_from:literal $bad_to:literal })*)*) => {$(
        #[doc = coercion!("", $params, $before $after, $from $to)]
        $(#[doc = coercion!("compile_fail", $params, $before $after, $bad_from $bad_to)])*
        struct $name;
    )*};
}

// The data of stores: none becomes another.
types! {
    Store: "" "Store<" ">"
        { "Any" "Any" } { not "Any" "One" } { not "One" "Any" }
    StoreContext: "'a" "StoreContext<'a, " ">"
        { "Any" "Any" } { not "Any" "One" } { not "One" "Any" }
    StoreContextMut: "'a" "StoreContextMut<'a, " ">"
        { "Any" "Any" } { not "Any" "One" } { not "One" "Any" }
    Caller: "'a" "Caller<'a, " ">"
        { "Any" "Any" } { not "Any" "One" } { not "One" "Any" }
    Linker: "" "Linker<" ">"
        { "Any" "Any" } { not "Any" "One" } { not "One" "Any" }
    InstancePre: "" "InstancePre<" ">"
        { "Any" "Any" } { not "Any" "One" } { not "One" "Any" }
}

// Functions: what takes more, or gives less, is fine.
types! {
    TypedFuncParams: "" "TypedFunc<" ", ()>"
        { "One" "Any" } { not "Any" "One" }
    TypedFunc: "" "TypedFunc<(), " ">"
        { "Any" "One" } { not "One" "Any" }
}

// Owners.
types! {
    GcHeapOutOfMemory: "" "GcHeapOutOfMemory<" ">"
        { "Any" "One" } { not "One" "Any" }
    RootScope: "'long: 'short, 'short" "RootScope<StoreContextMut<" ", ()>>"
        { "'long" "'short" } { not "'short" "'long" }
}

// References: they become shorter.
types! {
    StoreContextLife: "'long: 'short, 'short" "StoreContext<" ", ()>"
        { "'long" "'short" } { not "'short" "'long" }
    StoreContextMutLife: "'long: 'short, 'short" "StoreContextMut<" ", ()>"
        { "'long" "'short" } { not "'short" "'long" }
    CallerLife: "'long: 'short, 'short" "Caller<" ", ()>"
        { "'long" "'short" } { not "'short" "'long" }
    Export: "'long: 'short, 'short" "Export<" ">"
        { "'long" "'short" } { not "'short" "'long" }
    ExportType: "'long: 'short, 'short" "ExportType<" ">"
        { "'long" "'short" } { not "'short" "'long" }
    ImportType: "'long: 'short, 'short" "ImportType<" ">"
        { "'long" "'short" } { not "'short" "'long" }
    ModuleFunction: "'long: 'short, 'short" "ModuleFunction<" ">"
        { "'long" "'short" } { not "'short" "'long" }
    Chain: "'long: 'short, 'short" "wasmetal::error::Chain<" ">"
        { "'long" "'short" } { not "'short" "'long" }
    Escaped: "'long: 'short, 'short" "Escaped<" ">"
        { "'long" "'short" } { not "'short" "'long" }
    Fingerprint: "'long: 'short, 'short" "wasmetal::image::Fingerprint<" ">"
        { "'long" "'short" } { not "'short" "'long" }
    View: "'long: 'short, 'short" "wasmetal::image::View<" ">"
        { "'long" "'short" } { not "'short" "'long" }
    Packing: "'long: 'short, 'short" "wasmetal::compile::Packing<" ">"
        { "'long" "'short" } { not "'short" "'long" }
    Signer: "'long: 'short, 'short" "wasmetal::compile::Signer<" ">"
        { "'long" "'short" } { not "'short" "'long" }
}

// Of what there is to be rooted, no type is a subtype of another; one is named by a method.
types! {
    Rooted: "" "Rooted<" ">"
        { "StructRef" "StructRef" } { not "StructRef" "AnyRef" } { not "AnyRef" "StructRef" }
    OwnedRooted: "" "OwnedRooted<" ">"
        { "StructRef" "StructRef" } { not "StructRef" "AnyRef" } { not "AnyRef" "StructRef" }
}
