;; Calls in, calls out, traps.
(module
  (import "host" "nop" (func $nop))
  (import "host" "add" (func $add (param i32 i32) (result i32)))
  (memory 1)

  (func (export "nop"))
  (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1)))

  ;; Calls the host as often as it is told.
  (func (export "call_nop") (param i32) (result i64)
    (loop
      (call $nop)
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (i64.const 0))
  (func (export "call_add") (param i32) (result i64)
    (local i32)
    (loop
      (local.set 1 (call $add (local.get 1) (i32.const 3)))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))
    (i64.extend_i32_u (local.get 1)))

  ;; Traps of each origin.
  (func (export "unreachable") (param i32) (result i32) unreachable)
  (func (export "out of bounds") (param i32) (result i32)
    (i32.load (local.get 0)))
  (func (export "division by zero") (param i32) (result i32)
    (i32.div_s (i32.const 1) (i32.const 0)))
  (func $deep (export "unreachable, 20 calls deep") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then unreachable))
    (i32.add (i32.const 1) (call $deep (i32.sub (local.get 0) (i32.const 1))))))
