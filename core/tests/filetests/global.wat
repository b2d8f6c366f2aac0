;;! x86_64 clif faults

(module
  (import "" "i" (global $imported i32))
  (import "" "m" (global $imported_mutable (mut f64)))
  (global $constant i64 (i64.const -5))
  (global $derived i32 (global.get $imported))
  (global $mutable (mut i32) (i32.const 1))
  (func (result i32 f64 i64 i32 i32)
    (global.set $mutable (i32.const 2))
    (global.get $imported)
    (global.get $imported_mutable)
    (global.get $constant)
    (global.get $derived)
    (global.get $mutable))
  (func (param f64)
    (global.set $imported_mutable (local.get 0))))
